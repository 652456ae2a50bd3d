"""Runs all typologies over a month: `plan_month`, then `inject_month` block by block.

The engine knows no typology by name. What one typology plans or wants depends on no other; only the money and
limits of an account that is attacked twice in a month are shared, first come, first served.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind
from riskfabric_assets.foundation.tables.truth import ATTACKS, FRAUD
from riskfabric_assets.packs.crime import Crime, Prevalence, target_share
from riskfabric_assets.simulation import tables
from riskfabric_assets.simulation.columns import EventColumns, HonestMonth, PaymentColumns
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.month import life_of
from riskfabric_assets.simulation.society import MONTHS_PER_YEAR, Society
from riskfabric_assets.typologies.actors import Gear, equip
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import crime_identifiers
from riskfabric_assets.typologies.funds import replenish, settle
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.payments import APPROVED, Outcome, Surroundings, attempt, joined, surroundings_of
from riskfabric_assets.typologies.planning import expected_fraud
from riskfabric_assets.typologies.registry import Registry, Typology
from riskfabric_assets.typologies.steps import DISPUTE, Claims, InjectContext, Steps
from riskfabric_assets.typologies.truth import FraudColumns, attacks_frame, claimed_columns, fraud_frame
from riskfabric_assets.world.market import Market

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Underworld:
    """What every month of crime shares, built once from honest society and settings."""

    society: Society
    surroundings: Surroundings
    registry: Registry
    crime: Crime
    share: float
    """Wanted share of fraudulent payments."""


@dataclasses.dataclass(frozen=True)
class MonthPlan:
    """Attacks of one month by typology name, in the order of the registry; disabled ones are missing."""

    month: str
    life: Life
    attacks: dict[str, Attacks]


@dataclasses.dataclass(frozen=True)
class Injection:
    """What crime adds to a block's month. Payments stand in no particular order."""

    payments: PaymentColumns
    events: EventColumns
    """Replenishments of drained accounts."""
    fraud: pl.DataFrame
    """`truth/fraud`, with rows for disputed honest payments as well."""


@dataclasses.dataclass(frozen=True)
class _Act:
    """One typology's attempts in a block, with the rows of the block's attempts that are its own."""

    typology: Typology
    attacks: Attacks
    gear: Gear
    steps: Steps


def build_underworld(
    society: Society, market: Market, registry: Registry, crime: Crime, prevalence: Prevalence
) -> Underworld:
    """Prepare everything about crime that does not depend on the month."""
    return Underworld(society, surroundings_of(market), registry, crime, target_share(crime.injection, prevalence))


def expected_payments(society: Society, life: Life | None = None) -> float:
    """Return how many honest payments a month is expected to see; without `life`, an average month of the year."""
    per_day = float(society.session_rates.sum()) * tables.mean_session(society.session_sizes)
    if life is None:
        return per_day * 365.25 / MONTHS_PER_YEAR
    return per_day * float(life.activity.day_factors.sum())


def plan_month(underworld: Underworld, month: str) -> MonthPlan:
    """Choose the attacks of one local month, "2025-08"; months are planned in any order, with the same result."""
    life = life_of(underworld.society, month)
    attacks = {
        typology.name: typology.module.plan(_plan_context(underworld, typology, month, life), typology.params)
        for typology in underworld.registry.enabled
    }
    return MonthPlan(month, life, attacks)


def plan_frame(plan: MonthPlan) -> pl.DataFrame:
    """Return a plan as `plan/attacks`, ordered by start."""
    frames = [attacks_frame(attacks, name, plan.life.people) for name, attacks in plan.attacks.items()]
    return pl.concat([ATTACKS.empty(), *frames]).sort("start_at", "attack_id")


def inject_month(underworld: Underworld, plan: MonthPlan, honest: HonestMonth) -> Injection:
    """Carry out the attacks on one block of customers.

    Args:
        underworld: Crime of the run.
        plan: Attacks of the month, of all customers.
        honest: The block's whole honest month; it is read, never changed.
    """
    context = InjectContext(plan.life.people, honest, _average_minor(honest))
    acts: list[_Act] = []
    truth: list[pl.DataFrame] = []
    for typology in underworld.registry.enabled:
        everywhere = plan.attacks[typology.name]
        attacks = everywhere.take(
            (everywhere.customer >= honest.first_customer) & (everywhere.customer < honest.stop_customer)
        )
        wanted = typology.module.inject(context, typology.params, attacks)
        if isinstance(wanted, Claims):
            truth.append(_claimed_truth(typology, attacks, wanted, honest))
        else:
            acts.append(_Act(typology, attacks, _gear(underworld, plan, typology, attacks), wanted))
    outcome, events = _attempt(underworld, plan, honest, acts)
    first = 0
    for act in acts:
        count = act.steps.attack.shape[0]
        truth.append(_attempted_truth(act, outcome, slice(first, first + count)))
        first += count
    return Injection(outcome.payments, events, pl.concat([FRAUD.empty(), *truth]))


def _plan_context(underworld: Underworld, typology: Typology, month: str, life: Life) -> PlanContext:
    registry, society = underworld.registry, underworld.society
    weight = typology.params.weight / registry.total_weight
    fraud, usual = (
        expected_fraud(payments, underworld.share, registry.share_of_added_rows) * weight
        for payments in (expected_payments(society, life), expected_payments(society))
    )
    attacks_per_month = usual / typology.params.expected_steps
    return PlanContext(
        name=typology.name,
        tag=typology.tag,
        month=month,
        count_rows=fraud,
        actors=max(1, round(attacks_per_month / underworld.crime.actors.attacks_per_actor_month)),
        people=society.people,
        clock=life.clock,
        crime=underworld.crime,
        honest_hours=np.asarray(society.payments.hour_weights, dtype=np.float64),
        streams=society.streams,
    )


def _gear(underworld: Underworld, plan: MonthPlan, typology: Typology, attacks: Attacks) -> Gear:
    life = plan.life
    return equip(
        attacks, typology.tag, life.people, life.clock, life.means, underworld.crime.actors, underworld.society.streams
    )


def _average_minor(honest: HonestMonth) -> Floats:
    """Mean amount of each customer's approved payments of the month; of the block's where there is none."""
    payments, first = honest.payments, honest.payment_first
    is_approved = payments.status == APPROVED
    spent = np.concatenate([[0.0], np.cumsum(np.where(is_approved, payments.amount_minor, 0), dtype=np.float64)])
    count = np.concatenate([[0], np.cumsum(is_approved, dtype=np.int64)])
    total, number = np.diff(spent[first]), np.diff(count[first])
    return np.where(number > 0, total / np.maximum(number, 1), spent[-1] / max(int(count[-1]), 1))


def _attempt(
    underworld: Underworld, plan: MonthPlan, honest: HonestMonth, acts: Sequence[_Act]
) -> tuple[Outcome, EventColumns]:
    """Attempt the steps of all typologies, then ask the balances; row order is that of the acts."""
    life = plan.life
    outcome = joined([_attempt_one(underworld, life, act) for act in acts])
    start_at, attack_id = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if acts:
        start_at = np.concatenate([act.attacks.start_at[act.steps.attack] for act in acts])
        attack_id = np.concatenate([act.attacks.attack_id[act.steps.attack] for act in acts])
    drains = settle(life, honest, outcome, start_at, attack_id)
    return outcome, replenish(life, drains, underworld.society.streams)


def _attempt_one(underworld: Underworld, life: Life, act: _Act) -> Outcome:
    decline = act.typology.params.decline if isinstance(act.typology.params, AttackParams) else 0.0
    outcome = attempt(life, underworld.surroundings, act.attacks, act.gear, act.steps, decline)
    outcome.payments.event_id[:] = crime_identifiers(
        life.means.identifiers,
        Kind.ATTACK_PAYMENT,
        act.typology.tag,
        act.attacks.ordinal[act.steps.attack],
        life.clock.first_day,
        act.steps.step,
    )
    return outcome


def _attempted_truth(act: _Act, outcome: Outcome, rows: slice) -> pl.DataFrame:
    columns = FraudColumns(
        attack=act.steps.attack,
        step=act.steps.step,
        phase=act.steps.phase,
        burst_position=act.steps.burst_position,
        has_geo_anomaly=outcome.has_geo_anomaly[rows],
        has_device_anomaly=act.steps.is_foreign_device,
        has_ip_anomaly=act.steps.is_foreign_device,
        event_id=outcome.payments.event_id[rows],
        customer_id=outcome.payments.customer_id[rows],
        event_date=outcome.payments.event_date[rows],
    )
    module = act.typology.module
    return fraud_frame(act.attacks, columns, act.typology.name, module.INJECTOR_VERSION, module.FLAGS, False)


def _claimed_truth(typology: Typology, attacks: Attacks, claims: Claims, honest: HonestMonth) -> pl.DataFrame:
    columns = claimed_columns(claims.attack, claims.step, DISPUTE, claims.payment, honest.payments)
    module = typology.module
    return fraud_frame(attacks, columns, typology.name, module.INJECTOR_VERSION, module.FLAGS, True)
