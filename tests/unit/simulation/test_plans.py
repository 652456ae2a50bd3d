"""Journeys, excursions, habits and standing payments."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import ENTRY_MODES, PAYMENT_KINDS
from riskfabric_assets.simulation.kernels.plans import LONGEST_JOURNEY, NOWHERE, journey_of, moment_of_bill, plan_month
from riskfabric_assets.simulation.month import empty_desk, lived_month
from tests.societies import honest, society

COUNT = 400
HOUR = 3_600_000_000
MANDATE, BILL = ENTRY_MODES.index("mandate"), PAYMENT_KINDS.index("bill")


def plan(customer, month="2025-08"):
    people, desk = society(COUNT), empty_desk()
    plan_month(people.life, lived_month(people, month), people.life.customers[customer], desk)
    return desk.today[0]


def test_a_journey_goes_on_in_the_next_month():
    reaching = 0
    for customer in range(COUNT):
        before, after = plan(customer).copy(), plan(customer, "2025-09").copy()
        assert after["trip_stop"][0] == (before["trip_stop"][1] - 31 if before["trip_stop"][1] >= 0 else NOWHERE)
        if before["trip_stop"][1] > 31:
            reaching += 1
            assert journey_of(after, 0) == before["trip_to"][1] != NOWHERE
    assert reaching > 0


def test_journeys_are_as_frequent_as_their_class_says():
    mobility, rules = society(COUNT).people.mobility, society(COUNT).life.rules[0]
    starts = np.array([plan(customer)["trip_start"][1] for customer in range(COUNT)])
    lengths = np.array([plan(customer)["trip_stop"][1] for customer in range(COUNT)]) - starts
    for code in range(4):
        share, rows = rules["trip_rates"][code], mobility == code
        assert abs((starts[rows] >= 0).mean() - share) < 4 * np.sqrt(share / max(rows.sum(), 1)) + 1e-9
    travelled = lengths[starts >= 0]
    assert travelled.min() >= 2
    assert travelled.max() <= LONGEST_JOURNEY


def test_standing_payments_come_once_a_month_on_their_day_for_the_same_amount():
    mine, later = honest(COUNT).payment_rows, honest(COUNT, "2025-09").payment_rows
    assert (mine["payment_kind"] == BILL).sum() > COUNT / 2
    mandates = [rows[(rows["entry_mode"] == MANDATE) & (rows["payment_kind"] == BILL)] for rows in (mine, later)]
    columns = ("customer_id", "merchant_id", "amount_minor")
    keys = [set(zip(*(rows[name].tolist() for name in columns), strict=True)) for rows in mandates]
    assert len(keys[0]) == len(mandates[0])
    assert len(keys[0] & keys[1]) > 0.9 * min(map(len, keys))


def test_mandates_run_outside_the_peaks():
    payments = honest(COUNT).payments
    rows = payments.entry_mode == MANDATE
    hour = ((payments.event_at[rows] + int(5.5 * HOUR)) // HOUR) % 24
    assert rows.any()
    assert set(hour.tolist()) <= {6, 7, 8, 9, 13, 14, 15, 16}


def test_a_mandate_falls_into_one_of_two_spans():
    hours = np.array([6, 10, 13, 17]) * HOUR
    draws = (np.arange(800) + 0.5) / 800
    moments = np.array([moment_of_bill(hours, True, draw) for draw in draws]) / HOUR
    early, late = (moments >= 6) & (moments < 10), (moments >= 13) & (moments < 17)
    assert (early | late).all()
    assert early.sum() == late.sum() == 400
