{%- set keys = {"device": "device_id", "ip": "ip_address", "payee": "payee_id"} -%}
with payments as (
    select * from {{ ref('int_payments_with_reputation') }}
),

entity_sharing as (
    select * from {{ ref('entity_sharing') }}
    where {{ in_build_window('event_date') }}
),

payments_with_sharing as (
    select
        payments.*,
        coalesce(devices.count_others_7d, 0) as count_device_others_7d,
        coalesce(ips.count_others_1d, 0) as count_ip_others_1d,
        coalesce(ips.count_others_7d, 0) as count_ip_others_7d,
        coalesce(payees.count_others_7d, 0) as count_payee_others_7d,
        coalesce(payees.count_payments_of_others_7d, 0) as count_payee_payments_of_others_7d
    from payments
    {% for kind, key in keys.items() %}
        left join entity_sharing as {{ kind }}s
            on
                payments.{{ key }}::bigint = {{ kind }}s.entity_id
                and payments.customer_id = {{ kind }}s.customer_id
                and payments.event_date = {{ kind }}s.event_date
                and {{ kind }}s.entity_kind = '{{ kind }}'
    {% endfor %}
)

-- whatever columns a payment has
select * from payments_with_sharing  -- noqa: AM04
