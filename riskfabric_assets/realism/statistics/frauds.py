"""How much crime there is, what it takes, where and when it strikes, and how it comes in bursts."""

from typing import Final

import numpy as np

from riskfabric_assets.realism.lake import Lake
from riskfabric_assets.realism.statistics.ranks import area_under_curve

BURST_HOURS: Final = 2
NIGHT_ENDS_AT: Final = 6
HONEST_SAMPLE: Final = 200_000
"""Honest payments that stand for all of them in a ranking; enough for three digits. Chosen by the hash of their ids:
a sample drawn by several threads is another one each time."""

CASES: Final = """
    cases as (
        select all_attempts.*, fraud.attack_id, fraud.phase
        from all_attempts inner join fraud on all_attempts.event_id = fraud.event_id
        where not fraud.is_claimed
    )
"""
"""Fraudulent attempts; a claimed honest payment is a lie of its payer, and not among them."""
LOSSES: Final = f"""
    {CASES.strip()},
    lost as (
        select * from cases
        where status = 'approved' and phase <> 'layering'
            and not (phase = 'cash_out' and attack_id in (select attack_id from cases where phase = 'layering'))
    )
"""
"""What was taken from somebody, in `lost`: what mules pass on or draw has been counted when it was taken."""
IS_CARD: Final = "(card_id is not null and channel in ('pos', 'online'))"


def instant_prevalence(lake: Lake) -> dict[str, float | None]:
    """Return fraud in approved instant payments: per million by count, and in basis points by value."""
    return lake.row("""
        select
            1e6 * avg(is_fraud::int) as per_million,
            1e4 * coalesce(sum(amount) filter (is_fraud), 0) / sum(amount) as value_bps,
            count(*) as count
        from all_payments where channel = 'instant'
    """)


def card_prevalence(lake: Lake) -> dict[str, float | None]:
    """Return fraud in basis points of value: of cards at home, and of cards online abroad."""
    home = f"merchant_country_code = '{lake.rules.home_country}'"
    return lake.row(f"""
        select
            1e4 * coalesce(sum(amount) filter (is_fraud and {home}), 0) / sum(amount) filter ({home}) as domestic_bps,
            1e4 * coalesce(sum(amount) filter (is_fraud and not {home} and channel = 'online'), 0)
                / sum(amount) filter (not {home} and channel = 'online') as abroad_bps,
            count(*) as count
        from all_payments where {IS_CARD}
    """)


def tickets(lake: Lake) -> dict[str, float | None]:
    """Return the mean amount of fraud over that of honest payments: instant, and by card."""
    return lake.row(f"""
        select
            avg(amount) filter (is_fraud and channel = 'instant')
                / avg(amount) filter (not is_fraud and channel = 'instant') as instant_ratio,
            avg(amount) filter (is_fraud and {IS_CARD}) / avg(amount) filter (not is_fraud and {IS_CARD}) as card_ratio,
            count(*) filter (is_fraud) as count
        from all_payments
    """)


def overlap(lake: Lake) -> dict[str, float | None]:
    """Return how well the amount alone finds fraud (area under the curve), and how much fraud is small.

    `below_quartile_share` is the share of fraud below the upper quartile of honest amounts.
    """
    honest = _amounts(lake, f"not is_fraud order by hash(event_id) limit {HONEST_SAMPLE}")
    crime = _amounts(lake, "is_fraud")
    if not crime.size or not honest.size:
        return {"amount_auc": None, "below_quartile_share": None, "count": float(crime.size)}
    return {
        "amount_auc": area_under_curve(honest, crime),
        "below_quartile_share": float((crime < np.quantile(honest, 0.75)).mean()),
        "count": float(crime.size),
    }


def remote_share(lake: Lake) -> dict[str, float | None]:
    """Return the share of the value of card fraud that happens online."""
    return lake.row(f"""
        with {CASES}
        select sum(amount) filter (channel = 'online') / sum(amount) as remote_value_share, count(*) as count
        from cases where {IS_CARD} and status = 'approved'
    """)


def bursts(lake: Lake) -> dict[str, float | None]:
    """Return the share of fraudulent attempts within two hours of their attack's first, and an attack's median size."""
    return lake.row(f"""
        with {CASES},
        started as (select attack_id, event_at, min(event_at) over (partition by attack_id) as started_at from cases),
        sizes as (select count(*) as size from cases group by attack_id)
        select
            avg((event_at <= started_at + interval {BURST_HOURS} hour)::int) as early_share,
            (select median(size) from sizes) as median_size,
            (select count(*) from sizes) as count
        from started
    """)


def overdispersion(lake: Lake) -> dict[str, float | None]:
    """Return the variance over the mean of attacks that start per day, days without one included."""
    return lake.row(f"""
        with {CASES},
        days as (
            select unnest(range(date '{lake.first_date}', date '{lake.last_date}' + 1, interval 1 day))::date as day
        ),
        attacks as (select min(event_date) as day from cases group by attack_id),
        daily as (select count(attacks.day) as starts from days left join attacks using (day) group by days.day)
        select var_samp(starts) / nullif(avg(starts), 0) as variance_ratio, sum(starts) as count from daily
    """)


def night_excess(lake: Lake) -> dict[str, float | None]:
    """Return the share of fraud between midnight and six over the same share of honest payments."""
    return lake.row(f"""
        select
            avg((hour(event_at_local) < {NIGHT_ENDS_AT})::int) filter (is_fraud)
                / nullif(avg((hour(event_at_local) < {NIGHT_ENDS_AT})::int) filter (not is_fraud), 0) as night_ratio,
            count(*) filter (is_fraud) as count
        from all_attempts
    """)


def new_payees(lake: Lake) -> dict[str, float | None]:
    """Return the shares of transfers to a payee never paid before: fraudulent ones, and honest ones.

    The first 60 days only make payees known.
    """
    return lake.row("""
        with transfers as (
            select is_fraud, event_date, row_number() over (
                partition by customer_id, payee_id order by event_at, event_id
            ) = 1 as is_first
            from all_payments where payment_kind = 'transfer' and payee_id is not null
        ),
        start as (select min(event_date) + 60 as known_from from all_payments)
        select
            avg(is_first::int) filter (is_fraud) as fraud_share,
            avg(is_first::int) filter (not is_fraud) as honest_share,
            count(*) filter (is_fraud) as count
        from transfers cross join start where event_date >= known_from
    """)


def digital_losses(lake: Lake) -> dict[str, float | None]:
    """Return the online share of the value of card fraud, and the mean loss of an incident by banking app.

    The source counts incidents, whose payments are added up.
    """
    found = lake.row(f"""
        with {LOSSES},
        incidents as (
            select attack_id, sum(amount) as amount from lost
            where channel in ('instant', 'bank_transfer') group by attack_id
        )
        select avg(amount) as digital_mean, (select count(*) from lost) as count
        from incidents
    """)
    return {**found, "remote_value_share": remote_share(lake)["remote_value_share"]}


def losses(lake: Lake) -> dict[str, float | None]:
    """Return the mean fraud, the share of cards in its count, and the share of its value that came back.

    It comes back by refund, and by disputes: what the bank accepts of a report that is charged back, unless the
    merchant wins.
    """
    return lake.row(f"""
        with {LOSSES},
        paid_back as (
            select related_event_id as event_id, sum(amount_minor) / 100.0 as amount
            from events where event_kind = 'refund' group by 1
        ),
        charged_back as (
            select event_id, max(accepted_share) as accepted_share from label_events group by event_id
            having bool_or(label_event_kind = 'charged_back') and not bool_or(label_event_kind = 'represented')
        )
        select
            avg(lost.amount) as mean_loss,
            avg({IS_CARD}::int) as card_share,
            sum(coalesce(charged_back.accepted_share * lost.amount, paid_back.amount))
                / sum(lost.amount) as returned_share,
            count(*) as count
        from lost left join paid_back using (event_id) left join charged_back using (event_id)
    """)


def _amounts(lake: Lake, condition: str) -> np.ndarray:
    sql = f"select amount from all_payments where {condition}"
    return np.asarray(lake.connection.execute(sql).fetchnumpy()["amount"], dtype=np.float64)
