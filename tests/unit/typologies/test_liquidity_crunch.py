"""What must always hold for liquidity crunches."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, ENTRY_MODES, EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import alone, deeds, frame, honest, injected, planned, society

HOUR = 3_600_000_000
NAME = "liquidity_crunch"
BILL, TRANSFER = PAYMENT_KINDS.index("bill"), PAYMENT_KINDS.index("transfer")
MANDATE, NO_MONEY = ENTRY_MODES.index("mandate"), DECLINE_REASONS.index("insufficient_funds")


def debits() -> pl.DataFrame:
    return deeds(NAME).filter(payment_kind=BILL)


def returned() -> pl.DataFrame:
    return frame(injected().events._asdict()).filter(event_kind=EVENT_KINDS.index("returned_debit"))


def undisturbed() -> pl.DataFrame:
    """Payments of attacks whose transfer went through, where no other typology takes money."""
    made = alone(NAME)
    rows = made.fraud.select("event_id", "attack_id", "step").join(frame(made.payments._asdict()), on="event_id")
    return rows.filter(((pl.col("step") == 1) & (pl.col("status") == 0)).any().over("attack_id"))


def test_it_begins_with_a_transfer_of_nearly_everything():
    first = undisturbed().filter(step=1)
    assert first.height > 0
    assert set(deeds(NAME).filter(step=1)["payment_kind"]) == {TRANSFER}
    life, slot = honest(), {account: row for row, account in enumerate(society().people.account_id.tolist())}
    for account_id, date, amount in first.select("account_id", "event_date", "amount_minor").iter_rows():
        held = life.leftover_minor[slot[account_id] - life.first_account, date - life.clock.first_day]
        assert 0.6 * held < amount <= held


def test_every_debit_comes_back_once_the_money_is_gone():
    after = undisturbed().filter(pl.col("step") > 1)
    assert after.height > 0
    assert (after["status"] != 0).all()
    assert (after["decline_reason"] == NO_MONEY).mean() > 0.8  # others fail before anybody looks at the money


def test_what_comes_back_is_an_event_of_the_account():
    back = debits().filter(decline_reason=NO_MONEY)
    both = back.join(returned(), left_on="event_id", right_on="related_event_id", suffix="_event", how="left")
    assert both.height == back.height > 0
    assert (both["event_at"] == both["event_at_event"]).all()
    assert (both["merchant_id"] == both["counterparty_id"]).all()
    assert (both["account_id"] == both["account_id_event"]).all()
    assert set(both["amount_minor_event"]) == {0}


def test_a_return_belongs_to_one_refused_debit():
    assert returned()["related_event_id"].is_unique().all()
    assert set(returned()["related_event_id"]) <= set(debits().filter(decline_reason=NO_MONEY)["event_id"])


def test_debits_run_as_those_of_honest_people():
    """Billers, channels and hours are those of standing payments, on the account that they run on."""
    life = frame(honest().payments._asdict()).filter(payment_kind=BILL, entry_mode=MANDATE)
    assert set(debits()["entry_mode"]) == {MANDATE}
    combinations = ("channel", "merchant_category", "merchant_category_code")
    assert set(debits().select(combinations).iter_rows()) <= set(life.select(combinations).iter_rows())
    clock = planned().clock
    minutes = []
    for rows in (life, debits()):
        row = rows["event_date"].to_numpy() - clock.first_day
        minutes.append((rows["event_at"].to_numpy() - clock.midnight_at[row]) / HOUR)
    assert minutes[0].min() - 0.5 <= minutes[1].min()
    assert minutes[1].max() <= minutes[0].max() + 0.5


def test_the_holder_acts_alone_on_the_own_device():
    rows = deeds(NAME)
    assert not rows["has_device_anomaly"].any()
    assert not rows["has_geo_anomaly"].any()
    assert rows["campaign_id"].null_count() == rows.height
    assert rows.group_by("attack_id").agg(pl.col("account_id").n_unique())["account_id"].max() == 1
