"""The tables of a month: what they hold, and that they depend on the month alone."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.events import EventFile
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.packs.validation import validate
from riskfabric_assets.simulation.events import month_events
from riskfabric_assets.simulation.outages import EVERY, draw_episodes, shares_by_target
from riskfabric_assets.simulation.prices import growth_of_days, month_number, price_logs
from riskfabric_assets.world.clock import month_clock
from tests.unit.packs.test_events import KNOWN, small_file

ZONE = "Asia/Kolkata"
NAMES = ("Bihar", "Goa", "Kerala", "Unmapped")
BANKS = ("BANK_A", "BANK_B")
STREAMS = Streams(5555)


def small_events(**changes):
    content = small_file() | changes
    return validate(Document("config/events.yaml", content), EventFile, KNOWN).of_world("india")


def india():
    return resolve({}, Path("nowhere")).config.events


def tables(month, events=None, names=NAMES, streams=STREAMS, banks=BANKS):
    ids = np.arange(len(names), dtype=np.int64) * 3 + 5
    return month_events(events or small_events(), month_clock(ZONE, month), ids, names, banks, streams)


def test_a_regional_event_changes_its_area_on_its_days_alone():
    month = tables("2025-08")
    assert month.areas.tolist() == [0, 0, 1, 0]
    special = np.argwhere(~np.isclose(month.volume[:, 1], month.volume[:, 0])).ravel()
    assert special.tolist() == [2, 3, 4]
    assert np.allclose(month.volume[2:5, 1] / month.volume[2:5, 0], 1.5)
    jewellery = SPENDING_GROUPS.index("jewellery")
    assert np.all(month.group_weights[2:5, 1, jewellery] == 2.0)
    assert np.all(np.delete(month.group_weights, jewellery, axis=2) == 1.0)
    assert np.all(month.group_weights[:, 0] == 1.0)


def test_a_month_without_regional_events_has_one_area():
    month = tables("2025-12")
    assert month.areas.tolist() == [0, 0, 0, 0]
    assert month.volume.shape == (31, 1)


def test_an_event_of_the_whole_world_moves_hours_and_channels_of_its_day():
    month = tables("2025-12")
    assert month.hours[30, 23] == 2.0
    assert month.hours.sum() == 31 * 24 + 1
    assert month.channel_weights[30, CHANNELS.index("online")] == 1.2
    assert np.all(month.channel_weights[:30] == 1.0)


def test_effects_of_events_that_meet_multiply():
    content = small_file()
    twin = {**content["events"]["fair"], "regions": []}
    month = tables("2025-08", small_events(events=content["events"] | {"twin": twin}))
    growth = growth_of_days(small_events().trend, month_clock(ZONE, "2025-08"))
    assert np.allclose(month.volume[3] / growth[3], [1.5, 2.25])


def test_a_group_beats_its_category():
    content = small_file()
    ratios = {"value": {"GROCERY": 2.0, "bakery_and_dairy": 3.0}, "unit": "ratio", "source": "assumed"}
    content["events"]["fair"]["effects"]["weights"] = ratios
    weights = tables("2025-08", small_events(events=content["events"])).group_weights[2, 1]
    assert weights[SPENDING_GROUPS.index("grocery")] == 2.0
    assert weights[SPENDING_GROUPS.index("bakery_and_dairy")] == 3.0
    assert weights.sum() == len(SPENDING_GROUPS) + 3


def test_a_year_later_there_are_as_many_more_payments_as_the_trend_says():
    trend = small_events().trend
    before, after = (growth_of_days(trend, month_clock(ZONE, month)) for month in ("2025-07", "2026-07"))
    assert np.allclose(after / before, 1.3 ** (365 / 365.25))
    assert before[15] == 1.0


@pytest.mark.parametrize(("month", "years"), [("2026-07", 1.0), ("2024-07", -1.0), ("2025-07", 0.0)])
def test_prices_follow_inflation_trend_and_steps(month, years):
    logs = price_logs(small_events(), month_number(month))
    ticket = years * np.log(0.95)
    assert logs[SPENDING_GROUPS.index("grocery")] == pytest.approx(ticket + years * np.log(1.05))
    assert logs[SPENDING_GROUPS.index("fuel")] == pytest.approx(ticket)
    assert logs[SPENDING_GROUPS.index("telecom")] == pytest.approx(-np.log(1.2) if years < 0 else 0.0)


def test_each_rate_of_inflation_holds_until_the_next():
    content = small_file()
    rates = {"value": {"2025-01": 0.12, "2025-10": -0.03}, "unit": "share per year", "source": "assumed"}
    content["inflation"]["food"]["rates"] = rates
    content["trends"]["india"]["ticket_change"]["value"] = 0.0
    events = small_events(inflation=content["inflation"], trends=content["trends"])
    grocery = SPENDING_GROUPS.index("grocery")
    found = [price_logs(events, month_number(month))[grocery] for month in ("2025-08", "2025-09", "2025-10", "2025-11")]
    steps = np.diff([0.0, *found]) * 12
    assert steps == pytest.approx(np.log([1.12, 1.12, 0.97, 0.97]))


def test_a_named_outage_lies_at_its_local_time():
    rows = tables("2025-08").outages
    (dark,) = rows[(rows["bank"] == 0) & (rows["stop_us"] - rows["start_us"] == 7_200_000_000)]
    start = dt.datetime.fromtimestamp(int(dark["start_us"]) / 1e6, dt.UTC)
    assert start == dt.datetime(2025, 8, 4, 4, 30, tzinfo=dt.UTC)
    assert (dark["channel"], dark["declined_share"]) == (EVERY, 0.5)


def test_outages_stand_by_bank_and_start_inside_the_month():
    clock = month_clock(ZONE, "2025-04")
    rows = month_events(india(), clock, np.zeros(0, np.int64), (), BANKS, STREAMS).outages
    order = np.lexsort((rows["start_us"], rows["bank"]))
    assert order.tolist() == list(range(rows.shape[0]))
    assert rows["start_us"].min() >= clock.midnight_at[0]
    assert rows["stop_us"].max() <= clock.midnight_at[-1] + 86_400_000_000
    assert np.all(rows["start_us"] < rows["stop_us"])
    assert set(rows["bank"].tolist()) <= {EVERY, 0, 1}


def test_in_the_long_run_a_bank_loses_the_share_that_is_configured():
    rates = small_events().outages["episodes"].model_copy(update={"monthly_log_sd": 0.0})
    months = [f"{year}-{month:02d}" for year in range(2000, 2020) for month in range(1, 13)]
    lost, total, count = 0.0, 0.0, 0
    for month in months:
        clock = month_clock(ZONE, month)
        episodes = draw_episodes("events/test", rates, 0.02, clock, STREAMS)
        lost += sum(stop - start for start, stop in episodes) * rates.declined_share
        total += clock.count_days * 86_400_000_000
        count += len(episodes)
    spread = np.sqrt(np.exp(rates.duration_log_sd**2) / count)  # of a compound Poisson sum, relative
    assert lost / total == pytest.approx(0.02, rel=4 * spread)


def test_months_of_one_bank_differ_as_the_pack_says():
    rates = small_events().outages["episodes"].model_copy(update={"monthly_log_sd": 1.0})
    counts = [
        len(draw_episodes("events/test", rates, 0.02, month_clock(ZONE, f"{year}-{month:02d}"), STREAMS))
        for year in range(2000, 2010)
        for month in range(1, 13)
    ]
    assert np.var(counts) > 2 * np.mean(counts)  # Poisson alone would have variance = mean


def test_outages_of_one_bank_do_not_depend_on_the_others():
    one, both = tables("2025-08", banks=("BANK_A",)).outages, tables("2025-08").outages
    assert one[one["bank"] == 0].tolist() == both[both["bank"] == 0].tolist()


def test_banks_that_are_not_named_lose_what_the_others_lose():
    rates = small_events().outages["episodes"]
    rates = rates.model_copy(update={"lost_shares": {"BANK_A": 0.01, "other_banks": 0.03, "atm": 0.002}})
    assert shares_by_target(rates, BANKS) == {"BANK_A": 0.01, "BANK_B": 0.03, "atm": 0.002}


def test_another_seed_draws_other_outages_and_moves_nothing_else():
    one, other = tables("2025-08"), tables("2025-08", streams=Streams(1))
    assert one.outages.tolist() != other.outages.tolist()
    assert all(np.array_equal(*pair) for pair in zip(one[:-1], other[:-1], strict=True))


def test_daylight_saving_keeps_outages_inside_the_month():
    clock = month_clock("Europe/Berlin", "2025-10")
    rows = month_events(small_events(), clock, np.zeros(0, np.int64), (), BANKS, STREAMS).outages
    assert rows["stop_us"].max() <= clock.midnight_at[-1] + 86_400_000_000


def test_regions_must_ascend_and_have_names():
    with pytest.raises(ValueError, match="ascending"):
        month_events(small_events(), month_clock(ZONE, "2025-08"), np.array([2, 1]), ("Goa", "Bihar"), BANKS, STREAMS)


@pytest.mark.parametrize(("first", "before"), [("2024-10-29", "2024-10-01"), ("2025-10-18", "2025-09-20")])
def test_diwali_sees_as_many_more_payments_as_the_scorecard_asks_for(first, before):
    """R18: count 1.10-1.28 against the same weekdays a month earlier; the month's rhythm is in payments.yaml."""
    position = {"2024-10-01": 1.09, "2025-09-20": (1.0 + 1.0 + 0.955) / 3}[before]

    def mean(day):
        start = dt.date.fromisoformat(day)
        month = tables(day[:7], india()).volume[:, 0]
        return month[start.day - 1 : start.day + 2].mean()

    assert 1.10 <= mean(first) / (mean(before) * position) <= 1.28


def test_trends_lie_where_the_scorecard_asks_for():
    """R19: count +25..+45 % a year, ticket -3..-12 % a year, prices included."""
    events = india()
    assert 0.25 <= events.trend.count_growth <= 0.45
    yearly = price_logs(events, month_number("2025-10")) - price_logs(events, month_number("2024-10"))
    ordinary = [SPENDING_GROUPS.index(name) for name in ("grocery", "restaurant", "small_retail", "apparel")]
    assert np.all((np.expm1(yearly[ordinary]) > -0.12) & (np.expm1(yearly[ordinary]) < -0.03))
