{#
    Whose reputation is kept: kind, key, whether the category of the merchant is part of the key, and which day counts.
    The columns stand in payments and in reported payments alike. A disputant is a customer, by what they reported
    themselves, taken back or not; `world` is everybody at once, the mean that the others shrink to.
#}
{% macro reputation_entities() -%}
    {{ return([
        {"kind": "merchant", "id": "merchant_id"},
        {"kind": "device", "id": "device_id"},
        {"kind": "ip", "id": "ip_address"},
        {"kind": "payee", "id": "payee_id"},
        {"kind": "cell", "id": "h3_cell_r7", "has_category": true},
        {"kind": "region", "id": "merchant_region_id", "has_category": true},
        {"kind": "customer", "id": "customer_id"},
        {"kind": "disputant", "id": "customer_id", "usable_date": "dispute_usable_date"},
        {"kind": "world", "id": "0"},
    ]) }}
{%- endmacro %}

{# The category of the merchant where it is part of an entity's key, else a word that is no category. #}
{% macro category_of_entity(entity) -%}
    {{ "merchant_category::varchar" if entity.has_category else "'ANY'" }}
{%- endmacro %}

{#
    What changes the counts of one kind of entity, and when: payments of the window, labels by the day from which they
    may be used, and the payments of earlier windows. Reads the imports of entity_reputation.
#}
{% macro changes_of_entity(entity, one_report) -%}
    {%- set window = build_window() -%}
    {%- set usable_date = entity.usable_date or "label_usable_date" -%}
    select
        {{ entity.id }}::bigint as entity_id,
        {{ category_of_entity(entity) }} as merchant_category,
        event_date,
        count(*) as count_payments,
        count(*) as counts,
        true as is_used
    from {{ "payments_with_regions" if entity.id == "merchant_region_id" else "payments" }}
    where {{ entity.id }} is not null
    group by all
    union all
    select
        {{ entity.id }}::bigint as entity_id,
        {{ category_of_entity(entity) }} as merchant_category,
        {{ usable_date }} as event_date,
        0 as count_payments,
        count(*) * {{ one_report }} as counts,
        false as is_used
    from reported_payments
    where {{ entity.id }} is not null and {{ usable_date }} < {{ window.end_date }}
    group by all
    {% if is_incremental() %}
    union all
    select
        entity_id,
        merchant_category,
        date '0001-01-01' as event_date,
        0 as count_payments,
        sum(count_payments)::bigint as counts,
        false as is_used
    from {{ this }}
    where entity_kind = '{{ entity.kind }}' and event_date < {{ window.start_date }}
    group by all
    {% endif %}
{%- endmacro %}
