"""R47 and R51-R55: what must never be broken: limits, money, currencies, scores, fairness, safe identifiers."""

from typing import Final

from riskfabric_assets.realism.checks import INDIA, Check, Interval, Measure, Needs, at_least, at_most, exactly
from riskfabric_assets.realism.statistics import identifiers, leaks, money, people

NONE_BROKEN: Final = exactly(0)
LEAST_ABROAD: Final = 300
"""Arithmetic has no noise: below 1,000 rows a single wrong one breaks 0.999, and 300 right ones say, by the rule of
three, that less than 1 % are wrong (95 %)."""

CHECKS: Final[tuple[Check, ...]] = (
    Check(
        "R47",
        "Rules kept",
        "approved payments above the limit of their channel, PIN-free taps above the card's limit; India: PIN-free UPI "
        "above UPI Lite, mandates in peak windows, more than 5,000 rupees in the first day of a new device",
        money.rules,
        (
            Measure("over_limit", "payments", NONE_BROKEN),
            Measure("tap_over_limit", "payments", NONE_BROKEN),
            Measure("lite_over_limit", "payments", NONE_BROKEN, worlds=INDIA),
            Measure("mandate_in_peak", "payments", NONE_BROKEN, worlds=INDIA),
            Measure("new_device_over_limit", "devices", NONE_BROKEN, worlds=INDIA),
        ),
        "A/B",
        "NPCI and RBI circulars; config/worlds/<world>/payments.yaml",
        needs=Needs(days=28, rows=1_000),
        reads=("cards", "events", "payments.authentication"),
    ),
    Check(
        "R51",
        "Money adds up",
        "approved debits beyond opening + movements - payments + credit line; whole months that no settlement closes",
        money.conservation,
        (Measure("overdrawn", "payments", NONE_BROKEN), Measure("unsettled_months", "account-months", NONE_BROKEN)),
        "-",
        "arithmetic",
        needs=Needs(days=29, rows=1_000),
        reads=("accounts", "events"),
    ),
    Check(
        "R52",
        "Currencies",
        "attempts abroad whose amount less fee, over the merchant's amount, lies within 5 % of the day's rate",
        money.currencies,
        (Measure("consistent_share", "share", at_least(0.999)),),
        "-",
        "arithmetic",
        needs=Needs(days=28, rows=LEAST_ABROAD),
        reads=("exchange_rates", "payments.merchant_amount_minor", "payments.merchant_currency_code"),
    ),
    Check(
        "R53",
        "Credit scores",
        "range, mean and share from 720 on (India: CIBIL); correlation with running short of money and returned debits",
        people.credit_scores,
        (
            Measure("lowest_score", "points", Interval(300, 900), worlds=INDIA),
            Measure("highest_score", "points", Interval(300, 900), worlds=INDIA),
            Measure("mean_score", "points", Interval(705, 735), worlds=INDIA),
            Measure("good_score_share", "share", Interval(0.55, 0.68), worlds=INDIA),
            Measure("delinquency_correlation", "correlation", at_most(-0.2)),
        ),
        "A",
        "TransUnion CIBIL reports, 2021-2024",
        needs=Needs(customers=1000, days=84, rows=500),
        reads=("customers", "events", "payments.decline_reason"),
    ),
    Check(
        "R54",
        "Fairness",
        "how well a family name tells victims of fraud from others of like income, age, settlement and channels (area "
        "under the curve)",
        leaks.fairness,
        (Measure("name_auc", "area", Interval(0.48, 0.52)),),
        "-",
        "a name carries region, religion and caste, and must carry no fraud",
        subject="crime",
        needs=Needs(customers=2000, days=28, rows=1_500),
        reads=("customers", "fraud"),
    ),
    Check(
        "R55",
        "Safe identifiers",
        "share of card, account and phone numbers, mail and network addresses and homes that keep the policy",
        identifiers.safe,
        (Measure("safe_share", "share", at_least(1.0)),),
        "-",
        "ISO/IEC 7812; RFC 1112, 2544, 2606, 6598, 6761",
        needs=Needs(days=29, rows=100),
        reads=("customers", "accounts", "cards", "payments.ip_address"),
    ),
)
