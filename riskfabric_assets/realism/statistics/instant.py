"""Instant payments between people and to merchants: mix, tickets, declines, banks, apps and merchant codes."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

GROCERY_CODE: Final = 5411
"""Groceries and supermarkets (ISO 18245)."""
UNCLASSIFIED_CODE: Final = 5999
"""Miscellaneous retail (ISO 18245): what NPCI prints as others. It stays in the denominator and is not ranked."""
TOP_CODES: Final = 15
LARGE_BANK_SHARE: Final = 0.01
"""Banks below one percent of attempts have too few declines to compare."""
SMALL, LARGE = 500, 2000
"""Slabs of NPCI's ticket statistics, major units."""


def merchant_share(lake: Lake) -> dict[str, float | None]:
    """Return the share of purchases and bills in approved instant payments."""
    return lake.row("""
        select avg((payment_kind <> 'transfer')::int) as merchant_share, count(*) as count
        from payments where channel = 'instant'
    """)


def merchant_ticket(lake: Lake) -> dict[str, float | None]:
    """Return the mean ticket of instant payments to merchants."""
    return lake.row("""
        select avg(amount) as mean_ticket, count(*) as count
        from payments where channel = 'instant' and payment_kind <> 'transfer'
    """)


def person_ticket(lake: Lake) -> dict[str, float | None]:
    """Return the mean ticket of instant transfers between people."""
    return lake.row("""
        select avg(amount) as mean_ticket, count(*) as count
        from payments where channel = 'instant' and payment_kind = 'transfer'
    """)


def merchant_slabs(lake: Lake) -> dict[str, float | None]:
    """Return shares by count of small and large instant payments to merchants."""
    return lake.row(_slabs("payment_kind <> 'transfer'"))


def person_slabs(lake: Lake) -> dict[str, float | None]:
    """Return shares by count of small and large instant transfers."""
    return lake.row(_slabs("payment_kind = 'transfer'"))


def large_value(lake: Lake) -> dict[str, float | None]:
    """Return the share of the value of instant payments that comes from large tickets."""
    return lake.row(f"""
        select sum(amount) filter (amount > {LARGE}) / sum(amount) as large_value_share, count(*) as count
        from payments where channel = 'instant'
    """)


def declines(lake: Lake) -> dict[str, float | None]:
    """Return the share of instant attempts that are declined, and the technical share of those."""
    return lake.row("""
        select
            avg((status = 'declined')::int) as decline_rate,
            avg((decline_reason = 'technical')::int) filter (status = 'declined') as technical_share,
            count(*) as count
        from attempts where channel = 'instant'
    """)


def bank_spread(lake: Lake) -> dict[str, float | None]:
    """Return the highest over the lowest decline rate among banks of at least one percent of instant attempts."""
    return lake.row(f"""
        with banks as (
            select
                accounts.bank_code,
                avg((attempts.status = 'declined')::int) as decline_rate,
                count(*) / sum(count(*)) over () as bank_share,
                count(*) as attempts_seen
            from attempts inner join accounts on attempts.account_id = accounts.account_id
            where attempts.channel = 'instant'
            group by accounts.bank_code
        )
        select max(decline_rate) / nullif(min(decline_rate), 0) as decline_ratio, min(attempts_seen) as count
        from banks where bank_share >= {LARGE_BANK_SHARE}
    """)


def bank_concentration(lake: Lake) -> dict[str, float | None]:
    """Return the share of the largest remitter bank in instant attempts, and the Herfindahl index of all."""
    return lake.row("""
        with banks as (
            select count(*) / sum(count(*)) over () as bank_share, count(*) as attempts_seen
            from attempts inner join accounts on attempts.account_id = accounts.account_id
            where attempts.channel = 'instant'
            group by accounts.bank_code
        )
        select
            max(bank_share) as top_share,
            sum(bank_share * bank_share) as herfindahl,
            sum(attempts_seen) as count
        from banks
    """)


def app_concentration(lake: Lake) -> dict[str, float | None]:
    """Return the share of the three largest apps in instant payments, and the Herfindahl index of all.

    The app is what stands before the first slash or space of the user agent.
    """
    return lake.row("""
        with agents as (
            select user_agent, count(*) as payments_seen
            from payments where channel = 'instant' and user_agent is not null group by user_agent
        ),
        apps as (
            select
                sum(payments_seen) / sum(sum(payments_seen)) over () as app_share,
                sum(payments_seen) as payments_seen
            from agents group by regexp_extract(user_agent, '^[^/ ]*')
        ),
        ranked as (select *, row_number() over (order by app_share desc) as app_rank from apps)
        select
            sum(app_share) filter (app_rank <= 3) as top_3_share,
            sum(app_share * app_share) as herfindahl,
            sum(payments_seen) as count
        from ranked
    """)


def groceries(lake: Lake) -> dict[str, float | None]:
    """Return the share of groceries in instant payments to merchants, by count and by value."""
    return lake.row(f"""
        select
            avg((merchant_category_code = {GROCERY_CODE})::int) as count_share,
            sum(amount) filter (merchant_category_code = {GROCERY_CODE}) / sum(amount) as value_share,
            count(*) as count
        from payments where channel = 'instant' and payment_kind <> 'transfer'
    """)


def code_concentration(lake: Lake) -> dict[str, float | None]:
    """Return the shares, by count and value, of the 15 most frequent merchant codes of instant payments."""
    return lake.row(f"""
        with codes as (
            select
                merchant_category_code as code,
                count(*) / sum(count(*)) over () as count_share,
                sum(amount) / sum(sum(amount)) over () as value_share,
                count(*) as payments_seen
            from payments where channel = 'instant' and payment_kind <> 'transfer'
            group by merchant_category_code
        ),
        ranked as (
            select *, row_number() over (order by (code = {UNCLASSIFIED_CODE})::int, payments_seen desc) as code_rank
            from codes
        )
        select
            sum(count_share) filter (code_rank <= {TOP_CODES} and code <> {UNCLASSIFIED_CODE}) as count_share,
            sum(value_share) filter (code_rank <= {TOP_CODES} and code <> {UNCLASSIFIED_CODE}) as value_share,
            sum(payments_seen) as count
        from ranked
    """)


def _slabs(condition: str) -> str:
    return f"""
        select
            avg((amount <= {SMALL})::int) as small_share,
            avg((amount > {LARGE})::int) as large_share,
            count(*) as count
        from payments where channel = 'instant' and {condition}
    """
