"""The page of the feature catalogue: a pure function of profiles; no clock, no file but its own template."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from markupsafe import Markup

from riskfabric_assets.foundation.charts import percent, plot, short, svg
from riskfabric_assets.foundation.pages import pictures, style, templates_of
from riskfabric_assets.learning.catalogue import Distribution, FeatureProfile

TEMPLATES: Final = Path(__file__).parent / "templates"
SIZE: Final = (330, 130)
MARGINS: Final = (10, 8, 30, 40)
MOST_NAMES: Final = 8
"""More values than this are not named on the axis."""
LEAST_DRIFT_SHOWN: Final = 0.05
"""Height of a drift chart on which nothing drifts."""
EXACT_BELOW: Final = 10
"""Smaller values are written with two digits, larger ones as counts are."""


@dataclasses.dataclass(frozen=True, eq=False)
class CatalogueContext:
    """What the page shows: where the payments come from, how many were looked at, and the profiles."""

    world: str
    profile: str
    identity: str
    is_synthetic: bool
    count_payments: int
    count_looked_at: int
    drift_limit: float
    profiles: Sequence[FeatureProfile]


def catalogue_page(context: CatalogueContext) -> str:
    """Return the whole page as HTML."""
    template = templates_of(TEMPLATES, percent=percent).get_template("features.html.jinja")
    return template.render(
        context=context,
        css=style(TEMPLATES / "report.css"),
        ranked=sorted(context.profiles, key=lambda each: (-(each.solo_roc_auc or 0.0), each.name)),
        charts={each.name: _charts(each, context.drift_limit) for each in context.profiles},
    )


def _charts(profile: FeatureProfile, drift_limit: float) -> dict[str, Markup]:
    drawn = {
        "distribution": distribution_chart(profile.name, profile.distribution),
        "missing": _months_chart(f"Missing values of {profile.name} by month", profile.missing_by_month, 1.0, "grey"),
        "drift": _months_chart(
            f"Drift of {profile.name} by month",
            profile.drift_by_month,
            max(profile.drift, LEAST_DRIFT_SHOWN),
            "blue",
            drift_limit,
        ),
    }
    return pictures(drawn)


def distribution_chart(name: str, found: Distribution) -> str:
    """Draw the honest payments as bars and the reported ones as steps over them."""
    if not found.honest.size:
        return svg([], SIZE, f"{name} has no value")
    edges = found.edges.tolist()
    top = max(float(found.honest.max()), float(found.reported.max()), 1e-9)
    frame = plot((edges[0], edges[-1]), (0, top), SIZE, MARGINS)
    marks = [frame.y_axis([(0, "0"), (top, percent(top))])]
    hints = found.names or tuple(_text(_value(edge, found)) for edge in edges[:-1])
    for place, share in enumerate(found.honest.tolist()):
        marks.append(
            frame.bar((edges[place], edges[place + 1]), (0, share), "grey", f"{hints[place]}: {percent(share)}")
        )
    marks.append(frame.steps(edges, [*found.reported.tolist(), float(found.reported[-1])], "blue"))
    marks.append(frame.x_axis(_ticks(found)))
    return svg(marks, SIZE, f"Distribution of {name}")


def _ticks(found: Distribution) -> list[tuple[float, str]]:
    edges = found.edges.tolist()
    if found.names and len(found.names) <= MOST_NAMES:
        return [(place + 0.5, name[:9]) for place, name in enumerate(found.names)]
    if found.names:
        step = len(found.names) // 4
        return [(place + 0.5, found.names[place][:9]) for place in range(0, len(found.names), step)]
    return [(edge, _text(_value(edge, found))) for edge in np.linspace(edges[0], edges[-1], 5).tolist()]


def _value(edge: float, found: Distribution) -> float:
    return float(np.expm1(edge)) if found.is_log else edge


def _text(value: float) -> str:
    return short(value) if abs(value) >= EXACT_BELOW else f"{value:.2g}"


def _months_chart(title: str, by_month: Mapping[str, float], top: float, style: str, guide: float | None = None) -> str:
    names, values = list(by_month), list(by_month.values())
    frame = plot((0, max(len(names), 1)), (0, top), SIZE, MARGINS)
    text = percent if guide is None else "{:.2f}".format
    marks = [frame.y_axis([(0, "0"), (top, text(top))])]
    if guide is not None and guide <= top:
        marks.append(frame.rule((0, guide), (len(names), guide), "guide"))
    for place, value in enumerate(values):
        hint = f"{names[place]}: {text(value)}"
        marks.append(frame.bar((place + 0.15, place + 0.85), (0, value), style, hint))
    every = max(1, len(names) // 4)
    marks.append(frame.x_axis([(place + 0.5, names[place]) for place in range(0, len(names), every)]))
    return svg(marks, SIZE, title)
