"""R01-R19, ZA and RU tickets: shares, tickets, banks, apps and the clock, on a handful of payments."""

import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.realism.statistics import cards, clock, instant
from tests.unit.realism.lakes import at, measure, payments

TRANSFER = {"payment_kind": "transfer", "merchant_id": None, "payee_id": 9}
DECLINED = {"status": "declined", "decline_reason": "wrong_pin"}
ACCOUNTS = pl.DataFrame({"account_id": [1, 2, 3], "bank_code": ["BANK_A", "BANK_B", "BANK_C"]})


def test_transfers_cards_and_declines_are_no_payments_to_merchants():
    rows = payments({}, {}, {}, TRANSFER, {"channel": "pos"}, DECLINED)
    assert measure(instant.merchant_share, rows) == {"merchant_share": 0.75, "count": 4}


def test_tickets_are_means_in_major_units():
    rows = payments({"amount_minor": 10_000}, {"amount_minor": 30_000}, {**TRANSFER, "amount_minor": 250_000})
    assert measure(instant.merchant_ticket, rows)["mean_ticket"] == 200
    assert measure(instant.person_ticket, rows)["mean_ticket"] == 2_500
    assert measure(cards.instant_ticket, rows)["mean_ticket"] == pytest.approx(2_900 / 3)


def test_slabs_end_at_500_and_2000():
    rows = payments(*({"amount_minor": 100 * amount} for amount in (500, 501, 2_000, 2_001)))
    assert measure(instant.merchant_slabs, rows) == {"small_share": 0.25, "large_share": 0.25, "count": 4}
    assert measure(instant.person_slabs, rows)["small_share"] is None
    assert measure(instant.large_value, rows)["large_value_share"] == pytest.approx(2_001 / 5_002)


def test_the_technical_share_is_one_of_declines():
    technical = {"status": "declined", "decline_reason": "technical"}
    found = measure(instant.declines, payments(*[{}] * 6, DECLINED, DECLINED, DECLINED, technical))
    assert found == {"decline_rate": 0.4, "technical_share": 0.25, "count": 10}


def test_banks_below_one_percent_are_not_compared():
    rows = [{"account_id": 1}] * 90 + [{"account_id": 1, **DECLINED}] * 10
    rows += [{"account_id": 2}] * 95 + [{"account_id": 2, **DECLINED}] * 5 + [{"account_id": 3, **DECLINED}]
    assert measure(instant.bank_spread, payments(*rows), accounts=ACCOUNTS)["decline_ratio"] == pytest.approx(2)
    found = measure(
        instant.bank_concentration, payments(*[{"account_id": 1}] * 3, {"account_id": 2}), accounts=ACCOUNTS
    )
    assert found == {"top_share": 0.75, "herfindahl": 0.625, "count": 4}


def test_an_app_is_known_by_the_first_word_of_its_user_agent():
    agents = ["PhonePe/1 (Android)", "PhonePe/2 (iOS)", "GPay 3", "Paytm/1", "BHIM/1", None]
    found = measure(instant.app_concentration, payments(*({"user_agent": agent} for agent in agents)))
    assert found["top_3_share"] == pytest.approx(0.8)
    assert found["herfindahl"] == pytest.approx((4 + 1 + 1 + 1) / 25)


def test_unclassified_merchants_stay_in_the_denominator_and_are_not_ranked():
    rows = [{"merchant_category_code": code} for code in range(1, 17) for _ in range(2)]
    rows += [{"merchant_category_code": 5999}] * 8
    assert measure(instant.code_concentration, payments(*rows))["count_share"] == pytest.approx(30 / 40)
    shares = measure(instant.groceries, payments({}, {"merchant_category_code": 5812, "amount_minor": 30_000}))
    assert shares == {"count_share": 0.5, "value_share": 0.25, "count": 2}


def test_credit_cards_are_counted_by_card_and_month():
    owned = pl.DataFrame({"card_id": [1, 2, 3], "card_type": ["credit", "credit", "debit"]})
    rows = payments(
        {"card_id": 1, "channel": "pos", "amount_minor": 10_000},
        {"card_id": 1, "channel": "online", "amount_minor": 30_000},
        {"card_id": 1, "channel": "pos", "amount_minor": 40_000, "event_at": at("2025-04-01 10:00")},
        {"card_id": 2, "channel": "pos", "amount_minor": 40_000},
        {"card_id": 2, "channel": "atm", "amount_minor": 999_900},
        {"card_id": 3, "channel": "pos", "amount_minor": 5_000},
    )
    found = measure(cards.credit_cards, rows, cards=owned)
    assert found == pytest.approx(
        {"mean_ticket": 300, "payments_per_card_month": 4 / 3, "online_value_share": 0.25, "count": 4}
    )
    means = measure(cards.mean_payments, rows, cards=owned)
    assert (means["debit_mean"], means["credit_mean"], means["app_mean"]) == (50, 300, None)


def test_notes_come_in_hundreds():
    rows = payments(*({"channel": "atm", "amount_minor": 100 * amount} for amount in (500, 600, 1_000, 1_050)))
    found = measure(cards.cash, rows)
    assert found == {"mean_withdrawal": 787.5, "hundreds_share": 0.75, "five_hundreds_share": 0.5, "count": 4}


def test_peak_windows_start_at_ten_and_seventeen_and_end_at_thirteen_and_half_past_nine():
    moments = ["09:59", "10:00", "12:59", "13:00", "16:59", "17:00", "21:29", "21:30", "04:59", "05:00"]
    found = measure(clock.hours, payments(*({"event_at": at(f"2025-03-03 {text}")} for text in moments)))
    assert (found["peak_window_share"], found["night_share"]) == (0.4, 0.1)


def test_hours_are_those_of_the_local_clock():
    late = {"event_at": at("2025-03-03 20:00"), "event_at_local": at("2025-03-04 01:30")}
    assert measure(clock.hours, payments(late))["night_share"] == 1


def week(counts):
    """Return payments of one week from Monday 3 March 2025 on."""
    return payments(
        *({"event_at": at(f"2025-03-{3 + day:02d} 12:00")} for day, count in enumerate(counts) for _ in range(count))
    )


def test_weekdays_are_compared_by_their_mean_day():
    assert measure(clock.weekdays, week([2, 2, 2, 2, 2, 3, 2]))["weekday_ratio"] == 1.5
    assert measure(clock.weekdays, week([1, 1, 1]))["weekday_ratio"] is None
    found = measure(clock.friday_and_saturday, week([2, 1, 2, 2, 3, 3, 2]))
    assert found["friday_saturday_share"] == pytest.approx(6 / 15)
    assert found["tuesday_is_slowest"] == 1
    assert measure(clock.friday_and_saturday, week([1, 2, 2, 2, 3, 3, 2]))["tuesday_is_slowest"] == 0


def days(first, last, amount_of):
    day, rows = first, []
    while day <= last:
        rows += amount_of(day)
        day += dt.timedelta(days=1)
    return payments(*rows)


def noon(day, amount=100):
    return {"event_at": at(f"{day} 12:00"), "amount_minor": 100 * amount}


def test_early_days_are_compared_with_an_even_month():
    rows = days(dt.date(2025, 4, 1), dt.date(2025, 5, 10), lambda day: [noon(day, 200 if day.day <= 7 else 100)])
    assert measure(clock.early_month, rows)["early_value_ratio"] == pytest.approx((14 / 37) / (7 / 30))


def test_diwali_is_compared_with_the_same_weekdays_four_weeks_earlier():
    festive = (dt.date(2025, 10, 18), dt.date(2025, 10, 20))

    def bought(day):
        return [noon(day, 300)] * 2 if festive[0] <= day <= festive[1] else [noon(day)]

    found = measure(clock.diwali, days(dt.date(2025, 9, 1), dt.date(2025, 10, 31), bought))
    assert found == {"count_ratio": 2, "value_ratio": 6, "count": 3}
    assert measure(clock.diwali, days(dt.date(2025, 10, 1), dt.date(2025, 10, 31), bought))["count_ratio"] is None


def test_growth_compares_whole_months_a_year_apart():
    def bought(day):
        return [noon(day, 90)] * 3 if day.year == 2025 else [noon(day)] * 2

    found = measure(clock.trend, days(dt.date(2024, 2, 1), dt.date(2025, 2, 28), bought))
    assert found["count_growth"] == pytest.approx(3 * 28 / (2 * 29) - 1)
    assert found["ticket_change"] == pytest.approx(-0.1)
