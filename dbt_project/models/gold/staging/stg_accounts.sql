select
    account_id,
    customer_id,
    bank_code,
    account_type::varchar as account_type,
    account_status::varchar as account_status,
    currency_code,
    credit_limit_minor,
    is_primary,
    opened_date,
    closed_date
from {{ without_catalog(source('population', 'accounts')) }}
