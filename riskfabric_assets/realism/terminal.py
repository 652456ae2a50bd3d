"""The scorecard for a terminal."""

from typing import Final

from rich.table import Table

from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.judge import WHOLE, Finding
from riskfabric_assets.realism.scorecard import SEVERITY, Scorecard

COLOURS: Final = {"pass": "green", "warn": "yellow", "fail": "bold red", "excepted": "cyan"}


def scorecard_table(card: Scorecard) -> Table:
    """Return one line per figure over the whole horizon, with the months outside their interval in the last column."""
    table = Table(title=f"Realism of {card.world}", title_justify="left", header_style="bold")
    for name in ("check", "figure"):
        table.add_column(name, overflow="fold")
    table.add_column("value", justify="right")
    table.add_column("wanted", justify="right")
    table.add_column("unit")
    table.add_column("verdict")
    table.add_column("why", overflow="fold")
    for check in CHECKS:
        for place, found in enumerate(card.whole(check.id)):
            title = f"{check.id} {check.title}" if place == 0 else ""
            table.add_row(title, found.measure.name, *_cells(found), _why(found, card))
    return table


def verdict_line(card: Scorecard) -> str:
    """Return how many checks have each verdict, and which fail."""
    verdicts = [card.verdict(check.id) for check in CHECKS]
    counts = ", ".join(f"{verdicts.count(name)} {name}" for name in SEVERITY if name in verdicts)
    return f"{counts}." + (f" Failed: {', '.join(card.failed)}." if card.failed else "")


def _cells(found: Finding) -> tuple[str, str, str, str]:
    value = "-" if found.value is None else f"{found.value:.4g}"
    colour = COLOURS.get(found.verdict, "dim")
    return value, str(found.target), found.measure.unit, f"[{colour}]{found.verdict}[/]"


def _why(found: Finding, card: Scorecard) -> str:
    outside = [
        other.period
        for other in card.findings
        if other.check.id == found.check.id
        and other.measure.name == found.measure.name
        and other.period != WHOLE
        and other.verdict in ("warn", "fail")
    ]
    months = f"months outside: {', '.join(outside)}" if outside else ""
    return "; ".join(part for part in (found.reason, months) if part)
