{#- 30 days of 24 hours, and a day for clocks that are put back. -#}
{%- set trail_start = build_window().start_date ~ " - interval 31 days" -%}
with payments as (
    select * from {{ ref('payments') }}
    where event_date < {{ build_window().end_date }}
),

account_events as (
    select * from {{ ref('stg_account_events') }}
),

changes as (
    {{ account_changes("payments", "account_events") }}
),

carried as (
    select
        account_id,
        sum(change_minor)::bigint as balance_minor
    from changes
    where event_date < {{ trail_start }}
    group by account_id
),

recent_changes as (
    select * from changes
    where event_date >= {{ trail_start }}
),

movements as (
    {{ account_balances("recent_changes", "carried") }}
),

trail as (
    select
        payments.event_id,
        payments.customer_id,
        payments.amount_minor,
        payments.merchant_risk_score,
        movements.before_minor,
        {{ is_off_hours("payments.event_at_local") }} as is_off_hours,
        payments.event_date,
        payments.event_at
    from payments
    inner join movements on payments.event_id = movements.event_id
    where payments.event_date >= {{ trail_start }}
),

all_windows as (
    {{ snapshot_windows("trail") }}
),

windows as (
    select * from all_windows
    where {{ in_build_window('event_date') }}
),

links as (
    select
        customer_id,
        event_at
    from account_events
    where event_kind = 'bank_link' and event_date >= {{ trail_start }}
),

links_behind as (
    {{ bank_links_behind("windows", "links") }}
),

feature_snapshots as (
    select
        windows.event_id,
        windows.customer_id,
        windows.count_payments_24h::integer as velocity_24h,
        {{ amount_to_average_30d() }} as amount_to_avg_ratio_30d,
        {{ balance_z_score_30d() }} as balance_volatility_z_score,
        {{ experimental_signals("max_amount_minor_30d", "merchant_risk_score") }} as experimental_signals,
        windows.event_date,
        windows.event_at as computed_at
    from windows
    left join links_behind on windows.event_id = links_behind.event_id
)

select * from feature_snapshots
order by computed_at, event_id
