{{ config(materialized='view') }}

with cards as (
    select * from {{ ref('stg_cards') }}
),

last_day as (
    -- what happens on later days is drawn already
    select max(event_date) as last_date
    from {{ without_catalog(ref('daily_summary')) }}
),

dim_card as (
    select
        cards.card_id,
        cards.replaces_card_id,
        cards.account_id,
        cards.customer_id,
        cards.card_network,
        cards.card_type,
        cards.card_status,
        cards.issuing_bank,
        cards.contactless_limit_minor,
        cards.daily_atm_limit_minor,
        cards.daily_online_limit_minor,
        cards.is_international_enabled,
        cards.issued_date,
        cards.activated_date,
        cards.expiry_date,
        case when cards.closed_date <= last_day.last_date then cards.closed_date end as closed_date
    from cards
    cross join last_day
    where cards.issued_date <= last_day.last_date
)

select * from dim_card
