{%- set reputation_keys = {
    "merchant": "merchant_id", "device": "device_id", "ip": "ip_address", "payee": "payee_id", "cell": "h3_cell_r7",
    "region": "merchant_region_id", "customer": "customer_id", "disputant": "customer_id",
} -%}
{%- set sharing_keys = {"device": "device_id", "ip": "ip_address", "payee": "payee_id"} -%}
with payments as (
    select * from {{ ref('int_payments_with_regions') }}
),

entity_reputation as (
    select * from {{ ref('entity_reputation') }}
    where {{ in_build_window('event_date') }}
),

entity_sharing as (
    select * from {{ ref('entity_sharing') }}
    where {{ in_build_window('event_date') }}
),

payments_with_entities as (
    select
        payments.*,
        merchants.report_share as merchant_report_share,
        devices.report_share as device_report_share,
        ips.report_share as ip_report_share,
        payees.report_share as payee_report_share,
        cells.report_share as cell_category_report_share,
        regions.report_share as region_category_report_share,
        customers.report_share as customer_report_share,
        merchants.risk_score as merchant_risk_score,
        payees.count_payments_before::integer as count_payee_payments,
        customers.count_reports_before::integer as count_customer_reports,
        disputants.count_reports_before::integer as count_customer_disputes,
        coalesce(shared_devices.count_others_7d, 0) as count_device_others_7d,
        coalesce(shared_ips.count_others_1d, 0) as count_ip_others_1d,
        coalesce(shared_ips.count_others_7d, 0) as count_ip_others_7d,
        coalesce(shared_payees.count_others_7d, 0) as count_payee_others_7d,
        coalesce(shared_payees.count_payments_of_others_7d, 0) as count_payee_payments_of_others_7d
    from payments
    {% for kind, key in reputation_keys.items() %}
        left join entity_reputation as {{ kind }}s
            on
                payments.{{ key }}::bigint = {{ kind }}s.entity_id
                and payments.event_date = {{ kind }}s.event_date
                and {{ kind }}s.entity_kind = '{{ kind }}'
                {% if kind in ("cell", "region") %}
                    and payments.merchant_category::varchar = {{ kind }}s.merchant_category
                {% endif %}
    {% endfor %}
    {% for kind, key in sharing_keys.items() %}
        left join entity_sharing as shared_{{ kind }}s
            on
                payments.{{ key }}::bigint = shared_{{ kind }}s.entity_id
                and payments.customer_id = shared_{{ kind }}s.customer_id
                and payments.event_date = shared_{{ kind }}s.event_date
                and shared_{{ kind }}s.entity_kind = '{{ kind }}'
    {% endfor %}
)

-- whatever columns a payment has
select * from payments_with_entities  -- noqa: AM04
