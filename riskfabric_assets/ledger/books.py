"""Opening the books of a run: settings and frames in, everything that its months are made from out."""

import dataclasses

import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.labels.draw import Reports, draw_reports
from riskfabric_assets.labels.rules import LabelRules, label_rules
from riskfabric_assets.ledger.months import Making
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.simulation.society import Society, open_society
from riskfabric_assets.typologies.drift import load_drift
from riskfabric_assets.typologies.engine import Injection, inject_month, plan_month
from riskfabric_assets.typologies.registry import load_registry
from riskfabric_assets.typologies.underworld import Underworld, build_underworld
from riskfabric_assets.world.market import build_market
from riskfabric_assets.world.outside import outside_of


@dataclasses.dataclass(frozen=True)
class Books:
    """Honest society, organized crime and the bank's way of learning about it; the same for every month."""

    society: Society
    underworld: Underworld
    rules: LabelRules
    streams: Streams
    currency_code: str

    def making(self, month: str, engine: Engine) -> Making:
        """Return how a month is made: crime carries out its plan, and the bank learns of some of it."""
        plan = plan_month(self.underworld, month)

        def crime(honest: HonestMonth) -> Injection:
            return inject_month(self.underworld, plan, honest)

        def reports(payments: pl.DataFrame, fraud: pl.DataFrame) -> Reports:
            return draw_reports(payments, fraud, self.rules, self.streams)

        return Making(self.currency_code, engine, crime, reports)


def open_books(
    settings: Settings,
    merchants: pl.DataFrame,
    financial: pl.DataFrame,
    remote_merchants: pl.DataFrame,
    people: PopulationFrames,
    streams: Streams,
) -> Books:
    """Open the books.

    Args:
        settings: Resolved settings.
        merchants: reference/merchants.
        financial: reference/financial.
        remote_merchants: population/remote_merchants.
        people: population/*.
        streams: Random streams of the run.

    Raises:
        InputError: There is nobody to pay.
        ConfigError: A typology and its file do not fit, or crime shall change in an impossible way.
    """
    config = settings.config
    outside = outside_of(config.remote, config.world)
    market = build_market(merchants, financial, remote_merchants, streams, config.market, outside)
    society = open_society(config, people, market, streams)
    place = f"config/worlds/{settings.world}/prevalence.yaml: mix"
    registry = load_registry(settings.typologies, config.prevalence.mix, place)
    first_month = config.calendar.first_month
    horizon = (first_month, config.calendar.last_open_month)
    drift = load_drift(settings.typologies, config.prevalence.mix, place, config.crime.drift, horizon)
    made = build_underworld(society, market, registry, config.crime, config.prevalence, first_month)
    underworld = dataclasses.replace(made, drift=drift)
    rules = label_rules(config.labels, registry.discoveries, registry.weights)
    return Books(society, underworld, rules, streams, config.world.currency_code)
