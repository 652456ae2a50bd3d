{{ config(materialized='ephemeral') }}

select
    world,
    country_code,
    merchant_names,
    region_admin_level,
    district_admin_level,
    settlement_radius_km,
    metro_population,
    urban_population,
    semi_urban_population,
    natural_weight_fraud
from {{ source('meta', 'world_settings') }}
