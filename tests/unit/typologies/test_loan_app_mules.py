"""Loan app: the loan comes first, more than it is asked back, and strangers' money passes through to the same few."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import alone, frame, planned, society, typology

NAME = "loan_app_mules"
HOUR = 3_600_000_000
CREDIT = EVENT_KINDS.index("transfer_credit")


def deeds() -> pl.DataFrame:
    made = alone(NAME)
    return made.fraud.filter(typology=NAME).join(frame(made.payments._asdict()), on="event_id", suffix="_paid")


def brought() -> pl.DataFrame:
    """Money that the attack brings to each borrower, in order of time."""
    borrowers = deeds()["customer_id"].unique().to_list()
    events = frame(alone(NAME).events._asdict()).filter(event_kind=CREDIT)
    return events.filter(pl.col("customer_id").is_in(borrowers)).sort("customer_id", "event_at")


def test_the_loan_comes_before_everything_and_less_than_is_asked_back():
    loans = brought().group_by("customer_id", maintain_order=True).first()
    first = deeds().filter(step=1, status=0).join(loans, on="customer_id", suffix="_loan")
    assert first.height > 3
    assert (first["event_at"] - first["event_at_loan"]).min() > 24 * HOUR
    assert (first["amount_minor"] > first["amount_minor_loan"]).mean() > 0.7  # the others have no more to give


def test_what_passes_through_came_in_before():
    came, rows = brought(), deeds().filter(pl.col("step") > 1, status=0)
    assert rows.height > 5
    for (customer,), mine in rows.group_by("customer_id"):
        own = came.filter(pl.col("customer_id") == customer)[1:]
        assert own["event_at"].max() <= mine["event_at"].min()
        assert mine["amount_minor"].sum() <= own["amount_minor"].sum() * 1.25


def test_an_app_collects_through_a_few_accounts_of_several_borrowers():
    attacks = planned().attacks[NAME]
    apps = pl.DataFrame({"attack_id": attacks.attack_id, "app": attacks.actor})
    found = deeds().join(apps, on="attack_id").group_by("app").agg(pl.col("payee_id", "customer_id").n_unique())
    assert found.height > 0
    assert found["payee_id"].max() <= typology(NAME).params.payees
    assert found["customer_id"].max() >= 3
    assert set(deeds()["payment_kind"]) == {PAYMENT_KINDS.index("transfer")}


def test_borrowers_have_little_income():
    people = society().people
    income = dict(zip(people.customer_id.tolist(), people.monthly_income_minor.tolist(), strict=True))
    median = sorted(income.values())[len(income) // 2]
    assert max(income[each] for each in deeds()["customer_id"].unique()) <= median


def test_the_borrower_pays_on_the_own_phone():
    assert not deeds()["has_device_anomaly"].any()
