"""What is new to the customer: device, merchant, payee, network address, place, category, country."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import DAY_US, FOREIGN, SECOND_US, Booleans, Payments, Singles
from riskfabric_assets.features.kernels.recency import fingerprint_of, meet, move_to_front, place_of
from riskfabric_assets.features.state import (
    COUNTRY_SLOTS,
    DEVICE_SLOTS,
    IP_RANGE_SLOTS,
    IP_SLOTS,
    MERCHANT_SETS,
    PAYEE_SETS,
    PLACE_SLOTS,
    SET_SLOTS,
    State,
)
from riskfabric_assets.foundation.jit import inline_lean_kernel

PLACE_SHIFT = 33
"""Digits of an H3 cell below resolution 4: what is left is a cell of 1,770 km2, a city with its suburbs."""
RANGE_SHIFT = 16
SHORT = 0xFFFF


class NoveltyColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    days_since_device_first_seen: Singles
    count_devices: npt.NDArray[np.int32]
    count_merchants: npt.NDArray[np.int32]
    count_payees: npt.NDArray[np.int32]
    count_countries: npt.NDArray[np.int32]
    is_new_device: Booleans
    is_new_merchant: Booleans
    is_new_payee: Booleans
    is_new_ip: Booleans
    is_new_ip_range: Booleans
    is_new_place: Booleans
    is_other_place: Booleans
    is_new_country: Booleans
    is_foreign: Booleans
    is_cross_border: Booleans


@inline_lean_kernel
def write_device(state: State, row: int, now: np.int64, device_id: np.int64, out: NoveltyColumns) -> None:
    """Write whether the device is new and how long it has been known; forgets the least recently used."""
    out.count_devices[row] = state.count_devices
    is_new, age = False, np.nan
    if device_id >= 0:
        known, first_at, mark = state.devices, state.device_first_at, fingerprint_of(device_id)
        place, second = place_of(mark, known, 0, DEVICE_SLOTS), np.uint32(now // SECOND_US)
        if place == DEVICE_SLOTS:
            state.count_forgotten_devices += 1
            place -= 1
        if known[place] != mark:
            is_new, first = True, second
            state.count_devices += 1
        else:
            first = first_at[place]
        for shifted in range(place, 0, -1):
            first_at[shifted] = first_at[shifted - 1]
        first_at[0] = first
        move_to_front(mark, known, 0, place)
        age = (np.int64(second) - np.int64(first)) * SECOND_US / DAY_US
    out.is_new_device[row], out.days_since_device_first_seen[row] = is_new, age


@inline_lean_kernel
def start_of_set(identifier: np.int64, sets: int) -> np.int64:
    """Return where the set of an identifier starts among the fingerprints."""
    return np.int64((fingerprint_of(identifier) >> np.uint32(16)) & np.uint32(sets - 1)) * SET_SLOTS


@inline_lean_kernel
def _meet_in_sets(identifier: np.int64, known: npt.NDArray[np.uint16], sets: int) -> tuple[bool, bool]:
    """Return whether an identifier is new among the last ones of its set, and whether one was forgotten."""
    start, mark = start_of_set(identifier, sets), max(fingerprint_of(identifier) & np.uint32(SHORT), np.uint32(1))
    return meet(mark, known, start, start + SET_SLOTS)


@inline_lean_kernel
def write_counterparty(
    state: State, row: int, merchant_id: np.int64, payee_id: np.int64, out: NoveltyColumns
) -> tuple[bool, bool]:
    """Write and return whether merchant and payee are new."""
    out.count_merchants[row], out.count_payees[row] = state.count_merchants, state.count_payees
    is_new_merchant, is_new_payee, is_full = False, False, False
    if merchant_id >= 0:
        is_new_merchant, is_full = _meet_in_sets(merchant_id, state.merchants, MERCHANT_SETS)
        state.count_merchants += is_new_merchant
        state.count_forgotten_merchants += is_full
    if payee_id >= 0:
        is_new_payee, is_full = _meet_in_sets(payee_id, state.payees, PAYEE_SETS)
        state.count_payees += is_new_payee
        state.count_forgotten_payees += is_full
    out.is_new_merchant[row], out.is_new_payee[row] = is_new_merchant, is_new_payee
    return is_new_merchant, is_new_payee


@inline_lean_kernel
def write_network(state: State, row: int, ip_address: np.int64, out: NoveltyColumns) -> None:
    """Write whether the address and its range of 65,536 are new."""
    is_new, is_new_range, is_full = False, False, False
    if ip_address >= 0:
        is_new, is_full = meet(fingerprint_of(ip_address), state.ips, 0, IP_SLOTS)
        state.count_forgotten_ips += is_full
        of_range = fingerprint_of(ip_address >> RANGE_SHIFT)
        is_new_range, is_full = meet(of_range, state.ip_ranges, 0, IP_RANGE_SLOTS)
        state.count_forgotten_ip_ranges += is_full
    out.is_new_ip[row], out.is_new_ip_range[row] = is_new, is_new_range


@inline_lean_kernel
def write_places(state: State, row: int, payments: Payments, out: NoveltyColumns) -> None:
    """Write what is new about place and country; a place counts only where the payer stands."""
    is_present, is_foreign = payments.is_present[row], (payments.flags[row] & FOREIGN) != 0
    is_new, is_other, is_full = False, False, False
    if is_present:
        mark = fingerprint_of(np.int64(payments.cell[row] >> np.uint64(PLACE_SHIFT)))
        is_other = (state.places[0] != 0) & (state.places[0] != mark)
        is_new, is_full = meet(mark, state.places, 0, PLACE_SLOTS)
        state.count_forgotten_places += is_full
    out.is_new_place[row], out.is_other_place[row] = is_new, is_other
    out.count_countries[row] = state.count_countries
    is_new, is_full = meet(payments.country[row], state.countries, 0, COUNTRY_SLOTS)
    state.count_countries += is_new
    state.count_forgotten_countries += is_full
    out.is_new_country[row] = is_new
    out.is_foreign[row], out.is_cross_border[row] = is_foreign, is_foreign & (not is_present)
