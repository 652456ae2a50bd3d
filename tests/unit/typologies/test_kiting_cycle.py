"""Kiting: transfers close a circle of three, amounts stay near, and nobody waits for the settlement."""

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import deeds, frame, honest, injected, planned, society, typology, undisturbed

NAME = "kiting_cycle"
MINUTE = 60_000_000
CREDIT, REVERSAL = EVENT_KINDS.index("transfer_credit"), EVENT_KINDS.index("reversal")


def legs() -> pl.DataFrame:
    """Transfers joined to the credit they arrive as."""
    arrived = frame(injected().events._asdict()).filter(event_kind=CREDIT)
    columns = ("event_id", "customer_id", "account_id", "counterparty_id", "amount_minor", "event_at")
    credited = arrived.select("related_event_id", *(pl.col(name).alias(f"credited_{name}") for name in columns))
    return deeds(NAME).join(credited, left_on="event_id", right_on="related_event_id", how="left")


def test_every_approved_transfer_arrives_on_the_next_account_at_once():
    approved = legs().filter(status=0)
    assert approved.height > 5
    for mine, theirs in (
        ("amount_minor", "credited_amount_minor"),
        ("event_at", "credited_event_at"),
        ("account_id", "credited_counterparty_id"),
        ("payee_id", "credited_account_id"),
    ):
        assert (approved[mine] == approved[theirs]).all()
    assert (
        legs().filter(pl.col("status") != 0)["credited_event_id"].null_count()
        == legs().filter(pl.col("status") != 0).height
    )
    assert set(legs()["payment_kind"]) == {PAYMENT_KINDS.index("transfer")}


def test_who_pays_is_who_was_paid_and_the_circle_closes():
    whole = (
        undisturbed(NAME)
        .sort("attack_id", "step")
        .with_columns(paid_before=pl.col("payee_id").shift().over("attack_id"))
    )
    later = whole.filter(pl.col("step") > 1)
    assert later.height > 0
    assert (later["account_id"] == later["paid_before"]).all()
    ends = whole.group_by("attack_id", maintain_order=True).agg(
        pl.len(),
        pl.col("account_id").first(),
        pl.col("account_id").n_unique().alias("accounts"),
        pl.col("payee_id").last(),
    )
    closed = ends.filter(pl.col("len") % 3 == 0)
    assert closed.height > 0
    assert (closed["account_id"] == closed["payee_id"]).all()
    assert (closed["accounts"] == 3).all()


def test_amounts_stay_near_and_never_grow():
    rows = undisturbed(NAME).sort("attack_id", "step")
    ratio = rows.select(ratio=pl.col("amount_minor") / pl.col("amount_minor").shift().over("attack_id"))["ratio"]
    assert ratio.drop_nulls().max() <= 1.0
    assert ratio.drop_nulls().median() > 1 - typology(NAME).params.skimmed


def test_money_is_passed_on_within_the_float():
    params = typology(NAME).params
    rows = undisturbed(NAME).sort("attack_id", "step")
    gap = rows.select(gap=pl.col("event_at").diff().over("attack_id"))["gap"].drop_nulls() / MINUTE
    assert params.gap_low <= gap.min()
    assert gap.max() <= params.gap_high + 1
    span = rows.group_by("attack_id").agg((pl.col("event_at").max() - pl.col("event_at").min()).alias("span"))
    assert span["span"].max() <= params.span_cap * 60 * MINUTE + 9


def test_nobody_but_the_head_parts_with_own_money():
    """On every other account what left is at most what came, at any moment; one reversal takes back the rest."""
    people, attacks = society().people, planned().attacks[NAME]
    heads = dict(zip(attacks.attack_id.tolist(), people.customer_id[attacks.customer].tolist(), strict=True))
    reversals = frame(injected().events._asdict()).filter(event_kind=REVERSAL)
    seen = 0
    for (attack,), rows in legs().filter(status=0).sort("event_at").group_by("attack_id"):
        purse: dict[int, int] = {}
        last: dict[int, int] = {}
        for row in rows.sort("event_at").iter_rows(named=True):
            is_own = row["step"] == 1 and row["customer_id"] == heads[attack]
            if not is_own:
                purse[row["account_id"]] -= row["amount_minor"]
                last[row["account_id"]] = row["event_at"]
                assert purse[row["account_id"]] >= 0
            purse[row["payee_id"]] = purse.get(row["payee_id"], 0) + row["amount_minor"]
            last[row["payee_id"]] = row["event_at"]
        for account, left in purse.items():
            found = reversals.filter(
                pl.col("account_id") == account, pl.col("amount_minor") == -left, pl.col("event_at") > last[account]
            )
            assert left == 0 or found.height >= 1
            seen += left > 0
    assert seen > 0


def test_nobody_takes_part_in_two_circles_and_partners_are_others():
    attacks = planned().attacks[NAME]
    assert np.unique(attacks.members).size == attacks.members.size > 0
    assert not np.isin(attacks.customer, attacks.members).any()
    assert attacks.members.shape[1] == 2


def test_limits_of_the_day_bind_partners():
    people, month = society().people, honest()
    slots = dict(zip(people.account_id.tolist(), range(people.account_id.shape[0]), strict=True))
    approved = frame(injected().payments._asdict()).filter(status=0, payment_kind=PAYMENT_KINDS.index("transfer"))
    partners = people.customer_id[planned().attacks[NAME].members.ravel()].tolist()
    used = (
        approved.filter(pl.col("customer_id").is_in(partners))
        .group_by("account_id", "event_date")
        .agg(pl.col("amount_minor").sum())
    )
    assert used.height > 0
    for account_id, date, amount in used.iter_rows():
        row = slots[account_id] - month.first_account
        assert amount <= month.unused_account_limit_minor[row, date - month.clock.first_day]
