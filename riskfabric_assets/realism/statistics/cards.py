"""Cards and cash machines: tickets, activity, online share, notes."""

from riskfabric_assets.realism.lake import Lake


def credit_cards(lake: Lake) -> dict[str, float | None]:
    """Return mean ticket, payments per active card and month, and the online share of value, of credit cards."""
    return lake.row("""
        with spending as (
            select payments.card_id, payments.amount, payments.channel, date_trunc('month', event_date) as month
            from payments inner join cards on payments.card_id = cards.card_id
            where cards.card_type = 'credit' and payments.channel <> 'atm'
        )
        select
            avg(amount) as mean_ticket,
            count(*) / count(distinct (card_id, month)) as payments_per_card_month,
            sum(amount) filter (channel = 'online') / sum(amount) as online_value_share,
            count(*) as count
        from spending
    """)


def cash(lake: Lake) -> dict[str, float | None]:
    """Return the mean withdrawal, and the shares of multiples of 100 and of 500."""
    return lake.row("""
        select
            avg(amount) as mean_withdrawal,
            avg((amount_minor % 10000 = 0)::int) as hundreds_share,
            avg((amount_minor % 50000 = 0)::int) as five_hundreds_share,
            count(*) as count
        from payments where channel = 'atm'
    """)


def mean_payments(lake: Lake) -> dict[str, float | None]:
    """Return the mean payment by debit card, by credit card and by banking app (transfers included)."""
    return lake.row("""
        select
            avg(amount) filter (cards.card_type = 'debit' and channel in ('pos', 'online')) as debit_mean,
            avg(amount) filter (cards.card_type = 'credit' and channel in ('pos', 'online')) as credit_mean,
            avg(amount) filter (channel in ('instant', 'bank_transfer')) as app_mean,
            count(*) as count
        from payments left join cards on payments.card_id = cards.card_id
    """)


def instant_ticket(lake: Lake) -> dict[str, float | None]:
    """Return the mean ticket of every instant payment."""
    return lake.row("select avg(amount) as mean_ticket, count(*) as count from payments where channel = 'instant'")
