select
    card_id,
    replaces_card_id,
    account_id,
    customer_id,
    card_network,
    card_type::varchar as card_type,
    card_status::varchar as card_status,
    issuing_bank,
    contactless_limit_minor,
    daily_atm_limit_minor,
    daily_online_limit_minor,
    is_international_enabled,
    issued_date,
    activated_date,
    expiry_date,
    closed_date
from {{ without_catalog(source('population', 'cards')) }}
