"""The settings that a population is drawn from, in one bundle."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from riskfabric_assets.packs.names import Names
from riskfabric_assets.packs.payments import Payments
from riskfabric_assets.packs.people import People
from riskfabric_assets.packs.population import Population as PopulationRules
from riskfabric_assets.packs.products import Products

if TYPE_CHECKING:
    from riskfabric_assets.packs.files import Config

Name = TypeVar("Name", bound=str)

OLDEST_AGE: Final = 90
"""Last year of age that is drawn."""


@dataclasses.dataclass(frozen=True)
class Demography:
    """What a population depends on beside the map and the seed; of the calendar only the start."""

    rules: PopulationRules
    people: People
    names: Names
    products: Products
    payments: Payments
    currency_code: str
    phone_prefix: str
    start: dt.date


def demography_of(config: "Config") -> Demography:
    """Take from a resolved config what the population depends on."""
    return Demography(
        rules=config.population,
        people=config.people,
        names=config.names,
        products=config.products,
        payments=config.payments,
        currency_code=config.world.currency_code,
        phone_prefix=config.world.phone_prefix,
        start=config.calendar.start,
    )


def weights_in_order(weights: Mapping[Name, float], names: Iterable[str]) -> list[float]:
    """Return the weights of a config table in code order; a name that the table leaves out weighs 0."""
    by_name = {str(name): weight for name, weight in weights.items()}
    return [by_name.get(name, 0.0) for name in names]
