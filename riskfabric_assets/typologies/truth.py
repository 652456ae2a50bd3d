"""Plan and truth as frames: `plan/attacks` and `truth/fraud`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables.truth import ATTACKS, FRAUD
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID, Int64s, PaymentColumns, People
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import UInt64s, subkeys_of, uniforms_of

Int32s = npt.NDArray[np.int32]
Int16s = npt.NDArray[np.int16]
UInt8s = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

_FLAG_STREAM = 1 << 20
"""Flags are drawn apart from the steps of an attack."""


class FraudColumns(NamedTuple):
    """What only the truth knows about fraudulent payments of one typology, every array of shape (n,)."""

    attack: Int64s
    """Row of Attacks."""
    step: Int16s
    phase: UInt8s
    burst_position: Int16s
    """0 outside bursts."""
    has_geo_anomaly: Bools
    has_device_anomaly: Bools
    has_ip_anomaly: Bools
    event_id: Int64s
    customer_id: Int64s
    event_date: Int32s


def attacks_frame(attacks: Attacks, name: str, people: People) -> pl.DataFrame:
    """Return the attacks of one typology and month as `plan/attacks`."""
    return _fit(
        ATTACKS,
        {
            "attack_id": pl.Series(attacks.attack_id),
            "customer_id": pl.Series(people.customer_id[attacks.customer]),
            "campaign_id": _nullable(attacks.campaign_id, attacks.campaign_id == NO_ID),
            "actor_id": pl.Series(attacks.actor_id),
            "typology": _constant(name, attacks.attack_id.shape[0]),
            "count_steps": pl.Series(attacks.count_steps),
            "attack_ordinal": pl.Series(attacks.ordinal),
            "start_at": pl.Series(attacks.start_at).cast(pl.Datetime("us")),
        },
    )


def fraud_frame(
    attacks: Attacks, fraud: FraudColumns, name: str, version: str, flags: Sequence[str], is_claimed: bool
) -> pl.DataFrame:
    """Return the fraudulent payments of one typology as `truth/fraud`."""
    count, attack = fraud.attack.shape[0], fraud.attack
    is_single = attacks.campaign_id[attack] == NO_ID
    phase = attacks.campaign_phase[attack]
    return _fit(
        FRAUD,
        {
            "event_id": pl.Series(fraud.event_id),
            "customer_id": pl.Series(fraud.customer_id),
            "attack_id": pl.Series(attacks.attack_id[attack]),
            "campaign_id": _nullable(attacks.campaign_id[attack], is_single),
            "typology": _constant(name, count),
            "phase": pl.Series(fraud.phase).cat.to(FRAUD.column("phase").polars_type),
            "campaign_phase": _nullable(np.where(is_single, 0, phase).astype(np.uint8), phase == NO_CODE).cat.to(
                FRAUD.column("campaign_phase").polars_type
            ),
            "flags": _draw_flags(subkeys_of(attacks.key[attack], fraud.step + _FLAG_STREAM), flags),
            "injector_version": _constant(version, count),
            "step": pl.Series(fraud.step),
            "burst_position": _nullable(fraud.burst_position, fraud.burst_position == 0),
            "campaign_day": _nullable(attacks.campaign_day[attack], is_single),
            "has_geo_anomaly": pl.Series(fraud.has_geo_anomaly),
            "has_device_anomaly": pl.Series(fraud.has_device_anomaly),
            "has_ip_anomaly": pl.Series(fraud.has_ip_anomaly),
            "is_claimed": pl.Series(np.full(count, is_claimed)),
            "event_date": pl.Series(fraud.event_date).cast(pl.Date),
        },
    )


def claimed_columns(attack: Int64s, step: Int16s, phase: int, payment: Int64s, honest: PaymentColumns) -> FraudColumns:
    """Return the truth about disputed honest payments: nothing about them is foreign."""
    nowhere = np.zeros(attack.shape[0], dtype=np.bool_)
    return FraudColumns(
        attack=attack,
        step=step,
        phase=np.full(attack.shape[0], phase, dtype=np.uint8),
        burst_position=np.zeros(attack.shape[0], dtype=np.int16),
        has_geo_anomaly=nowhere,
        has_device_anomaly=nowhere,
        has_ip_anomaly=nowhere,
        event_id=honest.event_id[payment],
        customer_id=honest.customer_id[payment],
        event_date=honest.event_date[payment],
    )


def _draw_flags(keys: UInt64s, flags: Sequence[str]) -> pl.Series:
    """Draw one or two flags per payment, comma-separated."""
    count = len(flags)
    first = (uniforms_of(keys, 0) * count).astype(np.int64)
    second = (uniforms_of(keys, 1) * 2 * count).astype(np.int64)
    texts = [
        flags[one] if two >= count or one == two else f"{flags[one]},{flags[two]}"
        for one in range(count)
        for two in range(2 * count)
    ]
    return pl.Series(texts, dtype=pl.String).gather(first * 2 * count + second)


def _nullable(values: npt.NDArray[np.generic], is_null: Bools) -> pl.Series:
    return pl.select(pl.when(~pl.Series(is_null)).then(pl.Series(values))).to_series()


def _constant(text: str, count: int) -> pl.Series:
    return pl.repeat(text, count, dtype=pl.String, eager=True)


def _fit(table: Table, columns: dict[str, pl.Series]) -> pl.DataFrame:
    return pl.DataFrame([columns[name].cast(dtype).alias(name) for name, dtype in table.schema.items()])
