"""R32-R46, R50, R54 and their kin: crime, shortcuts and reports, on a few attacks whose figures are known."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.realism.lake import Rules
from riskfabric_assets.realism.statistics import frauds, leaks, mules, ranks, reports
from tests.unit.realism.lakes import at, measure, payments

START = at("2025-03-03 12:00")
CARD = {"card_id": 1, "channel": "online", "merchant_country_code": "IN"}


def frame(*rows):
    return pl.DataFrame(rows, infer_schema_length=None)


def crime(*ids, claimed=(), attack=None, device=False, phase="drain"):
    return frame(
        *(
            {
                "event_id": event,
                "customer_id": 1,
                "attack_id": attack or event,
                "is_claimed": event in claimed,
                "has_device_anomaly": device,
                "phase": phase,
            }
            for event in ids
        )
    )


def later(days=0.0, hours=0.0, **row):
    return {"event_at": START + dt.timedelta(days=days, hours=hours), **row}


def test_a_claimed_honest_payment_is_no_crime():
    found = measure(frauds.instant_prevalence, payments(*[{}] * 4), fraud=crime(1, 2, claimed=(2,)))
    assert found == {"per_million": 250_000, "value_bps": 2_500, "count": 4}


def test_card_fraud_at_home_and_abroad_are_apart():
    abroad = {**CARD, "merchant_country_code": "US"}
    rows = payments(CARD, {**CARD, "amount_minor": 30_000}, abroad, abroad)
    found = measure(frauds.card_prevalence, rows, Rules(home_country="IN"), fraud=crime(1, 3))
    assert (found["domestic_bps"], found["abroad_bps"]) == (2_500, 5_000)


def test_tickets_of_fraud_are_compared_by_channel():
    rows = payments({"amount_minor": 50_000}, {}, CARD, {**CARD, "amount_minor": 40_000})
    found = measure(frauds.tickets, rows, fraud=crime(1, 4))
    assert found == {"instant_ratio": 5, "card_ratio": 4, "count": 2}


def test_the_amount_ranks_crime():
    rows = payments(*({"amount_minor": 100 * amount} for amount in (1, 2, 3, 4, 2, 9)))
    found = measure(frauds.overlap, rows, fraud=crime(5, 6))
    assert found == {"amount_auc": pytest.approx((1.5 + 4) / 8), "below_quartile_share": 0.5, "count": 2}
    assert measure(frauds.overlap, rows)["amount_auc"] is None


def test_the_honest_payments_that_stand_for_all_do_not_depend_on_the_order_of_rows(monkeypatch):
    monkeypatch.setattr(frauds, "HONEST_SAMPLE", 40)
    rows = payments(*({"amount_minor": 100 + 37 * number % 9_973} for number in range(600)))
    found = measure(frauds.overlap, rows, fraud=crime(5, 6))
    assert found == measure(frauds.overlap, rows.reverse(), fraud=crime(5, 6))
    assert found == measure(frauds.overlap, rows.sample(fraction=1, shuffle=True, seed=3), fraud=crime(5, 6))


def test_remote_card_fraud_is_that_online():
    rows = payments(CARD, {**CARD, "channel": "pos"}, {"channel": "instant"})
    assert measure(frauds.remote_share, rows, fraud=crime(1, 2, 3)) == {"remote_value_share": 0.5, "count": 2}


def test_an_attack_bursts_within_two_hours_of_its_first_attempt():
    rows = payments(later(), later(hours=2), later(hours=3), later(days=9))
    fraud = pl.concat([crime(1, 2, 3, attack=7), crime(4)])
    assert measure(frauds.bursts, rows, fraud=fraud) == {"early_share": 0.75, "median_size": 2, "count": 2}


def test_days_without_an_attack_count_in_the_overdispersion():
    rows = payments(later(), later(), later(), later(days=2))
    found = measure(frauds.overdispersion, rows, fraud=crime(1, 2, 3))
    assert found == {"variance_ratio": pytest.approx(np.var([3, 0, 0], ddof=1) / 1), "count": 3}


def test_the_night_is_compared_with_honest_nights():
    night, noon = {"event_at": at("2025-03-03 03:00")}, {"event_at": at("2025-03-03 12:00")}
    found = measure(frauds.night_excess, payments(night, noon, night, noon, noon, noon), fraud=crime(1, 2))
    assert found == {"night_ratio": 2, "count": 2}


def test_payees_of_the_first_sixty_days_are_known():
    sent = {"payment_kind": "transfer", "merchant_id": None}
    rows = payments(
        later(payee_id=1, **sent),
        later(days=70, payee_id=1, **sent),
        later(days=70, payee_id=2, **sent),
        later(days=71, payee_id=3, **sent),
    )
    found = measure(frauds.new_payees, rows, fraud=crime(4))
    assert found == {"fraud_share": 1, "honest_share": 0.5, "count": 1}


def test_losses_know_what_came_back():
    rows = payments({**CARD, "amount_minor": 30_000}, {"amount_minor": 10_000}, {})
    back = frame(
        {"event_id": 9, "event_kind": "refund", "related_event_id": 1, "amount_minor": 4_000},
        {"event_id": 10, "event_kind": "refund", "related_event_id": 3, "amount_minor": 4_000},
    )
    found = measure(frauds.losses, rows, fraud=crime(1, 2), events=back)
    assert found == {"mean_loss": 200, "card_share": 0.5, "returned_share": pytest.approx(0.1), "count": 2}
    assert measure(frauds.digital_losses, rows, fraud=crime(1, 2))["digital_mean"] == 100


def test_what_mules_pass_on_is_no_loss_but_cash_drawn_from_a_victim_is():
    rows = payments(
        {"amount_minor": 30_000}, {"amount_minor": 29_000}, {"amount_minor": 20_000}, {"amount_minor": 10_000}
    )
    fraud = crime(1, 2, 3, 4).with_columns(
        attack_id=pl.Series([7, 7, 7, 8]), phase=pl.Series(["drain", "layering", "cash_out", "cash_out"])
    )
    assert measure(frauds.losses, rows, fraud=fraud)["mean_loss"] == 200
    assert measure(frauds.digital_losses, rows, fraud=fraud)["digital_mean"] == 200


def test_a_chargeback_comes_back_unless_the_merchant_wins():
    rows = payments({"amount_minor": 30_000}, {"amount_minor": 10_000})
    told = frame(
        {"event_id": 1, "label_event_kind": "confirmed", "accepted_share": 1.0},
        {"event_id": 1, "label_event_kind": "charged_back"},
        {"event_id": 1, "label_event_kind": "represented"},
        {"event_id": 2, "label_event_kind": "partly_confirmed", "accepted_share": 0.5},
        {"event_id": 2, "label_event_kind": "charged_back"},
    )
    assert measure(frauds.losses, rows, fraud=crime(1, 2), label_events=told)["returned_share"] == 0.125


def test_area_under_the_curve_counts_ties_half():
    assert ranks.area_under_curve(np.array([1.0, 2.0]), np.array([2.0, 3.0])) == 0.875
    assert ranks.area_under_curve(np.array([5.0]), np.array([1.0])) == 0


def test_area_within_strata_ignores_differences_between_them():
    strata, values = np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 10.0, 20.0])
    assert ranks.area_within(strata, values, np.array([False, True, False, True])) == 1
    assert ranks.area_within(strata, values, np.array([False, False, True, True])) == 0.5


def test_no_row_judges_itself():
    groups, is_crime = np.arange(40), np.arange(40) % 4 == 0
    scores = ranks.rates_of_the_other_half(groups, is_crime)
    assert ranks.area_under_curve(scores[~is_crime], scores[is_crime]) == 0.5


def test_a_field_that_gives_crime_away_is_found():
    rng = np.random.default_rng(5)
    rows = [{"amount_minor": int(amount), "network_name": "Jio"} for amount in rng.integers(100, 10_000, 600)]
    leaking = [{**row, "network_name": "Dark"} if place < 200 else row for place, row in enumerate(rows)]
    order = rng.permutation(600)
    ids = [int(np.flatnonzero(order == place)[0]) + 1 for place in range(200)]
    plain = measure(leaks.trivial, payments(*(rows[place] for place in order)), fraud=crime(*ids))
    found = measure(leaks.trivial, payments(*(leaking[place] for place in order)), fraud=crime(*ids))
    assert plain["field_auc"] < 0.6
    assert found["field_auc"] == pytest.approx(1)
    assert max(plain["artefact_auc"], found["artefact_auc"]) < 0.58


def test_ids_in_the_order_of_crime_are_an_artefact():
    found = measure(leaks.trivial, payments(*[{}] * 200), fraud=crime(*range(1, 101)))
    assert found["artefact_auc"] == pytest.approx(1)


def people(names):
    return frame(
        *(
            {
                "customer_id": who,
                "full_name": f"A {name}",
                "monthly_income_minor": 100,
                "location_type": "Metro",
                "birth_year": 1985,
            }
            for who, name in enumerate(names)
        )
    )


def test_a_name_that_draws_crime_is_unfair():
    names = ["Ash", "Birch"] * 300
    rows = payments(*({"customer_id": who % 600} for who in range(1200)))
    unfair = crime(*(who + 1 for who in range(600) if who % 2 == 0 and who % 3))
    fair = crime(*(who + 1 for who in range(600) if who % 3 == 0))
    assert measure(leaks.fairness, rows, customers=people(names), fraud=unfair)["name_auc"] > 0.7
    assert measure(leaks.fairness, rows, customers=people(names), fraud=fair)["name_auc"] < 0.6


def labels(*rows):
    return frame(
        *(
            {
                "event_id": event,
                "customer_id": 1,
                "reported_by": "victim",
                "label_known_at": START + dt.timedelta(days=days),
            }
            for event, days in rows
        )
    )


def test_delays_of_scams_and_of_online_cards_are_apart():
    rows = payments({}, {}, {}, CARD, {"channel": "pos"})
    fraud = pl.concat([crime(1, 2, 3), crime(4, 5, device=True)])
    found = measure(reports.scam_delay, rows, fraud=fraud, labels=labels((1, 0.5), (2, 3), (3, 30), (4, 12)))
    assert (found["median_days"], found["same_day_share"], found["count"]) == (3, pytest.approx(1 / 3), 3)
    cards = measure(reports.online_card_delay, rows, fraud=fraud, labels=labels((1, 1), (4, 12), (5, 99)))
    assert cards == {"median_days": 12, "p99_days": 12, "count": 1}


def test_late_labels_are_counted_among_labels_and_missing_ones_among_fraud():
    found = measure(
        reports.maturity, payments(*[{}] * 4), fraud=crime(1, 2, 3, 4), labels=labels((1, 1), (2, 40), (3, 2))
    )
    assert found == {"late_share": pytest.approx(1 / 3), "never_share": 0.25, "count": 4}


def test_claims_on_honest_payments_are_disputes():
    rows = payments({}, CARD, CARD, CARD)
    found = measure(
        reports.disputes, rows, fraud=crime(1, 2, 3, claimed=(1, 2)), labels=labels((1, 44), (2, 20), (3, 99))
    )
    assert found == {
        "instant_longest_days": 44,
        "card_median_days": 20,
        "card_longest_days": 20,
        "online_card_ratio": pytest.approx(2 / 3),
        "count": 2,
    }


def test_the_sixth_report_about_one_payee_in_a_month_breaks_a_cap():
    rows = payments(*[{"merchant_id": 1}] * 12)
    month = labels(*((event, event) for event in range(1, 7)))
    assert measure(reports.caps, rows, labels=month) == {"payer_violations": 0, "pair_violations": 1, "count": 6}
    slow = labels(*((event, 10 * event) for event in range(1, 7)))
    assert measure(reports.caps, rows, labels=slow)["pair_violations"] == 0
    many = measure(reports.caps, rows, labels=labels(*((event, 1) for event in range(1, 13))))
    assert many["payer_violations"] == 12


def test_a_mule_forwards_what_it_receives_within_a_day():
    stolen = {"payment_kind": "transfer", "merchant_id": None, "payee_id": 7, "amount_minor": 100_000}
    rows = payments(
        later(**stolen),
        later(hours=5, account_id=7, amount_minor=60_000),
        later(hours=29, account_id=7, amount_minor=30_000),
        later(hours=6, account_id=7, amount_minor=10_000),
        later(days=2, **stolen),
        later(days=3, account_id=7, amount_minor=80_000),
    )
    owned = pl.DataFrame({"account_id": [1, 7]})
    fraud = pl.concat([crime(1, 2, 3, attack=1), crime(5, 6, attack=2)])
    found = measure(mules.pass_through, rows, fraud=fraud, accounts=owned)
    assert (found["forwarded_share"], found["life_days"], found["count"]) == (0.7, 3, 1)  # 60 and 80 %; own money not
    assert measure(mules.turnover, rows, fraud=fraud, accounts=owned)["monthly_turnover"] == 2_000


def test_money_that_goes_in_a_circle_is_not_stolen():
    sent = {"payment_kind": "transfer", "merchant_id": None, "amount_minor": 100_000}
    rows = payments(later(payee_id=7, **sent), later(hours=1, account_id=7, payee_id=1, **sent))
    owned = pl.DataFrame({"account_id": [1, 7]})
    circle = crime(1, 2, attack=1, phase="layering")
    assert measure(mules.pass_through, rows, fraud=circle, accounts=owned)["count"] == 0
    assert measure(mules.pass_through, rows, fraud=crime(1, 2, attack=1), accounts=owned)["count"] > 0
