"""Queries that fill the tables of user sequences from the views of a source."""

import functools
from typing import Final

from riskfabric_assets.warehouse.macros import macro

PREPARE: Final = """
create temp table trail (
    event_id bigint, customer_id bigint, event_at timestamp, amount_minor bigint, before_minor bigint,
    is_off_hours boolean
);
create temp table links as
select customer_id, event_at from history.account_events where event_kind = 'bank_link';
create temp table contacts as
select customer_id, event_at, event_at_local, event_kind from history.account_events
where event_kind in ('email_change', 'phone_change');
create temp table confirmed as
select labels.event_id, transactions.customer_id, event_at, label_known_at
from history.labels
join history.transactions on transactions.event_id = labels.event_id
where label_known_at <= $closed;
create temp table first_confirmed as
select customer_id, min(event_at) as fraud_at, min(label_known_at) as confirmed_at
from confirmed
group by customer_id;
create temp table chosen as
select
    transactions.customer_id,
    coalesce(
        arg_min(transactions.event_id, epoch_us(transactions.event_at) * 10::hugeint ** 19 + transactions.event_id)
            filter (where confirmed.event_id is not null),
        arg_max(transactions.event_id, epoch_us(transactions.event_at) * 10::hugeint ** 19 + transactions.event_id)
    ) as event_id
from months.transactions
left join confirmed using (event_id)
group by transactions.customer_id;
create temp table counted as
select customer_id, count(*) as n from history.transactions where event_date < $start group by customer_id;
create temp table numbered (event_id bigint, customer_id bigint, number bigint);
"""
"""Once, before the first month. $start: first exported day; $closed: moment at which the last one closes."""
_macro = functools.partial(macro, "feature_snapshots")
ADVANCE: Final = f"""
delete from trail where event_at < (select min(event_at) from month.transactions) - interval 30 days;
insert into trail
select
    event_id, customer_id, transactions.event_at, amount_minor, before_minor, {_macro("is_off_hours", "event_at_local")}
from month.transactions
join movements using (event_id);
insert into counted select customer_id, count(*) from numbered group by customer_id;
delete from numbered;
insert into numbered
select event_id, customer_id, row_number() over (partition by customer_id order by event_at, event_id)
from month.transactions;
"""
"""Once per month, before its records."""
WINDOWS: Final = f"""
create or replace temp table windows as
select
    *, avg(amount_minor) over (
        partition by customer_id order by event_at
        range between interval 30 days preceding and interval 1 microsecond preceding
    ) as mean_amount_minor
from ({_macro("snapshot_windows", "trail")});
create or replace temp table linked as {_macro("bank_links_behind", "windows", "links")};
"""
"""Once per month, behind ADVANCE: what lies behind each payment, as gold/feature_snapshots has it. Its windows include
the payment itself and those of the same moment, as in the source; the mean amount of records leaves them out."""
RISK: Final = """
case risk_level when 'LOW' then 12 when 'MEDIUM' then 37 when 'HIGH' then 62 when 'VERY_HIGH' then 87 end
"""
RECORDS: Final = f"""
with
changed as (
    select
        windows.event_id, max(contacts.event_at_local) filter (where event_kind = 'email_change') as email_at,
        max(contacts.event_at_local) filter (where event_kind = 'phone_change') as phone_at
    from windows
    join contacts on contacts.customer_id = windows.customer_id and contacts.event_at <= windows.event_at
    group by windows.event_id
)
select
    hex_of(event_id) as record_id, hex_of(transactions.customer_id) as user_id, full_name, email_address as email,
    phone_number as phone, event_at_local as transaction_timestamp,
    is_off_hours as is_off_hours_txn,
    major(before_minor) as available_balance,
    before_minor / transactions.amount_minor as balance_to_transaction_ratio,
    cast(sum_before_minor_30d / count_payments_30d / 100 as decimal(18, 2)) as avg_available_balance_30d,
    {_macro("balance_z_score_30d")} as balance_volatility_z_score,
    cast(coalesce(count_links_24h, 0) as int) as bank_connections_count_24h,
    cast(coalesce(count_links_7d, 0) as int) as bank_connections_count_7d,
    coalesce(count_links_30d / 30, 0) as bank_connections_avg_30d,
    major(transactions.amount_minor) as amount, transactions.amount_minor / mean_amount_minor as amount_to_avg_ratio,
    {RISK} as merchant_risk_score,
    event_id in (select related_event_id from month.account_events where event_kind = 'returned_debit') as is_returned,
    email_at as email_changed_at, phone_at as phone_changed_at, confirmed.event_id is not null as is_fraudulent,
    case when confirmed.event_id is null then null when typology = 'ato_identity_change' then 'ato' else typology end
        as fraud_type
from month.transactions
join windows using (event_id)
join people.customers on customers.customer_id = transactions.customer_id
left join merchants on merchants.merchant_id = transactions.merchant_id
left join linked using (event_id)
left join changed using (event_id)
left join confirmed using (event_id)
left join month.fraud using (event_id)
where $kept
order by transactions.event_at, event_id
"""
SNAPSHOTS: Final = f"""
select
    hex_of(event_id) as record_id, hex_of(transactions.customer_id) as user_id, event_at_local as computed_at,
    cast(count_payments_24h as int) as velocity_24h, {_macro("amount_to_average_30d")} as amount_to_avg_ratio_30d,
    {_macro("balance_z_score_30d")} as balance_volatility_z_score,
    {_macro("experimental_signals", "major(max_amount_minor_30d)", RISK)} as experimental_signals
from (select event_id, customer_id, event_at_local, merchant_id from month.transactions) as transactions
join windows using (event_id)
left join merchants on merchants.merchant_id = transactions.merchant_id
left join linked using (event_id)
where $kept
order by windows.event_at, event_id
"""
METADATA: Final = """
select
    hex_of(transactions.event_id) as record_id, hex_of(transactions.customer_id) as user_id,
    cast(if($is_legacy, 1, number + coalesce(earlier.n, 0)) as int) as sequence_number,
    confirmed.label_known_at as fraud_confirmed_at,
    coalesce(transactions.event_at < fraud_at, false) as is_pre_fraud,
    (epoch_us(fraud_at) - epoch_us(transactions.event_at)) / 86400000000 as days_to_fraud,
    coalesce(transactions.event_at <= confirmed_at, true) as is_train_eligible
from month.transactions
join numbered using (event_id)
left join (select customer_id, sum(n) as n from counted group by customer_id) as earlier
    on earlier.customer_id = transactions.customer_id
left join confirmed using (event_id)
left join first_confirmed on first_confirmed.customer_id = transactions.customer_id
where $kept
order by transactions.event_at, transactions.event_id
"""
_EDGE: Final = """min(event_at) as first_seen_at, max(event_at) as last_seen_at, count(*) as count_payments,
    major(sum(amount_minor)) as amount
from months.transactions
where status = 'approved'"""
GRAPH: Final[dict[str, str]] = {
    "graph_users": """
select hex_of(customer_id) as user_id,
    to_json({'name': full_name, 'email': email_address, 'phone': phone_number}) as properties
from people.customers order by customer_id
""",
    "graph_accounts": """
with
movements as (
    select account_id, amount_minor from history.account_events where event_kind <> 'returned_debit'
    union all
    select account_id, -amount_minor from history.transactions where status = 'approved'
),
balances as (select account_id, major(sum(amount_minor)) as balance from movements group by account_id)
select
    hex_of(account_id) as account_id,
    to_json({'account_number': account_number, 'account_type': account_type, 'balance': balance}) as properties
from (
    select accounts.account_id, account_number, account_type, coalesce(balance, 0) as balance
    from people.accounts
    left join balances using (account_id)
    union all
    select distinct payee_id, null, null, null from months.transactions
    where payee_id is not null and payee_id not in (select account_id from people.accounts)
)
order by 1
""",
    "graph_devices": """
with
devices as (
    select
        device_id, min(user_agent) as user_agent,
        case
            when min(user_agent) like '%Android%' then 'Android' when min(user_agent) like '%iPhone%' then 'iOS'
            when min(user_agent) like '%Windows%' then 'Windows' when min(user_agent) like '%Mac OS X%' then 'macOS'
            when min(user_agent) like '%Linux%' then 'Linux'
        end as os
    from months.transactions where device_id is not null group by device_id
)
select
    hex_of(device_id) as device_id,
    to_json({
        'fingerprint': md5(hex_of(device_id)),
        'device_type': if(os in ('Android', 'iOS'), 'mobile', if(os is null, null, 'desktop')),
        'os': os,
        'user_agent': user_agent
    }) as properties
from devices order by 1
""",
    "graph_ip_addresses": """
select
    address_of(ip_address) as address,
    to_json({
        'network': min(network_name),
        'is_vpn': bool_or(network_name = 'VPN'),
        'country': if(bool_or(network_name = 'Foreign'), null, '$country')
    }) as properties
from months.transactions where ip_address is not null group by ip_address order by 1
""",
    "graph_uses_device": f"""
select hex_of(customer_id) as user_id, hex_of(device_id) as device_id, {_EDGE} and device_id is not null
group by customer_id, device_id order by 1, 2
""",
    "graph_uses_ip": f"""
select hex_of(customer_id) as user_id, address_of(ip_address) as address, {_EDGE} and ip_address is not null
group by customer_id, ip_address order by 1, 2
""",
    "graph_has_account": """
select hex_of(customer_id) as user_id, hex_of(account_id) as account_id from people.accounts order by 1, 2
""",
    "graph_transfers_to": f"""
select hex_of(account_id) as account_id, hex_of(payee_id) as payee_account_id, {_EDGE} and payee_id is not null
group by account_id, payee_id order by 1, 2
""",
}
"""Nodes and edges of the exported months."""
