"""Bundles and parts give what the same Python gives."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel


class Pair(NamedTuple):
    first: npt.NDArray[np.int64]


@bundle
class Shelf(NamedTuple):
    values: npt.NDArray[np.float64]
    pair: Pair
    key: np.uint64
    is_open: bool


@inline_lean_kernel
def value_of(shelf: Shelf, place: int) -> float:
    return shelf.values[place] + shelf.pair.first[0] + (float(shelf.key) if shelf.is_open else 0.0)


@lean_kernel
def sum_kernel(shelf: Shelf, count: int) -> float:
    total = value_of(shelf, 0) - value_of(shelf, 0)
    for place in range(count):
        total += value_of(shelf, place)
    return total


def shelf_of(is_open: bool) -> Shelf:
    return Shelf(np.arange(5.0), Pair(np.array([3])), np.uint64(7), is_open)


@pytest.mark.parametrize("is_open", [True, False])
def test_a_bundle_reads_as_its_named_tuple(is_open):
    assert sum_kernel(shelf_of(is_open), 5) == 10.0 + 5 * (3.0 + (7.0 if is_open else 0.0))


def test_a_kernel_writes_into_the_arrays_of_a_bundle():
    @lean_kernel
    def raise_kernel(shelf: Shelf) -> None:
        for place in range(shelf.values.shape[0]):
            shelf.values[place] += 1.0

    shelf = shelf_of(True)
    raise_kernel(shelf)
    assert shelf.values.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_python_may_call_a_part():
    assert value_of(shelf_of(True), 4) == 14.0


def test_constants_compile_a_part_only_once():
    sum_kernel(shelf_of(True), 1)
    assert len(value_of.overloads) == 1
