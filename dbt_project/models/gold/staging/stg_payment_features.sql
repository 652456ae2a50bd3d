select
    event_id,
    seconds_since_last_payment,
    seconds_since_last_on_instrument,
    payment_sequence_number,
    instrument_sequence_number,
    speed_kmh,
    log_speed,
    hour_deviation,
    amount_deviation,
    count_payments_60s,
    count_payments_1h,
    count_payments_24h,
    is_rapid_fire,
    is_burst,
    is_escalating,
    is_category_switch,
    is_new_device,
    is_window_saturated,
    event_date
from {{ source('silver', 'payment_features') }}
where {{ in_build_window('event_date') }}
