"""Settlements and what others sent."""

import numpy as np
import pytest

from riskfabric_assets.ledger.settlement import (
    SETTLEMENT,
    TRANSFER_CREDIT,
    no_credits,
    note_credits,
    refuse_unsettled,
    settle,
)
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID
from riskfabric_assets.simulation.month import month_end
from riskfabric_assets.world.clock import month_clock
from tests.oracles.settlement_oracle import last_credits, settled_amounts
from tests.societies import society

PEOPLE = society(60)
CLOCK = month_clock("Asia/Kolkata", "2025-08")
ACCOUNTS = PEOPLE.people.account_id.shape[0]
START, END = int(CLOCK.midnight_at[0]), month_end(CLOCK)


def drafted(seed: int, received: int = 300) -> np.ndarray:
    """Return one settlement for each account, and credits to some, in any order."""
    generator = np.random.default_rng(seed)
    rows = np.zeros(ACCOUNTS + received, dtype=EVENT_ROW)
    rows["event_kind"] = SETTLEMENT
    rows["event_kind"][ACCOUNTS:] = TRANSFER_CREDIT
    rows["related_event_id"][ACCOUNTS::5] = NO_ID  # from outside
    rows["account_slot"][:ACCOUNTS] = np.arange(ACCOUNTS)
    rows["account_slot"][ACCOUNTS:] = generator.integers(0, ACCOUNTS // 2, received)
    rows["amount_minor"] = generator.integers(1, 10_000_000, rows.shape[0])
    rows["event_id"] = generator.permutation(10**6)[: rows.shape[0]]
    rows["event_at"] = generator.integers(START, END, rows.shape[0])
    rows["event_date"] = CLOCK.first_day + np.searchsorted(CLOCK.midnight_at, rows["event_at"], side="right") - 1
    return rows[generator.permutation(rows.shape[0])]


def settled(rows: np.ndarray, blocks: int = 1) -> np.ndarray:
    received, parts = no_credits(PEOPLE), [part.copy() for part in np.array_split(rows, blocks)]
    for part in parts:
        note_credits(part, received)
    for part in parts:
        settle(part, received, PEOPLE, CLOCK)
    refuse_unsettled(received, PEOPLE)
    return np.concatenate(parts)


@pytest.mark.parametrize("seed", range(3))
def test_amounts_equal_the_slow_way_and_nothing_else_changes(seed):
    before = drafted(seed)
    after = settled(before)
    wanted = settled_amounts(before, SETTLEMENT, TRANSFER_CREDIT)
    is_settlement = after["event_kind"] == SETTLEMENT
    found = dict(
        zip(after["event_id"][is_settlement].tolist(), after["amount_minor"][is_settlement].tolist(), strict=True)
    )
    assert found == wanted
    assert (after[~is_settlement] == before[~is_settlement]).all()
    assert (after["event_id"] == before["event_id"]).all()


def test_a_settlement_moves_behind_the_last_credit_only_where_it_would_come_earlier():
    before, moved = drafted(7), 0
    after, last = settled(before), last_credits(before, TRANSFER_CREDIT)
    for old, new in zip(before, after, strict=True):
        if new["event_kind"] == SETTLEMENT and old["event_at"] <= last.get(int(new["account_slot"]), -1):
            assert last[int(new["account_slot"])] < new["event_at"] < END
            moved += 1
        else:
            assert old["event_at"] == new["event_at"]
    assert moved > 10
    day = np.searchsorted(CLOCK.midnight_at, after["event_at"], side="right") - 1
    assert (after["event_date"] == CLOCK.first_day + day).all()


@pytest.mark.parametrize("blocks", [2, 7, 50])
def test_blocks_change_no_byte(blocks):
    rows = drafted(3)
    assert (settled(rows, blocks) == settled(rows)).all()


def test_a_credit_in_the_last_moment_keeps_the_settlement_in_the_month():
    rows = drafted(1)
    rows["event_at"][rows["event_kind"] == TRANSFER_CREDIT] = END - 1
    assert settled(rows)["event_at"].max() == END - 1


def test_a_credit_without_a_settlement_is_refused():
    rows = drafted(1)
    with pytest.raises(ValueError, match="have no settlement"):
        settled(rows[rows["event_kind"] == TRANSFER_CREDIT])
