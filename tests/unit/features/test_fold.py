import math

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.features.fold import advance
from riskfabric_assets.features.state import empty_states
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from tests.oracles.account_events_oracle import EVENT_ORACLES
from tests.oracles.features_oracle import ORACLES, features_of
from tests.payments import (
    CUSTOMER,
    DELHI,
    MUMBAI,
    MUMBAI_CELL,
    NO_ACCOUNT_EVENTS,
    account_event,
    account_events,
    customer_ids,
    payment,
    payments,
    random_account_events,
    random_payments,
    the_features,
    the_fold,
)

HOUR, DAY = 3_600, 86_400
TOLERANCES = {
    "hour_deviation": 2e-3,
    "amount_deviation": 1e-3,
    "speed_kmh": 1e-6,
    "log_speed": 1e-6,
    "amount_deviation_30d": 1e-3,
}
"""Steps of 1/4096 in a log amount and of 2**-20 in a cosine; two near-opposite hours magnify the latter."""


def folded(*rows: dict[str, object]) -> pl.DataFrame:
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    return advance(states, payments(*rows), NO_ACCOUNT_EVENTS, the_fold())[0]


def last(*rows: dict[str, object]) -> dict[str, object]:
    return folded(*rows).row(-1, named=True)


@pytest.mark.parametrize(
    ("seed", "customers", "days", "devices", "instruments", "burst_share"),
    [(1, 12, 60, 4, 3, 0.1), (2, 3, 2, 4, 3, 0.3), (3, 6, 300, 40, 12, 0.0)],
    ids=["uneven", "saturated", "many devices and instruments"],
)
def test_fold_equals_the_naive_oracle(seed, customers, days, devices, instruments, burst_share):
    stream = random_payments(seed, customers, 600, days, devices, instruments, burst_share)
    states = empty_states(customer_ids(customers), the_fold().contract)
    found, _ = advance(states, stream, random_account_events(seed, customers, 50, days), the_fold())
    wanted = features_of(stream, the_features())
    for name in ORACLES:
        np.testing.assert_allclose(
            found[name].cast(pl.Float64).to_numpy(),
            wanted[name].cast(pl.Float64).to_numpy(),
            rtol=3e-7 if found.schema[name] == pl.Float32 else 1e-9,
            atol=TOLERANCES.get(name, 0.0),
            err_msg=name,
        )


def test_oracle_streams_reach_ties_saturation_and_forgetting():
    saturated = features_of(random_payments(2, 3, 600, 2, 4, 3, 0.3), the_features())
    assert saturated["is_window_saturated"].any()
    assert (saturated["seconds_since_last_payment"] == 0).any()
    scattered = random_payments(3, 6, 600, 300, 40, 12, 0.0)
    returns = scattered.select(pl.struct("customer_id", "instrument_id").is_first_distinct()).to_series()
    assert features_of(scattered, the_features()).filter(~returns)["seconds_since_last_on_instrument"].null_count()


def test_every_feature_of_the_fold_has_one_oracle():
    folded_names = [name for name, feature in the_features().features.items() if feature.made_by == "fold"]
    assert sorted([*ORACLES, *EVENT_ORACLES]) == sorted(folded_names)


def test_features_keep_their_table_contract():
    PAYMENT_FEATURES.check(folded(payment(0), payment(5)))


def test_first_payment_knows_nothing_of_a_past():
    first = last(payment(0, is_present=True))
    nullable = [column.name for column in PAYMENT_FEATURES.columns if column.is_nullable]
    assert {name for name in nullable if first[name] is not None} == {"days_since_device_first_seen"}
    assert (first["payment_sequence_number"], first["instrument_sequence_number"]) == (1, 1)
    assert first["is_new_device"]
    assert not any(first[name] for name in ("is_rapid_fire", "is_burst", "is_escalating", "is_category_switch"))


@pytest.mark.parametrize(("gap", "claim"), [(0, True), (300, True), (300.000001, False)])
def test_rapid_fire_is_a_gap_of_at_most_300_seconds(gap, claim):
    assert last(payment(0), payment(gap))["is_rapid_fire"] is claim


@pytest.mark.parametrize(("gap", "count"), [(60, 1), (60.000001, 0)])
def test_a_payment_exactly_at_the_edge_of_a_window_counts(gap, count):
    assert last(payment(0), payment(gap))["count_payments_60s"] == count


def test_windows_of_a_minute_an_hour_and_a_day_nest():
    row = last(payment(0), payment(DAY - HOUR), payment(DAY - 30), payment(DAY))
    assert [row[f"count_payments_{window}"] for window in ("60s", "1h", "24h")] == [1, 2, 3]


def test_burst_needs_a_fourth_payment_within_a_minute():
    assert folded(*(payment(second) for second in (0, 20, 40, 60)))["is_burst"].to_list() == [False, False, False, True]


@pytest.mark.parametrize(("rows", "claim"), [(65, True), (64, False)])
def test_a_count_that_may_miss_payments_says_so(rows, claim):
    row = last(*(payment(60 * minute) for minute in range(rows + 1)))
    assert row["count_payments_24h"] == 64
    assert row["is_window_saturated"] is claim


def test_saturation_ends_when_the_forgotten_payments_are_a_day_old():
    row = last(*(payment(60 * minute) for minute in range(66)), payment(2 * DAY))
    assert (row["count_payments_24h"], row["is_window_saturated"]) == (0, False)


def test_speed_from_delhi_to_mumbai_is_their_distance_over_the_time():
    here, there = (
        {"latitude": DELHI[0], "longitude": DELHI[1]},
        {"latitude": MUMBAI[0], "longitude": MUMBAI[1]},
    )
    row = last(payment(0, is_present=True, **here), payment(2 * HOUR, is_present=True, **there))
    assert row["speed_kmh"] == pytest.approx(1_148 / 2, rel=0.005)
    assert row["log_speed"] == pytest.approx(math.log(1 + row["speed_kmh"]))


def test_speed_is_capped_and_short_gaps_are_floored():
    far, near = {"latitude": MUMBAI[0], "longitude": MUMBAI[1]}, {"latitude": DELHI[0] + 0.001}
    assert last(payment(0, is_present=True), payment(60, is_present=True, **far))["speed_kmh"] == 2_000
    speed = last(payment(0, is_present=True), payment(0.5, is_present=True, **near))["speed_kmh"]
    assert speed == pytest.approx(0.1112 * 60, rel=0.01)


def test_remote_payments_neither_have_nor_end_a_journey():
    rows = folded(
        payment(0, is_present=True),
        payment(60, latitude=MUMBAI[0], longitude=MUMBAI[1]),
        payment(HOUR, is_present=True),
    )
    assert rows["speed_kmh"].to_list() == [None, None, 0.0]


def test_hours_are_compared_around_midnight():
    midnight = 18.5 * HOUR
    row = last(payment(midnight - HOUR / 2), payment(midnight + HOUR / 2))
    assert row["hour_deviation"] == pytest.approx(1.0, abs=31 / HOUR)


def test_hours_that_cancel_out_have_no_mean():
    assert last(payment(0), payment(12 * HOUR), payment(13 * HOUR))["hour_deviation"] is None


def test_a_first_amount_is_judged_by_its_channel():
    prior = the_features().settings.amount_prior
    assert last(payment(0))["amount_deviation"] == pytest.approx(0.0, abs=1e-3)
    withdrawal = last(payment(0, channel="atm", amount_minor=17_500))
    wanted = math.log(prior.median_amount["instant"] / prior.median_amount["atm"]) / prior.log_spread
    assert withdrawal["amount_deviation"] == pytest.approx(wanted, abs=1e-3)


def test_an_unusual_amount_stands_out_more_the_better_its_customer_is_known():
    outlier = payment(100 * DAY, amount_minor=1_000_000)
    known = [payment(day * DAY) for day in range(60)]
    assert last(*known, outlier)["amount_deviation"] > 1.5 * last(*known[:5], outlier)["amount_deviation"] > 0


def test_an_unlisted_currency_uses_the_scale_of_any_other():
    listed, other = last(payment(0, currency_code="XXX")), last(payment(0, currency_code="JPY"))
    assert listed["amount_deviation"] == other["amount_deviation"] != last(payment(0))["amount_deviation"]


@pytest.mark.parametrize(("amounts", "claim"), [((1, 2, 3), True), ((1, 2, 2), False), ((2, 1, 3), False)])
def test_escalation_is_a_third_strictly_rising_amount(amounts, claim):
    rows = [payment(DAY * day, amount_minor=amount) for day, amount in enumerate(amounts)]
    assert last(*rows)["is_escalating"] is claim


def test_a_forgotten_device_is_new_again_and_the_most_recent_sixteen_are_kept():
    visits = [payment(number, device_id=number) for number in range(17)]
    assert not last(*visits, payment(20, device_id=1))["is_new_device"]
    assert last(*visits, payment(20, device_id=0))["is_new_device"]


def test_what_a_full_state_forgets_is_counted():
    rows = [payment(number, device_id=number, instrument_id=number) for number in range(20)]
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    _, after = advance(states, payments(*rows), NO_ACCOUNT_EVENTS, the_fold())
    forgotten = {what: count for what, count in after.count_forgotten().items() if count}
    assert forgotten == {"devices": 20 - 16, "instruments": 20 - 8}


def test_days_of_a_window_leave_it_one_after_the_other():
    known = [payment(day * DAY, amount_minor=100 * (day + 1)) for day in range(5)]
    for days_later, count in ((6, 5), (8, 3), (10, 1), (11, 0)):
        assert last(*known, payment(days_later * DAY))["count_payments_7d"] == count
    row = last(*known, payment(31 * DAY))
    assert (row["count_payments_30d"], row["count_active_days_30d"], row["max_amount_minor_30d"]) == (3, 3, 500.0)
    assert row["amount_to_mean_30d"] == pytest.approx(17_500 / 400)


@pytest.mark.parametrize("pause", [33, 34, 40, 64, 400])
def test_after_a_month_of_silence_the_windows_of_days_are_empty(pause):
    row = last(*(payment(day * DAY) for day in range(4)), payment(pause * DAY))
    assert (row["count_payments_7d"], row["sum_amount_minor_30d"], row["amount_to_max_30d"]) == (0, 0.0, None)


def test_the_highest_amount_of_a_window_gives_way_when_it_leaves():
    rows = folded(
        payment(0, amount_minor=900),
        payment(DAY, amount_minor=300),
        payment(29 * DAY),
        payment(30 * DAY, amount_minor=5),
    )
    assert rows["max_amount_minor_30d"].to_list() == [None, 900.0, 900.0, 17_500.0]


def test_a_business_day_begins_at_local_midnight():
    evening = 18.5 * HOUR - 1
    assert [last(payment(evening), payment(evening + gap))["count_payments_today"] for gap in (0, 2)] == [1, 0]


def test_more_payments_than_a_day_holds_are_told():
    rows = [payment(minute * 60) for minute in range(513)]
    assert [last(*rows[:count])["are_days_saturated"] for count in (512, 513)] == [False, True]
    assert last(*rows, payment(29 * DAY))["count_payments_30d"] == 511
    assert not last(*rows, payment(30 * DAY))["are_days_saturated"]


def test_an_amount_that_the_ring_cannot_hold_is_told():
    row = last(payment(0, amount_minor=2**33), payment(60))
    assert row["is_window_saturated"]
    assert row["sum_amount_minor_7d"] == 2**33


def test_an_outcome_is_known_to_the_payments_after_it_only():
    refusal = {"status": "declined", "decline_reason": "limit_exceeded"}
    rows = folded(payment(0, **refusal), payment(10, **refusal), payment(DAY + 5))
    assert rows["count_declines_24h"].to_list() == [0, 1, 1]
    assert rows["count_limit_declines_24h"].to_list() == [0, 1, 1]
    assert rows["count_declines_7d"].to_list() == [0, 1, 2]


def test_a_place_is_new_where_the_payer_stands_and_nowhere_else():
    away = {"h3_cell_r7": MUMBAI_CELL}
    rows = folded(
        payment(0, is_present=True),
        payment(10, **away),
        payment(20, is_present=True, **away),
        payment(30, is_present=True),
    )
    assert rows["is_new_place"].to_list() == [True, False, True, False]
    assert rows["is_other_place"].to_list() == [False, False, True, True]


def test_a_merchant_abroad_is_foreign_and_cross_border_unless_the_payer_is_there():
    abroad = {"merchant_amount_minor": 5, "merchant_country_code": "SG"}
    rows = folded(payment(0), payment(10, **abroad), payment(20, is_present=True, **abroad))
    assert rows["is_foreign"].to_list() == [False, True, True]
    assert rows["is_cross_border"].to_list() == [False, True, False]
    assert rows["is_new_country"].to_list() == [True, True, False]


@pytest.mark.parametrize(("feature", "column"), [("is_new_merchant", "merchant_id"), ("is_new_payee", "payee_id")])
def test_a_counterparty_is_new_once(feature, column):
    rows = folded(*(payment(number, **{column: party}) for number, party in enumerate([5, None, 6, 5, 6])))
    assert rows[feature].to_list() == [True, False, True, False, False]


def test_a_network_is_known_by_its_range_when_the_address_is_new():
    first, near, far = 10 << 24, (10 << 24) + 77, 11 << 24
    rows = folded(*(payment(number, ip_address=address) for number, address in enumerate([first, near, far, None])))
    assert rows["is_new_ip"].to_list() == [True, True, True, False]
    assert rows["is_new_ip_range"].to_list() == [True, False, True, False]


def test_a_payment_without_device_is_not_on_a_new_one():
    assert not last(payment(0, device_id=None))["is_new_device"]


def test_both_scopes_keep_their_own_sequence():
    row = last(payment(0, instrument_id=1), payment(10, instrument_id=2), payment(25, instrument_id=1))
    assert (row["payment_sequence_number"], row["instrument_sequence_number"]) == (3, 2)
    assert (row["seconds_since_last_payment"], row["seconds_since_last_on_instrument"]) == (15, 25)


def test_simultaneous_payments_are_ordered_by_event_id():
    row = last(payment(0, event_id=1, amount_minor=1), payment(0, event_id=2))
    assert (row["payment_sequence_number"], row["seconds_since_last_payment"]) == (2, 0)


def test_account_events_change_no_feature_of_payments():
    stream, states = random_payments(4, 5, 300), empty_states(customer_ids(5), the_fold().contract)
    without, _ = advance(states, stream, NO_ACCOUNT_EVENTS, the_fold())
    noted, after = advance(states, stream, random_account_events(4, 5, 80), the_fold())
    assert noted.drop(EVENT_ORACLES).equals(without.drop(EVENT_ORACLES))
    assert after.records["count_account_events"].sum() == 80


def test_states_note_the_last_event_of_either_kind():
    salary = account_events(account_event(50, "salary_credit", 100, event_id=9))
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    _, after = advance(states, payments(payment(0), payment(60)), salary, the_fold())
    assert (after.records["last_payment_id"][0], after.records["last_account_event_id"][0]) == (2, 9)
    assert after.records["count_account_events"][0] == 1


def test_advance_leaves_the_states_it_was_given():
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    before = states.records.tobytes()
    _, after = advance(states, payments(payment(0)), NO_ACCOUNT_EVENTS, the_fold())
    assert states.records.tobytes() == before != after.records.tobytes()
