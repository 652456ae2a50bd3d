"""Compromised clients and drops: payments in 19 columns, in run folders, with the side tables.

A run is `history/<run>/` and a copy of it in `latest/`; further runs are added. Roles: a client with payments of the
typologies drop_distributor or drop_purchaser in the exported months is a drop; anybody else is legitimate or a victim.
"""

import dataclasses
import datetime as dt
import shutil
import zoneinfo
from pathlib import Path
from typing import Final

import polars as pl
from pydantic import Field

from riskfabric_assets.exports import compromised_sheets as sheets
from riskfabric_assets.exports.cities import create_cities
from riskfabric_assets.exports.compromised_rows import NUMBERS, ROWS, SIDE_ROWS
from riskfabric_assets.exports.months import write_months
from riskfabric_assets.exports.options import ExportOptions
from riskfabric_assets.exports.sheets import Sheet, write_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.exports.sparkov_categories import create_categories
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.registry import Typology, load_registry

TITLE: Final = "Compromised clients and drops: 19 columns, run folders and side tables"
RUN: Final = "history/RUN"
HISTORY, LATEST = "history", "latest"
NAMES: Final = {"drop_distributor": "drop_flow_cashout"}
"""What the source calls a typology, where it is another name."""
PARTS: Final = {
    Sheet(
        f"{RUN}/{path}", f"One row per payment or inbound transfer, in order of time: {condition}", sheets.COLUMNS
    ): condition
    for path, condition in sheets.PARTS.items()
}
CLIENTS: Final = {
    Sheet(f"{RUN}/{path}", f"One row per client of the part: {condition}", sheets.CLIENTS.columns): condition
    for path, condition in sheets.PART_CLIENTS.items()
}
ACCOUNTS: Final = dataclasses.replace(sheets.ACCOUNTS, path=f"{RUN}/{sheets.ACCOUNTS.path}")
SHEETS: Final = (*PARTS, *CLIENTS, ACCOUNTS, *sheets.SIDE)


class Options(ExportOptions):
    """Name of the run."""

    run: str = Field(
        "",
        pattern="^[A-Za-z0-9_-]*$",
        description="Folder in history/; by default generation_run_ and the last exported day with the time 235959",
    )

    @property
    def kept_folders(self) -> tuple[str, ...]:
        """Earlier runs stay beside the new one."""
        return (HISTORY,)


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write the run, its copy and the side tables; returns rows by path, without the copy."""
    run = f"{HISTORY}/{options.run or f'generation_run_{source.last_day}_235959'}"
    shutil.rmtree(folder / run, ignore_errors=True)
    _prepare(source)
    rows: dict[str, int] = {}
    for sheet in (*sheets.SIDE, ACCOUNTS):
        placed = _placed(sheet, run)
        rows[placed.path] = write_sheet(source.connection, placed, folder, SIDE_ROWS[sheet.path.split("/")[-1]])
    for sheet, condition in CLIENTS.items():
        query = f"select * from ({SIDE_ROWS['clients.parquet']}) where {condition}"
        placed = _placed(sheet, run)
        rows[placed.path] = write_sheet(source.connection, placed, folder, query)
    queries = {
        _placed(sheet, run): f"select * from ({ROWS}) where {condition} order by event_at, event_id"
        for sheet, condition in PARTS.items()
    }
    rows |= write_months(source, folder, queries)
    shutil.copytree(folder / run, folder / LATEST)
    return rows


def _placed(sheet: Sheet, run: str) -> Sheet:
    return dataclasses.replace(sheet, path=sheet.path.replace(RUN, run))


def _prepare(source: Source) -> None:
    create_categories(source.connection)
    create_cities(source)
    settings = source.settings
    typologies = load_registry(settings.typologies, settings.config.prevalence.mix).typologies
    source.load("rules", pl.DataFrame([_rule(each) for each in typologies]))
    source.load("clock", pl.DataFrame({"timezone": [_offset(source)]}))
    source.connection.execute(NUMBERS)


def _rule(typology: Typology) -> dict[str, object]:
    """Return a row of the source's table of rules."""
    params = typology.params
    on_spot = {"pos", "atm"} & set(params.channels) if isinstance(params, AttackParams) else None
    return {
        "typology": typology.name,
        "rule": NAMES.get(typology.name, typology.name),
        "weight": params.weight,
        "online": None if on_spot is None else not on_spot,
    }


def _offset(source: Source) -> str:
    """Return the offset of the world's clock as UTC+H or UTC+H:MM."""
    zone = zoneinfo.ZoneInfo(source.settings.config.world.timezone)
    noon = dt.datetime.combine(first_day(source.months[0]), dt.time(12), zone)
    minutes = int((noon.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
