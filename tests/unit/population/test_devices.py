"""Devices: one after the other, shared by some, and with apps that fit the phone."""

import numpy as np
import polars as pl

from tests.people import demography, population

COUNT = 10_000
INDIA = demography()
START = INDIA.start
POPULATION = population(COUNT)
CUSTOMERS, DEVICES = (
    POPULATION.customers,
    POPULATION.devices.with_columns(pl.col("user_agent", "app_user_agent", "second_app_user_agent").cast(pl.String)),
)
IN_USE = DEVICES.filter((pl.col("first_seen_date") <= START) & (pl.col("last_seen_date").fill_null(START) >= START))


def within(share, wanted, n, sigmas=4):
    return abs(share - wanted) < sigmas * np.sqrt(wanted * (1 - wanted) / n)


def test_everybody_has_one_primary_device_in_use_and_some_a_second():
    counts = IN_USE.group_by("customer_id").agg(pl.len(), pl.col("is_primary").sum())
    assert counts.height == COUNT
    assert set(counts["is_primary"]) == {1}
    assert within((counts["len"] == 2).mean(), 0.15, COUNT)


def test_devices_follow_each_other_without_a_gap():
    primary = DEVICES.filter("is_primary").sort("customer_id", "first_seen_date")
    pairs = primary.select(
        "first_seen_date",
        pl.col("last_seen_date").shift(1).over("customer_id").alias("before"),
    ).drop_nulls()
    assert (pairs["first_seen_date"] - pairs["before"]).dt.total_days().unique().to_list() == [1]
    joined = DEVICES.join(CUSTOMERS, on="customer_id")
    assert (joined["first_seen_date"] >= joined["registered_date"]).all()
    ended = DEVICES.drop_nulls("last_seen_date")
    assert (ended["first_seen_date"] <= ended["last_seen_date"]).all()


def test_a_device_is_used_for_more_than_three_years():
    """Devices bought in the three years after the start whose lifetime is not cut by the window's end."""
    day = pl.duration(days=1)
    bought = DEVICES.filter(pl.col("first_seen_date").is_between(START + day, START + 400 * day))
    changes = bought.filter("is_primary").height / COUNT / (400 / 365.25)
    assert 1 / 3.7 < changes < 1 / 3.0


def test_five_percent_of_users_share_a_device():
    users = DEVICES.group_by("device_id").agg(pl.col("customer_id"))
    shared = users.filter(pl.col("customer_id").list.len() > 1).explode("customer_id")["customer_id"].n_unique()
    assert 0.03 < shared / COUNT < 0.08
    guests = DEVICES.filter(~pl.col("is_owner"))
    owners = DEVICES.filter("is_owner").join(guests, on="device_id", suffix="_of_guest")
    homes = dict(CUSTOMERS.select("customer_id", "household_id").rows())
    assert owners.height > 100
    assert all(homes[one] == homes[other] for one, other in owners.select("customer_id", "customer_id_of_guest").rows())
    for column in ("operating_system", "user_agent", "app_user_agent", "last_seen_date"):
        assert owners[column].eq_missing(owners[f"{column}_of_guest"]).all()


def test_a_device_has_one_owner():
    owned = DEVICES.filter("is_owner")
    assert owned["device_id"].n_unique() == owned.height


def test_operating_systems_follow_the_kind_of_settlement():
    metro = IN_USE.filter("is_primary").join(CUSTOMERS.filter(location_type="Metro"), on="customer_id")
    for name, share in INDIA.people.platforms.metro.items():
        assert within((metro["operating_system"] == name).mean(), share, metro.height / 2), name


def test_apps_fit_the_phone_and_desktops_have_none():
    desktop = DEVICES.filter(operating_system="desktop")
    phones = DEVICES.filter(pl.col("operating_system") != "desktop")
    assert desktop["app_user_agent"].null_count() == desktop.height
    assert phones["app_user_agent"].null_count() == 0
    ios = phones.filter(operating_system="ios")
    release = ios["user_agent"].str.extract(r"iPhone OS (\S+) like")
    assert (ios["app_user_agent"].str.extract(r"iOS ([^)]+)\)") == release).all()
    android = phones.filter(operating_system="android")
    model = android["user_agent"].str.extract(r"\(Linux; ([^)]+)\)")
    for column in ("app_user_agent", "second_app_user_agent"):
        told = android.filter(pl.col(column).is_not_null())
        assert (told[column].str.extract(r"\(Linux; ([^)]+)\)") == model.filter(android[column].is_not_null())).all()


def test_apps_are_as_concentrated_as_measured():
    """R10, by people; two different apps at most."""
    first = IN_USE.filter("is_primary")["app_user_agent"].drop_nulls().str.split("/").list.first()
    shares = first.value_counts(normalize=True, sort=True)["proportion"].to_numpy()
    assert 0.85 < shares[:3].sum() < 0.92
    assert 0.32 < np.sum(shares**2) < 0.39
    both = DEVICES.drop_nulls("second_app_user_agent")
    assert (
        both["app_user_agent"].str.split("/").list.first() != both["second_app_user_agent"].str.split("/").list.first()
    ).all()
