"""`gather`: the evidence about one event, out of the warehouse of a home."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

import duckdb
import polars as pl

from riskfabric_assets.foundation.errors import ConfigError, InputError, Problem, StaleError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.stories.evidence import Evidence
from riskfabric_assets.warehouse import identity
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.run import LOCK_WAIT_SECONDS, Run

EXPORTED_ID: Final = re.compile("([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-800([0-9a-f])-0{12}")
"""UUID of version 8 (RFC 9562), as `exports` write ids."""
LARGEST_ID: Final = (1 << 63) - 1
BEFORE: Final = dt.timedelta(hours=72)
"""How long before an attack its accounts are watched: config/features.yaml counts changes of identity as long."""
AFTER: Final = dt.timedelta(hours=72)

SHOPS: Final = """
shops as (
    select merchant_id, merchant_name, city_name from reference.merchants
    union all
    select financial_id as merchant_id, operator as merchant_name, city_name from reference.financial
    union all
    select merchant_id, merchant_name, city_name from population.remote_merchants
)
"""
PAYMENTS: Final = f"""
with {SHOPS},
payments as (select * from bronze.transactions where {{condition}})
select
    payments.*,
    customers.full_name as customer_name, cards.card_network, cards.card_type,
    shops.merchant_name, shops.city_name as merchant_city,
    receivers.customer_id as payee_customer_id, receiving.full_name as payee_name,
    own.operating_system, own.is_owner, own.is_primary,
    payments.device_id in (select device_id from population.devices) as is_customers_device,
    2 * 6371 * asin(sqrt(
        pow(sin(radians(payments.latitude - customers.home_latitude) / 2), 2)
        + cos(radians(payments.latitude)) * cos(radians(customers.home_latitude))
        * pow(sin(radians(payments.longitude - customers.home_longitude) / 2), 2)
    )) as home_distance_km
from payments
left join population.customers as customers on payments.customer_id = customers.customer_id
left join population.cards as cards on payments.card_id = cards.card_id
left join shops on payments.merchant_id = shops.merchant_id
left join population.accounts as receivers on payments.payee_id = receivers.account_id
left join population.customers as receiving on receivers.customer_id = receiving.customer_id
left join population.devices as own
    on payments.device_id = own.device_id and payments.customer_id = own.customer_id
order by payments.event_at, payments.event_id
"""
"""A shop with two rows would repeat a payment; ids are unique over the three tables."""
EVENTS: Final = """
with events as (select * from bronze.account_events where {condition})
select
    events.*, customers.full_name as customer_name, others.full_name as counterparty_name,
    own.operating_system, own.is_owner, own.is_primary,
    events.device_id in (select device_id from population.devices) as is_customers_device
from events
left join population.customers as customers on events.customer_id = customers.customer_id
left join population.accounts as accounts on events.counterparty_id = accounts.account_id
left join population.customers as others on accounts.customer_id = others.customer_id
left join population.devices as own
    on events.device_id = own.device_id and events.customer_id = own.customer_id
order by events.event_at, events.event_id
"""
ATTACKS: Final = """
with realised as (
    select
        fraud.attack_id, count(*) as count_payments,
        sum(case when payments.status = 'approved' then payments.amount_minor else 0 end)::bigint as amount_minor
    from truth.fraud as fraud
    inner join bronze.transactions as payments on fraud.event_id = payments.event_id
    where fraud.attack_id = $attack or fraud.campaign_id = $campaign
    group by all
)
select
    attacks.*, customers.full_name as victim_name,
    coalesce(realised.count_payments, 0) as count_payments, coalesce(realised.amount_minor, 0) as amount_minor
from plan.attacks as attacks
left join realised on attacks.attack_id = realised.attack_id
left join population.customers as customers on attacks.customer_id = customers.customer_id
where attacks.attack_id = $attack or attacks.campaign_id = $campaign
order by attacks.start_at, attacks.attack_id
"""
NEAR: Final = """
select payments.event_id
from bronze.account_events as events
inner join bronze.transactions as payments on events.account_id = payments.account_id
inner join truth.fraud as fraud on payments.event_id = fraud.event_id
where events.event_id = $id and payments.event_at between events.event_at - $after and events.event_at + $before
order by abs(epoch_us(payments.event_at) - epoch_us(events.event_at)), payments.event_id
limit 1
"""
ACCOUNT_WATCH: Final = "account_id in ({accounts}) and event_at between '{start}' and '{end}'"


def gather(settings: Settings, event_id: int) -> Evidence:
    """Read what a story about one event needs.

    Raises:
        WarehouseError: There is no home yet.
        StaleError: It holds no payments yet, or another identity.
        InputError: It holds payments of a team's own, or no event of this id.
    """
    run = Run(settings)
    run.require_simulation("explain")
    if run.home.warehouse.exists():
        identity.claim(run.home, identity.Identity.of(settings))
    memory_mb = settings.config.engine.memory_mb
    with open_warehouse(run.home, read_only=True, memory_mb=memory_mb, wait_seconds=LOCK_WAIT_SECONDS) as connection:
        if run.through is None:
            raise StaleError(f"no payments in {run.home.root}", "payments to tell about", "riskfabric demo")
        return _Reader(connection, run.through).evidence(event_id)


def event_id_of_text(text: str) -> int:
    """Read an id as the warehouse writes it, or as the UUID that exports write.

    Raises:
        ConfigError: It is neither.
    """
    text = text.strip().lower()
    if text.isdecimal() and int(text) <= LARGEST_ID:
        return int(text)
    if uuid := EXPORTED_ID.fullmatch(text):
        return int("".join(uuid.groups()), 16)
    fix = "copy event_id of bronze/transactions or bronze/account_events, or transaction_id of an export"
    raise ConfigError([Problem("transaction id", repr(text), "a whole number, or the UUID of an export", fix)])


class _Reader:
    """Asks the warehouse, one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, through: dt.date) -> None:
        self._connection, self._through = connection, through

    def evidence(self, event_id: int) -> Evidence:
        related, customer, day = self._locate(event_id)
        near = self._near(event_id) if related is None else None
        payment_id = next((each for each in (related, near) if each is not None), event_id)
        fraud = self._rows(
            "select * from truth.fraud where attack_id = "
            "(select attack_id from truth.fraud where event_id = $payment) order by step, event_id",
            payment=payment_id,
        )
        payment_ids = sorted({payment_id, *fraud["event_id"].to_list()})
        of_day = f"(customer_id = {customer} and event_date = '{day}')"
        payments = self._rows(PAYMENTS.format(condition=f"event_id in ({_list(payment_ids)}) or {of_day}"))
        events = f"event_id = {event_id} or {of_day} or related_event_id in ({_list(payment_ids)})"
        if fraud.height:
            events += f" or {_watched(payments.filter(pl.col('event_id').is_in(payment_ids)))}"
        return Evidence(
            event_id,
            near,
            self._through,
            payments,
            self._rows(EVENTS.format(condition=events)),
            fraud,
            self._attacks(fraud),
            self._of_payments("label_events", "label_event_known_at", payment_ids),
            self._of_payments("labels", "label_known_at", payment_ids),
        )

    def _locate(self, event_id: int) -> tuple[int | None, int, dt.date]:
        """Return the payment that the story is about, None for an event on its own, with customer and day."""
        payment = self._rows(
            "select customer_id, event_date from bronze.transactions where event_id = $id", id=event_id
        )
        if payment.height:
            return event_id, *payment.row(0)
        event = self._rows(
            "select related_event_id, customer_id, event_date from bronze.account_events where event_id = $id",
            id=event_id,
        )
        if not event.height:
            first = self._rows("select min(event_id) as event_id from truth.fraud")["event_id"][0]
            fix = "take an event_id of bronze/transactions" + (
                f", for example riskfabric explain {first}" if first else ""
            )
            raise InputError([Problem("transaction id", str(event_id), "an event of this home", fix)])
        related, customer, day = event.row(0)
        return related, customer, day

    def _near(self, event_id: int) -> int | None:
        """Return the fraud nearest in time to an account event on the same account, within BEFORE and AFTER."""
        found = self._rows(NEAR, id=event_id, before=BEFORE, after=AFTER)
        return found["event_id"][0] if found.height else None

    def _attacks(self, fraud: pl.DataFrame) -> pl.DataFrame:
        attack, campaign = (fraud["attack_id"][0], fraud["campaign_id"][0]) if fraud.height else (None, None)
        return self._rows(ATTACKS, attack=attack, campaign=campaign)

    def _of_payments(self, table: str, order: str, payment_ids: Sequence[int]) -> pl.DataFrame:
        return self._rows(
            f"select * from bronze.{table} where event_id in ({_list(payment_ids)}) order by {order}, event_id"
        )

    def _rows(self, sql: str, **values: object) -> pl.DataFrame:
        return self._connection.execute(sql, values or None).pl()


def _watched(payments: pl.DataFrame) -> str:
    """Return the condition of events on the accounts that an attack goes through, while it does."""
    receivers = payments.filter(pl.col("payee_customer_id").is_not_null())["payee_id"]
    accounts = sorted({*payments["account_id"].to_list(), *receivers.to_list()})
    start, end = payments["event_at"][0] - BEFORE, payments["event_at"][-1] + AFTER
    return f"({ACCOUNT_WATCH.format(accounts=_list(accounts), start=start, end=end)})"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
