"""R47, R51, R52, R55: what must never be broken, kept and broken once each."""

import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.realism.lake import Rules
from riskfabric_assets.realism.statistics import identifiers, money
from tests.unit.realism.lakes import PAYMENT, at, measure, payments

ACCOUNT = pl.DataFrame({"account_id": [1], "credit_limit_minor": [5_000]})


def events(*rows):
    return pl.DataFrame(
        [
            {
                "event_id": 100 + place,
                "account_id": 1,
                "event_kind": kind,
                "amount_minor": minor,
                "event_at": at(moment),
                "event_date": at(moment).date(),
            }
            for place, (kind, minor, moment) in enumerate(rows)
        ]
    )


BOOKS = events(("opening", 20_000, "2025-03-01 00:00"), ("settlement", -5_000, "2025-03-31 23:00"))


def month(*spent):
    rows = [
        {"event_at": at(f"2025-03-{3 + place:02d} 12:00"), "amount_minor": minor} for place, minor in enumerate(spent)
    ]
    return payments(*rows, {"event_at": at("2025-03-31 12:00"), "amount_minor": 1, "account_id": 2})


def test_a_debit_may_use_the_credit_line_and_no_more():
    assert measure(money.conservation, month(20_000, 5_000), accounts=ACCOUNT, events=BOOKS)["overdrawn"] == 0
    assert measure(money.conservation, month(20_000, 5_001), accounts=ACCOUNT, events=BOOKS)["overdrawn"] == 1


def test_every_whole_month_ends_with_one_settlement():
    assert measure(money.conservation, month(1), accounts=ACCOUNT, events=BOOKS)["unsettled_months"] == 0
    assert measure(money.conservation, month(1), accounts=ACCOUNT, events=BOOKS.head(1))["unsettled_months"] == 1


def test_a_month_that_is_not_over_needs_no_settlement():
    rows = payments({"event_at": at("2025-03-20 12:00")})
    assert measure(money.conservation, rows, accounts=ACCOUNT, events=BOOKS.head(1))["unsettled_months"] == 0


def test_a_payment_abroad_at_another_rate_is_found():
    def abroad(minor, fee=0):
        foreign = {"merchant_currency_code": "USD", "merchant_amount_minor": 1_000}
        return {**foreign, "amount_minor": minor + fee, "fee_minor": fee}

    days = [PAYMENT["event_at"].date(), PAYMENT["event_at"].date() + dt.timedelta(days=1)]
    rates = pl.DataFrame({"currency_code": ["USD", "USD"], "rate": [87.0, 99.0], "event_date": days})
    good = payments(*[abroad(87_000)] * 8, abroad(90_000), abroad(87_000, 3_000), {})
    assert measure(money.currencies, good, exchange_rates=rates) == {"consistent_share": 1, "count": 10}
    bad = payments(*[abroad(87_000)] * 9, abroad(99_000))
    assert measure(money.currencies, bad, exchange_rates=rates)["consistent_share"] == 0.9
    moved = payments({**abroad(99_000), "event_date": days[1]})
    assert measure(money.currencies, moved, exchange_rates=rates)["consistent_share"] == 1
    assert measure(money.currencies, moved)["consistent_share"] == 0


def broken(*rows, rules=None, **tables):
    found = measure(money.rules, payments(*rows), rules, **tables)
    return {name: value for name, value in found.items() if value and name != "count"}


def test_limits_of_channels_and_taps_are_kept_or_told():
    taps = pl.DataFrame({"card_id": [1], "contactless_limit_minor": [500_000]})
    tap = {"card_id": 1, "channel": "pos", "entry_mode": "contactless", "authentication": "none"}
    rules = Rules(payment_limits={"instant": 100})
    assert not broken({"amount_minor": 10_000}, {**tap, "amount_minor": 500_000}, rules=rules, cards=taps)
    assert broken({"amount_minor": 10_001}, rules=rules) == {"over_limit": 1}
    assert broken({**tap, "amount_minor": 500_001}, cards=taps) == {"tap_over_limit": 1}
    assert not broken({**tap, "amount_minor": 500_001, "authentication": "pin"}, cards=taps)


@pytest.mark.parametrize(("day", "rupees"), [("2024-11-30", 500), ("2024-12-01", 1_000)])
def test_the_limit_of_payments_without_pin_was_raised(day, rupees):
    lite = {"authentication": "none", "event_at": at(f"{day} 12:00")}
    assert not broken({**lite, "amount_minor": 100 * rupees})
    assert broken({**lite, "amount_minor": 100 * rupees + 1}) == {"lite_over_limit": 1}


def test_mandates_stay_out_of_the_peak_since_august_2025():
    mandate = {"entry_mode": "mandate", "authentication": "none", "payment_kind": "bill"}
    assert not broken({**mandate, "event_at": at("2025-07-31 11:00")}, {**mandate, "event_at": at("2025-08-01 09:59")})
    assert broken({**mandate, "event_at": at("2025-08-01 10:00")}) == {"mandate_in_peak": 1}


def test_a_new_device_pays_little_on_its_first_day():
    bound = pl.DataFrame(
        {
            "event_id": [9],
            "device_id": [4],
            "customer_id": [1],
            "event_kind": ["device_binding"],
            "event_at": [at("2025-03-03 10:00")],
            "event_date": [at("2025-03-03 10:00").date()],
        }
    )
    known = {"device_id": [4], "customer_id": [1]}
    new = pl.DataFrame({**known, "first_seen_date": [at("2025-03-03 10:00").date()]})
    old = pl.DataFrame({**known, "first_seen_date": [at("2024-03-03 10:00").date()]})
    paid = {"device_id": 4, "customer_id": 1, "amount_minor": 300_000}
    assert not broken(paid, {**paid, "event_at": at("2025-03-04 11:00")}, events=bound, devices=new)
    assert broken(paid, paid, events=bound, devices=new) == {"new_device_over_limit": 1}
    assert not broken(paid, {**paid, "entry_mode": "mandate"}, events=bound, devices=new)
    assert not broken(paid, {**paid, "customer_id": 2}, events=bound, devices=new)
    assert not broken(paid, paid, events=bound, devices=old)


SAFE = {
    "cards": {"card_number": "4539578763621487"},
    "accounts": {"account_number": "00" + "1" * 16, "bank_code": "BANK_AA"},
    "customers": {
        "email_address": "a.b@gmail.example",
        "phone_number": "+91 0648422790",
        "home_latitude": 12.345,
        "home_longitude": 77.123,
    },
}


def safe_share(ip=(100 << 24) + (64 << 16), **changes):
    tables = {
        name: pl.DataFrame([{**row, **{key: value for key, value in changes.items() if key in row}}])
        for name, row in SAFE.items()
    }
    return measure(identifiers.safe, payments({"ip_address": ip}), **tables)["safe_share"]


def test_identifiers_that_can_belong_to_nobody_pass():
    assert safe_share() == 1
    assert safe_share(card_number="0000000000000000") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"card_number": "4539578763621486"},  # passes the Luhn test
        {"card_number": "453957876362148"},
        {"account_number": "1" * 18},
        {"bank_code": "SBIN0001234"},
        {"email_address": "a.b@gmail.com"},
        {"phone_number": "+91 9648422790"},
        {"home_latitude": 12.34567},
        {"ip": 134744072},  # 8.8.8.8
    ],
)
def test_an_identifier_that_may_belong_to_somebody_is_found(change):
    assert safe_share(**change) < 1


def test_a_credit_of_the_same_moment_counts_after_a_smaller_id():
    """Movements stand in the order of moment and id, whatever the file they are in."""
    books = events(("opening", 0, "2025-03-01 00:00"), ("salary_credit", 20_000, "2025-03-03 12:00"))
    rows = payments({"event_id": 1, "amount_minor": 20_000, "event_at": at("2025-03-03 12:00")})
    assert measure(money.conservation, rows, accounts=ACCOUNT, events=books)["overdrawn"] == 1
    after = rows.with_columns(event_id=pl.lit(200))
    assert measure(money.conservation, after, accounts=ACCOUNT, events=books)["overdrawn"] == 0
