"""A comparison as one self-contained HTML page, and as JSON."""

import json
from html import escape
from typing import Final

from rich.table import Table

from riskfabric_assets.realism.comparing.comparison import Comparison, Side
from riskfabric_assets.realism.comparing.terminal import comparison_tables, score_text

STYLE: Final = """
body { font: 15px/1.55 system-ui, sans-serif; max-width: 1080px; margin: 32px auto; padding: 0 24px;
  color: CanvasText; background: Canvas; color-scheme: light dark; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 28px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px; border-bottom: 1px solid #8884; }
th { font-size: 13px; opacity: .75; } .right { text-align: right; }
.scores { display: flex; gap: 36px; margin: 18px 0 28px; } .scores b { display: block; font-size: 32px; }
.note { opacity: .75; max-width: 90ch; }
"""
NOTE: Final = (
    "Column shapes and pair trends follow the definitions of the SDMetrics quality report with A as the real data; the "
    "overall score is the mean of the two. Crime that is known as such is left out. Made on this machine alone."
)


def html_page(found: Comparison) -> str:
    """Return the page."""
    quality = found.quality
    scores = {"overall": quality.overall, "column shapes": quality.shapes_score, "pair trends": quality.trends_score}
    cards = "".join(f"<div><b>{score_text(value)}</b>{name}</div>" for name, value in scores.items())
    tables = "\n".join(_table(table) for table in comparison_tables(found))
    title = escape(f"{found.a.name} and {found.b.name}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>"
        f'<p class="note">{NOTE}</p><div class="scores">{cards}</div>\n{tables}\n</body></html>\n'
    )


def json_text(found: Comparison) -> str:
    """Return everything as JSON: sides, scores, columns, pairs, rows and figures."""
    quality = found.quality
    content = {
        "a": _side(found.a),
        "b": _side(found.b),
        "scores": {
            "overall": quality.overall,
            "column_shapes": quality.shapes_score,
            "pair_trends": quality.trends_score,
        },
        "columns": [vars(column) for column in quality.columns],
        "pairs": [vars(trend) for trend in quality.trends],
        "rows": vars(quality.rows),
        "figures": [
            {
                "check": figure.check.id,
                "figure": figure.measure,
                "unit": figure.unit,
                "a": figure.a,
                "b": figure.b,
                "difference": figure.difference,
            }
            for figure in found.figures
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def _side(side: Side) -> dict[str, object]:
    return {"name": side.name, "payments": side.payments, "customers": side.customers, "days": side.days}


def _table(table: Table) -> str:
    styles = [' class="right"' if column.justify == "right" else "" for column in table.columns]
    head = "".join(
        f"<th{style}>{escape(str(column.header))}</th>" for style, column in zip(styles, table.columns, strict=True)
    )
    lines = zip(*([str(cell) for cell in column.cells] for column in table.columns), strict=True)
    body = "\n".join(
        "<tr>" + "".join(f"<td{style}>{escape(cell)}</td>" for style, cell in zip(styles, line, strict=True)) + "</tr>"
        for line in lines
    )
    return f"<h2>{escape(str(table.title))}</h2>\n<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
