"""Codes, packed bits and packed differences against slow readers."""

import numpy as np
import pytest

from riskfabric_assets.warehouse.columnar.kernels import (
    PADDING_WORDS,
    SAMPLE,
    TOO_MANY,
    delta_kernel,
    index_kernel,
    pack_kernel,
)
from riskfabric_assets.warehouse.columnar.pages import space_of
from tests.oracles.parquet_oracle import undelta, unpacked

SPACE = space_of(60_000)


def index(values, most):
    codes = np.empty(len(values), dtype=np.int32)
    count = index_kernel(values, most, SPACE.slots, SPACE.distinct, codes)
    return count, codes, SPACE.distinct[: max(count, 0)].copy()


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.int16, np.uint8])
@pytest.mark.parametrize("distinct", [1, 2, 100, 20_000])
def test_codes_lead_back_to_the_values_in_order_of_appearance(dtype, distinct):
    values = np.random.default_rng(distinct).integers(0, distinct, 50_000).astype(dtype)
    count, codes, found = index(values, 30_000)
    assert count == len(set(values.tolist()))
    assert found.tolist() == list(dict.fromkeys(values.tolist()))
    assert (found[codes] == values).all()


def test_ids_of_all_63_bits_and_negative_numbers_are_told_apart():
    values = np.random.default_rng(1).integers(-(2**63), 2**63 - 1, 3_000)
    count, codes, found = index(np.tile(values, 5), 5_000)
    assert count == 3_000
    assert (found[codes] == np.tile(values, 5)).all()


def test_values_that_hardly_repeat_are_given_up_early():
    assert index(np.arange(50_000), 30_000)[0] == TOO_MANY
    assert index(np.arange(50_000) // 2, 20_000)[0] == TOO_MANY
    assert index(np.arange(SAMPLE // 2).repeat(4), 30_000)[0] == SAMPLE // 2


@pytest.mark.parametrize("width", [1, 2, 3, 7, 8, 13, 25, 31])
@pytest.mark.parametrize("count", [1, 2, 8, 9, 63, 64, 65, 1_000, 1_001])
def test_packed_bits_read_back_and_are_filled_with_zeros(width, count):
    codes = np.random.default_rng(width).integers(0, 2**width, count).astype(np.int32)
    words = np.full(count * width // 64 + PADDING_WORDS, 0xAAAA_AAAA_AAAA_AAAA, dtype=np.uint64)
    pack_kernel(codes, width, words)
    size = (count + 7) // 8 * width
    assert size <= words.nbytes
    read = unpacked(words.view(np.uint8)[:size].tobytes(), width, (count + 7) // 8 * 8)
    assert len(read) == (count + 7) // 8 * 8
    assert read == codes.tolist() + [0] * (len(read) - count)


@pytest.mark.parametrize("count", [0, 1, 2, 32, 33, 128, 129, 130, 1_000])
@pytest.mark.parametrize("kind", ["equal", "ascending", "falling", "any"])
def test_packed_differences_read_back(count, kind):
    generator = np.random.default_rng(count)
    values = {
        "equal": np.full(count, 7),
        "ascending": np.cumsum(generator.integers(0, 10**7, count)),
        "falling": -np.cumsum(generator.integers(0, 3, count)),
        "any": generator.integers(-(2**63), 2**63 - 1, count),
    }[kind].astype(np.int64)
    words = SPACE.words
    size = delta_kernel(values, SPACE.deltas, words, words.view(np.uint8), SPACE.encoded)
    assert undelta(SPACE.encoded[:size].tobytes()) == values.tolist()
