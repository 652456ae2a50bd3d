with merchants as (
    select * from {{ ref('merchants') }}
),

financial as (
    select * from {{ ref('financial') }}
),

remote_merchants as (
    select * from {{ ref('stg_remote_merchants') }}
),

merchants_of_payments as (
    select
        merchant_id,
        district_id,
        region_id
    from merchants
    union all
    select
        financial_id as merchant_id,
        district_id,
        region_id
    from financial
    union all
    select
        merchant_id,
        null::bigint as district_id,
        null::bigint as region_id
    from remote_merchants
)

select * from merchants_of_payments
