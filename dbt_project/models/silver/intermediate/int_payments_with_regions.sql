with transactions as (
    select * from {{ ref('stg_transactions') }}
),

merchants as (
    select * from {{ ref('int_merchants_of_payments') }}
),

payments_with_regions as (
    select
        transactions.*,
        merchants.district_id as merchant_district_id,
        merchants.region_id as merchant_region_id
    from transactions
    left join merchants on transactions.merchant_id = merchants.merchant_id
)

-- whatever columns a payment has
select * from payments_with_regions  -- noqa: AM04
