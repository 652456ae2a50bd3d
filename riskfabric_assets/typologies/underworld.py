"""What every month of crime shares (`Underworld`), and what the plan of each typology depends on in a month."""

import dataclasses

import numpy as np
import numpy.typing as npt

from riskfabric_assets.packs.crime import Crime, Prevalence, target_share
from riskfabric_assets.simulation.society import Society, usual_payments_per_day
from riskfabric_assets.typologies.attacks import PlanContext
from riskfabric_assets.typologies.customer_share import Exposure, rows_for_share
from riskfabric_assets.typologies.drift import TurningPoint, registry_of
from riskfabric_assets.typologies.planning import expected_fraud
from riskfabric_assets.typologies.registry import Registry, Typology
from riskfabric_assets.typologies.shops import Surroundings, surroundings_of
from riskfabric_assets.world.clock import Clock, month_clock
from riskfabric_assets.world.market import Market

Floats = npt.NDArray[np.float64]

MEAN_DAYS_PER_MONTH = 365.2425 / 12
"""Of the Gregorian calendar."""


@dataclasses.dataclass(frozen=True)
class Underworld:
    """What every month of crime shares, built once from honest society and settings."""

    society: Society
    surroundings: Surroundings
    registry: Registry
    """Typologies as the config files state them: those of all months without a turning point before."""
    crime: Crime
    share: float
    """Wanted share of fraudulent payments; in an average month, where a share of customers is wanted."""
    usual_payments: float
    """Honest payments of an average month, which the number of actors follows."""
    monthly_rows: float | None = None
    """Fraudulent payments of any month, where a share of customers is wanted."""
    drift: tuple[TurningPoint, ...] = ()

    def registry_in(self, month: str) -> Registry:
        """Return the typologies as they are in a month, "2025-08"."""
        return registry_of(self.registry, self.drift, month)


def build_underworld(
    society: Society, market: Market, registry: Registry, crime: Crime, prevalence: Prevalence, first_month: str
) -> Underworld:
    """Prepare everything about crime that does not depend on the month.

    Args:
        society: Honest people and habits.
        market: Where to pay.
        registry: All typologies.
        crime: config/crime.yaml.
        prevalence: How rare fraud is in the world.
        first_month: First month of the calendar; who can be attacked then decides what a share of customers takes.

    Raises:
        ConfigError: Fewer customers can be attacked than shall be.
    """
    usual = usual_payments_per_day(society) * MEAN_DAYS_PER_MONTH
    share = target_share(crime.injection, prevalence)
    underworld = Underworld(society, surroundings_of(market), registry, crime, share or 0.0, usual)
    if share is not None:
        return underworld
    rows = rows_for_share(_exposures(underworld, first_month), crime.injection)
    share = rows / (usual + rows * registry.share_of_added_rows)
    return dataclasses.replace(underworld, share=share, monthly_rows=rows)


def contexts_of(underworld: Underworld, month: str, clock: Clock, payments: float) -> dict[str, PlanContext]:
    """Return what the plan of every registered typology depends on, by name; the disabled ones are in it.

    Args:
        underworld: Crime of the run.
        month: Local month, "2025-08".
        clock: Its days.
        payments: Honest payments expected in it.
    """
    registry = underworld.registry_in(month)
    return {
        typology.name: _plan_context(underworld, registry, typology, month, clock, payments)
        for typology in registry.typologies
    }


def _exposures(underworld: Underworld, month: str) -> list[Exposure]:
    """Return how all typologies choose in a month, by letting them plan nothing."""
    registry, clock = underworld.registry, month_clock(underworld.society.timezone, month)
    found: list[Exposure] = []
    for typology in registry.typologies:
        census: list[Floats] = []
        context = dataclasses.replace(
            _plan_context(underworld, registry, typology, month, clock, 0.0), count_rows=0.0, census=census
        )
        typology.module.plan(context, typology.params)
        attacks = typology.params.weight / registry.total_weight / typology.params.expected_steps
        found.extend(Exposure(attacks, weights) for weights in census)
    return found


def _expected_rows(underworld: Underworld, registry: Registry, payments: float) -> float:
    if underworld.monthly_rows is not None:
        return underworld.monthly_rows
    return expected_fraud(payments, underworld.share, registry.share_of_added_rows)


def _usual_attacks(underworld: Underworld, typology: Typology) -> float:
    """Return a typology's attacks of an average month before any turning point, which its actors are as many as."""
    registry = underworld.registry
    params = next(each.params for each in registry.typologies if each.name == typology.name)
    usual = _expected_rows(underworld, registry, underworld.usual_payments)
    return usual * (params.weight / registry.total_weight) / params.expected_steps


def _plan_context(
    underworld: Underworld, registry: Registry, typology: Typology, month: str, clock: Clock, payments: float
) -> PlanContext:
    society, weight = underworld.society, typology.params.weight / registry.total_weight
    attacks_per_month = _usual_attacks(underworld, typology)
    return PlanContext(
        name=typology.name,
        tag=typology.tag,
        month=month,
        count_rows=_expected_rows(underworld, registry, payments) * weight,
        actors=max(1, round(attacks_per_month / underworld.crime.actors.attacks_per_actor_month)),
        lane=registry.relays.index(typology.name) if typology.name in registry.relays else 0,
        lanes=max(len(registry.relays), 1),
        people=society.people,
        clock=clock,
        crime=underworld.crime,
        honest_hours=np.asarray(society.payments.hour_weights, dtype=np.float64),
        streams=society.streams,
    )
