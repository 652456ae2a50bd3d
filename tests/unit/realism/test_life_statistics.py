"""R20-R31, R48, R49, R53: rhythm, habits, inequality, distance and amounts, on data whose answer is known."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.realism.statistics import amounts, merchants, people, rhythm, space
from tests.unit.realism.lakes import at, measure, payments

START = at("2025-03-03 12:00")


def spaced(gaps, customer=1):
    moments = np.concatenate([[0.0], np.cumsum(gaps)])
    return [{"customer_id": customer, "event_at": START + dt.timedelta(seconds=float(moment))} for moment in moments]


def test_a_clockwork_customer_is_not_bursty_and_a_bursty_one_is():
    regular = spaced([3600.0] * 60)
    bursty = spaced([60.0] * 55 + [86_400.0] * 5, customer=2)
    found = measure(rhythm.burstiness, payments(*regular, *bursty))
    assert (found["bursty_share"], found["count"]) == (0.5, 2)
    assert measure(rhythm.burstiness, payments(*regular))["median_burstiness"] == pytest.approx(-1)


def test_burstiness_is_the_finite_size_formula():
    gaps = np.array([10.0] * 40 + [1000.0] * 20)
    n, r = gaps.size, gaps.std() / gaps.mean()
    wanted = (np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1))
    assert measure(rhythm.burstiness, payments(*spaced(gaps)))["median_burstiness"] == pytest.approx(wanted)


def test_exponential_gaps_are_not_rejected_and_regular_ones_are():
    """Quantiles of the exponential law, inside one waking day each, against equal gaps."""
    quantiles = -np.log(1 - (np.arange(150) + 0.5) / 150) * 200.0
    shuffled = np.random.default_rng(1).permutation(quantiles)
    assert measure(rhythm.not_poisson, payments(*spaced(shuffled)))["rejected_share"] == 0
    assert measure(rhythm.not_poisson, payments(*spaced([200.0] * 150)))["rejected_share"] == 1


def test_a_retry_is_the_same_payee_within_ten_minutes():
    def attempt(minutes, merchant, status="declined"):
        return {"event_at": START + dt.timedelta(minutes=minutes), "merchant_id": merchant, "status": status}

    rows = payments(
        attempt(0, 1),
        attempt(9, 1, "approved"),
        attempt(0, 2),
        attempt(11, 2, "approved"),
        attempt(0, 3),
        attempt(5, 4),
    )
    assert measure(rhythm.retries, rows) == {"retried_share": 0.25, "success_share": 1, "count": 4}


def test_running_short_is_compared_between_the_ends_of_the_pay_cycle():
    pays = pl.DataFrame(
        {
            "customer_id": [1, 1],
            "event_kind": ["salary_credit"] * 2,
            "event_at": [at("2025-03-01 00:00"), at("2025-03-31 00:00")],
            "event_date": [dt.date(2025, 3, 1), dt.date(2025, 3, 31)],
        }
    )
    short = {"status": "declined", "decline_reason": "insufficient_funds"}
    early = [{"event_at": at("2025-03-02 10:00")}] * 9 + [{"event_at": at("2025-03-02 11:00"), **short}]
    late = [{"event_at": at("2025-03-28 10:00")}] * 8 + [{"event_at": at("2025-03-28 11:00"), **short}] * 2
    middle = [{"event_at": at("2025-03-15 10:00"), **short}] * 5
    found = measure(rhythm.pay_cycle, payments(*early, *middle, *late), events=pays)
    assert found == {"short_ratio": pytest.approx(2), "count": 1}


def test_activity_counts_those_who_pay_nothing():
    holders = pl.DataFrame({"customer_id": list(range(1, 11))})
    rows = payments(*[{"customer_id": 1}] * 10)
    found = measure(people.activity, rows, customers=holders)
    assert (found["gini"], found["top_decile_share"], found["count"]) == (pytest.approx(0.9), 1, 10)
    assert found["shape"] == pytest.approx(1 / (9 - 1))
    assert measure(people.activity, rows)["gini"] == pytest.approx(0)


def test_spend_is_unequal_by_amount():
    rows = payments({"amount_minor": 100}, {"customer_id": 2, "amount_minor": 300})
    found = measure(people.spend, rows)
    assert found == {"gini": pytest.approx(0.25), "log_sd": pytest.approx(np.log(3) / 2), "count": 2}


def test_low_scores_run_short_more_often():
    short = {"status": "declined", "decline_reason": "insufficient_funds"}
    rows = [{"customer_id": who, **(short if place < 10 * who else {})} for who in (1, 2, 3) for place in range(30)]
    scored = pl.DataFrame({"customer_id": [1, 2, 3, 4], "credit_score": [800, 720, 640, None]})
    found = measure(people.credit_scores, payments(*rows), customers=scored)
    assert found["delinquency_correlation"] == pytest.approx(-1)
    assert (found["lowest_score"], found["highest_score"], found["mean_score"]) == (640, 800, 720)
    assert found["good_score_share"] == pytest.approx(2 / 3)


def visits(counts, customer=1):
    return [{"customer_id": customer, "merchant_id": shop} for shop, count in enumerate(counts) for _ in range(count)]


def test_favourites_by_rank_have_the_exponent_they_were_made_with():
    counts = [round(240 / (rank + 1)) for rank in range(12)]
    found = measure(merchants.favourites, payments(*visits(counts)))
    assert found["exponent"] == pytest.approx(1, abs=0.01)
    assert found["top_share"] == pytest.approx(240 / sum(counts))
    assert measure(merchants.favourites, payments(*visits([30])))["count"] == 0


def test_returns_look_at_the_third_month():
    def visit(day, shop):
        return {"event_at": START + dt.timedelta(days=day), "merchant_id": shop}

    rows = payments(visit(0, 1), visit(59, 2), visit(60, 1), visit(70, 2), visit(80, 3), visit(89, 3), visit(90, 1))
    assert measure(merchants.returns, rows)["known_share"] == 0.5


def test_the_list_of_shops_grows_by_its_exponent():
    """80 purchases: 10 shops in the first 20, 20 shops in all: the list doubles as the purchases grow fourfold."""
    shops = [*range(10), *range(10), *[place % 20 for place in range(60)]]
    rows = [{"merchant_id": shop, "event_at": START + dt.timedelta(hours=place)} for place, shop in enumerate(shops)]
    assert measure(merchants.returns, payments(*rows))["growth_exponent"] == pytest.approx(0.5)


def test_popularity_is_fitted_between_rank_ten_and_a_tenth_of_the_shops():
    counts = [max(1, round(4000 / rank)) for rank in range(1, 201)]
    shops = pl.DataFrame({"merchant_id": np.repeat(np.arange(200), counts)})
    rows = shops.join(payments({}).drop("merchant_id"), how="cross")
    found = measure(merchants.popularity, rows)
    assert found["exponent"] == pytest.approx(1, abs=0.01)
    assert found["top_percent_share"] == pytest.approx(sum(counts[:2]) / sum(counts))


HOME = pl.DataFrame({"customer_id": [1], "home_latitude": [0.0], "home_longitude": [0.0]})
DEGREE_KM = 111.19508


def place(km, hours=0.0, **row):
    return {"latitude": km / DEGREE_KM, "longitude": 0.0, "event_at": START + dt.timedelta(hours=hours), **row}


def test_distance_counts_purchases_where_the_payer_stands():
    rows = payments(place(2), place(4), place(100), place(300), place(5000, is_present=False))
    found = measure(space.home_distance, rows, customers=HOME)
    assert found["median_km"] == pytest.approx(52, rel=1e-3)
    assert (found["beyond_50_share"], found["beyond_200_share"], found["count"]) == (0.5, 0.25, 4)


def test_a_power_law_of_distance_has_its_exponent():
    quantiles = (np.arange(4000) + 0.5) / 4000
    low, high, slope = 5.0 ** (1 - 1.7), 200.0 ** (1 - 1.7), 1 / (1 - 1.7)
    rows = payments(*(place(float((low + q * (high - low)) ** slope)) for q in quantiles))
    assert measure(space.home_distance, rows, customers=HOME)["tail_exponent"] == pytest.approx(1.7, abs=0.05)


def test_an_airliner_is_possible_and_a_rocket_is_not():
    assert measure(space.impossible_journeys, payments(place(0), place(1700, 2)))["impossible_share"] == 0
    assert measure(space.impossible_journeys, payments(place(0), place(2000, 2)))["impossible_share"] == 1
    assert measure(space.impossible_journeys, payments(place(0), place(1.5, 0)))["impossible_share"] == 0


def test_equal_digits_are_far_from_benford():
    rows = payments(*({"amount_minor": digit * 100} for digit in range(1, 10)))
    found = measure(amounts.first_digits, rows)
    wanted = np.abs(1 / 9 - np.log10(1 + 1 / np.arange(1, 10))).mean()
    assert found == {"mean_deviation": pytest.approx(wanted), "digit_1_share": pytest.approx(1 / 9), "count": 9}


def test_round_numbers_are_told_from_prices():
    typed = [{"amount_minor": minor} for minor in (1_000, 25_000, 4_700, 12_350)]
    sent = [{"payment_kind": "transfer", "amount_minor": minor} for minor in (50_000, 55_000)]
    priced = [{"channel": "online", "amount_minor": minor} for minor in (49_900, 49_950, 50_000, 12_300)]
    found = measure(amounts.heaping, payments(*typed, *sent, *priced))
    assert found == {"purchase_tens_share": 0.5, "transfer_hundreds_share": 0.5, "online_nines_share": 0.5, "count": 10}


def test_spread_is_that_within_merchant_codes():
    rows = [{"amount_minor": minor} for minor in (100, 10_000) for _ in range(50)]
    found = measure(amounts.spread, payments(*rows))
    assert found["code_log_sd"] == pytest.approx(np.log(100) / 2)
    assert measure(amounts.spread, payments(*rows[:99]))["code_log_sd"] is None
