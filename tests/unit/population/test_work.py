"""Livelihoods: kinds by age, employers of all sizes, and pay days that belong to the employer."""

import datetime as dt

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import OCCUPATIONS, PAY_DAYS
from riskfabric_assets.population.work import NONE, draw_work
from tests.people import demography, population

COUNT = 10_000
INDIA = demography()
CUSTOMERS = population(COUNT).customers.with_columns(age=INDIA.start.year - pl.col("birth_year").cast(pl.Int32))


def within(share, wanted, n, sigmas=4):
    return abs(share - wanted) < sigmas * np.sqrt(wanted * (1 - wanted) / n)


def test_occupations_follow_age():
    young = CUSTOMERS.filter(pl.col("age") < 25)
    middle = CUSTOMERS.filter(pl.col("age").is_between(25, 59))
    assert within((young["occupation"] == "student").mean(), 0.40, young.height)
    assert within((middle["occupation"] == "self_employed").mean(), 0.36, middle.height)
    assert CUSTOMERS.filter(occupation="retired")["age"].min() >= 60


def test_only_the_salaried_have_employers():
    assert (CUSTOMERS["employer_id"].is_not_null() == (CUSTOMERS["occupation"] == "salaried")).all()


def test_employers_are_of_all_sizes_and_pay_everybody_on_one_day():
    staff = CUSTOMERS.filter(pl.col("employer_id").is_not_null()).group_by("employer_id")
    sizes = staff.agg(pl.len(), pl.col("pay_day").n_unique(), pl.col("region_id").n_unique())
    assert sizes["pay_day"].max() == 1
    assert sizes["region_id"].max() == 1
    assert sizes["len"].max() > 20
    assert (sizes["len"] == 1).mean() > 0.4


def test_pay_days_follow_the_shares_of_the_pack():
    paid = CUSTOMERS.filter(pl.col("pay_day").is_not_null() & pl.col("employer_id").is_null())
    assert within((paid["pay_day"] == "last_working_day").mean(), 0.47, paid.height)
    retired = CUSTOMERS.filter(occupation="retired")
    assert retired["pay_day"].null_count() == 0
    own = CUSTOMERS.filter(occupation="self_employed")
    assert within(own["pay_day"].is_not_null().mean(), 0.35, own.height)


def test_some_employers_pay_an_advance_on_another_day():
    pay = INDIA.people.pay.model_copy(update={"advance_share": 0.6, "advance_days": {"day_20": 0.5, "day_25": 0.5}})
    people = INDIA.people.model_copy(update={"pay": pay})
    import dataclasses

    russian = dataclasses.replace(INDIA, people=people)
    ordinals = np.arange(3000, dtype=np.int64)
    work = draw_work(russian, Streams(3), ordinals, np.full(3000, 40), np.zeros(3000, dtype=np.int64))
    salaried = work.occupation == OCCUPATIONS.index("salaried")
    has_advance = work.advance_day != NONE
    assert not has_advance[~salaried].any()
    assert 0.4 < has_advance[salaried].mean() < 0.8
    assert (work.advance_day[has_advance] != work.pay_day[has_advance]).all()
    assert set(work.advance_day[has_advance]) <= {PAY_DAYS.index("day_20"), PAY_DAYS.index("day_25")}


def test_the_calendar_begins_where_ages_are_counted():
    assert INDIA.start >= dt.date(2025, 1, 1)
