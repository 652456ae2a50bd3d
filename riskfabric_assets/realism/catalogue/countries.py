"""ZA1-ZA3 and RU1-RU3: what is known of payments and fraud in South Africa and Russia."""

from typing import Final

from riskfabric_assets.realism.checks import RUSSIA, SOUTH_AFRICA, Check, Interval, Measure, Needs, exactly
from riskfabric_assets.realism.statistics import cards, clock, frauds, mules

CHECKS: Final[tuple[Check, ...]] = (
    Check(
        "ZA1",
        "Mean payments",
        "mean payment by debit card, by credit card, by banking app",
        cards.mean_payments,
        (
            Measure("debit_mean", "ZAR", Interval(700, 1000)),
            Measure("credit_mean", "ZAR", Interval(950, 1350)),
            Measure("app_mean", "ZAR", Interval(950, 1350)),
        ),
        "A",
        "SARB Payments Study 2023",
        worlds=SOUTH_AFRICA,
        subject="honest",
        needs=Needs(customers=500, days=28, rows=20_000),
        reads=("cards",),
    ),
    Check(
        "ZA2",
        "Weekdays",
        "share of Friday and Saturday, by mean day; Tuesday is the slowest day (1: yes)",
        clock.friday_and_saturday,
        (
            Measure("friday_saturday_share", "share", Interval(0.31, 0.36)),
            Measure("tuesday_is_slowest", "claim", exactly(1)),
        ),
        "A/C",
        "SARB Payments Study 2023",
        worlds=SOUTH_AFRICA,
        subject="honest",
        needs=Needs(customers=500, days=84, rows=50_000),
        reads=(),
    ),
    Check(
        "ZA3",
        "Fraud",
        "online share of the value of card fraud; mean loss of an incident by banking app",
        frauds.digital_losses,
        (
            Measure("remote_value_share", "share", Interval(0.60, 0.80)),
            Measure("digital_mean", "ZAR", Interval(14000, 25000)),
        ),
        "A",
        "SABRIC 2023, 2024",
        worlds=SOUTH_AFRICA,
        subject="crime",
        needs=Needs(customers=500, days=56, rows=200),
        reads=("fraud",),
    ),
    Check(
        "RU1",
        "Fraud",
        "mean loss of a payment; share of cards in their count; share of their value back by refund or dispute",
        frauds.losses,
        (
            Measure("mean_loss", "RUB", Interval(13000, 24000)),
            Measure("card_share", "share", Interval(0.55, 0.70)),
            Measure("returned_share", "share", Interval(0.04, 0.11)),
        ),
        "A",
        "Bank of Russia, 2024 and 2025",
        worlds=RUSSIA,
        subject="crime",
        needs=Needs(customers=500, days=56, rows=200),
        reads=("fraud", "events", "label_events"),
    ),
    Check(
        "RU2",
        "SBP ticket",
        "mean amount of instant payments",
        cards.instant_ticket,
        (Measure("mean_ticket", "RUB", Interval(4000, 6000)),),
        "A",
        "Bank of Russia, 2024",
        worlds=RUSSIA,
        subject="honest",
        needs=Needs(customers=500, days=28, rows=20_000),
        reads=(),
    ),
    Check(
        "RU3",
        "Drops",
        "mean turnover of an account that stolen money passes through, per month; median active life",
        mules.turnover,
        (
            Measure("monthly_turnover", "RUB", Interval(80000, 350000)),
            Measure("life_days", "days", Interval(1 / 24, 3)),
        ),
        "A",
        "Vedomosti, Sep 2025; Kommersant and RBC, Dec 2025",
        worlds=RUSSIA,
        subject="crime",
        needs=Needs(customers=1000, days=56, rows=30),
        reads=("accounts", "fraud", "payments.payee_id"),
    ),
)
