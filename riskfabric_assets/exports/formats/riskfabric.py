"""RiskFabric (Rust): its five Parquet files and a table of merchants, with its column names, types and words.

Ids are UUIDs of version 8, one for each id. The metadata have one row per payment, as its documentation says, and
`account_type`, limits and dates hold what their names say. The label is what the bank has: reports, right and wrong.
"""

from pathlib import Path
from typing import Final

from riskfabric_assets.exports.months import write_months
from riskfabric_assets.exports.options import ExportOptions as Options
from riskfabric_assets.exports.sheets import Sheet, write_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.foundation.tables.population import ORDINARY_CARD_ENDS

__all__ = ["SHEETS", "TITLE", "Options", "write"]

TITLE: Final = "RiskFabric (Rust): customers, accounts, cards, merchants, payments and their metadata"
NOT_KNOWN: Final = "; the world has none: always null"

CUSTOMERS: Final = Sheet(
    "customers.parquet",
    "One row per customer",
    (
        Column("customer_id", "VARCHAR", "Customer"),
        Column("name", "VARCHAR", "Full name"),
        Column("age", "UINTEGER", "Age reached in the year of the last exported day", "years"),
        Column("email", "VARCHAR", "Address on a reserved domain", is_nullable=True),
        Column("location", "VARCHAR", "Address down to the locality"),
        Column("state", "VARCHAR", "State"),
        Column("location_type", "VARCHAR", "Metro, Urban, Semi-Urban, Rural"),
        Column("home_latitude", "DOUBLE", "Home", "degrees"),
        Column("home_longitude", "DOUBLE", "Home", "degrees"),
        Column("home_h3r5", "VARCHAR", "H3 cell of the home, resolution 5"),
        Column("home_h3r7", "VARCHAR", "H3 cell of the home, resolution 7"),
        Column("credit_score", "UINTEGER", "Bureau score; null without credit history", is_nullable=True),
        Column("monthly_spend", "DOUBLE", "Typical monthly spend", "major units"),
        Column("customer_risk_score", "DOUBLE", "A score of the customer" + NOT_KNOWN, is_nullable=True),
        Column("is_fraud", "BOOLEAN", "Disputes an honest payment in the exported months (truth)"),
        Column("primary_ua", "VARCHAR", "User agent of the main device on the last exported day", is_nullable=True),
        Column("secondary_ua", "VARCHAR", "User agent of another device in use", is_nullable=True),
        Column("isp", "VARCHAR", "Provider of the household's line, else of the phone"),
        Column("ip_subnet", "VARCHAR", "A subnet of the customer" + NOT_KNOWN, is_nullable=True),
        Column("registration_date", "VARCHAR", "First day as a customer, YYYY-MM-DD"),
    ),
)
ACCOUNTS: Final = Sheet(
    "accounts.parquet",
    "One row per account",
    (
        Column("account_id", "VARCHAR", "Account"),
        Column("customer_id", "VARCHAR", "Owner"),
        Column("bank_id", "VARCHAR", "Synthetic code of the bank"),
        Column("account_no", "VARCHAR", "Number of no real account"),
        Column("account_type", "VARCHAR", "Savings, Salary, Current, Credit"),
        Column("balance", "DOUBLE", "Balance at the close of the last exported day", "major units"),
        Column("status", "VARCHAR", "Active, Dormant, Closed on the first day of the calendar"),
        Column("creation_date", "DATE", "Opened"),
    ),
)
CARDS: Final = Sheet(
    "cards.parquet",
    "One row per card issued up to the last exported day",
    (
        Column("card_id", "VARCHAR", "Card"),
        Column("account_id", "VARCHAR", "Account behind it"),
        Column("customer_id", "VARCHAR", "Holder"),
        Column("card_number", "VARCHAR", "16 digits that fail the Luhn test"),
        Column("card_network", "VARCHAR", "VISA, Mastercard, RuPay ..."),
        Column("card_type", "VARCHAR", "Debit, Credit, Prepaid"),
        Column("issue_date", "DATE", "Issued"),
        Column("activation_date", "DATE", "Activated"),
        Column("expiry_date", "DATE", "Valid until"),
        Column("status", "VARCHAR", "Active, Blocked (lost or stolen), Expired (its time was over)"),
        Column("status_reason", "VARCHAR", "Why"),
        Column("contactless_limit", "VARCHAR", "Limit of a tap without PIN", "major units"),
        Column("daily_atm_limit", "VARCHAR", "Cash limit per day", "major units"),
        Column("online_limit", "VARCHAR", "E-commerce limit per day", "major units"),
        Column("international_usage", "VARCHAR", "enabled or disabled"),
        Column("issuing_bank", "VARCHAR", "Name of the synthetic bank"),
        Column("bank_code", "VARCHAR", "Its code"),
    ),
)
MERCHANTS: Final = Sheet(
    "merchants.parquet",
    "One row per shop, biller and cash machine; the source has them as columns of payments only",
    (
        Column("merchant_id", "VARCHAR", "Merchant, as in transactions"),
        Column("merchant_name", "VARCHAR", "Name; of a cash machine its operator", is_nullable=True),
        Column("merchant_category", "VARCHAR", "Category"),
        Column("mcc", "VARCHAR", "ISO 18245 code, four digits"),
        Column("risk_level", "VARCHAR", "LOW, MEDIUM, HIGH, VERY_HIGH; null off the map", is_nullable=True),
        Column("latitude", "DOUBLE", "Position; null without a place", "degrees", is_nullable=True),
        Column("longitude", "DOUBLE", "Position; null without a place", "degrees", is_nullable=True),
        Column("h3_r7", "VARCHAR", "H3 cell, resolution 7; null without a place", is_nullable=True),
        Column("city", "VARCHAR", "City", is_nullable=True),
        Column("pincode", "VARCHAR", "Postal code", is_nullable=True),
        Column("state", "VARCHAR", "State; null off the map", is_nullable=True),
        Column("district_name", "VARCHAR", "District; null off the map", is_nullable=True),
        Column("merchant_country", "VARCHAR", "ISO 3166 code"),
    ),
)
TRANSACTIONS: Final = Sheet(
    "transactions.parquet",
    "One row per payment, in order of time",
    (
        Column("transaction_id", "VARCHAR", "Payment"),
        Column("card_id", "VARCHAR", "Card; null where none is used", is_nullable=True),
        Column("account_id", "VARCHAR", "Account that pays"),
        Column("customer_id", "VARCHAR", "Payer"),
        Column("merchant_id", "VARCHAR", "Merchant; null for a transfer", is_nullable=True),
        Column("merchant_name", "VARCHAR", "Its name; null for a transfer", is_nullable=True),
        Column("merchant_category", "VARCHAR", "Its category"),
        Column("mcc", "VARCHAR", "ISO 18245 code, four digits"),
        Column("merchant_country", "VARCHAR", "ISO 3166 code"),
        Column("amount", "DOUBLE", "Amount", "major units"),
        Column("currency", "VARCHAR", "ISO 4217 code"),
        Column("timestamp", "VARCHAR", "Moment, RFC 3339, UTC"),
        Column("transaction_channel", "VARCHAR", "upi, mobile_wallets, cards, online, mobile_banking"),
        Column("card_present", "BOOLEAN", "The payer stood at the merchant's terminal or code"),
        Column("user_agent", "VARCHAR", "User agent; null at a terminal", is_nullable=True),
        Column("ip_address", "VARCHAR", "IPv4 address; null at a terminal", is_nullable=True),
        Column("status", "VARCHAR", "Success or Failed"),
        Column("auth_status", "VARCHAR", "approved or declined"),
        Column("failure_reason", "VARCHAR", "Why it was declined", is_nullable=True),
        Column("is_fraud", "BOOLEAN", "Reported as fraud, sooner or later, rightly or wrongly"),
        Column("chargeback", "BOOLEAN", "Charged back, sooner or later, also where the merchant won the dispute"),
        Column("chargeback_days", "INTEGER", "Days from payment to chargeback", "days", is_nullable=True),
        Column("location_lat", "DOUBLE", "Position of terminal or device", "degrees"),
        Column("location_long", "DOUBLE", "Position of terminal or device", "degrees"),
        Column("h3_r7", "VARCHAR", "H3 cell of the place of payment, resolution 7"),
    ),
)
METADATA: Final = Sheet(
    "fraud_metadata.parquet",
    "One row per payment, in order of time: the answer key",
    (
        Column("transaction_id", "VARCHAR", "Payment"),
        Column("fraud_target", "BOOLEAN", "Fraudulent in truth"),
        Column("fraud_type", "VARCHAR", "Typology, or none"),
        Column("label_noise", "VARCHAR", "none; fn: fraud that is never reported; fp: honest and reported"),
        Column("injector_version", "VARCHAR", "Version of the typology's code; null for honest", is_nullable=True),
        Column("geo_anomaly", "BOOLEAN", "Made from, or paid to, a place foreign to the victim"),
        Column("device_anomaly", "BOOLEAN", "Made on an attacker's device"),
        Column("ip_anomaly", "BOOLEAN", "Made through an attacker's network"),
        Column("flags", "VARCHAR", "Behavioral flags, comma-separated", is_nullable=True),
        Column("burst_session", "BOOLEAN", "Part of a burst"),
        Column("burst_seq", "INTEGER", "Position in the burst, from 1", is_nullable=True),
        Column("campaign_id", "VARCHAR", "Campaign", is_nullable=True),
        Column("campaign_type", "VARCHAR", "Typology of the campaign", is_nullable=True),
        Column("campaign_phase", "VARCHAR", "early, active or late", is_nullable=True),
        Column("campaign_day_number", "INTEGER", "Day of the campaign, from 1", is_nullable=True),
    ),
)
SHEETS: Final = (CUSTOMERS, ACCOUNTS, CARDS, MERCHANTS, TRANSACTIONS, METADATA)

_CUSTOMER_ROWS: Final = """
with
owned as (
    select customer_id, user_agent, row_number() over (partition by customer_id order by not is_primary, device_id) as n
    from people.devices
    where first_seen_date <= $day and (last_seen_date is null or last_seen_date >= $day)
),
claimants as (select distinct customer_id from months.fraud where is_claimed)
select
    uuid_of(customers.customer_id) as customer_id, full_name as name, year($day) - birth_year as age,
    email_address as email, address_text as location, region_name as state, location_type, home_latitude,
    home_longitude, cell_of(home_h3_cell_r5) as home_h3r5, cell_of(home_h3_cell_r7) as home_h3r7, credit_score,
    major(monthly_spend_minor) as monthly_spend, null as customer_risk_score,
    claimants.customer_id is not null as is_fraud, first.user_agent as primary_ua, second.user_agent as secondary_ua,
    coalesce(home_network_name, mobile_network_name) as isp, null as ip_subnet,
    strftime(registered_date, '%Y-%m-%d') as registration_date
from people.customers
left join claimants on claimants.customer_id = customers.customer_id
left join owned as first on first.customer_id = customers.customer_id and first.n = 1
left join owned as second on second.customer_id = customers.customer_id and second.n = 2
order by customers.customer_id
"""
_ACCOUNT_ROWS: Final = """
with
movements as (
    select account_id, amount_minor from history.account_events where event_kind <> 'returned_debit'
    union all
    select account_id, -amount_minor from history.transactions where status = 'approved'
),
balances as (select account_id, sum(amount_minor) as balance_minor from movements group by account_id)
select
    uuid_of(accounts.account_id) as account_id, uuid_of(customer_id) as customer_id, bank_code as bank_id,
    account_number as account_no, upper(account_type[1]) || account_type[2:] as account_type,
    major(coalesce(balance_minor, 0)) as balance, upper(account_status[1]) || account_status[2:] as status,
    opened_date as creation_date
from people.accounts
left join balances on balances.account_id = accounts.account_id
order by accounts.account_id
"""
_CARD_ROWS: Final = """
select
    uuid_of(card_id) as card_id, uuid_of(account_id) as account_id, uuid_of(customer_id) as customer_id, card_number,
    if(card_network = 'Visa', 'VISA', card_network) as card_network,
    upper(card_type[1]) || card_type[2:] as card_type, issued_date as issue_date, activated_date as activation_date,
    expiry_date,
    case
        when closed_date is null or closed_date >= $day then 'Active'
        when closed_reason in $ordinary then 'Expired'
        else 'Blocked'
    end as status,
    if(closed_date is null or closed_date >= $day, 'Normal usage', closed_reason) as status_reason,
    major(contactless_limit_minor) as contactless_limit, major(daily_atm_limit_minor) as daily_atm_limit,
    major(daily_online_limit_minor) as online_limit,
    if(is_international_enabled, 'enabled', 'disabled') as international_usage, issuing_bank, bank_code
from people.cards
join (select account_id, bank_code from people.accounts) using (account_id)
where issued_date <= $day
order by cards.card_id
"""
_MERCHANT_ROWS: Final = """
select
    cast(merchant_id as varchar) as merchant_id, shops.merchant_name, shops.merchant_category,
    format('{:04d}', shops.merchant_category_code) as mcc, risk_level, shops.latitude, shops.longitude,
    cell_of(coalesce(merchants.h3_cell_r7, financial.h3_cell_r7, remote_merchants.h3_cell_r7)) as h3_r7,
    shops.city_name as city, coalesce(merchants.postcode, financial.postcode) as pincode, shops.region_name as state,
    coalesce(merchants.district_name, financial.district_name) as district_name,
    coalesce(country_code, $country) as merchant_country
from shops
left join merchants using (merchant_id)
left join financial on financial_id = merchant_id
left join people.remote_merchants using (merchant_id)
order by shops.merchant_id
"""
_TRANSACTION_ROWS: Final = """
with charged as (
    select event_id, min(happened_at) as charged_at
    from month.label_events where label_event_kind = 'charged_back' group by event_id
)
select
    uuid_of(event_id) as transaction_id, uuid_of(card_id) as card_id, uuid_of(account_id) as account_id,
    uuid_of(transactions.customer_id) as customer_id, cast(transactions.merchant_id as varchar) as merchant_id,
    merchant_name, transactions.merchant_category, format('{:04d}', transactions.merchant_category_code) as mcc,
    merchant_country_code as merchant_country, major(amount_minor) as amount, currency_code as currency,
    strftime(event_at, '%Y-%m-%dT%H:%M:%S.%gZ') as timestamp,
    case channel
        when 'instant' then 'upi'
        when 'wallet' then 'mobile_wallets'
        when 'online' then 'online'
        when 'bank_transfer' then 'mobile_banking'
        else 'cards'
    end as transaction_channel,
    is_present as card_present, user_agent, address_of(ip_address) as ip_address,
    if(transactions.status = 'approved', 'Success', 'Failed') as status, transactions.status as auth_status,
    decline_reason as failure_reason, event_id in (select event_id from month.labels) as is_fraud,
    charged_at is not null as chargeback, cast(date_diff('day', event_at, charged_at) as int) as chargeback_days,
    transactions.latitude as location_lat,
    transactions.longitude as location_long, cell_of(h3_cell_r7) as h3_r7
from month.transactions
left join shops on shops.merchant_id = transactions.merchant_id
left join charged using (event_id)
order by event_at, event_id
"""
_METADATA_ROWS: Final = """
select
    uuid_of(transactions.event_id) as transaction_id, typology is not null as fraud_target,
    coalesce(typology, 'none') as fraud_type,
    case
        when typology is not null and labels.event_id is null then 'fn'
        when typology is null and labels.event_id is not null then 'fp'
        else 'none'
    end as label_noise,
    injector_version, coalesce(has_geo_anomaly, false) as geo_anomaly,
    coalesce(has_device_anomaly, false) as device_anomaly, coalesce(has_ip_anomaly, false) as ip_anomaly, flags,
    burst_position is not null as burst_session, burst_position as burst_seq, uuid_of(campaign_id) as campaign_id,
    if(campaign_id is not null, typology, null) as campaign_type, campaign_phase, campaign_day as campaign_day_number
from month.transactions
left join month.fraud on fraud.event_id = transactions.event_id
left join month.labels on labels.event_id = transactions.event_id
order by event_at, transactions.event_id
"""


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write the six files; returns rows by path."""
    day = f"date '{source.last_day.isoformat()}'"
    ordinary = str(tuple(ORDINARY_CARD_ENDS))
    country = f"'{source.settings.config.world.country_code}'"
    queries = (
        (CUSTOMERS, _CUSTOMER_ROWS),
        (ACCOUNTS, _ACCOUNT_ROWS),
        (CARDS, _CARD_ROWS),
        (MERCHANTS, _MERCHANT_ROWS.replace("$country", country)),
    )
    rows = {
        sheet.path: write_sheet(
            source.connection, sheet, folder, query.replace("$day", day).replace("$ordinary", ordinary)
        )
        for sheet, query in queries
    }
    return rows | write_months(source, folder, {TRANSACTIONS: _TRANSACTION_ROWS, METADATA: _METADATA_ROWS})
