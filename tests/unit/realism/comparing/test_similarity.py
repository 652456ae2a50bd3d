"""Each measure against the figure of its definition."""

import numpy as np
import pytest

from riskfabric_assets.realism.comparing import similarity

NULL = float("nan")


def numbers(*values):
    return np.array(values, dtype=np.float64)


def codes(*values):
    return np.array(values, dtype=np.int64)


def test_equal_columns_are_equal_and_apart_columns_are_not():
    column = numbers(1, 2, 3, NULL)
    assert similarity.ks_complement(column, column) == 1
    assert similarity.ks_complement(column, numbers(10, 11)) == 0
    assert similarity.ks_complement(numbers(1, 2, 3, 4), numbers(1, 2, 9, 9)) == 0.5
    assert similarity.ks_complement(numbers(NULL), column) is None


def test_categories_are_compared_by_their_shares_and_null_is_one():
    assert similarity.tv_complement(codes(0, 0, 1, 1), codes(0, 1, 0, 1)) == 1
    assert similarity.tv_complement(codes(0, 0, 1, 1), codes(0, 0, 0, 2)) == 0.5
    assert similarity.tv_complement(codes(0), codes(-1)) == 0


def test_opposite_correlations_are_as_different_as_can_be():
    rising, falling = numbers(1, 2, 3), numbers(3, 2, 1)
    assert similarity.correlation_similarity((rising, rising), (rising, falling)) == pytest.approx(0)
    assert similarity.correlation_similarity((rising, rising), (falling, falling)) == pytest.approx(1)
    assert similarity.correlation_similarity((rising, numbers(1, 1, 1)), (rising, rising)) is None


def test_joint_shares_see_what_single_shares_do_not():
    first, same, crossed = codes(0, 0, 1, 1), codes(0, 0, 1, 1), codes(1, 1, 0, 0)
    assert similarity.contingency_similarity((first, same), (first, same)) == 1
    assert similarity.contingency_similarity((first, same), (first, crossed)) == 0


def test_bins_come_from_the_real_side_and_hold_its_ends():
    a, b = similarity.binned(numbers(0, 10, 5), numbers(-1, 0, 10, 11, NULL))
    assert a.tolist() == [1, 10, 6]
    assert b.tolist() == [0, 1, 10, 11, -1]


def test_coverage_and_adherence_of_ranges():
    real = numbers(37.0, 97.7)
    assert similarity.range_coverage(real, numbers(45, 95)) == pytest.approx(1 - (8 + 2.7) / 60.7)
    assert similarity.range_coverage(real, numbers(200, 300)) == 0
    assert similarity.boundary_adherence(real, numbers(40, 50, 98, 30)) == 0.5
    assert similarity.boundary_adherence(real, numbers(40, NULL)) == 0.5
    assert similarity.boundary_adherence(numbers(1, 2, NULL), numbers(1, NULL)) == 1


def test_coverage_and_adherence_of_categories():
    assert similarity.category_coverage(codes(0, 1, 2, 3, 4), codes(0, 1, 4, 9)) == 0.6
    assert similarity.category_adherence(codes(0, 1, -1), codes(0, 1, -1, 7)) == 0.75
    assert similarity.null_similarity(np.array([True, False]), np.array([False, False])) == 0.5
