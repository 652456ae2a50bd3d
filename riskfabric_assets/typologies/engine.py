"""Runs all typologies over a month: `plan_month`, then `inject_month` block by block.

The engine knows no typology by name. What one typology plans or wants depends on no other; only the money and
limits of an account that is attacked twice in a month are shared, first come, first served.
"""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind
from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY, previous_month
from riskfabric_assets.simulation.columns import (
    NO_CODE,
    NO_ID,
    EventColumns,
    HonestMonth,
    Int64s,
    PaymentColumns,
    Rows,
    events_of,
    payments_of,
)
from riskfabric_assets.simulation.kernels import decisions
from riskfabric_assets.simulation.kernels.bundles import Month
from riskfabric_assets.simulation.month import live_month, lived_month
from riskfabric_assets.simulation.society import Society, expected_payments
from riskfabric_assets.typologies.actors import Gear, equip
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import crime_identifiers, outside_accounts, subkeys_of
from riskfabric_assets.typologies.funds import replenish
from riskfabric_assets.typologies.params import AttackParams, RelayParams
from riskfabric_assets.typologies.payments import APPROVED, ATTEMPT, attempt
from riskfabric_assets.typologies.pools import refuse_few_addresses
from riskfabric_assets.typologies.quotas import plan_attacks
from riskfabric_assets.typologies.reactions import moods_of, take, with_spares
from riskfabric_assets.typologies.recruits import Reservations, reservations_of
from riskfabric_assets.typologies.refunds import refunds_of, relieve
from riskfabric_assets.typologies.registry import Typology
from riskfabric_assets.typologies.relays import judge
from riskfabric_assets.typologies.returns import returns_of
from riskfabric_assets.typologies.shops import DISTRICT_TIER
from riskfabric_assets.typologies.signals import bare_signals, credits_to_ours, moved_in, signal_rows
from riskfabric_assets.typologies.steps import DISPUTE, Bools, Claims, InjectContext, Scheme, Signals, Steps
from riskfabric_assets.typologies.truth import FRAUD_ROW, Deeds, attacks_frame, fraud_frame, fraud_rows
from riskfabric_assets.typologies.underworld import Underworld, contexts_of
from riskfabric_assets.world.clock import Clock, month_clock

Floats = npt.NDArray[np.float64]

FIRST_SIGNAL = 1 << 24
"""Signals are drawn apart from the steps of an attack and from its flags."""


@dataclasses.dataclass(frozen=True)
class MonthPlan:
    """Attacks of one month by typology name, in the order of the registry; disabled ones are missing."""

    month: str
    clock: Clock
    lived: Month
    """The same month as honest life's kernels see it."""
    attacks: dict[str, Attacks]
    reservations: Reservations


@dataclasses.dataclass(frozen=True)
class Injection:
    """What crime adds to a block's month; rows stand in no particular order."""

    payment_rows: Rows
    """Attackers' payments as records of PAYMENT_ROW."""
    event_rows: Rows
    """What happens around attacks, credits of mules among customers, what makes up for it; records of EVENT_ROW."""
    fraud: pl.DataFrame
    """`truth/fraud`, with rows for disputed honest payments as well."""

    @property
    def payments(self) -> PaymentColumns:
        """Payments, one array per column."""
        return payments_of(self.payment_rows)

    @property
    def events(self) -> EventColumns:
        """Account events, one array per column."""
        return events_of(self.event_rows)


@dataclasses.dataclass(frozen=True)
class _Act:
    """What one typology tries in a block."""

    typology: Typology
    index: int
    """Position in the registry."""
    attacks: Attacks
    gear: Gear
    steps: Steps
    signals: Signals
    account: Int64s
    """Account slot that each attack is after; NO_ID where any will do."""


def plan_month(underworld: Underworld, month: str) -> MonthPlan:
    """Choose the attacks of one local month, "2025-08"; months are planned in any order, with the same result.

    Raises:
        ConfigError: There are too few victims or addresses for so much crime.
    """
    clock = month_clock(underworld.society.timezone, month)
    lived = lived_month(underworld.society, month)
    contexts = contexts_of(underworld, month, clock, expected_payments(underworld.society, month))
    actors = sum(context.actors for context in contexts.values())
    refuse_few_addresses(underworld.crime.actors, actors, underworld.society.life.networks)
    registry = underworld.registry_in(month)
    attacks = plan_attacks(registry, contexts)
    relays = [
        (attacks[each.name], each.params.span_cap) for each in registry.enabled if isinstance(each.params, RelayParams)
    ]
    reservations = reservations_of(relays, underworld.society.people, clock)
    return MonthPlan(month, clock, lived, attacks, reservations)


def plan_frame(underworld: Underworld, plan: MonthPlan) -> pl.DataFrame:
    """Return a plan as `plan/attacks`, ordered by start."""
    return attacks_frame(plan.attacks, underworld.society.people)


def inject_month(underworld: Underworld, plan: MonthPlan, honest: HonestMonth) -> Injection:
    """Carry out the attacks on one block of customers.

    Args:
        underworld: Crime of the run.
        plan: Attacks of the month, of all customers.
        honest: The block's whole honest month; it is read, never changed.
    """
    society, registry = underworld.society, underworld.registry_in(plan.month)
    attacks = {typology.name: _of_block(plan.attacks[typology.name], honest) for typology in registry.enabled}
    context = InjectContext(
        people=society.people,
        honest=honest,
        average_minor=average_minor(society, honest, list(attacks.values())),
        life=society.life,
        surroundings=underworld.surroundings,
        month_before=functools.partial(_month_before, society, plan.month),
    )
    acts: list[_Act] = []
    truth: list[Rows] = []
    for index, typology in enumerate(registry.typologies):
        if typology.name not in attacks:
            continue
        own = attacks[typology.name]
        wanted = typology.module.inject(context, typology.params, own)
        if isinstance(wanted, Claims):
            deeds = Deeds(wanted.attack, wanted.step, DISPUTE, 0, False, False, False, True)
            disputed = honest.payment_rows[wanted.payment]
            truth.append(fraud_rows(typology, index, own, deeds, disputed, underworld.crime.campaigns))
        else:
            scheme = wanted if isinstance(wanted, Scheme) else Scheme(wanted, bare_signals())
            gear = _gear(underworld, plan, typology, own)
            account = np.full(own.customer.shape[0], NO_ID) if scheme.account is None else scheme.account
            acts.append(_Act(typology, index, own, gear, with_spares(scheme.steps), scheme.signals, account))
    intended = [_attempts(underworld, plan, act) for act in acts]
    count = sum(rows.shape[0] for rows in intended)
    signals = [_signals(underworld, plan, act) for act in acts]
    attempts = np.concatenate([np.empty(0, dtype=ATTEMPT), *intended, *signals])
    rows = attempt(society.life, plan.lived, plan.clock, underworld.surroundings, attempts)
    drains, closings = judge(society, honest, plan.reservations, attempts, rows, underworld.crime.reactions)
    is_made = ~attempts["is_absent"][:count]
    truth.extend(_truth(act, underworld, own) for act, own in _split(acts, rows[:count], is_made))
    payments = rows[:count][is_made]
    refunds = refunds_of(attempts[:count][is_made], payments, plan.clock)
    fraud = fraud_frame(np.concatenate([np.empty(0, dtype=FRAUD_ROW), *truth]), registry.typologies)
    events = (
        signal_rows(attempts[count:], rows[count:]),
        credits_to_ours(society.life, attempts[:count][is_made], payments),
        refunds,
        returns_of(attempts[:count][is_made], payments),
        closings,
        replenish(society.life, plan.lived, relieve(drains, refunds), society.streams),
    )
    return Injection(payments, np.concatenate(events), fraud)


def average_minor(society: Society, honest: HonestMonth, attacks: Sequence[Attacks]) -> Floats:
    """Return the mean approved payment of the month of every attacked customer of a block, shape (customers,).

    Where a customer paid nothing it is the habitual spending over the habitual number of payments.
    """
    people, block = society.people, slice(honest.first_customer, honest.stop_customer)
    yearly = people.monthly_spend_minor[block] * 12.0
    average = yearly / np.maximum(people.payments_per_year[block], 1.0)
    customers = [each.customer - honest.first_customer for each in attacks]
    wanted = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *customers]))
    _average_kernel(honest.payment_rows, honest.payment_first, wanted, average)
    return average


@lean_kernel
def _average_kernel(payments: Rows, first: Int64s, customers: Int64s, average: Floats) -> None:
    for position in range(customers.shape[0]):
        customer, total, count = customers[position], 0, 0
        for row in range(first[customer], first[customer + 1]):
            if payments[row].status == APPROVED:
                total += payments[row].amount_minor
                count += 1
        if count > 0:
            average[customer] = total / count


def _month_before(society: Society, month: str, customer: int) -> HonestMonth:
    return live_month(society, previous_month(month), customer, customer + 1)


def _of_block(attacks: Attacks, honest: HonestMonth) -> Attacks:
    return attacks.take((attacks.customer >= honest.first_customer) & (attacks.customer < honest.stop_customer))


def _gear(underworld: Underworld, plan: MonthPlan, typology: Typology, attacks: Attacks) -> Gear:
    society = underworld.society
    return equip(
        attacks,
        typology.tag,
        society.people,
        plan.clock,
        society.life.networks,
        underworld.crime.actors,
        society.streams,
    )


def _attempts(underworld: Underworld, plan: MonthPlan, act: _Act) -> Rows:
    """Join steps, attacks and equipment into records of ATTEMPT."""
    attacks, gear, steps, attack = act.attacks, act.gear, act.steps, act.steps.attack
    rows = _equipped(act, attack)
    hub, customer = gear.hub[attack], attacks.customer[attack] if steps.payer is None else steps.payer
    rows["customer"], rows["is_relay"] = customer, steps.part is not None
    rows["part"] = 0.0 if steps.part is None else steps.part
    for name in ("key", "merchant_key", "channel", "category", "is_foreign_device", "is_escalating"):
        rows[name] = getattr(steps, name)
    is_foreign_network = steps.is_foreign_network
    rows["is_foreign_network"] = steps.is_foreign_device if is_foreign_network is None else is_foreign_network
    rows["kind"] = decisions.PURCHASE if steps.kind is None else steps.kind
    rows["payee"] = NO_ID if steps.payee is None else steps.payee
    rows["is_from_one_account"], rows["is_fitting"] = (
        steps.is_from_one_account or steps.part is not None,
        steps.is_fitting,
    )
    if steps.part is not None:
        rows["wanted_account"] = underworld.society.life.customers["everyday_account"][customer]
    key, ordinal = underworld.society.life.identifiers, attacks.ordinal[attack]
    rows["event_id"] = crime_identifiers(
        key, Kind.ATTACK_PAYMENT, act.typology.tag, ordinal, plan.clock.first_day, steps.step
    )
    rows["credit_id"] = crime_identifiers(
        key, Kind.ATTACK_CREDIT, act.typology.tag, ordinal, plan.clock.first_day, steps.step
    )
    rows["closing_id"] = crime_identifiers(
        key, Kind.ATTACK_CLOSING, act.typology.tag, ordinal, plan.clock.first_day, steps.step
    )
    rows["counterparty_id"] = outside_accounts(key, rows["key"] if steps.payee_key is None else steps.payee_key)
    rows["near"] = np.where(steps.is_at_hub, hub, customer)
    rows["home"] = np.where(steps.is_at_hub & steps.is_foreign_device, hub, customer)
    rows["local_microseconds"] = attacks.local_microseconds[attack] + steps.offset_microseconds
    is_late = (
        rows["day"] * MICROSECONDS_PER_DAY + rows["local_microseconds"] >= plan.clock.count_days * MICROSECONDS_PER_DAY
    )
    rows["is_absent"], rows["local_microseconds"] = is_late, np.where(is_late, 0, rows["local_microseconds"])
    rows["wanted_minor"] = steps.amount_minor
    rows["is_spare"] = False if steps.is_spare is None else steps.is_spare
    rows["is_abroad"] = steps.is_abroad
    rows["refund_days"] = 0 if steps.refund_days is None else steps.refund_days
    rows["mood"] = moods_of(attacks, underworld.crime.reactions)[attack]
    rows["decline"] = act.typology.params.decline if isinstance(act.typology.params, AttackParams) else 0.0
    return rows


def _signals(underworld: Underworld, plan: MonthPlan, act: _Act) -> Rows:
    """Join signals, attacks and equipment into records of ATTEMPT that become events."""
    signals, attack = act.signals, act.signals.attack
    rows = _equipped(act, attack)
    key, ordinal = underworld.society.life.identifiers, act.attacks.ordinal[attack]
    rows["key"] = subkeys_of(act.attacks.key[attack], signals.number.astype(np.int64) + FIRST_SIGNAL)
    rows["channel"], rows["kind"], rows["payee"] = decisions.INSTANT, decisions.TRANSFER, NO_ID
    rows["is_from_one_account"] = True
    rows["event_kind"], rows["wanted_minor"] = signals.event_kind, moved_in(signals)
    rows["is_foreign_device"] = rows["is_foreign_network"] = signals.is_foreign_device
    rows["event_id"] = crime_identifiers(
        key, Kind.ATTACK_SIGNAL, act.typology.tag, ordinal, plan.clock.first_day, signals.number
    )
    rows["counterparty_id"] = np.where(rows["wanted_minor"] > 0, outside_accounts(key, signals.counterparty_key), NO_ID)
    rows["near"] = rows["home"] = act.attacks.customer[attack]
    rows["local_microseconds"] = act.attacks.local_microseconds[attack] + signals.offset_microseconds
    return rows


def _equipped(act: _Act, attack: Int64s) -> Rows:
    """Start records of ATTEMPT with what belongs to their attacks."""
    rows = np.zeros(attack.shape[0], dtype=ATTEMPT)
    rows["event_kind"] = NO_CODE
    for name in ("attack_id", "start_at", "customer", "day"):
        rows[name] = getattr(act.attacks, name)[attack]
    for name in ("device_id", "user_agent", "app_user_agent", "network", "ip_address"):
        rows[name] = getattr(act.gear, name)[attack]
    rows["attack_key"], rows["wanted_account"] = act.attacks.key[attack], act.account[attack]
    return rows


def _split(acts: Sequence[_Act], payments: Rows, is_made: Bools) -> list[tuple[_Act, Rows]]:
    """Return every act as far as it was carried out, with its payments."""
    stops, found = np.cumsum([act.steps.attack.shape[0] for act in acts]), []
    for act, stop in zip(acts, stops, strict=True):
        rows = slice(stop - act.steps.attack.shape[0], stop)
        done = dataclasses.replace(act, steps=take(act.steps, is_made[rows]))
        found.append((done, payments[rows][is_made[rows]]))
    return found


def _truth(act: _Act, underworld: Underworld, payments: Rows) -> Rows:
    attack, slots = act.steps.attack, underworld.society.life.customers["merchant_slots"][:, DISTRICT_TIER]
    is_elsewhere = slots[act.gear.hub[attack]] != slots[act.attacks.customer[attack]]
    deeds = Deeds(
        attack=attack,
        step=act.steps.step,
        phase=act.steps.phase,
        burst_position=act.steps.burst_position,
        has_geo_anomaly=act.steps.is_at_hub & is_elsewhere,
        is_foreign_device=act.steps.is_foreign_device,
        is_foreign_network=(
            act.steps.is_foreign_device if act.steps.is_foreign_network is None else act.steps.is_foreign_network
        ),
        is_claimed=False,
    )
    return fraud_rows(act.typology, act.index, act.attacks, deeds, payments, underworld.crime.campaigns)
