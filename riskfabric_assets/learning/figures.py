"""The charts of the report: what is drawn, in which scale, and which colour means what.

Blue is what the bank knows (labels, reports), orange is the truth, grey is honest life.
"""

import datetime as dt
import math
from typing import Final

import polars as pl

from riskfabric_assets.foundation.charts import PLOT_HEIGHT, PLOT_WIDTH, Plot, percent, plot, short, svg
from riskfabric_assets.learning.assessment import Assessment
from riskfabric_assets.learning.evaluation import Evaluation

SIZE: Final = (PLOT_WIDTH, PLOT_HEIGHT)
WIDE: Final = (1080, 330)
TARGET_STYLES: Final = {"label": "blue", "truth": "orange"}
OUTCOME_STYLES: Final = {"honest": "grey", "unreported fraud": "pale-orange", "reported fraud": "orange"}
FIFTHS: Final = [(value / 5, percent(value / 5)) for value in range(6)]
NAMED_POINTS: Final = {"detection": ("end", -4.0), "blocking": ("", 4.0)}
"""The widest and the narrowest operating point are named in charts, to the left and to the right."""
LEAST_FRAUDS: Final = 60
"""A distribution of fewer frauds than this is noise and is not drawn."""
SMALLEST_RATE: Final = 1e-4
"""False positive rate at the left end of the ROC chart: one honest payment in ten thousand."""
SWARM_INPUTS: Final = 9


def over_time(assessment: Assessment) -> str:
    """Draw payments per day above, fraud per day below, and the windows they fall into."""
    days = assessment.days
    x = [float((date - days["event_date"][0]).days) for date in days["event_date"]]
    payments, reported, true = (days[name].cast(pl.Float64) for name in _COUNTS)
    span = (x[0] - 0.5, x[-1] + 0.5)
    upper = plot(span, (0, _ceiling(payments.max())), WIDE, (44, 10, 168, 46))
    lower = plot(span, (0, _ceiling(max(_top(reported), _top(true)))), WIDE, (206, 10, 30, 46))
    marks = [_windows(assessment, upper, lower)]
    marks += [upper.y_axis([(tick, short(tick)) for tick in upper.y.ticks(2)], "payments a day")]
    marks += [upper.area(x, [0.0] * len(x), payments.to_list(), "grey"), upper.line(x, payments.to_list(), "grey")]
    marks += [lower.y_axis([(tick, short(tick)) for tick in lower.y.ticks(2)], "frauds a day")]
    marks.append(lower.line(x, reported.to_list(), "blue"))
    if assessment.evaluation.reference == "truth":
        marks.append(lower.line(x, true.to_list(), "orange"))
    first = days["event_date"][0]
    marks.append(lower.x_axis([(float((day - first).days), f"{day:%-d %b}") for day in _date_ticks(days)]))
    return svg(marks, WIDE, "Payments and frauds per day")


_COUNTS: Final = ("count_payments", "count_reported", "count_true")


def _windows(assessment: Assessment, upper: Plot, lower: Plot) -> str:
    first = assessment.days["event_date"][0]
    windows = assessment.windows
    marks = []
    for name, window in (("train", windows.train), ("validation", windows.validation), ("test", windows.test)):
        start, end = (window.first - first).days - 0.5, (window.last - first).days + 0.5
        left, right = upper.x.at(start), upper.x.at(end)
        top, bottom = 16.0, lower.y.start
        marks.append(
            f'<rect class="window {name}" x="{left:.1f}" y="{top}" width="{right - left:.1f}" '
            f'height="{bottom - top:.1f}"/>'
            f'<text class="axis mid strong" x="{(left + right) / 2:.1f}" y="10">{name}</text>'
        )
    return "".join(marks)


def _date_ticks(days: pl.DataFrame) -> list[dt.date]:
    dates = days["event_date"].to_list()
    starts = [date for date in dates if date.day == 1 or (len(dates) < 200 and date.day == 15)]
    return starts or dates[:: max(1, len(dates) // 6)]


def precision_recall(evaluation: Evaluation, thresholds: dict[str, float]) -> str:
    """Draw precision over recall, with the operating points on the bank's curve."""
    frame = plot((0, 1), (0, 1))
    marks = [frame.y_axis(FIFTHS, "precision"), frame.x_axis(FIFTHS, "recall")]
    for target, style in TARGET_STYLES.items():
        points = evaluation.curves.filter(pl.col("target") == target)
        if points.height:
            base = evaluation.estimate(target, "population", "all", "base_rate").value
            marks.append(frame.rule((0, base), (1, base), f"dash {style}"))
            marks.append(frame.line(points["recall"].to_list(), points["precision"].to_list(), style))
    for name in thresholds:
        recall, precision = (
            evaluation.estimate("label", "operating_point", name, measure).value for measure in ("recall", "precision")
        )
        if not math.isnan(recall + precision):
            marks.append(frame.dot(recall, precision, "blue", 4, f"{_words(name)}: {percent(precision)} precise"))
            if name in NAMED_POINTS:
                marks.append(frame.label(recall, precision, _words(name), "note", (6, -8)))
    return svg(marks, SIZE, "Precision and recall")


def receiver_operating(evaluation: Evaluation, rates: tuple[float, ...]) -> str:
    """Draw recall over the false positive rate, the latter by logarithm: budgets live at its left end."""
    frame = plot((SMALLEST_RATE, 1), (0, 1), logs=(True, False))
    marks = [frame.y_axis(FIFTHS, "recall")]
    marks.append(frame.x_axis([(tick, f"{100 * tick:g} %") for tick in frame.x.ticks()], "false positive rate (log)"))
    chance = [10 ** (-4 + step / 20) for step in range(81)]
    marks.append(frame.line(chance, chance, "dash grey"))
    for rate in rates:
        marks.append(frame.rule((rate, 0), (rate, 1), "guide"))
    for target, style in TARGET_STYLES.items():
        points = evaluation.curves.filter((pl.col("target") == target) & (pl.col("false_positive_rate") > 0))
        if points.height:
            marks.append(frame.line(points["false_positive_rate"].to_list(), points["recall"].to_list(), style))
        for rate in rates:
            found = evaluation.estimate(target, "ranking", f"false positives {rate:.1%}", "recall")
            if not math.isnan(found.value):
                marks.append(frame.rule((rate, found.low), (rate, found.high), f"whisker {style}"))
                marks.append(frame.dot(rate, found.value, style, 3.5, f"{percent(found.value)} at {percent(rate)}"))
    return svg(marks, SIZE, "Receiver operating characteristic")


def score_distribution(evaluation: Evaluation, thresholds: dict[str, float]) -> str:
    """Draw where the scores of honest payments and of frauds lie, by log odds, with the thresholds."""
    histogram = evaluation.histogram
    used = histogram.filter(pl.col("share") > 0)
    low, high = min([0.0, *used["low"].to_list()]), max([0.0, *used["high"].to_list()])
    frame = plot((low, high), (0, _ceiling(_top(histogram["share"]))))
    marks = [frame.y_axis([(tick, percent(tick)) for tick in frame.y.ticks(4)], "share of each kind")]
    chances = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
    ticks = [(math.log(chance / (1 - chance)), f"{100 * chance:g} %") for chance in chances]
    marks.append(frame.x_axis([tick for tick in ticks if low <= tick[0] <= high], "score (log odds)"))
    for outcome, style in OUTCOME_STYLES.items():
        rows = histogram.filter((pl.col("outcome") == outcome) & pl.col("low").is_between(low, high, closed="left"))
        if outcome == "unreported fraud" and rows["count"].sum() < LEAST_FRAUDS:
            continue
        edges, shares = [*rows["low"].to_list(), high], [*rows["share"].to_list(), 0.0]
        if outcome == "honest":
            bars = zip(rows["low"], rows["high"], rows["share"], strict=True)
            marks += [frame.bar((left, right), (0, share), style) for left, right, share in bars if share > 0]
        else:
            marks.append(frame.steps(edges, shares, style))
    for name, threshold in thresholds.items():
        if 0 < threshold < 1 and name in NAMED_POINTS:
            place = math.log(threshold / (1 - threshold))
            style, shift = NAMED_POINTS[name]
            marks.append(frame.rule((place, 0), (place, frame.y.high), "guide"))
            marks.append(frame.label(place, frame.y.high, _words(name), f"note {style}", (shift, 3)))
    return svg(marks, SIZE, "Distribution of scores")


def calibration(evaluation: Evaluation) -> str:
    """Draw the realized share of fraud over the mean score, both by logarithm, in bins of equal expected frauds."""
    rows = evaluation.table.filter((pl.col("section").cast(pl.String) == "reliability") & (pl.col("value") > 0))
    low = math.pow(10.0, math.floor(math.log10(max(1e-5, min([0.01, *rows["value"].to_list()])))))
    frame = plot((low, 1), (low, 1), logs=(True, True))
    marks = [frame.y_axis([(tick, f"{100 * tick:g} %") for tick in frame.y.ticks()], "realized share of fraud")]
    marks.append(frame.x_axis([(tick, f"{100 * tick:g} %") for tick in frame.x.ticks()], "mean score"))
    marks.append(frame.line((low, 1), (low, 1), "dash grey"))
    for target, style in TARGET_STYLES.items():
        for name in sorted(set(rows["name"])):
            score = evaluation.estimate(target, "reliability", name, "mean_score").value
            share = evaluation.estimate(target, "reliability", name, "fraud_share")
            if not math.isnan(score + share.value) and share.value > 0:
                marks.append(frame.rule((score, max(low, share.low)), (score, share.high), f"whisker {style}"))
                marks.append(frame.dot(score, share.value, style, 3.5, f"{percent(score)} → {percent(share.value)}"))
    return svg(marks, SIZE, "Calibration")


def alerts_per_day(evaluation: Evaluation) -> str:
    """Draw the precision of the most suspicious payments of each day, by the number that is looked at."""
    names = evaluation.table.filter(
        (pl.col("section").cast(pl.String) == "alerts") & (pl.col("target").cast(pl.String) == "label")
    )["name"].unique(maintain_order=True)
    frame = plot((0, max(4, len(names))), (0, 1))
    marks = [frame.y_axis(FIFTHS, "precision of the alerts")]
    marks.append(frame.x_axis([(place + 0.5, name) for place, name in enumerate(names)]))
    for place, name in enumerate(names):
        for shift, (target, style) in zip((-0.2, 0.04), TARGET_STYLES.items(), strict=True):
            found = evaluation.estimate(target, "alerts", name, "precision")
            if math.isnan(found.value):
                continue
            left, right = place + 0.48 + shift, place + 0.48 + shift + 0.2
            marks.append(frame.bar((left, right), (0, found.value), style, f"{name}: {percent(found.value)}"))
            middle = (left + right) / 2
            marks.append(frame.rule((middle, found.low), (middle, found.high), "whisker ink"))
    return svg(marks, SIZE, "Precision of daily alerts")


def typology_recall(evaluation: Evaluation, points: tuple[str, ...]) -> str:
    """Draw the share of each kind of fraud that is caught, with intervals; the wide net pale, the narrow one full."""
    kinds = typologies(evaluation)
    size = (PLOT_WIDTH, 46 + 44 * max(1, len(kinds)))
    frame = plot((0, 1), (max(1, len(kinds)), 0), size, (8, 14, 36, 150))
    marks = [frame.x_axis(FIFTHS, "share of the frauds that is flagged")]
    marks += [frame.rule((tick, 0), (tick, frame.y.low), "grid") for tick, _ in FIFTHS[1:]]
    for row, kind in enumerate(kinds):
        count = evaluation.estimate("truth", "typology", kind, "count_frauds").value
        marks.append(frame.label(0, row + 0.5, _words(kind), "axis end strong ink", (-9, -2)))
        marks.append(frame.label(0, row + 0.5, f"{count:,.0f} frauds", "axis end", (-9, 12)))
        for place, (point, style) in enumerate(zip(points, ("pale-orange", "orange"), strict=True)):
            found = evaluation.estimate("truth", "typology", kind, f"recall_at_{point}")
            if math.isnan(found.value):
                continue
            top = row + 0.16 + 0.35 * place
            marks.append(
                frame.bar((0, found.value), (top, top + 0.3), style, f"{_words(point)}: {percent(found.value)}")
            )
            marks.append(frame.rule((found.low, top + 0.15), (found.high, top + 0.15), "whisker ink"))
    return svg(marks, size, "Recall by kind of fraud")


def swarm(assessment: Assessment) -> str:
    """Draw how much each input pushed single scores, up or down; colour is the value of the input."""
    names = assessment.explanation.table["feature"][:SWARM_INPUTS].to_list()
    dots = assessment.explanation.swarm.filter(pl.col("feature").is_in(names))
    limit = _ceiling(dots["shap"].abs().quantile(0.995))
    size = (PLOT_WIDTH, 54 + 34 * len(names))
    frame = plot((-limit, limit), (len(names), 0), size, (8, 14, 40, 196))
    marks = [
        frame.x_axis(
            [(tick, f"{tick:+g}" if tick else "0") for tick in frame.x.ticks(6)], "push on the log odds of fraud"
        )
    ]
    marks.append(frame.rule((0, 0), (0, len(names)), "base"))
    for row, name in enumerate(names):
        marks.append(frame.label(-limit, row + 0.5, _words(name), "axis end ink", (-9, 4)))
        marks += _swarm_row(frame, row, dots.filter(pl.col("feature") == name))
    return svg(marks, size, "SHAP values of single payments")


def _swarm_row(frame: Plot, row: int, dots: pl.DataFrame) -> list[str]:
    taken: dict[int, int] = {}
    marks = []
    for shap, level in zip(dots["shap"], dots["level"], strict=True):
        column = int(frame.x.at(shap) // 3.2)
        count = taken.get(column, 0)
        taken[column] = count + 1
        lift = ((count + 1) // 2) * (1 if count % 2 else -1) * 0.055
        style = "none" if level is None else f"v{min(4, int(level * 5))}"
        marks.append(frame.dot(shap, row + 0.5 + max(-0.42, min(0.42, lift)), style, 1.9))
    return marks


def typologies(evaluation: Evaluation) -> list[str]:
    """Return the kinds of fraud in the test window, the most frequent first."""
    counts = evaluation.table.filter(
        (pl.col("section").cast(pl.String) == "typology") & (pl.col("measure") == "count_frauds")
    )
    return counts.sort("value", "name", descending=[True, False])["name"].to_list()


def _words(name: str) -> str:
    return name.replace("_", " ")


def _top(values: pl.Series) -> float:
    top = values.max()
    return float(top) if isinstance(top, int | float) else 0.0


def _ceiling(value: object) -> float:
    number = float(value) if isinstance(value, int | float) and value > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(number))
    return next(power * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if power * step >= number)
