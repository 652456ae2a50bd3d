"""Electronic mail and the address text: unique, reserved, no nearer than the locality."""

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.people import People
from riskfabric_assets.population.demography import OLDEST_AGE, weights_in_order
from riskfabric_assets.population.distributions import curve_at, mean_over_ages
from riskfabric_assets.population.permutations import permute
from riskfabric_assets.world.slices import pick_members, stack_weights

Int64s = npt.NDArray[np.int64]

UNKNOWN_PLACE = "unknown place"
"""Address outside every boundary and settlement."""
_SHORTEST = 3
"""Digits behind the first thousand addresses."""


def draw_emails(people: People, streams: Streams, ordinals: Int64s, ages: Int64s, names: pl.DataFrame) -> pl.DataFrame:
    """Draw addresses like "asha.rao4821@gmail.example".

    The number behind the name is a permutation of the customer's ordinal among those with as many digits, so
    addresses are unique whatever the names are, and an additional customer changes none.

    Args:
        people: Providers, the reserved domain and the age pyramid.
        streams: Random streams of the run.
        ordinals: Customers, shape (n,).
        ages: Years, shape (n,).
        names: Columns given_name and last_name, one row per customer.

    Returns:
        Columns email_address and email_provider; both null for who has none.
    """
    email, providers = people.email, list(people.email.providers)
    picks = pick_members(
        stack_weights([weights_in_order(shares, providers) for shares in (email.providers, email.older_providers)]),
        (ages >= email.older_age).astype(np.int64),
        streams.uniforms("population/email/provider", ordinals),
    )
    by_age = curve_at(email.missing_age_factors, ages)
    by_age /= mean_over_ages(email.missing_age_factors, people.ages, OLDEST_AGE + 1)
    has_none = streams.uniforms("population/email/missing", ordinals) < email.missing_share * by_age
    provider = pl.Series(providers).gather(picks)
    letters = r"[^a-z0-9]"
    return names.select(
        pl.concat_str(
            pl.col("given_name").str.to_lowercase().str.replace_all(letters, ""),
            pl.lit("."),
            pl.col("last_name").str.to_lowercase().str.replace_all(letters, ""),
            pl.Series(_suffixes(streams, ordinals)).cast(pl.String),
            pl.lit("@"),
            provider,
            pl.lit(f".{email.domain_suffix}"),
        ).alias("email_address"),
        provider.alias("email_provider"),
    ).select(pl.when(~pl.Series(has_none)).then(pl.all()))


def address_texts(residences: pl.DataFrame) -> pl.Series:
    """Return addresses down to the locality, shape (n,): city, district, region, postal code, as far as known."""
    city = pl.col("city_name")
    district = pl.when(pl.col("district_id") != 0).then("district_name")
    parts = [
        city,
        pl.when(city.is_null() | (city != district)).then(district),
        pl.when(pl.col("region_id") != 0).then("region_name"),
        pl.col("postcode"),
    ]
    text = pl.concat_str(parts, separator=", ", ignore_nulls=True)
    return residences.select(pl.when(text == "").then(pl.lit(UNKNOWN_PLACE)).otherwise(text)).to_series()


def _suffixes(streams: Streams, ordinals: Int64s) -> Int64s:
    """Distinct numbers with 3 digits for the first thousand customers, 4 for the next 9,000, and so on."""
    out = np.empty(ordinals.shape[0], dtype=np.int64)
    key = streams.key("population/email/number")
    start, size = 0, 10**_SHORTEST
    while start <= (int(ordinals.max()) if ordinals.size else -1):
        rows = (ordinals >= start) & (ordinals < start + size)
        if start == 0:
            out[rows] = permute(ordinals[rows], 25, 40, key).astype(np.int64)
        else:
            right = 10 ** (len(str(size)) // 2)
            out[rows] = permute(ordinals[rows] - start, size // right, right, key).astype(np.int64) + start
        start, size = start + size, 9 * (start + size)
    return out
