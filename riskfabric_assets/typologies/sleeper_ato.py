"""Sleeper takeover: an account from which nothing was paid for a month is linked to many banks, then emptied.

The customer goes on living on another account. Whether the account sleeps is not known before the month is lived: an
attack that finds it in use is called off. The links bring in what the account itself does not hold.
"""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.simulation.columns import NO_ID, HonestMonth
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.signals import join_signals
from riskfabric_assets.typologies.sketch import among, later, log_between, scatter, sketch, to_account, waits_of
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_GAP,
    Floats,
    InjectContext,
    Int64s,
    Scheme,
    between,
    lay_out,
)
from riskfabric_assets.typologies.victims import paying_accounts, with_sleeping_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("dormant_account", "bank_link_burst", "high_debit_after_silence")


class Params(AttackParams):
    """How long an account sleeps, and what happens when it is woken."""

    silence: Annotated[int, Field(ge=1, le=58), Measured("days")]
    """Nothing was paid from the account for so long; two months are looked at."""
    further_share: Share
    """Share of a customer's payments that run over the accounts beside the everyday one."""
    links_low: Annotated[int, Field(ge=1, le=60), Measured("links")]
    links_high: Annotated[int, Field(ge=1, le=60), Measured("links")]
    links_within: Minutes
    """From the first login to the last link, at most; the money leaves after that."""
    pulled_low: Ratio
    """What comes in through one link, of the customer's average payment, at least."""
    pulled_high: Ratio
    pulled_within: Minutes
    """From the last link to the last money that comes in, at most; it leaves after that."""
    taken_low: Share
    """Part of what the account holds then that is asked for, at least."""
    taken_high: Share
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims who hardly use a further account."""
    weights = with_sleeping_account(context.people, context.clock, params.silence, params.further_share)
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, weights, params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Log in, link at least three banks within the hour, pull money in, and send nearly all of it to mules."""
    account, held = _sleeping(context, params, attacks)
    chosen = np.flatnonzero(account != NO_ID)
    own, held = attacks.take(chosen), held[chosen]
    width = params.links_high - params.links_low + 1
    links = params.links_low + (uniforms_of(own.key, DRAW_GAP + 8) * width).astype(np.int64)
    pulled = context.averages_of(own) * log_between(own.key, params.pulled_low, params.pulled_high)
    taken = between(own.key, DRAW_GAP + 9, params.taken_low, params.taken_high)
    wanted = (held + links * pulled) * taken / np.maximum(own.count_steps, 1)
    layout, begin = lay_out(own), params.links_within + params.pulled_within
    offsets = later(waits_of(layout, params.mean_gap, params.span_cap - begin / 60), begin)
    steps = sketch(layout, own, params, offsets, DRAIN, wanted[layout.attack])
    steps = to_account(steps, subkeys_of(own.actor_key[layout.attack], layout.step))
    signals = join_signals(
        scatter(own, "login", np.ones(own.key.shape[0], dtype=np.int64), 0.0, 1.0),
        scatter(own, "bank_link", links, 1.0, params.links_within),
        scatter(own, "transfer_credit", links, params.links_within, begin, amounts_minor=pulled),
    )
    steps = steps._replace(is_fitting=True, is_from_one_account=True)
    return among(attacks, chosen, Scheme(steps, signals, account[chosen]))


def _sleeping(context: InjectContext, params: Params, attacks: Attacks) -> tuple[Int64s, Floats]:
    """Return the sleeping account that holds most, or NO_ID, and what it holds at least until the month's end."""
    account, held = np.full(attacks.key.shape[0], NO_ID, dtype=np.int64), np.zeros(attacks.key.shape[0])
    for row in range(attacks.key.shape[0]):
        customer, since = int(attacks.customer[row]), int(attacks.start_at[row]) - params.silence * MICROSECONDS_PER_DAY
        further = paying_accounts(context.people, customer)[1:]
        used = _paid_from(context.honest, customer, since, int(attacks.start_at[row]))
        further = further[~np.isin(context.people.account_id[further], used)]
        if further.shape[0] > 0 and since < context.honest.clock.midnight_at[0]:
            before = context.month_before(customer)
            used = _paid_from(before, customer, since, int(attacks.start_at[row]))
            further = further[~np.isin(context.people.account_id[further], used)]
            further = further[:0] if since < before.clock.midnight_at[0] else further
        if further.shape[0] > 0:
            money = context.honest.leftover_minor[further - context.honest.first_account, attacks.day[row]]
            account[row], held[row] = further[money.argmax()], money.max()
    return account, held


def _paid_from(month: HonestMonth, customer: int, since: int, until: int) -> Int64s:
    """Return the ids of the accounts that a customer paid from, or tried to, between two moments."""
    slot = customer - month.first_customer
    rows = month.payment_rows[month.payment_first[slot] : month.payment_first[slot + 1]]
    return np.asarray(rows["account_id"][(rows["event_at"] >= since) & (rows["event_at"] < until)])
