{#
    What lies behind a payment: the windows of gold/feature_snapshots, which the export of user sequences uses as well
    (riskfabric_assets/warehouse/macros.py renders this file without dbt, so nothing of dbt stands in it).

    Windows are closed on both sides, [t - length, t]: they hold the payment itself and others of the same moment. Sums
    are whole numbers, which no order of adding changes; ratios come last.
#}

{# Whether a moment on the world's clock lies between 22:00 and 06:00. #}
{% macro is_off_hours(event_at_local) -%}
    (hour({{ event_at_local }}) >= 22 or hour({{ event_at_local }}) < 6)
{%- endmacro %}

{# One row per payment and account event: by how much it changes its account. Declined and returned ones change nothing. #}
{% macro account_changes(payments, account_events) -%}
    select
        event_id,
        account_id,
        case when event_kind = 'returned_debit' then 0 else amount_minor end as change_minor,
        event_date,
        event_at
    from {{ account_events }}
    union all
    select
        event_id,
        account_id,
        case when status = 'approved' then -amount_minor else 0 end as change_minor,
        event_date,
        event_at
    from {{ payments }}
{%- endmacro %}

{# One row per change: the balance before and after it. `carried` has the balance of an account before the first change. #}
{% macro account_balances(changes, carried) -%}
    select
        changed.event_id,
        changed.account_id,
        changed.change_minor,
        (coalesce(carried.balance_minor, 0) + changed.moved_minor - changed.change_minor)::bigint as before_minor,
        (coalesce(carried.balance_minor, 0) + changed.moved_minor)::bigint as after_minor,
        changed.event_at
    from (
        select
            *,
            sum(change_minor) over (
                partition by account_id order by event_at, event_id rows unbounded preceding
            ) as moved_minor
        from {{ changes }}
    ) as changed
    left join {{ carried }} as carried on changed.account_id = carried.account_id
{%- endmacro %}

{#
    One row per payment of `trail` (event_id, customer_id, amount_minor, before_minor, is_off_hours, event_at and
    whatever else): counts and sums behind it, the payment included.
#}
{% macro snapshot_windows(trail) -%}
    select
        *,
        count(*) over day_back as count_payments_24h,
        count(*) over week_back as count_payments_7d,
        count(*) filter (where is_off_hours) over week_back as count_off_hours_7d,
        count(*) over month_back as count_payments_30d,
        max(amount_minor) over month_back as max_amount_minor_30d,
        sum(amount_minor) over month_back as sum_amount_minor_30d,
        sum(before_minor) over month_back as sum_before_minor_30d,
        sum(before_minor::hugeint * before_minor) over month_back as sum_square_before_30d
    from {{ trail }}
    window
        day_back as (partition by customer_id order by event_at range interval 24 hours preceding),
        week_back as (partition by customer_id order by event_at range interval 7 days preceding),
        month_back as (partition by customer_id order by event_at range interval 30 days preceding)
{%- endmacro %}

{# The payment's amount against the mean of 30 days. #}
{% macro amount_to_average_30d() -%}
    amount_minor * count_payments_30d / sum_amount_minor_30d::double
{%- endmacro %}

{# The balance before the payment against those before the payments of 30 days: mean and sample deviation. #}
{% macro balance_z_score_30d() -%}
    (before_minor - sum_before_minor_30d / count_payments_30d::double) / nullif(sqrt(
        (count_payments_30d * sum_square_before_30d - sum_before_minor_30d::hugeint * sum_before_minor_30d)::double
        / nullif(count_payments_30d * (count_payments_30d - 1), 0)
    ), 0)
{%- endmacro %}

{# One row per payment of `trail` with a link to another bank in the 30 days before it, or at its moment. #}
{% macro bank_links_behind(trail, links) -%}
    select
        trail.event_id,
        count(*) filter (where links.event_at > trail.event_at - interval 24 hours) as count_links_24h,
        count(*) filter (where links.event_at > trail.event_at - interval 7 days) as count_links_7d,
        count(*) as count_links_30d
    from {{ trail }} as trail
    inner join {{ links }} as links
        on
            trail.customer_id = links.customer_id
            and trail.event_at >= links.event_at
            and trail.event_at < links.event_at + interval 30 days
    group by trail.event_id
{%- endmacro %}

{# What is on trial, as JSON under the names of the source. #}
{% macro experimental_signals(max_amount, merchant_risk_score) -%}
    to_json({
        'velocity_7d': count_payments_7d,
        'max_amount_30d': {{ max_amount }},
        'off_hours_count_7d': count_off_hours_7d,
        'bank_connections_24h': coalesce(count_links_24h, 0),
        'merchant_risk_score': {{ merchant_risk_score }}
    })
{%- endmacro %}
