{{ config(materialized='ephemeral') }}

select
    world,
    country_code,
    timezone,
    merchant_names,
    region_admin_level,
    district_admin_level,
    settlement_radius_km,
    metro_population,
    urban_population,
    semi_urban_population,
    natural_weight_fraud,
    reputation_strength,
    reputation_prior_share,
    false_negative_share,
    false_positive_share
from {{ without_catalog(source('meta', 'world_settings')) }}
