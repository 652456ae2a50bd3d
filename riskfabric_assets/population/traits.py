"""population/traits: what no bank can know, drawn so that it explains behaviour and nothing else.

Susceptibility is exposure (how much and how remotely somebody pays) and a factor that nothing explains; name,
gender, region and religion have no part in it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.population import TRAITS
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR, Payments
from riskfabric_assets.population.customers import Customers
from riskfabric_assets.population.demography import OLDEST_AGE, Demography
from riskfabric_assets.population.distributions import curve_at, gammas, mean_over_ages, normal_probabilities

Floats = npt.NDArray[np.float64]

MONTHS_PER_YEAR = 12


def draw_traits(demography: Demography, streams: Streams, customers: Customers) -> pl.DataFrame:
    """Draw the latent traits of a block; rows of population/traits, under its contract."""
    rules, ordinals = demography.rules, customers.ordinals
    payments = _payments_per_year(demography, streams, customers)
    online = _factors(rules.online.sigma, streams.normals("population/trait/online", ordinals))
    online *= curve_at(rules.online.age_factors, customers.persons.age)
    median_odds = rules.thrift.median / (1.0 - rules.thrift.median)
    odds = median_odds * np.exp(rules.thrift.sigma * streams.normals("population/trait/thrift", ordinals))
    exposure = (payments / rules.activity.payments_per_year) ** rules.exposure.activity_exponent
    exposure *= online**rules.exposure.online_exponent
    frame = pl.DataFrame(
        {
            "customer_id": customers.customer_id,
            "customer_ordinal": ordinals,
            "payments_per_year": payments,
            "amount_factor": _amount_factors(demography, streams, customers, payments),
            "phase_hours": rules.rhythm.phase_sd * streams.normals("population/trait/phase", ordinals),
            "online_affinity": online,
            "thrift": odds / (1.0 + odds),
            "susceptibility": exposure
            * _factors(rules.exposure.sigma, streams.normals("population/trait/susceptibility", ordinals)),
            "dispute_propensity": _factors(rules.disputes.sigma, streams.normals("population/trait/dispute", ordinals)),
        }
    )
    return TRAITS.check(frame.select(pl.col(name).cast(kind) for name, kind in TRAITS.schema.items()))


def reference_ticket_minor(payments: Payments) -> float:
    """Return the mean price of a payment by the pack's channels and categories, before personal factors.

    Log-normal prices are capped at the channel's limit, so a heavy tail does not dominate the mean.
    """
    total = 0.0
    weight_sum = sum(payments.categories.volume_weights.values())
    for channel in CHANNELS:
        factor = payments.channel_amount_factors[channel]
        weights = {"CASH": weight_sum} if channel == "atm" else payments.categories.volume_weights
        mean = sum(
            weight / weight_sum * _capped_mean(payments, name, factor, payments.limits.payment_amounts[channel])
            for name, weight in weights.items()
        )
        total += payments.channels[channel] * mean
    return total * MINOR_PER_MAJOR


def _capped_mean(payments: Payments, category: str, factor: float, cap: float) -> float:
    """Mean of min(X, cap) for a log-normal X, major units."""
    center, sigma = np.log(payments.categories.median_amounts[category] * factor), payments.categories.log_sds[category]
    if sigma == 0:
        return float(min(np.exp(center), cap))
    edge = (np.log(cap) - center) / sigma
    below, above = normal_probabilities(np.array([edge - sigma, -edge]))
    return float(np.exp(center + sigma * sigma / 2) * below + cap * above)


def _payments_per_year(demography: Demography, streams: Streams, customers: Customers) -> Floats:
    """Gamma over people, raised by income and lowered by age; its expectation is the configured mean."""
    rules, persons = demography.rules.activity, customers.persons
    level = gammas(streams, "population/trait/activity", customers.ordinals, rules.shape)
    level *= _factors(rules.income_elasticity, persons.income_rank)
    level *= curve_at(rules.age_factors, persons.age)
    level /= mean_over_ages(rules.age_factors, demography.people.ages, OLDEST_AGE + 1)
    return rules.payments_per_year * level


def _amount_factors(demography: Demography, streams: Streams, customers: Customers, payments: Floats) -> Floats:
    """Personal price level that makes the expected payments of a year cost what the person spends."""
    rules = demography.rules.amounts
    budget = customers.persons.monthly_spend_minor * MONTHS_PER_YEAR
    price = budget / np.maximum(payments, 1.0) / reference_ticket_minor(demography.payments)
    taste = _factors(rules.sigma, streams.normals("population/trait/amount", customers.ordinals))
    return np.clip(price * taste, rules.lowest, rules.highest)


def _factors(sigma: float, ranks: Floats) -> Floats:
    """Log-normal factors with mean 1, shape (n,)."""
    return np.exp(sigma * ranks - sigma * sigma / 2)
