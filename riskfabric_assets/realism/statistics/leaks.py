"""Shortcuts that give crime away: a single field, the order of rows, the pattern of nulls, a name."""

from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.realism.lake import Lake
from riskfabric_assets.realism.statistics.ranks import Floats, area_under_curve, area_within, rates_of_the_other_half

SAMPLE: Final = 60_000
"""Honest and criminal payments, each, that stand for all of them."""
NUMBERS: Final = (
    "customer_id",
    "account_id",
    "card_id",
    "device_id",
    "merchant_id",
    "payee_id",
    "amount_minor",
    "merchant_amount_minor",
    "fee_minor",
    "ip_address",
    "latitude",
    "longitude",
)
GROUPS: Final = (
    "merchant_category",
    "merchant_category_code",
    "payment_kind",
    "channel",
    "rail",
    "entry_mode",
    "authentication",
    "currency_code",
    "merchant_country_code",
    "merchant_currency_code",
    "network_name",
    "user_agent",
    "is_present",
    "status",
    "decline_reason",
    "clock_hour",
)
NULLABLE: Final = tuple(name for name in NUMBERS if name.endswith("_id") or name == "ip_address")
KIND: Final = "channel || payment_kind || entry_mode || coalesce(merchant_currency_code, '')"
"""What decides which fields a payment has; a null must tell nothing beyond it."""


def trivial(lake: Lake) -> dict[str, float | None]:
    """Return the best area under the curve of any single field, and of what must say nothing.

    `field_auc`: numbers by their order, groups by the crime in the other half of the rows, whichever way round.
    `artefact_auc`: order of rows, id, hash of the id, and the pattern of nulls within channel, kind and entry mode.
    """
    rows = _rows(lake)
    is_crime = rows["is_fraud"].to_numpy()
    if not is_crime.any() or is_crime.all():
        return {"field_auc": None, "artefact_auc": None, "count": float(is_crime.sum())}
    numbers = [_either_way(_ordered(rows[name]), is_crime) for name in NUMBERS]
    groups = [_either_way(rates_of_the_other_half(_codes(rows[name]), is_crime), is_crime) for name in GROUPS]
    orders = [
        _either_way(rows[name].to_numpy().astype(np.float64), is_crime) for name in ("place", "event_id", "id_hash")
    ]
    strata, nulls = _codes(rows["kind"]), _codes(rows["nulls"])
    pattern = area_within(strata, rates_of_the_other_half(strata * (nulls.max() + 1) + nulls, is_crime), is_crime)
    return {
        "field_auc": max(*numbers, *groups),
        "artefact_auc": max(*orders, pattern, 1 - pattern),
        "count": float(is_crime.sum()),
    }


def fairness(lake: Lake) -> dict[str, float | None]:
    """Return how well a family name tells victims from others of like income, age, settlement and channel mix.

    A name is scored by the share of victims who bear it among the other half of the customers.
    """
    people = lake.connection.execute("""
        with victims as (select distinct customer_id from all_attempts where is_fraud),
        made as (
            select customer_id, avg((channel in ('instant', 'online'))::int) as remote
            from attempts group by customer_id
        )
        select
            split_part(full_name, ' ', -1) as family_name,
            victims.customer_id is not null as is_victim,
            ntile(3) over (order by monthly_income_minor, hash(customer_id)) || location_type || (birth_year // 20)
                || ntile(2) over (order by coalesce(remote, 0), hash(customer_id)) as stratum
        from customers left join made using (customer_id) left join victims using (customer_id)
        order by hash(customer_id)
    """).pl()
    is_victim = people["is_victim"].to_numpy()
    if not is_victim.any():
        return {"name_auc": None, "count": 0}
    scores = rates_of_the_other_half(_codes(people["family_name"]), is_victim)
    return {"name_auc": area_within(_codes(people["stratum"]), scores, is_victim), "count": float(is_victim.sum())}


def _rows(lake: Lake) -> pl.DataFrame:
    nulls = " || ".join(f"({name} is null)::int" for name in NULLABLE)
    names = ", ".join((*NUMBERS, *(name for name in GROUPS if name != "clock_hour")))
    return lake.connection.execute(f"""
        with sizes as (
            select is_fraud, {SAMPLE} / count(*) as sample_share from all_attempts group by is_fraud
        )
        select
            is_fraud, {names},
            hour(event_at_local) as clock_hour,
            epoch_us(event_at) as place,
            event_id,
            hash(event_id) as id_hash,
            {KIND} as kind,
            {nulls} as nulls
        from all_attempts inner join sizes using (is_fraud)
        where hash(event_id, customer_id) / {1 << 64} < sample_share
        order by hash(event_id, customer_id)
    """).pl()


def _ordered(column: pl.Series) -> Floats:
    """Return values as numbers; nulls lie below every value."""
    lowest = column.min()
    return column.cast(pl.Float64).fill_null(float(str(lowest if lowest is not None else 0)) - 1).to_numpy()


def _codes(column: pl.Series) -> np.ndarray:
    return column.cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64) - 1


def _either_way(values: Floats, is_crime: np.ndarray) -> float:
    area = area_under_curve(values[~is_crime], values[is_crime])
    return max(area, 1 - area)
