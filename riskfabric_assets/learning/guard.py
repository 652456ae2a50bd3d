"""The too-easy guard: does the data give fraud away, to a simple rule, by a trace, or one kind of it to anybody?

A finding is passed, failed, or too small to judge; what is measured on few frauds is never called passed.
"""

import dataclasses
import math
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning import leaks, simple_rules
from riskfabric_assets.learning.dataset import Inputs, ModelInput, Windows, input_matrix
from riskfabric_assets.learning.evaluation import HONEST, ScoredWindow
from riskfabric_assets.learning.ranking import Booleans, average_precision, roc_auc
from riskfabric_assets.packs.model import Guard

STREAM: Final = "learning/guard"
Verdict = Literal["passed", "failed", "too small to judge"]
Question = Literal["rules", "leaks", "detectability"]
QUESTIONS: Final[dict[Question, str]] = {
    "rules": "No simple rule comes near the full model",
    "leaks": "No id, row order, amount or clock gives fraud away",
    "detectability": "Every typology is as hard to find as its band says",
}


class Finding(NamedTuple):
    """One thing that was measured: found, the bounds it must keep, and on how many frauds (or guilty ids)."""

    question: Question
    name: str
    measure: str
    found: float
    low: float
    high: float
    count_frauds: int
    verdict: Verdict

    @property
    def found_text(self) -> str:
        """What was found, in words."""
        return "nothing to measure" if math.isnan(self.found) else f"{self.found:.3f} {self.measure}"

    @property
    def expected_text(self) -> str:
        """The bounds, in words."""
        return "nothing to compare with" if math.isnan(self.high) else f"{self.low:.3f} to {self.high:.3f}"

    @property
    def sentence(self) -> str:
        """All of it but the name."""
        return f"{self.found_text}, expected {self.expected_text}, {self.count_frauds:,} frauds: {self.verdict}"


@dataclasses.dataclass(frozen=True, eq=False)
class Sample:
    """All frauds of the calendar and some honest payments: what traces and baseline are measured on."""

    payments: pl.DataFrame
    matrix: Inputs
    is_fraud: Booleans
    typology: np.ndarray[tuple[int], np.dtype[np.str_]]


def guard(
    scored: ScoredWindow,
    payments: pl.DataFrame,
    key: pl.DataFrame,
    inputs: tuple[ModelInput, ...],
    windows: Windows,
    plan: Guard,
    streams: Streams,
) -> tuple[Finding, ...]:
    """Measure everything.

    Args:
        scored: The test window with the full model's scores.
        payments: gold/payments of the whole calendar in the order of time; `stored_row` is the place in the table.
        key: event_id and typology of every fraud.
        inputs: Columns of the model.
        windows: The windows it was trained with.
        plan: config/model.yaml, guard.
        streams: Random streams; they draw the honest sample.
    """
    sample = draw_sample(payments, key, inputs, plan, streams)
    found = [*_rules(scored, sample, inputs, windows, plan), *_leaks(sample, payments, key, plan)]
    if scored.has_truth:
        found += _detectability(sample, inputs, plan)
    return tuple(found)


def draw_sample(
    payments: pl.DataFrame, key: pl.DataFrame, inputs: tuple[ModelInput, ...], plan: Guard, streams: Streams
) -> Sample:
    """Take every fraud, and every honest payment with the same chance."""
    marked = payments.join(
        key.select("event_id", pl.col("typology").cast(pl.String)), on="event_id", how="left", maintain_order="left"
    )
    is_fraud = marked["typology"].is_not_null()
    chance = plan.honest_payments / max(int((~is_fraud).sum()), 1)
    draws = streams.uniforms(STREAM, marked["event_id"].to_numpy(), 0)
    chosen = marked.filter(is_fraud | pl.Series(draws < chance))
    typology = chosen["typology"].fill_null(HONEST).to_numpy().astype(np.str_)
    return Sample(chosen, input_matrix(chosen, inputs), typology != HONEST, typology)


def _rules(
    scored: ScoredWindow, sample: Sample, inputs: tuple[ModelInput, ...], windows: Windows, plan: Guard
) -> Iterator[Finding]:
    full, count = average_precision(scored.truth, scored.scores), int(scored.truth.sum())

    def judged(name: str, found: float) -> Finding:
        return _judged("rules", name, "PR-AUC", found, 0.0, plan.simple_limit * full, 0.0, count, plan)

    name, found = simple_rules.best_column(scored.matrix, scored.truth, inputs)
    yield judged(f"best column: {name}", found)
    is_train = sample.payments["event_date"].is_between(windows.train.first, windows.train.last).to_numpy()
    matrix, is_fraud = sample.matrix[is_train], sample.is_fraud[is_train]
    if not is_fraud.any():
        return
    for depth, title in ((1, "one threshold"), (2, "tree of two questions")):
        booster = simple_rules.fit_tree(matrix, is_fraud, inputs, depth)
        found = average_precision(scored.truth, simple_rules.scores_of(booster, scored.matrix))
        yield judged(f"{title}: {simple_rules.columns_of(booster)}", found)


def _leaks(sample: Sample, payments: pl.DataFrame, key: pl.DataFrame, plan: Guard) -> Iterator[Finding]:
    low, high = leaks.CHANCE - plan.leak_margin, leaks.CHANCE + plan.leak_margin
    count = int(sample.is_fraud.sum())
    for column in leaks.ID_COLUMNS:
        area, doubt, guilty = leaks.area_of_prefix(sample.payments, sample.is_fraud, column)
        yield _judged("leaks", f"prefix of {column}", "ROC AUC", area, low, high, doubt, guilty, plan)
    area, doubt = leaks.area_of_second(sample.payments, sample.is_fraud)
    yield _judged("leaks", "second of the minute", "ROC AUC", area, low, high, doubt, count, plan)
    is_fraud = payments["event_id"].is_in(key["event_id"].implode()).to_numpy()
    moments = payments["event_at"].dt.epoch("us").to_numpy()
    area, doubt = leaks.area_of_row_order(payments["stored_row"].to_numpy(), moments, is_fraud)
    yield _judged("leaks", "order of rows", "ROC AUC", area, low, high, doubt, count, plan)
    amount, share = leaks.share_of_one_amount(payments["amount_minor"].to_numpy(), is_fraud)
    name = f"one amount: {amount:,} minor units"
    yield _judged("leaks", name, "share of fraud", share, 0.0, plan.amount_limit, 0.0, count, plan)


def _detectability(sample: Sample, inputs: tuple[ModelInput, ...], plan: Guard) -> Iterator[Finding]:
    folds = sample.payments["customer_id"].to_numpy() % simple_rules.FOLDS
    scores = simple_rules.baseline_scores(sample.matrix, sample.is_fraud, folds, inputs)
    is_scored = np.isfinite(scores)
    honest = (sample.typology == HONEST) & is_scored
    for name in (str(each) for each in np.unique(sample.typology) if each != HONEST):
        own = (sample.typology == name) & is_scored
        rows, count = own | honest, int(own.sum())
        area = roc_auc(own[rows], scores[rows])
        doubt = leaks.doubt_of(area, count, int(honest.sum()))
        low, high = plan.detectability.get(name, plan.detectability_of_others)
        yield _judged("detectability", name, "ROC AUC", area, low, high, doubt, count, plan)


def _judged(
    question: Question,
    name: str,
    measure: str,
    found: float,
    low: float,
    high: float,
    doubt: float,
    count: int,
    plan: Guard,
) -> Finding:
    """Fail what lies out of bounds beyond doubt."""
    verdict: Verdict = "passed" if low <= found + doubt and found - doubt <= high else "failed"
    if count < plan.least_frauds or np.isnan(found):
        verdict = "too small to judge"
    return Finding(question, name, measure, found, low, high, count, verdict)
