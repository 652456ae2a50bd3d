"""The report: one page that a risk officer can print; no script, no font, no picture from anywhere else.

`report` is a pure function of its context: no clock, no file, no network, so equal runs give equal bytes.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from markupsafe import Markup

from riskfabric_assets.foundation.charts import percent, short
from riskfabric_assets.foundation.pages import pictures, style, templates_of
from riskfabric_assets.learning import figures, maps
from riskfabric_assets.learning.assessment import Assessment
from riskfabric_assets.learning.evaluation import ALL, HONEST
from riskfabric_assets.learning.ranking import Estimate
from riskfabric_assets.learning.timeline import channels_of, timeline
from riskfabric_assets.packs.crime import Change
from riskfabric_assets.packs.events import Events
from riskfabric_assets.packs.model import ModelPlan
from riskfabric_assets.packs.provenance import Provenance

TEMPLATES: Final = Path(__file__).parent / "templates"
TYPOLOGY_POINTS: Final = ("detection", "blocking")
"""The widest and the narrowest operating point."""
HEAT_INPUTS: Final = 8


@dataclasses.dataclass(frozen=True, eq=False)
class ReportContext:
    """Everything that the report shows.

    `events` is what happens in the world, `drift` what changes about its crime, and `daily` is gold/daily_summary;
    `row_counts` maps table names to rows, in the order of the layers; `districts` is reference/districts, or none where
    there are no boundaries; `realism` is a section of HTML made elsewhere, or empty; `is_sample_world` says that no
    real extract was given; `provenance` counts the numbers of the world's files and those that are assumed.
    """

    world: str
    profile: str
    scenario: str
    seed: int
    identity: str
    is_sample_world: bool
    row_counts: Mapping[str, int]
    provenance: Mapping[str, Provenance]
    assessment: Assessment
    plan: ModelPlan
    events: Events
    daily: pl.DataFrame
    districts: pl.DataFrame | None = None
    realism: str = ""
    drift: Sequence[Change] = ()
    is_synthetic: bool = True
    """False for payments of a team's own, which have no truth."""


@dataclasses.dataclass(frozen=True)
class Headline:
    """One of the large numbers: by what judges the model (the truth, if it is known) and against the label."""

    title: str
    judged: Estimate
    label: Estimate
    unit: str
    note: str


def report(context: ReportContext) -> str:
    """Return the whole page as HTML."""
    templates = templates_of(TEMPLATES, percent=percent, short=short, words=words, range=interval, number=number)
    template = templates.get_template("report.html.jinja")
    return template.render(
        context=context,
        realism=Markup(context.realism),  # noqa: S704  # texts in it are escaped
        css=style(TEMPLATES / "report.css"),
        card=context.assessment.classifier.card,
        windows=context.assessment.windows,
        evaluation=context.assessment.evaluation,
        headlines=headlines(context),
        charts=_charts(context),
        channels=channels_of(context.daily),
        layers=_layers(context.row_counts),
        total_provenance=sum(context.provenance.values(), Provenance(0, 0)),
        points=list(context.assessment.classifier.card.thresholds),
        kinds=figures.typologies(context.assessment.evaluation),
        importances=context.assessment.explanation.table.to_dicts(),
        heat=_heat(context.assessment),
        categories=context.assessment.categories.to_dicts(),
        all=ALL,
    )


def headlines(context: ReportContext) -> tuple[Headline, ...]:
    """Return the four large numbers."""
    evaluation = context.assessment.evaluation

    def both(section: str, name: str, measure: str) -> tuple[Estimate, Estimate]:
        judged, label = (evaluation.estimate(target, section, name, measure) for target in (judge, "label"))
        return judged, label

    judge = evaluation.reference
    base = evaluation.estimate(judge, "population", ALL, "base_rate").value
    precision = both("ranking", ALL, "average_precision")[0].value
    note = f"{precision / base:.0f} times the base rate of {percent(base)}" if precision > 0 else "no fraud to find"
    names = evaluation.table.filter(pl.col("section").cast(pl.String) == "alerts")["name"].unique(maintain_order=True)
    alerts = names[min(1, len(names) - 1)] if len(names) else ""
    return (
        Headline(
            "PR-AUC",
            *both("ranking", ALL, "average_precision"),
            "",
            note,
        ),
        Headline("ROC AUC", *both("ranking", ALL, "roc_auc"), "", "one half is chance"),
        Headline(
            "Recall at 1 % false positives",
            *both("ranking", "false positives 1.0%", "recall"),
            "%",
            "one honest payment in a hundred is flagged",
        ),
        Headline(
            f"Precision, {alerts}",
            *both("alerts", alerts, "precision"),
            "%",
            "the most suspicious payments of each day",
        ),
    )


def words(name: str) -> str:
    """Write a column name as words."""
    return name.replace("_", " ")


def interval(estimate: Estimate, unit: str = "") -> str:
    """Write an interval, as shares or as percentages."""
    if math.isnan(estimate.low):
        return "nothing to measure"
    if unit == "%":
        return f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f} %"
    return f"{estimate.low:.3f}–{estimate.high:.3f}"


def number(estimate: Estimate, unit: str = "") -> str:
    """Write a value, as share or as percentage."""
    if math.isnan(estimate.value):
        return "–"
    return f"{100 * estimate.value:.0f} %" if unit == "%" else f"{estimate.value:.3f}"


def _charts(context: ReportContext) -> dict[str, Markup]:
    assessment, evaluation = context.assessment, context.assessment.evaluation
    thresholds = assessment.classifier.card.thresholds
    payment_map, fraud_map = maps.draw_maps(assessment.cells, _outlines(context.districts))
    drawn = {
        "timeline": timeline(context.daily, context.events, context.drift),
        "over_time": figures.over_time(assessment),
        "payment_map": payment_map,
        "fraud_map": fraud_map,
        "precision_recall": figures.precision_recall(evaluation, thresholds),
        "receiver_operating": figures.receiver_operating(evaluation, context.plan.evaluation.false_positive_rates),
        "score_distribution": figures.score_distribution(evaluation, thresholds),
        "calibration": figures.calibration(evaluation),
        "alerts": figures.alerts_per_day(evaluation),
        "typologies": figures.typology_recall(evaluation, TYPOLOGY_POINTS),
        "swarm": figures.swarm(assessment),
    }
    return pictures(drawn)


def _outlines(districts: pl.DataFrame | None) -> list[maps.Ring]:
    if districts is None:
        return []
    boundaries = districts["boundary_wkb"].drop_nulls().to_list()
    return [ring for boundary in boundaries for ring in maps.rings_of(boundary)]


def _layers(row_counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    layers: dict[str, dict[str, int]] = {}
    for table, rows in row_counts.items():
        layer, _, name = table.partition("/")
        layers.setdefault(layer, {})[name] = rows
    return layers


def _heat(assessment: Assessment) -> dict[str, object]:
    """Return the SHAP shares of the leading inputs by kind of fraud, for a table of colours."""
    inputs = assessment.explanation.table["feature"][:HEAT_INPUTS].to_list()
    shares = assessment.explanation.typologies
    kinds = [*figures.typologies(assessment.evaluation), HONEST]
    rows = {}
    for kind in kinds:
        found = shares.filter(pl.col("typology") == kind)
        by_name = dict(zip(found["feature"], found["shap_share"], strict=True))
        if by_name:
            rows[kind] = [float(by_name[name]) for name in inputs]
    return {"inputs": inputs, "rows": rows}
