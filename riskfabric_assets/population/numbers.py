"""Account, card and phone numbers: unique, without meaning, and safe by construction."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.permutations import permute

Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]

PER_CUSTOMER: Final = 64
"""Accounts, and cards, that a customer can have at most: fixes the place of every serial for ever."""
_SERIAL_HALF: Final = 10**8
_CARD_SERIAL_SIZES: Final = (10**6, 10**7)
_PHONE_SIZES: Final = (10**4, 10**5)
_LUHN_OFF_BY: Final = 5
"""Added to the right check digit: keeps the brand's shape and fails the test."""
_CHECKED_DIGITS: Final = 15


def account_numbers(streams: Streams, ordinals: Int64s, numbers: Int64s) -> pl.Series:
    """Return 18 digits that start with 00, shape (n,), one per account `numbers` of customer `ordinals`."""
    serials = permute(_serials(ordinals, numbers), _SERIAL_HALF, _SERIAL_HALF, streams.key("population/account_number"))
    return _digits(serials, 18)


def phone_numbers(streams: Streams, ordinals: Int64s, prefix: str) -> pl.Series:
    """Return numbers like "+91 0123456789", shape (n,), unique below 10**9 people; the zero cannot be dialed."""
    subscribers = permute(ordinals, *_PHONE_SIZES, streams.key("population/phone_number"))
    return pl.select(pl.lit(f"{prefix} 0") + _digits(subscribers, 9)).to_series()


def card_numbers(
    streams: Streams, ordinals: Int64s, numbers: Int64s, leading: Int64s, *, is_test_range: bool = False
) -> pl.Series:
    """Return 16 digits in the shape of a brand that fail the Luhn test, shape (n,).

    Args:
        streams: Random streams of the run.
        ordinals: Customer, shape (n,).
        numbers: Number of the card within the customer, below PER_CUSTOMER, shape (n,).
        leading: The two leading digits of the brand, shape (n,).
        is_test_range: Pass the Luhn test, but start with 0, which is no brand's (ISO/IEC 7812: for future use).
    """
    serials = permute(_serials(ordinals, numbers), *_CARD_SERIAL_SIZES, streams.key("population/card_number"))
    brand = np.zeros_like(serials) if is_test_range else np.asarray(leading, dtype=np.uint64)
    checked = brand * np.uint64(10**13) + serials
    out = np.empty_like(checked)
    _append_check_digit_kernel(checked, np.uint64(0 if is_test_range else _LUHN_OFF_BY), out)
    return _digits(out, 16)


@kernel
def _append_check_digit_kernel(checked: UInt64s, off_by: np.uint64, out: UInt64s) -> None:
    """Append the Luhn check digit to numbers of 15 digits, or one that is off by some."""
    for row in range(checked.shape[0]):
        rest, total = checked[row], np.uint64(0)
        for position in range(_CHECKED_DIGITS):
            digit = rest % np.uint64(10)
            rest //= np.uint64(10)
            if position % 2 == 0:
                digit = digit * np.uint64(2)
                if digit > np.uint64(9):
                    digit -= np.uint64(9)
            total += digit
        right = (np.uint64(10) - total % np.uint64(10)) % np.uint64(10)
        out[row] = checked[row] * np.uint64(10) + (right + off_by) % np.uint64(10)


def _serials(ordinals: Int64s, numbers: Int64s) -> Int64s:
    if numbers.size and int(numbers.max()) >= PER_CUSTOMER:
        raise ValueError(f"more than {PER_CUSTOMER} accounts or cards of one customer")
    return np.asarray(ordinals, dtype=np.int64) * PER_CUSTOMER + numbers


def _digits(numbers: UInt64s, width: int) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(width)
