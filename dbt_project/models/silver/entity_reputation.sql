{%- set entities = reputation_entities() -%}
{#- Two counts in one running sum, which costs half of two: payments in the lower 36 bits, reports above them. -#}
{%- set one_report = "68719476736" -%}
with payments as (
    select * from {{ ref('stg_transactions') }}
),

payments_with_regions as (
    select * from {{ ref('int_payments_with_regions') }}
),

reported_payments as (
    select * from {{ ref('reported_payments') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

{% for entity in entities %}
    {{ entity.kind }}_changes as (
        {{ changes_of_entity(entity, one_report) }}
    ),

    {{ entity.kind }}_days as (
        -- what is known on the morning of a day sorts before the payments of the day
        select
            entity_id,
            '{{ entity.kind }}' as entity_kind,
            merchant_category,
            count_payments,
            coalesce(
                sum(counts) over (
                    partition by entity_id{{ ", merchant_category" if entity.has_category }}
                    order by event_date, is_used
                    rows between unbounded preceding and 1 preceding
                ), 0
            )::bigint as counts_before,
            event_date
        from {{ entity.kind }}_changes
        qualify is_used
    ),
{% endfor %}

counted as (
    {% for entity in entities %}
        select * from {{ entity.kind }}_days
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

days as (
    select
        * exclude (counts_before),
        counts_before % {{ one_report }} as count_payments_before,
        counts_before // {{ one_report }} as count_reports_before
    from counted
),

world_shares as (
    select
        world_days.event_date,
        settings.reputation_strength,
        (
            world_days.counts_before // {{ one_report }}
            + settings.reputation_strength * settings.reputation_prior_share
        ) / (world_days.counts_before % {{ one_report }} + settings.reputation_strength) as world_share
    from world_days
    cross join settings
),

entity_reputation as (
    select
        days.entity_id,
        days.entity_kind,
        days.merchant_category,
        days.count_payments,
        days.count_payments_before,
        days.count_reports_before,
        (days.count_reports_before + world_shares.reputation_strength * world_shares.world_share)
        / (days.count_payments_before + world_shares.reputation_strength) as report_share,
        world_shares.world_share,
        days.event_date
    from days
    inner join world_shares on days.event_date = world_shares.event_date
)

select
    entity_id,
    entity_kind,
    merchant_category,
    count_payments,
    count_payments_before,
    count_reports_before,
    round(100 * report_share / (report_share + world_share))::integer as risk_score,
    report_share,
    event_date
from entity_reputation
