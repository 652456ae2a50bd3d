"""Crime in the small world: a few hundred residents, one month of honest life, and what criminals make of it."""

import functools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.crime import Injection as InjectionConfig
from riskfabric_assets.packs.settings import Settings, resolve
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.society import Society, open_society
from riskfabric_assets.typologies.engine import (
    Injection,
    MonthPlan,
    inject_month,
    plan_month,
)
from riskfabric_assets.typologies.registry import Registry, Typology, load_registry
from riskfabric_assets.typologies.underworld import Underworld, build_underworld
from riskfabric_assets.world.market import Market
from tests.residents import residents
from tests.worlds import small_market

CUSTOMERS = 400
MONTH = "2025-08"
SHARE = 0.05
"""Injected share of most tests: five times the default, so that a small town sees enough crime."""
STREAMS = Streams(5555)


@functools.cache
def settings() -> Settings:
    return resolve({}, Path.cwd())


@functools.cache
def market() -> Market:
    return small_market(settings().config, STREAMS)


@functools.cache
def society(customers: int = CUSTOMERS) -> Society:
    """Residents of whom every other card works abroad."""
    frames = residents(customers)
    is_international = pl.int_range(pl.len()) % 2 == 0
    cards = frames.cards.with_columns(is_international_enabled=is_international)
    return open_society(settings().config, frames._replace(cards=cards), market(), STREAMS)


@functools.cache
def registry() -> Registry:
    return load_registry(settings().typologies)


def underworld(share: float = SHARE, customers: int = CUSTOMERS, of: Registry | None = None) -> Underworld:
    return underworld_with(injection("injected_share", share), customers, of)


def underworld_with(wanted: InjectionConfig, customers: int = CUSTOMERS, of: Registry | None = None) -> Underworld:
    crime = settings().config.crime.model_copy(update={"injection": wanted})
    return build_underworld(society(customers), market(), of or registry(), crime, settings().config.prevalence, MONTH)


def injection(mode: str, share: float, months: float = 12, realized: float = 1.0) -> InjectionConfig:
    """Fraud in one of the modes; `share` is that of payments or of customers, `realized` of attacks that make one."""
    return InjectionConfig(
        mode=mode,
        injected_share={"value": share, "unit": "share", "source": "test"},
        customer_share={"value": share, "unit": "share", "source": "test"},
        customer_share_months={"value": months, "unit": "months", "source": "test"},
        realized_share={"value": realized, "unit": "share", "source": "test"},
    )


@functools.cache
def honest(month: str = MONTH, customers: int = CUSTOMERS) -> HonestMonth:
    return live_month(society(customers), month, 0, customers)


@functools.cache
def planned(month: str = MONTH) -> MonthPlan:
    return plan_month(underworld(), month)


@functools.cache
def injected() -> Injection:
    return inject_month(underworld(), planned(), honest())


@functools.cache
def alone(name: str, month: str = MONTH) -> Injection:
    """What one typology does where no other takes money from the same accounts."""
    only = Registry(
        tuple(
            Typology(each.name, each.tag, each.params.model_copy(update={"is_enabled": each.name == name}), each.module)
            for each in registry().typologies
        )
    )
    world = underworld(of=only)
    return inject_month(world, plan_month(world, month), honest(month))


def typology(name: str) -> Typology:
    return next(each for each in registry().typologies if each.name == name)


def with_params(name: str, **changes: object) -> Registry:
    """The registry with some parameters of one typology replaced."""
    return Registry(
        tuple(
            Typology(each.name, each.tag, each.params.model_copy(update=changes), each.module)
            if each.name == name
            else each
            for each in registry().typologies
        )
    )


def frame(columns: Mapping[str, np.ndarray]) -> pl.DataFrame:
    return pl.DataFrame({name: np.ascontiguousarray(values) for name, values in columns.items()})


@functools.cache
def all_payments() -> pl.DataFrame:
    """Honest and injected payments of the month in kernel codes, with `is_injected`."""
    parts = [(honest().payments, False), (injected().payments, True)]
    return pl.concat(frame(columns._asdict()).with_columns(is_injected=flag) for columns, flag in parts)


@functools.cache
def deeds(name: str) -> pl.DataFrame:
    """Truth of one typology joined to its payments (kernel codes), in order of attack and step."""
    rows = injected().fraud.filter(pl.col("typology") == name).drop("customer_id", "event_date")
    return rows.join(all_payments(), on="event_id", how="left").sort("attack_id", "step")


@functools.cache
def outcomes(name: str) -> pl.DataFrame:
    """What became of a typology's attempts in two months: `status`, `engine_rule`, `is_claimed`, `payment_kind`.

    No other typology attacks, which would leave it less money.
    """
    months = (MONTH, "2025-09")
    return pl.concat(
        alone(name, month)
        .fraud.select("event_id", "is_claimed")
        .join(frame(columns._asdict()).select("event_id", "status", "engine_rule", "payment_kind"), on="event_id")
        for month in months
        for columns in (alone(name, month).payments, honest(month).payments)
    )


def undisturbed(name: str) -> pl.DataFrame:
    """The deeds of attacks that met no refusal: carried out as planned."""
    return deeds(name).filter((pl.col("status") == 0).all().over("attack_id"))


def without_spares(name: str) -> pl.DataFrame:
    """The deeds that were planned, refused or not, with `gap`: microseconds since the step before if it was made."""
    plan = planned().attacks[name]
    steps = dict(zip(plan.attack_id.tolist(), plan.count_steps.tolist(), strict=True))
    rows = deeds(name).filter(pl.col("step") <= pl.col("attack_id").replace_strict(steps))
    is_next = pl.col("step").diff().over("attack_id") == 1
    return rows.with_columns(gap=pl.when(is_next).then(pl.col("event_at").diff().over("attack_id")))


def averages() -> dict[int, float]:
    """Mean approved honest payment by customer id: the obvious way."""
    rows = frame(honest().payments._asdict()).filter(status=0)
    means = rows.group_by("customer_id").agg(pl.col("amount_minor").mean())
    return dict(means.iter_rows())


def deviations(share: float, count: int, number: float = 4.0) -> float:
    """Tolerance of a share realized among `count` draws."""
    return number * float(np.sqrt(max(share * (1 - share), 1e-9) / max(count, 1)))
