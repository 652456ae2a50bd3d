{{ config(materialized='view') }}

with merchants as (
    select * from {{ without_catalog(ref('merchants')) }}
),

financial as (
    select * from {{ without_catalog(ref('financial')) }}
),

remote_merchants as (
    select * from {{ ref('stg_remote_merchants') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

on_the_map as (
    select
        merchant_id,
        district_id,
        region_id,
        merchant_name,
        merchant_category,
        'shop' as merchant_kind,
        city_name,
        region_name,
        risk_level,
        merchant_category_code,
        latitude,
        longitude,
        h3_cell_r7
    from merchants
    union all
    select
        financial_id as merchant_id,
        district_id,
        region_id,
        operator as merchant_name,
        'CASH' as merchant_category,
        financial_kind as merchant_kind,
        city_name,
        region_name,
        null as risk_level,
        case when financial_kind = 'atm' then 6011 else 6010 end::smallint as merchant_category_code,
        latitude,
        longitude,
        h3_cell_r7
    from financial
),

dim_merchant as (
    select
        on_the_map.merchant_id,
        on_the_map.district_id,
        on_the_map.region_id,
        on_the_map.merchant_name,
        on_the_map.merchant_category,
        on_the_map.merchant_kind,
        settings.country_code,
        on_the_map.city_name,
        on_the_map.region_name,
        on_the_map.risk_level,
        on_the_map.merchant_category_code,
        on_the_map.latitude,
        on_the_map.longitude,
        on_the_map.h3_cell_r7
    from on_the_map
    cross join settings
    union all
    select
        merchant_id,
        null as district_id,
        null as region_id,
        merchant_name,
        merchant_category,
        case when is_online then 'online' else 'shop abroad' end as merchant_kind,
        country_code,
        city_name,
        null as region_name,
        null as risk_level,
        merchant_category_code,
        latitude,
        longitude,
        h3_cell_r7
    from remote_merchants
)

select * from dim_merchant
