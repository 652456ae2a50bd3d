"""What is read from a home for the pages per typology: one row per fraud with what came of it, and its surroundings."""

import dataclasses
from typing import Final

import polars as pl

from riskfabric_assets.warehouse.run import Run

FRAUDS: Final = """
with
charged as (
    select event_id, true as is_charged_back
    from bronze.label_events where label_event_kind = 'charged_back' group by event_id
),
refunded as (
    select related_event_id as event_id, true as is_refunded
    from bronze.account_events where event_kind = 'refund' group by related_event_id
)
select
    fraud.typology, fraud.attack_id, fraud.campaign_id, fraud.customer_id, fraud.event_id, fraud.step,
    fraud.phase::varchar as phase, fraud.is_claimed, paid.event_at, paid.event_at_local, paid.event_date,
    paid.amount_minor, paid.currency_code::varchar as currency_code, paid.status::varchar as status,
    paid.decline_reason::varchar as decline_reason, paid.engine_rule::varchar as engine_rule,
    paid.channel::varchar as channel, paid.payment_kind::varchar as payment_kind,
    paid.merchant_category::varchar as merchant_category, paid.merchant_country_code::varchar as merchant_country_code,
    coalesce(paid.merchant_id, paid.payee_id) as receiver_id, accounts.customer_id as payee_customer_id,
    coalesce(shops.merchant_name, machines.operator, remote.merchant_name) as receiver_name,
    paid.latitude, paid.longitude, customers.home_latitude, customers.home_longitude,
    labels.reported_by::varchar as reported_by, labels.label_known_at,
    coalesce(is_charged_back, false) as is_charged_back, coalesce(is_refunded, false) as is_refunded,
from truth.fraud as fraud
inner join bronze.transactions as paid on paid.event_id = fraud.event_id
inner join population.customers as customers on customers.customer_id = fraud.customer_id
left join population.accounts as accounts on accounts.account_id = paid.payee_id
left join reference.merchants as shops on shops.merchant_id = paid.merchant_id
left join reference.financial as machines on machines.financial_id = paid.merchant_id
left join population.remote_merchants as remote on remote.merchant_id = paid.merchant_id
left join bronze.labels as labels on labels.event_id = fraud.event_id
left join charged on charged.event_id = fraud.event_id
left join refunded on refunded.event_id = fraud.event_id
order by fraud.typology, paid.event_at, fraud.event_id
"""
HOURS: Final = """
select hour(event_at_local) as hour, count(*) as count_payments from bronze.transactions group by hour order by hour
"""
SPAN: Final = "select min(event_date) as first_date, max(event_date) as last_date from bronze.transactions"
PLANNED: Final = """
select typology, count(*) as count_attacks, sum(count_steps)::bigint as count_steps from plan.attacks
group by typology order by typology
"""
DETECTED: Final = """
select name as typology, measure, value from model.evaluation where target = 'truth' and section = 'typology'
order by name, measure
"""


@dataclasses.dataclass(frozen=True, eq=False)
class Cases:
    """Frames behind all pages."""

    frauds: pl.DataFrame
    """One row per fraudulent payment with payment, receiver, home, label and what came of it."""
    hours: pl.DataFrame
    """hour, count_payments of all payments by local hour."""
    span: pl.DataFrame
    """One row: first_date, last_date."""
    planned: pl.DataFrame
    """typology, count_attacks, count_steps."""
    detected: pl.DataFrame
    """typology, measure, value: how the model does on its test window, against the truth."""
    districts: pl.DataFrame
    """reference/districts."""


def read_cases(run: Run) -> Cases:
    """Read everything that the pages show.

    Raises:
        InputError: The home holds payments of a team's own.
    """
    run.require_simulation("pages per typology")
    return Cases(
        frauds=run.query(FRAUDS),
        hours=run.query(HOURS),
        span=run.query(SPAN),
        planned=run.query(PLANNED),
        detected=run.query(DETECTED),
        districts=run.read("reference/districts"),
    )
