"""What the typologies that change identity, send money on or burst must keep, beside the contract of all."""

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import CHANNELS, EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import averages, deeds, frame, injected, planned, society, typology, undisturbed, without_spares

HOUR, MINUTE = 3_600_000_000, 60_000_000
TRANSFER = PAYMENT_KINDS.index("transfer")
ATM = CHANNELS.index("atm")
FIRST_PARTY = ("bust_out", "romance_scam", "drop_distributor", "drop_purchaser")


def attacks(name: str) -> pl.DataFrame:
    own = planned().attacks[name]
    return pl.DataFrame(
        {
            "attack_id": own.attack_id,
            "customer_id": society().people.customer_id[own.customer],
            "start_at": own.start_at,
        }
    )


def events(name: str, kind: str) -> pl.DataFrame:
    """Events of a kind around a typology's attacks, with the time since the attack's start."""
    span = int(typology(name).params.span_cap * HOUR) + MINUTE
    rows = frame(injected().events._asdict()).filter(event_kind=EVENT_KINDS.index(kind))
    joined = rows.join(attacks(name), on="customer_id").with_columns(since=pl.col("event_at") - pl.col("start_at"))
    return joined.filter(pl.col("since").is_between(0, span))


def ratios(name: str) -> np.ndarray:
    """Wanted amounts over the payer's own average; a reduced or rounded one is lower."""
    rows = deeds(name)
    average = rows["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    return (rows["amount_minor"] / average).drop_nulls().to_numpy()


@pytest.mark.parametrize(("name", "kind"), [("sim_swap", "sim_change"), ("ato_identity_change", "email_change")])
def test_identity_changes_before_the_first_payment(name, kind):
    changes = events(name, kind).group_by("attack_id").agg(pl.len(), pl.col("event_at").min())
    assert changes.height == attacks(name).height > 0
    assert changes["len"].max() <= 2  # a victim of two attacks has two
    first = deeds(name).group_by("attack_id").agg(first=pl.col("event_at").min())
    delay = changes.join(first, on="attack_id").select(delay=pl.col("first") - pl.col("event_at"))["delay"]
    assert delay.min() > 0
    assert delay.max() <= 72 * HOUR


def test_a_new_phone_is_bound_between_the_swap_and_the_first_payment():
    bound = events("sim_swap", "device_binding").select("attack_id", "device_id", bound_at="event_at")
    both = deeds("sim_swap").join(bound, on="attack_id", suffix="_bound")
    assert both.height == deeds("sim_swap").height > 0
    assert (both["event_at"] > both["bound_at"]).all()
    assert (both["device_id"] == both["device_id_bound"]).all()


def test_links_burst_within_a_day_before_money_leaves():
    params, links = typology("link_burst").params, events("link_burst", "bank_link")
    counts = links.group_by("attack_id").agg(pl.len(), pl.col("since").max())
    assert counts.height == attacks("link_burst").height > 0
    assert counts["len"].is_between(params.links_low, params.links_high).all()
    assert counts["since"].max() <= 24 * HOUR
    last = counts.select("attack_id", last="since").join(attacks("link_burst"), on="attack_id")
    paid = deeds("link_burst").join(last, on="attack_id")
    assert (paid["event_at"] - paid["start_at"] >= paid["last"]).all()


@pytest.mark.parametrize("name", ["drop_distributor", "drop_purchaser"])
def test_money_comes_in_before_it_leaves_and_hardly_anything_stays(name):
    params, received = typology(name).params, events(name, "transfer_credit")
    counts = received.group_by("attack_id").agg(pl.len(), pl.col("amount_minor").sum(), pl.col("event_at").min())
    assert counts.height == attacks(name).height > 0
    assert counts["len"].min() >= params.credits_low
    left = (
        deeds(name).filter(status=0).group_by("attack_id").agg(pl.col("amount_minor").sum(), first=pl.min("event_at"))
    )
    both = counts.join(left, on="attack_id", suffix="_left")
    assert both.height > 0
    assert (both["first"] > both["event_at"]).all()
    share = both["amount_minor_left"].sum() / both["amount_minor"].sum()
    assert 0.3 < share < 1.5


def test_distributors_use_transfers_and_machines_of_one_account():
    rows = deeds("drop_distributor")
    assert rows.group_by("attack_id").agg(pl.col("account_id").n_unique())["account_id"].max() == 1
    assert set(rows.filter(channel=ATM)["payment_kind"]) <= {PAYMENT_KINDS.index("cash_withdrawal")}
    assert set(rows.filter(pl.col("channel") != ATM)["payment_kind"]) == {TRANSFER}
    assert rows.filter(channel=ATM)["is_present"].all()


@pytest.mark.parametrize("name", FIRST_PARTY)
def test_who_pays_on_the_own_phone_shows_no_foreign_device(name):
    assert not deeds(name)["has_device_anomaly"].any()
    assert not deeds(name)["has_ip_anomaly"].any()


def test_grooming_sends_ever_more_to_few_accounts():
    rows = deeds("romance_scam")
    rise = rows.with_columns(rise=pl.col("amount_minor").diff().over("attack_id"))["rise"].drop_nulls()
    assert rise.min() > 0
    payees = rows.group_by("attack_id").agg(pl.col("payee_id").n_unique())["payee_id"].max()
    assert payees <= typology("romance_scam").params.payees


def test_amounts_of_sequential_takeovers_rise_by_the_escalation():
    rows = undisturbed("sequential_takeover").with_columns(
        ratio=pl.col("amount_minor") / pl.col("amount_minor").shift().over("attack_id")
    )
    ratio = rows["ratio"].drop_nulls()
    assert ratio.min() > 1.0
    assert ratio.median() == pytest.approx(1 + typology("sequential_takeover").params.escalation, abs=0.05)


def test_bursts_stay_at_one_shop_and_device_with_minutes_between():
    rows, params = without_spares("trans_freq_increase"), typology("trans_freq_increase").params
    gaps = rows["gap"].drop_nulls() / MINUTE
    assert params.gap_low <= gaps.min() <= gaps.max() <= params.gap_high + 1e-3
    spread = rows.group_by("attack_id").agg(pl.len(), pl.col("merchant_id", "device_id", "ip_address").n_unique())
    assert set(planned().attacks["trans_freq_increase"].count_steps) == {4, 5}
    assert spread["len"].max() == 5
    assert spread.select(pl.max_horizontal("merchant_id", "device_id", "ip_address").max()).item() == 1


def test_recycled_addresses_are_used_from_the_victims_own_kind_of_device():
    rows = deeds("ip_recycling")
    assert rows["has_ip_anomaly"].all()
    assert not rows["has_device_anomaly"].any()


def test_bursts_from_elsewhere_are_large_nightly_and_go_to_somebody_new():
    rows, params = undisturbed("other_province_burst"), typology("other_province_burst").params
    assert set(rows["payment_kind"]) == {TRANSFER}
    assert rows["payee_id"].n_unique() == rows.height
    assert ratios("other_province_burst").max() <= params.amount_high * 1.05
    clock = planned().clock
    start = planned().attacks["other_province_burst"].local_microseconds / HOUR
    assert start.min() >= 1
    assert start.max() < 5
    assert clock.count_days == 31


@pytest.mark.parametrize("name", ["bust_out", "new_device_and_high_amount", "new_ip_and_device_high_amount"])
def test_amounts_are_high(name):
    assert np.median(ratios(name)) > 1.5
