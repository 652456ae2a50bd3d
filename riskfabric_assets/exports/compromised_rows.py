"""Queries of the compromised-clients format: numbers, side tables and the 19 columns."""

from typing import Final

_PLATFORM: Final = """
case
    when $agent like '%iPhone%' or $agent like '%iPad%' then 'iOS'
    when $agent like '%Android%' then 'Android'
    when $agent like '%Macintosh%' then 'macOS'
    when $agent like '%Windows%' then 'Windows'
    else 'Linux'
end
"""
NUMBERS: Final = """
create temp table merchant_numbers as
select merchant_id, row_number() over (order by merchant_id) as number from shops;
create temp table device_numbers as
select device_id, row_number() over (order by device_id) as number
from (
    select device_id from people.devices
    union
    select device_id from history.transactions where device_id is not null
);
create temp table account_numbers as
select account_id, 9999 + row_number() over (order by account_id) as number
from (
    select account_id from people.accounts
    union
    select payee_id from history.transactions where payee_id is not null
);
create temp table roles as
select customer_id, min(typology) as role
from months.fraud
where typology in ('drop_distributor', 'drop_purchaser')
group by customer_id;
create temp table exported_days as
select min(event_date) as first_date, max(event_date) as last_date from months.transactions;
"""
ROWS: Final = """
select
    customer_ordinal + 1 as client_id, date_trunc('second', event_at_local) as txn_time,
    epoch(date_trunc('second', event_at_local)) as unix_time, major(amount_minor) as amount, type, every.channel,
    case
        when type <> 'purchase' then 'not applicable'
        when every.is_remote then if(right(category, 4) = '_net', category, 'misc_net')
        else coalesce(category, 'misc_pos')
    end as category,
    every.online, if(type = 'purchase', merchant_numbers.number, null) as merchant_id,
    if(type = 'inbound', 'not applicable', coalesce(city, 'not applicable')) as trans_city,
    latitude as trans_lat, longitude as trans_lon,
    if(every.online, coalesce(address_of(ip_address), 'not applicable'), 'not applicable') as trans_ip,
    if(every.online, device_numbers.number, null) as device_id, account_numbers.number as account,
    fraud.event_id is not null as is_fraud, is_suspicious, status, coalesce(rules.rule, 'not applicable') as rule,
    every.event_at, every.event_id, role
from (
    select
        event_id, event_at, event_at_local, customer_id, amount_minor, status, device_id, ip_address, latitude,
        longitude, h3_cell_r7, merchant_category_code, merchant_id,
        payment_kind in ('purchase', 'bill') and not is_present as is_remote,
        case payment_kind when 'transfer' then 'outbound' when 'cash_withdrawal' then 'withdrawal' else 'purchase'
        end as type,
        case
            when payment_kind = 'transfer' then 'transfer'
            when payment_kind = 'cash_withdrawal' then 'ATM'
            when is_present then 'POS'
            else 'ecom'
        end as channel,
        payment_kind = 'transfer' or (payment_kind in ('purchase', 'bill') and not is_present) as online,
        case payment_kind when 'transfer' then payee_id when 'cash_withdrawal' then account_id end as own_or_other,
        coalesce(decline_reason = 'issuer_risk_rule', false) as is_suspicious
    from month.transactions
    union all by name
    select
        event_id, event_at, event_at_local, customer_id, amount_minor, 'approved' as status, false as is_remote,
        'inbound' as type, 'transfer' as channel, true as online, account_id as own_or_other, false as is_suspicious
    from month.account_events
    where event_kind = 'transfer_credit'
) as every
join people.traits on traits.customer_id = every.customer_id
left join cell_cities on cell_cities.cell = every.h3_cell_r7
left join sparkov_categories
    on code = every.merchant_category_code and sparkov_categories.is_remote = every.is_remote
left join merchant_numbers on merchant_numbers.merchant_id = every.merchant_id
left join device_numbers on device_numbers.device_id = every.device_id
left join account_numbers on account_numbers.account_id = every.own_or_other
left join month.fraud on fraud.event_id = every.event_id
left join rules on rules.typology = fraud.typology
left join roles on roles.customer_id = every.customer_id
"""
SIDE_ROWS: Final[dict[str, str]] = {
    "clients.parquet": """
with
addresses as (
    select customer_id, mode(ip_address order by ip_address) as ip_address
    from months.transactions
    where ip_address is not null
    group by customer_id
)
select
    customer_ordinal + 1 as client_id, make_date(birth_year, 1, 1) as birth_date, gender as sex, region_name as region,
    city_name as city, home_latitude as lat, home_longitude as lon, city_id, address_of(ip_address) as home_ip, role
from people.customers
join people.traits using (customer_id)
left join cities on cities.city = city_name and cities.region = region_name
left join addresses using (customer_id)
left join roles using (customer_id)
order by customer_ordinal
""",
    "cities.parquet": """
select city_id, region, city, timezone, lat, lon, population, null as geometry from cities, clock order by city_id
""",
    "offline_merchants.parquet": """
select
    number as merchant_id, shops.city_name as city, city_id, coalesce(category, 'misc_pos') as category,
    shops.latitude as merchant_lat, shops.longitude as merchant_lon
from shops
join merchant_numbers using (merchant_id)
left join cities on cities.city = shops.city_name and cities.region = shops.region_name
left join sparkov_categories on code = shops.merchant_category_code and not sparkov_categories.is_remote
where not is_online and shops.merchant_category <> 'CASH'
order by number
""",
    "online_merchants.parquet": """
select number as merchant_id from shops join merchant_numbers using (merchant_id) where is_online order by number
""",
    "client_devices.parquet": f"""
select customer_ordinal + 1 as client_id, {_PLATFORM.replace("$agent", "user_agent")} as platform, number as device_id
from people.devices
join people.traits using (customer_id)
join device_numbers using (device_id)
join exported_days on first_seen_date <= last_date and coalesce(last_seen_date >= first_date, true)
order by number, client_id
""",
    "fraud_devices.parquet": f"""
select number as device_id, {_PLATFORM.replace("$agent", "min(user_agent)")} as platform
from months.transactions
join months.fraud using (event_id)
join device_numbers using (device_id)
where has_device_anomaly
group by number
order by number
""",
    "fraud_ips.parquet": """
select
    coalesce(arg_min(city, event_at), 'not applicable') as city, arg_min(latitude, event_at) as lat,
    arg_min(longitude, event_at) as lon, address_of(ip_address) as fraud_ip
from months.transactions
join months.fraud using (event_id)
left join cell_cities on cell = h3_cell_r7
where has_ip_anomaly and ip_address is not null
group by ip_address
order by ip_address
""",
    "outer_accounts.parquet": """
select number as account_id
from account_numbers
where account_id not in (select account_id from people.accounts)
order by number
""",
    "rules.csv": """
select rule, weight, weight / sum(weight) over () as probability, online from rules where weight > 0 order by rule
""",
    "accounts.csv": """
select customer_ordinal + 1 as client_id, number as account_id, role is not null as is_drop
from people.accounts
join people.traits using (customer_id)
join account_numbers using (account_id)
left join roles using (customer_id)
order by number
""",
}
"""Query of every side table by its file."""
