"""The page of the world packs: what a pack is, which there are, and where their numbers come from."""

import pathlib

import markup
import yaml

from riskfabric_assets.packs.files import PACK_FILES
from riskfabric_assets.packs.provenance import Provenance, provenance_of
from riskfabric_assets.packs.settings import known_worlds

CONFIG = pathlib.Path(__file__).parents[2] / "config"

INTRODUCTION = """\
A world is one folder `config/worlds/<world>/`. Every folder has the same files with the same keys; no world inherits
from another, so that no number of one country stands in for another country's unseen. Choose one with
`RISKFABRIC_WORLD=south_africa` (or `russia`, `anywhere`; `india` is the default). `anywhere` is for an extract of a
country that has no pack: round numbers in euros, and nearly all of them assumed.

Tables keyed by a closed list (channels, spending groups, days of pay, kinds of place) have every key in every world.
Tables keyed by names (regions, banks, providers, communities, payment apps, networks of cards) have the names of their
country. A test compares every folder with the models that read it, defaults included."""

SOURCES = """\
Every number is written as `{value, unit, source}`. A source that begins with `assumed` is a choice without a published
figure behind it, and says what guided it. The table counts numbers, not lines: a table of 24 hours with one source is
24 numbers. `from memory` in a source means that the publication is known and was not opened again. The same count is in
`riskfabric summary` and in the report of every run."""

RULES = """\
Real names of banks never appear where fraud is counted: banks are codes (`BANK_A`, `BANK_B`, ...) in the order of their
market share, with the last code for all others. Names of telephone companies, mail providers and payment apps are
labels of shares; every address, number and mail domain beside them is reserved and belongs to nobody
([identifier safety](../decisions/identifier_safety.md)). Names of people are pools of frequent names by community:
given name, last name and region are drawn apart, and full names of public figures are refused.

To add a world, copy `config/worlds/anywhere`, give it its own numbers and sources, and run `make test`: the tests find
the folder by themselves. All mistakes of a file are listed at once, with key path, what was found, what was expected
and how to mend it. A world without a sample extract needs `RISKFABRIC_OSM_PATH`
([your own extract](../howto/your_own_extract.md))."""


def page(folder: pathlib.Path = CONFIG) -> str:
    """Return the page of world packs."""
    counts = {world: provenance_of(folder, world) for world in known_worlds(folder)}
    return markup.page(
        "Worlds",
        INTRODUCTION,
        "## The worlds\n\n" + _worlds(folder, counts),
        "## Where the numbers come from\n\n" + SOURCES,
        _files(counts),
        "## Rules\n\n" + RULES,
    )


def _worlds(folder: pathlib.Path, counts: dict[str, dict[str, Provenance]]) -> str:
    rows = []
    for world, files in counts.items():
        facts = yaml.safe_load((folder / "worlds" / world / "world.yaml").read_text(encoding="utf-8"))
        total = sum(files.values(), Provenance(0, 0))
        rows.append(
            (
                markup.code(world),
                facts["title"],
                facts["currency_code"],
                facts["timezone"],
                f"{total.numbers:,}",
                f"{total.assumed:,}",
                f"{total.assumed_share:.0%}",
                f"{total.partly_share:.0%}",
            )
        )
    return markup.table(
        ("World", "Title", "Currency", "Time zone", "Numbers", "Assumed", "Share assumed", "In part, or tuned"), rows
    )


def _files(counts: dict[str, dict[str, Provenance]]) -> str:
    rows = [
        (
            markup.code(f"{file}.yaml"),
            *(f"{files[file].assumed:,} of {files[file].numbers:,}" for files in counts.values()),
        )
        for file in PACK_FILES
    ]
    return markup.table(("Assumed numbers", *counts), rows)
