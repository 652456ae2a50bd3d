"""What payments cost: first digits, round numbers, spread."""

from typing import Final

import numpy as np

from riskfabric_assets.realism.lake import Lake

LEAST_PER_CODE: Final = 100
"""Payments of a merchant code below which its spread is noise."""


def first_digits(lake: Lake) -> dict[str, float | None]:
    """Return the mean absolute deviation of first digits from Benford's law, and the share of digit 1."""
    sql = """
        select left(amount_minor::varchar, 1)::int as digit, count(*) as n
        from payments where amount_minor > 0 group by 1
    """
    counts = np.zeros(9)
    for digit, seen in lake.connection.execute(sql).fetchall():
        counts[digit - 1] = seen
    total = counts.sum()
    if not total:
        return {"mean_deviation": None, "digit_1_share": None, "count": 0}
    shares = counts / total
    deviation = float(np.abs(shares - np.log10(1 + 1 / np.arange(1, 10))).mean())
    return {"mean_deviation": deviation, "digit_1_share": float(shares[0]), "count": float(total)}


def heaping(lake: Lake) -> dict[str, float | None]:
    """Return how often people round: instant purchases to 10, transfers to 100; and online prices that end in 9.

    Bills are what the biller says, so they are left out; the last digit is that of whole units.
    """
    return lake.row("""
        select
            avg((amount_minor % 1000 = 0)::int) filter (channel = 'instant' and payment_kind = 'purchase')
                as purchase_tens_share,
            avg((amount_minor % 10000 = 0)::int) filter (channel = 'instant' and payment_kind = 'transfer')
                as transfer_hundreds_share,
            avg((amount_minor // 100 % 10 = 9)::int) filter (
                channel = 'online' and payment_kind = 'purchase' and merchant_currency_code is null
            ) as online_nines_share,
            count(*) as count
        from payments
    """)


def spread(lake: Lake) -> dict[str, float | None]:
    """Return the median over merchant codes of the sd of ln(amount), and the sd over all instant payments."""
    return lake.row(f"""
        with codes as (
            select stddev_pop(ln(amount)) as log_sd
            from payments where amount > 0 and payment_kind in ('purchase', 'bill')
            group by merchant_category_code having count(*) >= {LEAST_PER_CODE}
        )
        select
            (select median(log_sd) from codes) as code_log_sd,
            stddev_pop(ln(amount)) filter (channel = 'instant') as instant_log_sd,
            count(*) as count
        from payments where amount > 0
    """)
