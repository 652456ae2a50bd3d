"""Does money add up: balances, closing of months, currencies; and does everybody keep the rules."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

MARK_UP: Final = 0.05
"""How far a payment abroad may lie from its currency's rate of the day."""
DEVICE_LIMIT: Final = 5_000
"""What a newly bound device may pay by UPI in its first day, rupees. Source: NPCI."""
LITE_LIMITS: Final = ((1_000, "2024-12-01"), (500, "2022-09-20"))
"""What UPI Lite pays without a PIN, rupees, and since when. Source: RBI, Oct and Dec 2024."""
PEAK_RULE_FROM: Final = "2025-08-01"
"""Since when mandates stay out of NPCI's peak windows. Source: NPCI API rules, Aug 2025."""


def conservation(lake: Lake) -> dict[str, float | None]:
    """Return approved debits beyond balance and credit line, and months of accounts that no settlement closes.

    The balance is opening plus movements minus approved payments, in the order of (event_at, event_id); crime counts.
    """
    return lake.row("""
        with movements as (
            select account_id, event_at, event_id, amount_minor, false as is_debit from events
            union all
            select account_id, event_at, event_id, -amount_minor, true from all_payments
        ),
        balances as (
            select account_id, is_debit, sum(amount_minor) over (
                partition by account_id order by event_at, event_id rows unbounded preceding
            ) as balance_minor
            from movements
        ),
        opened as (
            select account_id, min(event_date) as first_date from events where event_kind = 'opening' group by 1
        ),
        whole_months as (
            select date_trunc('month', event_date) as month from every_attempt
            group by 1 having max(event_date) = last_day(max(event_date))
        ),
        closings as (
            select account_id, date_trunc('month', event_date) as month, count(*) as settlements
            from events where event_kind = 'settlement' group by 1, 2
        )
        select
            (
                select count(*) from balances inner join accounts using (account_id)
                where is_debit and balance_minor < -credit_limit_minor
            ) as overdrawn,
            (
                select count(*) from opened inner join whole_months on month >= date_trunc('month', first_date)
                left join closings using (account_id, month) where coalesce(settlements, 0) <> 1
            ) as unsettled_months,
            (select count(*) from balances) as count
    """)


def currencies(lake: Lake) -> dict[str, float | None]:
    """Return the share of attempts abroad whose rate, fee apart, lies within 5 % of the day's published rate.

    Declined attempts are priced as approved ones are, so they count.
    """
    return lake.row(f"""
        with rated as (
            select (amount_minor - coalesce(fee_minor, 0)) / merchant_amount_minor / exchange_rates.rate as ratio
            from all_attempts left join exchange_rates
                on all_attempts.merchant_currency_code = exchange_rates.currency_code
                and all_attempts.event_date = exchange_rates.event_date
            where merchant_amount_minor > 0 and merchant_currency_code is not null
        )
        select avg(coalesce(abs(ratio - 1) <= {MARK_UP}, false)::int) as consistent_share, count(*) as count from rated
    """)


def rules(lake: Lake) -> dict[str, float | None]:
    """Return how many approved payments break a rule: limits of channel, tap, PIN-free, mandate and new device."""
    limits = ", ".join(f"('{channel}', {limit})" for channel, limit in lake.rules.payment_limits.items())
    lite = " ".join(f"when event_date >= '{since}' then {limit}" for limit, since in LITE_LIMITS)
    clock = "hour(event_at_local) * 60 + minute(event_at_local)"
    return lake.row(f"""
        with limits as (select * from (values {limits or "('', 0)"}) as given(channel, most))
        select
            count(*) filter (amount > limits.most) as over_limit,
            count(*) filter (
                entry_mode = 'contactless' and authentication = 'none'
                and amount_minor > coalesce(cards.contactless_limit_minor, amount_minor)
            ) as tap_over_limit,
            count(*) filter (
                all_payments.channel = 'instant' and entry_mode <> 'mandate' and authentication = 'none'
                and amount > case {lite} else 0 end
            ) as lite_over_limit,
            count(*) filter (
                entry_mode = 'mandate' and all_payments.channel = 'instant' and event_date >= '{PEAK_RULE_FROM}'
                and ({clock} between 600 and 779 or {clock} between 1020 and 1289)
            ) as mandate_in_peak,
            ({_new_devices()}) as new_device_over_limit,
            count(*) as count
        from all_payments
        left join limits on all_payments.channel = limits.channel
        left join cards on all_payments.card_id = cards.card_id
    """)


def _new_devices() -> str:
    return f"""
        select count(*) from (
            select sum(paid.amount) as amount
            from events
            inner join devices on events.device_id = devices.device_id
                and events.customer_id = devices.customer_id and events.event_date = devices.first_seen_date
            inner join all_payments as paid on events.device_id = paid.device_id
                and events.customer_id = paid.customer_id
                and paid.event_at between events.event_at and events.event_at + interval 1 day
            where events.event_kind = 'device_binding' and paid.channel = 'instant' and paid.entry_mode <> 'mandate'
            group by events.event_id
        ) as first_days where amount > {DEVICE_LIMIT}
    """
