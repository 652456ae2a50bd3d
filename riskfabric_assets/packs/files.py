"""Which config files there are and which model each one is validated with."""

from typing import Final

from pydantic import BaseModel

from riskfabric_assets.packs.account_events import AccountEvents
from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.packs.behaviour import Behaviour
from riskfabric_assets.packs.crime import Crime, Prevalence
from riskfabric_assets.packs.engine import Calendar, Engine
from riskfabric_assets.packs.events import EventFile, Events
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.labels import Labels
from riskfabric_assets.packs.market import Market
from riskfabric_assets.packs.measured import Section
from riskfabric_assets.packs.model import ModelPlan
from riskfabric_assets.packs.names import Names
from riskfabric_assets.packs.payments import Payments
from riskfabric_assets.packs.people import People
from riskfabric_assets.packs.population import Population
from riskfabric_assets.packs.products import Products
from riskfabric_assets.packs.realism import Realism
from riskfabric_assets.packs.remote import Remote
from riskfabric_assets.packs.serving import Serving
from riskfabric_assets.packs.spending import Spending
from riskfabric_assets.packs.world import World

FILES: Final[dict[str, type[BaseModel]]] = {
    "engine": Engine,
    "calendar": Calendar,
    "crime": Crime,
    "labels": Labels,
    "bank_rules": BankRules,
    "behaviour": Behaviour,
    "account_events": AccountEvents,
    "market": Market,
    "events": EventFile,
    "features": Features,
    "model": ModelPlan,
    "population": Population,
    "products": Products,
    "realism": Realism,
    "serving": Serving,
}
"""Files of config/ that hold for every world."""

PACK_FILES: Final[dict[str, type[BaseModel]]] = {
    "world": World,
    "prevalence": Prevalence,
    "payments": Payments,
    "spending": Spending,
    "people": People,
    "names": Names,
    "remote": Remote,
}
"""Files of every folder config/worlds/<world>/."""

OUTSIDE_IDENTITY: Final = ("engine", "calendar", "features", "model", "realism", "serving")
"""Files that do not change what the simulator makes; of the calendar only the start does, and it is added apart."""


class Config(Section):
    """Every validated file, by its name."""

    engine: Engine
    calendar: Calendar
    world: World
    crime: Crime
    labels: Labels
    bank_rules: BankRules
    market: Market
    events: Events
    """Of the world of the run; the file holds all worlds."""
    features: Features
    model: ModelPlan
    prevalence: Prevalence
    behaviour: Behaviour
    account_events: AccountEvents
    payments: Payments
    spending: Spending
    population: Population
    products: Products
    realism: Realism
    serving: Serving
    people: People
    names: Names
    remote: Remote


def is_part_of_identity(name: str) -> bool:
    """Tell whether a file decides what the simulator makes (and so is part of the identity of a run)."""
    return name not in OUTSIDE_IDENTITY
