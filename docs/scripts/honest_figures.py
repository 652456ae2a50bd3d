"""Figures of "How honest people spend" that the report does not draw."""

from typing import Final

from riskfabric_assets.foundation.charts import PLOT_WIDTH, percent, plot, short, svg
from riskfabric_assets.realism.lake import Lake
from riskfabric_assets.realism.pictures import Sketch
from riskfabric_assets.realism.profiles import Query

ROW_PIXELS: Final = 19
NAME_PIXELS: Final = 150
BALANCE_DAYS: Final = 62
"""Two months: two pay days and two settlements."""


def _activity(lake: Lake) -> str:
    months = lake.days / 30.44
    return f"""
        with people as (select customer_id, count(*) / {months} as n from payments group by customer_id)
        select 'customers' as series, '' as label, floor(log10(n) * 5) / 5 + 0.1 as position,
            count(*) / sum(count(*)) over () as value
        from people where n >= 1 group by floor(log10(n) * 5)
    """


def _gaps(lake: Lake) -> str:
    return """
        with gaps as (
            select date_diff('second', lag(event_at) over (partition by customer_id order by event_at), event_at) as gap
            from payments where entry_mode <> 'mandate'
        ),
        bins as (select floor(log10(gap / 60.0) * 4) / 4 as bin from gaps where gap >= 6)
        select 'gaps' as series, '' as label, bin + 0.125 as position, count(*) / sum(count(*)) over () as value
        from bins group by bin
    """


def _channels(lake: Lake) -> str:
    return """
        with channels as (
            select channel::varchar as channel, count(*) as n, sum(amount) as paid from payments group by 1
        ),
        placed as (select *, row_number() over (order by n desc) as place from channels)
        select 'count' as series, channel as label, place as position, n / sum(n) over () as value from placed
        union all
        select 'value' as series, channel as label, place as position, paid / sum(paid) over () as value from placed
    """


def _minutes(value: float) -> str:
    minutes = 10**value
    return (
        f"{minutes:g} min" if minutes < 60 else f"{minutes / 60:.0f} h" if minutes < 5000 else f"{minutes / 1440:.0f} d"
    )


def _power(value: float) -> str:
    return f"{10**value:,.0f}" if abs(value - round(value)) < 1e-9 else ""


QUERIES: Final[dict[str, Query]] = {"activity": _activity, "gaps": _gaps, "channels": _channels}
SKETCHES: Final[dict[str, Sketch]] = {
    "activity": Sketch("Activity", "Customers by payments.", "payments a month, logarithmic", _power, is_bars=True),
    "gaps": Sketch("Gaps", "Gaps between payments.", "time to the next payment, logarithmic", _minutes, is_bars=True),
    "channels": Sketch("Channels", "Share of payments.", "", short, is_bars=True),
}
LISTS: Final[dict[str, tuple[str, str]]] = {
    "categories": (
        "Merchant categories",
        """select merchant_category::varchar, count(*) / sum(count(*)) over () from payments
           where payment_kind in ('purchase', 'bill') group by 1""",
    ),
    "declines": (
        "Why attempts are declined",
        """select decline_reason::varchar, count(*) / (select count(*) from attempts) from attempts
           where status = 'declined' group by 1""",
    ),
    "account_events": (
        "Events per 100 customers and month",
        """select event_kind::varchar, 100 * count(*) * 30.44
               / (select date_diff('day', min(event_date), max(event_date)) + 1 from attempts)
               / (select count(*) from customers)
           from events where amount_minor = 0 and event_kind <> 'settlement' group by 1""",
    ),
}
"""Title, and SQL of names and values."""


def listed_figures(lake: Lake) -> dict[str, str]:
    """Return figures of named bars, longest first."""
    drawn = {}
    for name, (title, sql) in LISTS.items():
        rows = lake.connection.execute(f"select * from ({sql}) order by 2 desc, 1").fetchall()
        show = (lambda value: f"{value:.2g}") if name == "account_events" else percent
        drawn[name] = _bars(title, [(label.lower().replace("_", " "), value, show(value)) for label, value in rows])
    return drawn


def _bars(title: str, rows: list[tuple[str, float, str]]) -> str:
    size = (PLOT_WIDTH, ROW_PIXELS * len(rows) + 16)
    frame = plot((0, 1.12 * rows[0][1]), (len(rows), 0), size, margins=(8, 14, 8, NAME_PIXELS))
    marks = []
    for place, (label, value, text) in enumerate(rows):
        marks.append(frame.bar((0, value), (place + 0.15, place + 0.85), "blue"))
        marks.append(frame.label(0, place + 0.5, label, "end", offset=(-8, 4)))
        marks.append(frame.label(value, place + 0.5, text, offset=(6, 4)))
    return svg(marks, size, title)


def balance_figure(lake: Lake) -> str:
    """Draw the balance of one account over two months: a paid and busy one that settles little of its pay."""
    rows = lake.connection.execute(f"""
        with busy as (
            select account_id from payments group by 1
            having count(*) / {lake.days / 30.44} between 25 and 60
        ),
        settled as (
            select account_id,
                sum(abs(amount_minor)) filter (event_kind = 'settlement')
                    / sum(amount_minor) filter (event_kind = 'salary_credit') as settled_of_pay
            from events semi join busy using (account_id)
            group by 1
            having count(*) filter (event_kind = 'salary_credit') >= 2
        ),
        chosen as (
            select account_id from settled order by settled_of_pay, account_id limit 1
        ),
        moves as (
            select event_at_local as moved_at, -amount_minor as moved
            from all_payments semi join chosen using (account_id)
            union all
            select event_at_local, amount_minor from events semi join chosen using (account_id)
        )
        select date_diff('second', (select min(event_date) from attempts), moved_at) / 86400.0,
            sum(moved) over (order by moved_at) / 100.0
        from moves qualify date_diff('day', (select min(event_date) from attempts), moved_at) < {BALANCE_DAYS}
        order by 1
    """).fetchall()
    days, balances = [float(row[0]) for row in rows], [float(row[1]) for row in rows]
    size = (PLOT_WIDTH, 260)
    frame = plot((0, BALANCE_DAYS), (0, 1.08 * max(balances)), size)
    marks = [
        frame.y_axis([(tick, short(tick)) for tick in frame.y.ticks(4)]),
        frame.steps(days, balances, "blue"),
        frame.x_axis([(tick, f"{tick:g}") for tick in frame.x.ticks(6)], "days"),
    ]
    return svg(marks, size, "Balance of one account")
