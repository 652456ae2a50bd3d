"""Plan and truth as frames: `plan/attacks` and `truth/fraud`."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables.truth import ATTACKS, CAMPAIGN_PHASES, FRAUD, PHASES
from riskfabric_assets.packs.crime import Campaigns
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID, Int64s, People, Rows
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.campaigns import NO_CAMPAIGN_DAY, days_and_phases
from riskfabric_assets.typologies.draws import UInt64s, subkeys_of, uniforms_of
from riskfabric_assets.typologies.registry import Typology

Int16s = npt.NDArray[np.int16]
UInt8s = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

_FLAG_STREAM: Final = 1 << 20
"""Flags are drawn apart from the steps of an attack."""
FRAUD_ROW: Final = np.dtype(
    [
        ("event_id", np.int64),
        ("customer_id", np.int64),
        ("attack_id", np.int64),
        ("campaign_id", np.int64),
        ("flags", np.uint32),
        ("event_date", np.int32),
        ("step", np.int16),
        ("burst_position", np.int16),
        ("campaign_day", np.int16),
        ("typology", np.uint8),
        ("phase", np.uint8),
        ("campaign_phase", np.uint8),
        ("has_geo_anomaly", np.bool_),
        ("has_device_anomaly", np.bool_),
        ("has_ip_anomaly", np.bool_),
        ("is_claimed", np.bool_),
    ],
    align=True,
)
"""One fraudulent payment; texts as indices, `burst_position` 0 and NO_CAMPAIGN_DAY for null."""


class Deeds(NamedTuple):
    """What an attack did to payments, every array of shape (n,); one value stands for all."""

    attack: Int64s
    """Row of Attacks."""
    step: Int16s
    phase: UInt8s | int
    burst_position: Int16s | int
    has_geo_anomaly: Bools | bool
    is_foreign_device: Bools | bool
    is_foreign_network: Bools | bool
    is_claimed: bool


def fraud_rows(
    typology: Typology, index: int, attacks: Attacks, deeds: Deeds, payments: Rows, campaigns: Campaigns
) -> Rows:
    """Return one typology's truth as records of FRAUD_ROW.

    Args:
        typology: The typology.
        index: Its position in the registry.
        attacks: Its attacks.
        deeds: What they did, shape (n,).
        payments: The payments, records of PAYMENT_ROW, shape (n,).
        campaigns: Shares of a campaign's phases.
    """
    rows, attack = np.zeros(deeds.attack.shape[0], dtype=FRAUD_ROW), deeds.attack
    for name in ("event_id", "customer_id", "event_date"):
        rows[name] = payments[name]
    for name in ("attack_id", "campaign_id"):
        rows[name] = getattr(attacks, name)[attack]
    rows["campaign_day"], rows["campaign_phase"] = days_and_phases(
        attacks, attack, payments["event_date"].astype(np.int64), campaigns
    )
    for name in ("step", "phase", "burst_position", "has_geo_anomaly", "is_claimed"):
        rows[name] = getattr(deeds, name)
    rows["has_device_anomaly"], rows["has_ip_anomaly"] = deeds.is_foreign_device, deeds.is_foreign_network
    rows["typology"] = index
    keys = subkeys_of(attacks.key[attack], deeds.step.astype(np.int64) + _FLAG_STREAM)
    rows["flags"] = _draw_flags(keys, len(typology.module.FLAGS))
    return rows


def fraud_frame(rows: Rows, typologies: Sequence[Typology]) -> pl.DataFrame:
    """Return records of FRAUD_ROW as `truth/fraud`; `typologies` are those of the registry, in its order."""
    names = [typology.name for typology in typologies]
    versions = {name: typology.module.INJECTOR_VERSION for name, typology in zip(names, typologies, strict=True)}
    texts = [_flag_texts(typology.module.FLAGS) for typology in typologies]
    starts = np.cumsum([0, *(len(own) for own in texts)])
    columns: dict[str, npt.NDArray[np.generic]] = {name: rows[name].copy() for name in FRAUD_ROW.names or ()}
    columns["flags"] = (starts[rows["typology"]] + rows["flags"]).astype(np.uint32)
    flags = dict(enumerate(text for own in texts for text in own))
    typology = pl.col("typology").cat.to(pl.Enum(names)).cast(pl.String)
    return _select(
        pl.DataFrame(columns),
        FRAUD,
        {
            "campaign_id": _unless("campaign_id", NO_ID),
            "typology": typology,
            "phase": pl.col("phase").cat.to(pl.Enum(PHASES)),
            "campaign_phase": _unless("campaign_phase", NO_CODE).cat.to(pl.Enum(CAMPAIGN_PHASES)),
            "flags": pl.col("flags").replace_strict(flags, return_dtype=pl.String),
            "injector_version": typology.replace_strict(versions, return_dtype=pl.String),
            "burst_position": _unless("burst_position", 0),
            "campaign_day": _unless("campaign_day", NO_CAMPAIGN_DAY),
            "event_date": pl.col("event_date").cast(pl.Date),
        },
    )


def attacks_frame(attacks: Mapping[str, Attacks], people: People) -> pl.DataFrame:
    """Return the attacks of one month by typology name as `plan/attacks`, ordered by start."""
    frames = [
        pl.DataFrame(
            {
                "attack_id": each.attack_id,
                "customer_id": people.customer_id[each.customer],
                "campaign_id": each.campaign_id,
                "actor_id": each.actor_id,
                "count_steps": each.count_steps,
                "attack_ordinal": each.ordinal.astype(np.int32),
                "start_at": each.start_at,
            }
        ).with_columns(typology=pl.lit(name))
        for name, each in attacks.items()
    ]
    if not frames:
        return ATTACKS.empty()
    computed = {"campaign_id": _unless("campaign_id", NO_ID), "start_at": pl.col("start_at").cast(pl.Datetime("us"))}
    return _select(pl.concat(frames), ATTACKS, computed).sort("start_at", "attack_id")


def _draw_flags(keys: UInt64s, count: int) -> Int64s:
    """Draw one or two flags per payment, as index of their text."""
    first = (uniforms_of(keys, 0) * count).astype(np.int64)
    second = (uniforms_of(keys, 1) * 2 * count).astype(np.int64)
    return np.asarray(first * 2 * count + second, dtype=np.int64)


def _flag_texts(flags: Sequence[str]) -> list[str]:
    count = len(flags)
    return [
        flags[one] if two >= count or one == two else f"{flags[one]},{flags[two]}"
        for one in range(count)
        for two in range(2 * count)
    ]


def _unless(name: str, null: int) -> pl.Expr:
    return pl.when(pl.col(name) != null).then(pl.col(name))


def _select(frame: pl.DataFrame, table: Table, computed: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Compute a table's columns in one query; a column that is not computed has its type already."""
    return frame.select(computed.get(name, pl.col(name)).alias(name) for name in table.schema)
