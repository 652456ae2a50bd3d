select
    customer_id,
    household_id,
    district_id,
    region_id,
    gender::varchar as gender,
    city_name,
    region_name,
    location_type::varchar as location_type,
    occupation::varchar as occupation,
    currency_code,
    birth_year,
    credit_score,
    monthly_income_minor,
    home_h3_cell_r5,
    registered_date
from {{ without_catalog(source('population', 'customers')) }}
