{%- set keys = {"device": "device_id", "ip": "ip_address", "payee": "payee_id"} -%}
with payments as (
    select * from {{ ref('stg_transactions_with_week_before') }}
),

uses as (
    {% for kind, key in keys.items() %}
        select
            {{ key }}::bigint as entity_id,
            '{{ kind }}' as entity_kind,
            customer_id,
            event_date,
            count(*) as count_payments
        from payments
        where {{ key }} is not null
        group by all
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

shared_entities as (
    -- nobody can meet anybody else at the rest
    select
        entity_id,
        entity_kind
    from uses
    group by entity_id, entity_kind
    having min(customer_id) <> max(customer_id)
),

shared_uses as (
    select
        uses.*,
        (uses.event_date - date '1970-01-01') // 7 as week_number
    from uses
    inner join shared_entities
        on uses.entity_id = shared_entities.entity_id and uses.entity_kind = shared_entities.entity_kind
),

other_uses as (
    -- seven days back is this week or the one before: an equality, where a range would meet the whole year
    select
        * exclude (week_number),
        unnest([week_number, week_number + 1]) as week_number
    from shared_uses
),

entity_sharing as (
    select
        shared_uses.entity_id,
        shared_uses.customer_id,
        shared_uses.entity_kind,
        count(distinct other_uses.customer_id)::integer as count_others_7d,
        count(distinct case when other_uses.event_date = shared_uses.event_date - 1 then other_uses.customer_id end)::integer
            as count_others_1d,
        sum(other_uses.count_payments)::integer as count_payments_of_others_7d,
        shared_uses.event_date
    from shared_uses
    inner join other_uses
        on
            shared_uses.entity_id = other_uses.entity_id
            and shared_uses.entity_kind = other_uses.entity_kind
            and shared_uses.week_number = other_uses.week_number
            and shared_uses.customer_id <> other_uses.customer_id
            and shared_uses.event_date - 7 <= other_uses.event_date
            and shared_uses.event_date > other_uses.event_date
    where {{ in_build_window('shared_uses.event_date') }}
    group by shared_uses.entity_id, shared_uses.customer_id, shared_uses.entity_kind, shared_uses.event_date
)

select * from entity_sharing
