"""What happens to accounts besides money."""

import dataclasses
import functools
import itertools
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.simulation.change_rules import open_changes, rates_by_age, return_rates, span_of
from riskfabric_assets.simulation.changes import agree_with_payments, draw_changes
from riskfabric_assets.simulation.kernels.episodes import PROCESSES
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.packing import pack_devices
from riskfabric_assets.simulation.people import FOREVER
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.world.clock import month_clock
from tests.oracles.changes_oracle import DAY, events_of_month
from tests.societies import society

COUNT = 3000
MONTHS = ("2025-08", "2025-09", "2025-10")
RULES = resolve({}, Path("nowhere")).config.account_events
MINUTE = 60_000_000


@functools.cache
def lively(count: int = COUNT, timezone: str = "Asia/Kolkata") -> Society:
    """A society in which second devices replace first ones, and second cards blocked first ones, from August on."""
    quiet = society(count, timezone)
    people, start = quiet.people, month_clock("UTC", MONTHS[0]).first_day
    generator = np.random.default_rng(11)
    first_seen, last_seen = people.device_first_seen_day.copy(), people.device_last_seen_day.copy()
    for first, stop in zip(people.device_first[:-1], people.device_first[1:], strict=True):
        if stop - first == 2:
            first_seen[first + 1] = start + generator.integers(0, 120)
            last_seen[first] = first_seen[first + 1] - 1
    issued, closed = people.card_issued_day.copy(), np.full_like(people.card_closed_day, FOREVER)
    lost, replaces = np.zeros_like(people.card_is_lost), np.full_like(people.card_replaces, -1)
    for first, stop in zip(people.card_first[:-1], people.card_first[1:], strict=True):
        if stop - first == 2:
            closed[first], lost[first] = start + generator.integers(0, 120), generator.random() < 0.7
            issued[first + 1], replaces[first + 1] = closed[first] + generator.integers(1, 9), first
    people = people._replace(
        birth_year=generator.integers(1935, 2007, count).astype(np.int32),
        device_first_seen_day=first_seen,
        device_last_seen_day=last_seen,
        card_issued_day=issued,
        card_closed_day=closed,
        card_replaces=replaces,
        card_is_lost=lost,
    )
    life = quiet.life._replace(devices=pack_devices(people))
    return dataclasses.replace(quiet, people=people, life=life, changes=open_changes(RULES, people, quiet.streams))


def drawn(month: str, first: int = 0, stop: int = COUNT, of: Society | None = None) -> np.ndarray:
    people = of or lively()
    return draw_changes(people, month_clock(people.timezone, month), first, stop)


@functools.cache
def frame() -> pl.DataFrame:
    """Events of three months with kind, customer slot and local time."""
    rows = np.concatenate([drawn(month) for month in MONTHS])
    table = pl.DataFrame({name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names})
    return table.with_columns(
        kind=pl.Series([EVENT_KINDS[code] for code in rows["event_kind"]]),
        slot=pl.Series(lively().people.account_owner[rows["account_slot"]]),
    )


def expected(process: str) -> float:
    """Expected episodes of a process over all customers and months."""
    ages = 2025 - lively().people.birth_year
    return float(rates_by_age(RULES)[PROCESSES.index(process), ages].sum()) * len(MONTHS)


@pytest.mark.parametrize("timezone", ["Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("month", ["2025-09", "2025-11"])
def test_changes_equal_the_slow_story(timezone, month):
    people = lively(150, timezone)
    clock, rows = month_clock(timezone, month), drawn(month, 0, 150, lively(150, timezone))
    span = span_of(clock)
    months = list(zip(span.month_indices, span.first_days, span.count_days, span.years, strict=True))
    day = rows["event_date"] - clock.first_day
    is_later = rows["event_at"] >= clock.change_at[day]
    local = rows["event_at"] + np.where(is_later, clock.offset_after_microseconds[day], clock.offset_microseconds[day])
    owners = people.people.account_owner[rows["account_slot"]]
    for slot in range(150):
        story = events_of_month(people, RULES, slot, clock.first_day, months)
        mine = owners == slot
        kinds = [EVENT_KINDS[code] for code in rows["event_kind"][mine]]
        assert sorted(zip(local[mine].tolist(), kinds, strict=True)) == sorted((at, kind) for at, kind, _ in story)
        told = [thing is not None and not kind.startswith("card") for _, kind, thing in story]
        assert (rows["device_id"][mine] >= 0).sum() <= sum(told)


def replaced() -> int:
    """Number of devices that replace another one in the three months."""
    start = month_clock("UTC", MONTHS[0]).first_day
    return devices().filter(pl.col("replaces") & pl.col("first").is_between(start, start + 91)).height


def test_rates_are_those_of_the_settings():
    moves, shares = expected("address"), RULES.devices
    bursts = expected("link_burst") + shares.relink_share * replaced()
    links = bursts * np.dot(RULES.links.burst_sizes, np.arange(3, 8)) + expected("link")
    wanted = {
        "address_change": moves,
        "email_change": expected("email") + RULES.address.email_share * moves + shares.email_change_share * replaced(),
        "sim_change": expected("sim") + RULES.address.new_number_share * moves + shares.sim_change_share * replaced(),
        "phone_change": RULES.sim.new_number_share * expected("sim") + RULES.address.new_number_share * moves,
        "pin_reset": expected("pin")
        + RULES.logins.failed_pin_reset_share * expected("failed_logins")
        + shares.pin_reset_share * replaced(),
        "bank_link": links,
    }
    for kind, count in wanted.items():
        in_pairs = 4 if kind == "bank_link" else 1
        assert abs(frame().filter(kind=kind).height - count) < 4 * np.sqrt(in_pairs * count), kind


def test_sim_changes_are_one_to_one_and_a_half_percent_a_month():
    """With one device in forty replaced a month, as in calibration."""
    rate = RULES.sim.change_rate + 0.025 * RULES.devices.sim_change_share
    assert 0.010 <= rate + RULES.address.new_number_share * RULES.address.change_rate <= 0.015


def test_a_customer_sees_half_an_event_to_three_a_month():
    assert 0.5 < frame().height / (COUNT * len(MONTHS)) < 3


def test_who_pays_seldom_returns_after_a_silence():
    rates = return_rates(np.array([1.0, 12.0, 900.0]), 30)
    assert rates[1] == pytest.approx(30.44 * 12 / 365.25 * np.exp(-30 * 12 / 365.25))
    assert rates[2] < 1e-20


def test_young_people_move_and_old_people_forget():
    rates = rates_by_age(RULES)
    assert rates[PROCESSES.index("address"), 23] > 3 * rates[PROCESSES.index("address"), 60]
    assert rates[PROCESSES.index("pin"), 80] > 1.5 * rates[PROCESSES.index("pin"), 30]


def test_nothing_moves_and_every_kind_happens():
    assert set(frame()["kind"]) == set(EVENT_KINDS[EVENT_KINDS.index("email_change") :])
    assert frame()["amount_minor"].abs().max() == 0
    assert frame()["event_id"].n_unique() == frame().height


@pytest.mark.parametrize("cut", [[0, 1, 2, 3, COUNT], [0, 1700, COUNT]])
def test_blocks_do_not_matter(cut):
    parts = [drawn("2025-09", first, stop) for first, stop in itertools.pairwise(cut)]
    assert (np.concatenate(parts) == drawn("2025-09")).all()


def test_the_first_guess_at_the_room_does_not_matter(monkeypatch):
    whole = drawn("2025-09")
    monkeypatch.setattr("riskfabric_assets.simulation.changes.DRAFTS_PER_CUSTOMER", 0)
    assert (drawn("2025-09") == whole).all()


def test_events_lie_in_their_month_and_day():
    for month in MONTHS:
        clock, rows = month_clock("Asia/Kolkata", month), drawn(month)
        local = rows["event_at"] + clock.offset_microseconds[0]
        assert (local // DAY == rows["event_date"]).all()
        assert (
            (rows["event_date"] >= clock.first_day) & (rows["event_date"] < clock.first_day + clock.count_days)
        ).all()


def test_an_episode_reaches_over_the_end_of_the_month():
    """Sleepless first minutes of a month hold the ends of what began before midnight, and follow-ups days later."""
    first = frame().filter(pl.col("event_date") == month_clock("UTC", "2025-09").first_day)
    assert first.height > 0.5 * frame().height / 92


def devices() -> pl.DataFrame:
    people = lively().people
    return pl.DataFrame(
        {
            "device_id": people.device_id,
            "first": people.device_first_seen_day,
            "last": people.device_last_seen_day,
            "replaces": lively().changes.replaces_device,
        }
    )


def test_no_device_is_used_before_its_first_day_or_after_its_last():
    used = frame().join(devices(), on="device_id")
    assert used.height > frame().height / 2
    assert (used["event_date"] >= used["first"]).all()
    assert (used["event_date"] <= used["last"]).all()


def test_every_new_device_logs_in_and_is_bound_on_its_first_day():
    stop = month_clock("UTC", MONTHS[-1]).first_day + 31
    new = devices().filter(pl.col("first").is_between(month_clock("UTC", MONTHS[0]).first_day, stop - 1))
    assert new.height > 300
    on_first = frame().join(devices(), on="device_id").filter(pl.col("event_date") == pl.col("first"))
    for kind in ("login", "device_binding"):
        assert on_first.filter(kind=kind)["device_id"].n_unique() == new.height


def test_new_phones_bring_pin_resets_as_often_as_configured():
    bound = frame().join(devices(), on="device_id").filter(kind="device_binding")
    bound = bound.filter(pl.col("event_date") == pl.col("first"))
    assert bound["replaces"].all()
    resets = frame().filter(kind="pin_reset").select("slot", reset_at="event_at")
    pairs = bound.join(resets, on="slot").filter((pl.col("reset_at") - pl.col("event_at")).is_between(0, 60 * MINUTE))
    share, wanted = pairs["slot"].n_unique() / bound.height, RULES.devices.pin_reset_share
    assert abs(share - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / bound.height) + 0.02


def test_a_new_number_comes_with_a_sim_change_and_a_new_binding():
    numbers = frame().filter(kind="phone_change").select("slot", told_at="event_at")
    assert numbers.height > 5
    month_end = [int(month_clock("Asia/Kolkata", MONTHS[-1]).midnight_at[-1])]
    for slot, told_at in numbers.iter_rows():
        near = frame().filter((pl.col("slot") == slot) & ((pl.col("event_at") - told_at).abs() < 120 * MINUTE))
        assert "sim_change" in near["kind"].to_list()
        assert "device_binding" in near["kind"].to_list() or told_at > month_end[0]


def test_some_people_link_three_banks_within_an_hour():
    links = frame().filter(kind="bank_link").sort("slot", "event_at")
    span = pl.col("event_at").shift(-2).over("slot") - pl.col("event_at")
    assert links.filter(span < 60 * MINUTE)["slot"].n_unique() > 10


def test_blocks_and_reissues_follow_the_cards():
    people = lively().people
    cards = pl.DataFrame(
        {
            "card_id": people.card_id,
            "closed": people.card_closed_day,
            "issued": people.card_issued_day,
            "successor": people.card_replaces >= 0,
            "lost": people.card_is_lost,
            "account": people.account_id[people.card_account],
        }
    )
    days = (month_clock("UTC", MONTHS[0]).first_day, month_clock("UTC", MONTHS[-1]).first_day + 30)
    events = frame().filter(pl.col("card_id") >= 0).join(cards, on="card_id")
    assert (events["account_id"] == events["account"]).all()
    blocks, reissues = events.filter(kind="card_block"), events.filter(kind="card_reissue")
    assert (blocks["event_date"] == blocks["closed"]).all()
    assert (reissues["event_date"] == reissues["issued"]).all()
    assert blocks.height == cards.filter(pl.col("lost") & pl.col("closed").is_between(*days)).height > 50
    assert reissues.height == cards.filter(pl.col("successor") & pl.col("issued").is_between(*days)).height > 50


def test_most_happens_in_waking_hours():
    hours = (frame()["event_at"] + 19_800_000_000) // (60 * MINUTE) % 24
    assert ((hours >= 1) & (hours < 5)).mean() < 0.10


def test_identity_changes_precede_high_payments_now_and_then():
    """Hard negatives: within 72 hours of a change somebody pays five times the personal mean, by chance."""
    people = lively(600)
    honest = live_month(people, "2025-09", 0, 600)
    rows = drawn("2025-09", 0, 600, people)
    changed = rows[
        np.isin(rows["event_kind"], [EVENT_KINDS.index(f"{name}_change") for name in ("email", "phone", "sim")])
    ]
    paid = pl.DataFrame({name: honest.payment_rows[name] for name in ("customer_id", "amount_minor", "event_at")})
    paid = paid.with_columns(ratio=pl.col("amount_minor") / pl.col("amount_minor").mean().over("customer_id"))
    pairs = paid.join(
        pl.DataFrame({"customer_id": changed["customer_id"], "changed_at": changed["event_at"]}), on="customer_id"
    )
    window = pairs.filter((pl.col("event_at") - pl.col("changed_at")).is_between(0, 3 * DAY))
    assert window.filter(pl.col("ratio") > 5).height > 0


def test_a_device_is_bound_before_it_pays_and_a_card_blocked_after_it_paid():
    people = lively(900)
    honest = live_month(people, "2025-09", 0, 900)
    rows = drawn("2025-09", 0, 900, people)
    agreed = agree_with_payments(people, honest, rows)
    first_seen = dict(zip(people.people.device_id.tolist(), people.people.device_first_seen_day.tolist(), strict=True))
    moved = 0
    for before, row in zip(rows, agreed, strict=True):
        moved += before["event_at"] != row["event_at"]
        assert before["event_date"] == row["event_date"]
        same_day = honest.payment_rows[honest.payment_rows["event_date"] == row["event_date"]]
        if row["event_kind"] == EVENT_KINDS.index("card_block"):
            assert (same_day[same_day["card_id"] == row["card_id"]]["event_at"] < row["event_at"]).all()
        if (
            row["event_kind"] == EVENT_KINDS.index("device_binding")
            and first_seen[row["device_id"]] == row["event_date"]
        ):
            used = same_day[
                (same_day["device_id"] == row["device_id"]) & (same_day["customer_id"] == row["customer_id"])
            ]
            assert (used["event_at"] >= row["event_at"]).all()
    assert moved > 10
