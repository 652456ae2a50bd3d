"""population/traits: what no bank can know, drawn so that it explains behaviour and nothing else.

Susceptibility is exposure (how much and how remotely somebody pays) and a factor that nothing explains; name,
gender, region and religion have no part in it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import MOBILITY_CLASSES, TRAITS
from riskfabric_assets.population.activity import mean_payments
from riskfabric_assets.population.customers import Customers
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.distributions import curve_at
from riskfabric_assets.world.slices import pick_members, stack_weights

Floats = npt.NDArray[np.float64]


def draw_traits(demography: Demography, streams: Streams, customers: Customers) -> pl.DataFrame:
    """Draw the latent traits of a block; rows of population/traits, under its contract."""
    rules, ordinals = demography.rules, customers.ordinals
    payments = customers.activity.payments_per_year
    online = _factors(rules.online.sigma, streams.normals("population/trait/online", ordinals))
    online *= curve_at(rules.online.age_factors, customers.households.age)
    exposure = (payments / mean_payments(demography)) ** rules.exposure.activity_exponent
    exposure *= online**rules.exposure.online_exponent
    frame = pl.DataFrame(
        {
            "customer_id": customers.customer_id,
            "customer_ordinal": ordinals,
            "payments_per_year": payments,
            "amount_factor": customers.activity.amount_factor,
            "phase_hours": rules.rhythm.phase_sd * streams.normals("population/trait/phase", ordinals),
            "online_affinity": online,
            "thrift": customers.persons.thrift,
            "mobility_class": _mobility(demography, streams, customers),
            "susceptibility": exposure
            * _factors(rules.exposure.sigma, streams.normals("population/trait/susceptibility", ordinals)),
            "dispute_propensity": _factors(rules.disputes.sigma, streams.normals("population/trait/dispute", ordinals)),
        }
    )
    return TRAITS.check(frame.select(pl.col(name).cast(kind) for name, kind in TRAITS.schema.items()))


def _mobility(demography: Demography, streams: Streams, customers: Customers) -> pl.Series:
    shares = stack_weights([weights_in_order(by, MOBILITY_CLASSES) for by in demography.rules.mobility.by_location])
    draws = streams.uniforms("population/trait/mobility", customers.ordinals)
    return pl.Series(MOBILITY_CLASSES).gather(pick_members(shares, customers.homes.location, draws))


def _factors(sigma: float, ranks: Floats) -> Floats:
    """Log-normal factors with mean 1, shape (n,)."""
    return np.exp(sigma * ranks - sigma * sigma / 2)
