"""Steps and signals with everything that most typologies have in common filled in."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.quantiles import normal_table
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.steps import (
    DRAW_AMOUNT,
    MICROSECONDS_PER_HOUR,
    Floats,
    InjectContext,
    Int64s,
    Layout,
    Scheme,
    Signals,
    Steps,
    at_hub,
    categories_of,
    channels_of,
    exponential_gaps,
    offsets_of,
)

PURCHASE_KIND: Final = PAYMENT_KINDS.index("purchase")
BILL_KIND: Final = PAYMENT_KINDS.index("bill")
TRANSFER_KIND: Final = PAYMENT_KINDS.index("transfer")
CASH_KIND: Final = PAYMENT_KINDS.index("cash_withdrawal")
MICROSECONDS_PER_MINUTE: Final = 60_000_000
HOURS_PER_DAY: Final = 24
_DRAW_SAVINGS: Final = 23
"""Draw of an attack: whether it reaches savings."""
_SIGNAL_STREAM: Final = 1 << 22
"""Signals are sketched apart from steps."""


def sketch(
    layout: Layout,
    attacks: Attacks,
    params: AttackParams,
    offset_microseconds: Int64s,
    phase: int,
    amount_minor: Floats,
) -> Steps:
    """Return purchases on the actor's device, each at another shop, of the channel the attack runs on.

    Typologies change what differs with `_replace`.
    """
    count = layout.attack.shape[0]
    merchant_key = subkeys_of(layout.key, 1)
    return Steps(
        attack=layout.attack,
        step=layout.step,
        key=layout.key,
        offset_microseconds=offset_microseconds,
        phase=np.full(count, phase, dtype=np.uint8),
        burst_position=np.zeros(count, dtype=np.int16),
        channel=channels_of(attacks.key, params)[layout.attack],
        amount_minor=amount_minor,
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        is_at_hub=at_hub(attacks, params)[layout.attack],
        is_foreign_device=np.ones(count, dtype=np.bool_),
        is_escalating=np.zeros(count, dtype=np.bool_),
    )


def to_account(steps: Steps, keys: np.ndarray) -> Steps:
    """Turn all steps into transfers to accounts at other banks, one per key, shape (n,)."""
    return steps._replace(kind=np.full(steps.attack.shape[0], TRANSFER_KIND, dtype=np.uint8), payee_key=keys)


def log_between(keys: np.ndarray, low: float, high: float, number: int = DRAW_AMOUNT) -> Floats:
    """Draw evenly on the scale of logarithms per key."""
    return np.asarray(low * (high / low) ** uniforms_of(keys, number))


def log_normal(keys: np.ndarray, median: float, sigma: float, number: int = DRAW_AMOUNT) -> Floats:
    """Draw a log-normal ratio per key, at most three deviations from its median."""
    body = normal_table().body
    deviates = np.interp(uniforms_of(keys, number), np.linspace(0.0, 1.0, body.shape[0]), body)
    return np.asarray(median * np.exp(sigma * np.clip(deviates, -3.0, 3.0)))


def amounts_of(context: InjectContext, attacks: Attacks, layout: Layout, low: float, high: float) -> Floats:
    """Draw amounts between two multiples of the victims' personal averages, minor units, shape (n,)."""
    return context.averages_of(attacks)[layout.attack] * log_between(layout.key, low, high)


def waits_of(layout: Layout, mean_minutes: float, cap_hours: float) -> Int64s:
    """Draw offsets with exponential waits between steps, microseconds, shape (n,)."""
    return offsets_of(layout, exponential_gaps(layout.key, mean_minutes * 60), cap_hours)


def scatter(
    attacks: Attacks,
    kind: str,
    counts: Int64s,
    low_minutes: float,
    high_minutes: float,
    is_foreign_device: bool = True,
    amounts_minor: Floats | None = None,
) -> Signals:
    """Return so many events of a kind per attack, evenly between two minutes after its start.

    Args:
        attacks: All attacks.
        kind: Name in EVENT_KINDS.
        counts: Events of every attack, shape (attacks,).
        low_minutes: Earliest.
        high_minutes: Latest.
        is_foreign_device: Done on the actor's device.
        amounts_minor: Money that each of an attack's credits brings in, shape (attacks,); each comes from another
            account at another bank.
    """
    rows = np.repeat(np.arange(counts.shape[0], dtype=np.int64), counts)
    number = np.arange(rows.shape[0], dtype=np.int64) - (np.cumsum(counts) - counts)[rows]
    code = EVENT_KINDS.index(kind)
    keys = subkeys_of(attacks.key[rows], number + _SIGNAL_STREAM * (code + 1))
    minutes = low_minutes + (high_minutes - low_minutes) * uniforms_of(keys, 0)
    return Signals(
        attack=rows,
        number=(number + 1).astype(np.int16),
        offset_microseconds=(minutes * MICROSECONDS_PER_MINUTE).astype(np.int64),
        event_kind=np.full(rows.shape[0], code, dtype=np.uint8),
        amount_minor=np.zeros(rows.shape[0]) if amounts_minor is None else amounts_minor[rows],
        counterparty_key=keys,
        is_foreign_device=np.full(rows.shape[0], is_foreign_device, dtype=np.bool_),
    )


def among(attacks: Attacks, chosen: Int64s, scheme: Scheme) -> Scheme:
    """Turn a scheme of some attacks into one of all of them; the others are called off.

    Args:
        attacks: All attacks.
        chosen: Rows of those that the scheme carries out, ascending.
        scheme: Payments and signals whose `attack` counts within `attacks.take(chosen)`.
    """
    account = None
    if scheme.account is not None:
        account = np.full(attacks.key.shape[0], NO_ID, dtype=np.int64)
        account[chosen] = scheme.account
    return Scheme(
        scheme.steps._replace(attack=chosen[scheme.steps.attack]),
        scheme.signals._replace(attack=chosen[scheme.signals.attack]),
        account,
    )


def later(offset_microseconds: Int64s, minutes: float) -> Int64s:
    """Put steps off by minutes, as what happens before them needs."""
    return offset_microseconds + int(minutes * MICROSECONDS_PER_MINUTE)


def by_day(attacks: Attacks, layout: Layout, offset_microseconds: Int64s, wakes_at_hour: int = 7) -> Int64s:
    """Put steps off so that none falls into the night: a day's clock is pressed into its waking hours, in order.

    For what victims and mules do with their own hands. Nothing comes earlier than it was, nothing overtakes.

    Args:
        attacks: All attacks.
        layout: Their steps.
        offset_microseconds: Since the start of the attack, shape (n,).
        wakes_at_hour: Local hour at which a day begins.
    """
    local = attacks.local_microseconds[layout.attack] + offset_microseconds
    clock = local % MICROSECONDS_PER_DAY
    awake = wakes_at_hour * MICROSECONDS_PER_HOUR + clock // HOURS_PER_DAY * (HOURS_PER_DAY - wakes_at_hour)
    return np.asarray(offset_microseconds + awake - clock, dtype=np.int64)


def savings(
    attacks: Attacks, layout: Layout, offset_microseconds: Int64s, amounts_minor: Floats, share: float, minutes: float
) -> Signals:
    """Return the credits from the victim's own savings elsewhere that some attacks bring in just before each step.

    Args:
        attacks: All attacks.
        layout: Their steps.
        offset_microseconds: Of the steps, since the start of the attack, shape (n,).
        amounts_minor: Of the steps, shape (n,); so much comes in for each.
        share: Share of attacks that reach savings.
        minutes: Earliest time before a step.
    """
    rows = np.flatnonzero(uniforms_of(attacks.key, _DRAW_SAVINGS)[layout.attack] < share)
    attack = layout.attack[rows]
    keys = subkeys_of(layout.key[rows], _SIGNAL_STREAM)
    ahead = (uniforms_of(keys, 0) * minutes * MICROSECONDS_PER_MINUTE).astype(np.int64)
    return Signals(
        attack=attack,
        number=layout.step[rows],
        offset_microseconds=np.maximum(offset_microseconds[rows] - ahead, 0),
        event_kind=np.full(rows.shape[0], EVENT_KINDS.index("transfer_credit"), dtype=np.uint8),
        amount_minor=amounts_minor[rows],
        counterparty_key=subkeys_of(attacks.key[attack], _SIGNAL_STREAM),
        is_foreign_device=np.zeros(rows.shape[0], dtype=np.bool_),
    )
