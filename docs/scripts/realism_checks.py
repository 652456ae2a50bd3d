"""The table of realism checks, from the table in code."""

import markup

from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.checks import Check, Measure

INTRODUCTION = """\
Every check of the [realism scorecard](../explanation/realism.md), as `riskfabric realism` makes it. Basis A is a figure
read in an official publication or a report of one, B a well-known figure, C a reasoned estimate. A check needs at least
the stated data; below it says *too small to judge*. Figures marked *natural* are judged only where crime is as rare as
in the world (`crime.injection.mode: natural_bps`)."""

SUBJECTS = {
    "honest": (
        "Honest payments",
        "Injected crime is left out: a run that learns from crime holds a thousand times too much.",
    ),
    "crime": ("Crime", "Read from `truth`; a claimed honest payment is no crime."),
    "labels": ("Labels", "What the bank learns, and when."),
}


def page() -> str:
    """Return one section for each subject, with a row for each figure."""
    parts = [INTRODUCTION]
    for subject, (title, intent) in SUBJECTS.items():
        rows = [row for check in CHECKS if check.subject == subject for row in _rows(check)]
        header = ["Check", "Definition", "Figure", "Target", "Unit", "Worlds", "Needs", "Basis", "Source"]
        parts += [f"## {title}", intent, markup.table(header, rows)]
    return markup.page("Realism checks", *parts)


def _rows(check: Check) -> list[list[object]]:
    shared = [f"{check.id} {check.title}", check.definition]
    tail = [str(check.needs), check.basis, check.source]
    return [
        [
            *(shared if place == 0 else ["", ""]),
            markup.code(measure.name),
            _target(measure),
            f"{measure.unit}{' (natural)' if measure.natural else ''}",
            ", ".join(measure.worlds or check.worlds),
            *(tail if place == 0 else ["", "", ""]),
        ]
        for place, measure in enumerate(check.measures)
    ]


def _target(measure: Measure) -> str:
    if not measure.by_year:
        return str(measure.target)
    return "; ".join(f"{target} ({year})" for year, target in sorted(measure.by_year.items()))
