{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('stg_customers') }}
),

dim_customer as (
    select
        customer_id,
        household_id,
        district_id,
        region_id,
        gender,
        city_name,
        region_name,
        location_type,
        occupation,
        currency_code,
        birth_year,
        credit_score,
        monthly_income_minor,
        home_h3_cell_r5,
        registered_date
    from customers
)

select * from dim_customer
