"""What must always hold for takeovers of sleeping accounts."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from riskfabric_assets.simulation.month import live_month
from tests.underworld import CUSTOMERS, averages, deeds, frame, honest, injected, planned, society, typology

DAY, HOUR = 86_400_000_000, 3_600_000_000
NAME = "sleeper_ato"


def starts() -> pl.DataFrame:
    own = planned().attacks[NAME]
    return pl.DataFrame({"attack_id": own.attack_id, "start_at": own.start_at})


def links() -> pl.DataFrame:
    """Bank links of every attack that was carried out, on the account that it empties."""
    rows = frame(injected().events._asdict()).filter(event_kind=EVENT_KINDS.index("bank_link"))
    own = deeds(NAME).unique("attack_id").select("attack_id", "account_id").join(starts(), on="attack_id")
    since = pl.col("event_at") - pl.col("start_at")
    return rows.join(own, on="account_id").with_columns(since=since).filter(since.is_between(0, HOUR))


def test_nothing_was_paid_from_the_account_for_thirty_days():
    july = live_month(society(), "2025-07", 0, CUSTOMERS)
    life = pl.concat(frame(month.payments._asdict()) for month in (july, honest()))
    both = deeds(NAME).unique("attack_id").select("attack_id", "account_id").join(starts(), on="attack_id")
    paid = life.join(both, on="account_id").filter(
        pl.col("event_at").is_between(pl.col("start_at") - 30 * DAY, pl.col("start_at"))
    )
    assert both.height > 0
    assert paid.is_empty()


def test_the_customer_lives_on_another_account_meanwhile():
    rows = deeds(NAME).unique("attack_id").select("customer_id", sleeping="account_id")
    alive = frame(honest().payments._asdict()).join(rows, on="customer_id")
    others = alive.filter(pl.col("account_id") != pl.col("sleeping"))["customer_id"]
    assert set(rows["customer_id"]) == set(others)


def test_three_banks_are_linked_within_an_hour_before_money_leaves():
    params = typology(NAME).params
    counts = links().group_by("attack_id").agg(pl.len(), last=pl.col("event_at").max())
    first = deeds(NAME).group_by("attack_id").agg(first=pl.col("event_at").min())
    both = first.join(counts, on="attack_id", how="left")
    assert both["len"].min() >= params.links_low >= 3
    assert (both["first"] >= both["last"]).all()


def test_the_debit_is_high_and_a_transfer():
    rows = deeds(NAME).with_columns(
        average=pl.col("customer_id").replace_strict(averages(), default=None, return_dtype=pl.Float64)
    )
    assert set(rows["payment_kind"]) == {PAYMENT_KINDS.index("transfer")}
    taken = (
        rows.filter(status=0)
        .drop_nulls("average")
        .group_by("attack_id")
        .agg(pl.sum("amount_minor"), pl.first("average"))
    )
    assert taken.height > 0
    assert (taken["amount_minor"] / taken["average"]).median() > 2


def test_one_account_is_emptied_at_a_time():
    assert deeds(NAME).group_by("attack_id").agg(pl.col("account_id").n_unique())["account_id"].max() == 1
