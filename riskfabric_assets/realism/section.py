"""The report's section on realism: verdicts as a table, profiles as pictures. Pure: two tables in, HTML out."""

from html import escape
from typing import Final

import polars as pl

from riskfabric_assets.realism.judge import WHOLE
from riskfabric_assets.realism.pictures import Picture, pictures

MARKS: Final = {"pass": "✓", "warn": "△", "fail": "✗", "excepted": "✎", "too small": "·", "not applicable": "–"}
INTRODUCTION: Final = (
    "The honest ledger, crime and labels against published figures and stylised facts; nothing here needs secret data. "
    "A figure passes inside its interval, warns when it is outside by less than a quarter of the interval's width, and "
    "fails beyond. Basis A is an official figure, B a well-known one, C a reasoned estimate."
)


def section(scorecard: pl.DataFrame, profiles: pl.DataFrame) -> str:
    """Return the section as HTML.

    Args:
        scorecard: The table realism/scorecard.
        profiles: The table realism/profiles.
    """
    whole = scorecard.filter(pl.col("period") == WHOLE)
    figures = "\n".join(_figure(picture) for picture in pictures(profiles))
    counts = whole.group_by("verdict").len().sort("verdict")
    summary = ", ".join(f"{count} {verdict}" for verdict, count in counts.iter_rows())
    rows = "\n".join(_row(row, _months(scorecard, row)) for row in whole.iter_rows(named=True))
    return (
        f"<h2>Is it believable?</h2>\n<p>{INTRODUCTION}</p>\n<p><b>Figures: {escape(summary)}.</b></p>\n"
        f'<div class="grid">\n{figures}\n</div>\n'
        '<div class="scroll"><table>\n<thead><tr><th>Check</th><th style="text-align:left">Figure</th><th>Found</th>'
        "<th>Wanted</th><th>Unit</th><th>Basis</th><th>Months outside</th>"
        '<th style="text-align:left">Verdict</th></tr></thead>\n'
        f"{rows}\n</table></div>"
    )


def _row(row: dict[str, object], outside: str) -> str:
    verdict, figure = str(row["verdict"]), str(row["measure"]).replace("_", " ")
    value = "–" if row["value"] is None else f"{row['value']:.4g}"
    is_judged = verdict in ("pass", "warn", "fail")
    reason = "" if is_judged else f' <span class="thin">{escape(str(row["reason"]))}</span>'
    alarm = ' class="alarm"' if verdict == "fail" else ""
    cells = (value, _interval(row["low"], row["high"]), str(row["unit"]), str(row["basis"]), outside)
    return (
        f'<tr{alarm}><td class="name">{row["check_id"]} {escape(str(row["title"]))}</td>'
        f'<td style="text-align:left">{escape(figure)}</td>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}'
        f'<td style="text-align:left;white-space:normal">{MARKS[verdict]} {verdict}{reason}</td></tr>'
    )


def _interval(low: object, high: object) -> str:
    if low == high:
        return f"{low:g}"
    if low is None:
        return f"≤ {high:g}"
    return f"≥ {low:g}" if high is None else f"{low:g} – {high:g}"


def _months(scorecard: pl.DataFrame, row: dict[str, object]) -> str:
    months = scorecard.filter(
        (pl.col("check_id") == row["check_id"]) & (pl.col("measure") == row["measure"]) & (pl.col("period") != WHOLE)
    )
    if not months.height:
        return ""
    outside = months.filter(pl.col("verdict").cast(pl.String).is_in(["warn", "fail"])).height
    return f"{outside} of {months.height}"


def _figure(picture: Picture) -> str:
    caption = f"<figcaption><b>{escape(picture.title)}</b>{escape(picture.caption)}</figcaption>"
    return f"<figure>{caption}{picture.svg}</figure>"
