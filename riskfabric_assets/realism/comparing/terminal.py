"""A comparison for a terminal."""

from typing import Final

from rich.table import Table

from riskfabric_assets.realism.comparing.comparison import Comparison

WORST_TRENDS: Final = 8


def comparison_tables(found: Comparison) -> list[Table]:
    """Return what is compared, the columns, the worst pairs, and the figures of realism."""
    return [_sides(found), _columns(found), _trends(found), _figures(found)]


def score_text(value: float | None) -> str:
    """Write a score."""
    return "-" if value is None else f"{value:.3f}"


def figure_text(value: float | None) -> str:
    """Write a figure of any size."""
    return "-" if value is None else f"{value:.4g}"


def change_text(value: float | None) -> str:
    """Write a relative difference."""
    return "-" if value is None else f"{value:+.1%}"


def _sides(found: Comparison) -> Table:
    table = Table(title="Compared", title_justify="left", header_style="bold")
    for name in ("", "A", "B"):
        table.add_column(name)
    table.add_row("data", found.a.name, found.b.name)
    table.add_row("payments", f"{found.a.payments:,}", f"{found.b.payments:,}")
    table.add_row("customers", f"{found.a.customers:,}", f"{found.b.customers:,}")
    table.add_row("days", str(found.a.days), str(found.b.days))
    rows = found.quality.rows
    table.add_row("duplicate rows", f"{rows.duplicates_a:.3%}", f"{rows.duplicates_b:.3%}")
    table.add_row("rows not in A", "", score_text(rows.novelty))
    return table


def _columns(found: Comparison) -> Table:
    table = Table(title="Columns (1 is equal)", title_justify="left", header_style="bold")
    for name in ("column", "measure", "shape", "nulls", "coverage", "adherence"):
        table.add_column(name, justify="left" if name in ("column", "measure") else "right")
    for column in found.quality.columns:
        scores = (column.shape, column.nulls, column.coverage, column.adherence)
        table.add_row(column.name, column.metric, *map(score_text, scores))
    return table


def _trends(found: Comparison) -> Table:
    table = Table(title=f"Pairs, the {WORST_TRENDS} least alike", title_justify="left", header_style="bold")
    for name in ("first", "second", "measure", "score"):
        table.add_column(name)
    known = [trend for trend in found.quality.trends if trend.score is not None]
    for trend in sorted(known, key=lambda trend: trend.score or 0.0)[:WORST_TRENDS]:
        table.add_row(trend.first, trend.second, trend.metric, score_text(trend.score))
    return table


def _figures(found: Comparison) -> Table:
    table = Table(title="Realism, side by side", title_justify="left", header_style="bold")
    for name in ("check", "figure", "A", "B", "B over A", "unit"):
        table.add_column(name, justify="right" if name in ("A", "B", "B over A") else "left", overflow="fold")
    for figure in found.figures:
        values = (figure_text(figure.a), figure_text(figure.b), change_text(figure.difference))
        table.add_row(f"{figure.check.id} {figure.check.title}", figure.measure, *values, figure.unit)
    return table
