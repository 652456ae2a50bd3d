select
    merchant_id,
    merchant_name,
    merchant_category::varchar as merchant_category,
    spending_group::varchar as spending_group,
    country_code,
    currency_code,
    city_name,
    merchant_category_code,
    latitude,
    longitude,
    h3_cell_r7,
    is_online
from {{ without_catalog(source('population', 'remote_merchants')) }}
