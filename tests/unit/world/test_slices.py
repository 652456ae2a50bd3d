import numpy as np
import pytest

from riskfabric_assets.world.slices import join_slices, pick_members, slice_by, stack_weights

SLOTS = np.array([2, 0, 2, 2, 0])
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0, 2.0])


def test_members_stand_by_slot_in_canonical_order():
    slices = slice_by(SLOTS, WEIGHTS, 4)
    assert slices.first.tolist() == [0, 2, 2, 5, 5]
    assert slices.members.tolist() == [1, 4, 0, 2, 3]


def test_shares_ascend_to_exactly_one_inside_every_slot():
    slices = slice_by(SLOTS, WEIGHTS, 4)
    assert slices.cumulative.tolist() == [0.5, 1.0, 0.125, 0.5, 1.0]


def test_a_slot_does_not_depend_on_the_others():
    alone = slice_by(SLOTS[SLOTS == 2] - 2, WEIGHTS[SLOTS == 2], 1)
    assert alone.cumulative.tolist() == slice_by(SLOTS, WEIGHTS, 4).cumulative[2:].tolist()


def test_a_pick_falls_where_the_running_share_says():
    slices = slice_by(SLOTS, WEIGHTS, 4)
    draws = np.array([0.0, 0.124, 0.125, 0.499, 0.5, 1.0 - 2.0**-53])
    assert pick_members(slices, np.full(6, 2), draws).tolist() == [0, 0, 2, 2, 3, 3]


def test_picks_follow_the_weights():
    n = 40_000
    draws = np.random.default_rng(1).random(n)
    picked = pick_members(slice_by(SLOTS, WEIGHTS, 4), np.full(n, 2), draws)
    shares = np.bincount(picked, minlength=5)[[0, 2, 3]] / n
    assert np.abs(shares - [0.125, 0.375, 0.5]).max() < 4 * 0.5 / np.sqrt(n)


@pytest.mark.parametrize("slot", [-1, 1, 4])
def test_a_pick_from_an_empty_or_unknown_slot_is_refused(slot):
    with pytest.raises(ValueError, match="slot"):
        pick_members(slice_by(SLOTS, WEIGHTS, 4), np.array([slot]), np.array([0.5]))


def test_weights_that_are_not_positive_are_refused():
    with pytest.raises(ValueError, match="weight"):
        slice_by(SLOTS, WEIGHTS * 0, 4)


def test_stacked_weights_never_pick_a_zero():
    slices = stack_weights([[0.0, 1.0, 0.0, 3.0], [1.0, 0.0, 0.0, 0.0]])
    draws = np.linspace(0, 0.999, 100)
    assert set(pick_members(slices, np.zeros(100, dtype=int), draws)) == {1, 3}
    assert set(pick_members(slices, np.ones(100, dtype=int), draws)) == {0}


def test_joined_slices_keep_every_group():
    one, two = slice_by(SLOTS, WEIGHTS, 3), slice_by(np.zeros(5, dtype=int), WEIGHTS, 1)
    joined = join_slices([one, two])
    assert joined.count_slots == 4
    assert joined.members[joined.first[3] : joined.first[4]].tolist() == [0, 1, 2, 3, 4]
    assert joined.members[joined.first[2] : joined.first[3]].tolist() == [0, 2, 3]
