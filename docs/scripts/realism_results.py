"""The page of realism results, from docs/tables/realism_results.csv, whose rows `honest_life.py` measures."""

import pathlib
from typing import Final

import markup
import polars as pl

from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.realism.judge import WHOLE
from riskfabric_assets.realism.lake import Lake
from riskfabric_assets.realism.scorecard import count_customers, score

TABLE: Final = pathlib.Path(__file__).parents[1] / "tables" / "realism_results.csv"
COLUMNS: Final = ("check_id", "title", "measure", "value", "low", "high", "unit", "basis", "verdict", "reason")
DIGITS: Final = 4
INTRODUCTION: Final = """\
What `riskfabric realism` says of one generated home per world, over its whole horizon. Definitions and sources of the
checks stand in [Realism checks](realism_checks.md), the meaning of the verdicts in
[The realism scorecard](../explanation/realism.md). Figures that need natural prevalence are *not applicable* where
crime is injected for training. To measure again: `python docs/scripts/honest_life.py HOME...`."""


def measured(lake: Lake, settings: Settings, seed: int) -> pl.DataFrame:
    """Return the scorecard of a home over its whole horizon, with what it was measured on."""
    card = score(lake, settings.world, settings.config.realism, months=False).frame()
    return card.filter(pl.col("period") == WHOLE).select(
        "world",
        pl.lit(seed).alias("seed"),
        pl.lit(count_customers(lake)).alias("customers"),
        pl.lit(str(lake.first_date)).alias("first_date"),
        pl.lit(str(lake.last_date)).alias("last_date"),
        *(pl.col(name).round_sig_figs(DIGITS) if name in ("value", "low", "high") else name for name in COLUMNS),
    )


def replace_world(world: str, rows: pl.DataFrame) -> None:
    """Put the rows of one world into the table, in the place of its former ones."""
    kept = [pl.read_csv(TABLE, schema=rows.schema).filter(pl.col("world") != world)] if TABLE.is_file() else []
    pl.concat([*kept, rows]).sort("world", maintain_order=True).write_csv(TABLE)


def page() -> str:
    """Return one section for each world, with a row for each figure."""
    table = pl.read_csv(TABLE, schema_overrides={"first_date": pl.String, "last_date": pl.String})
    sections = [part for rows in table.partition_by("world", maintain_order=True) for part in _section(rows)]
    return markup.page("Realism results", INTRODUCTION, *sections)


def _section(rows: pl.DataFrame) -> list[str]:
    first = rows.row(0, named=True)
    verdicts = rows["verdict"].value_counts(sort=True).sort("count", "verdict", descending=[True, False])
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.iter_rows())
    told = (
        f"{first['customers']:,} customers, {first['first_date']} to {first['last_date']}, seed {first['seed']}. "
        f"Figures: {counts}."
    )
    lines = [
        [
            f"{row['check_id']} {row['title']}",
            markup.code(row["measure"]),
            "–" if row["value"] is None else f"{row['value']:g}",
            _interval(row["low"], row["high"]),
            row["unit"],
            row["basis"],
            f"**{row['verdict']}**" if row["verdict"] in ("fail", "excepted") else row["verdict"],
            "" if row["verdict"] in ("pass", "warn", "fail") else row["reason"] or "",
        ]
        for row in rows.iter_rows(named=True)
    ]
    header = ["Check", "Figure", "Found", "Wanted", "Unit", "Basis", "Verdict", "Why"]
    return [f"## {first['world']}", told, markup.table(header, lines)]


def _interval(low: float | None, high: float | None) -> str:
    if low is None:
        return "–" if high is None else f"≤ {high:g}"
    if high is None:
        return f"≥ {low:g}"
    return f"{low:g}" if low == high else f"{low:g} – {high:g}"
