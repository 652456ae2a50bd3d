"""What becomes of a payment: channel, entry mode, proof of identity, and the issuer's answer."""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import CHANNELS, DECLINE_REASONS, ENTRY_MODES, PAYMENT_KINDS
from riskfabric_assets.simulation.columns import NO_CODE

Floats = npt.NDArray[np.float64]

INSTANT: Final = CHANNELS.index("instant")
WALLET: Final = CHANNELS.index("wallet")
POS: Final = CHANNELS.index("pos")
ONLINE: Final = CHANNELS.index("online")
BANK_TRANSFER: Final = CHANNELS.index("bank_transfer")
ATM: Final = CHANNELS.index("atm")
PURCHASE, BILL, TRANSFER, CASH_WITHDRAWAL = range(len(PAYMENT_KINDS))
QR: Final = ENTRY_MODES.index("qr")
APP: Final = ENTRY_MODES.index("app")
CHIP: Final = ENTRY_MODES.index("chip")
CONTACTLESS: Final = ENTRY_MODES.index("contactless")
ECOMMERCE: Final = ENTRY_MODES.index("ecommerce")
CASH: Final = ENTRY_MODES.index("cash")
INSUFFICIENT_FUNDS: Final = DECLINE_REASONS.index("insufficient_funds")
LIMIT_EXCEEDED: Final = DECLINE_REASONS.index("limit_exceeded")


@inline_lean_kernel
def weigh_channels(shares: Floats, has_machines: bool, online_affinity: float, cumulative: Floats) -> None:
    """Fill the running sums of one person's channels: the affinity scales the remote ones, the sum is 1 again."""
    total = 0.0
    for channel in range(shares.shape[0]):
        factor = online_affinity if channel in (ONLINE, BANK_TRANSFER) else 1.0
        total += shares[channel] * (factor if channel != ATM or has_machines else 0.0)
        cumulative[channel] = total
    for channel in range(shares.shape[0]):
        cumulative[channel] /= total


@inline_lean_kernel
def choose_channel(cumulative: Floats, uniform: float) -> int:
    """Return a channel."""
    return count_passed(cumulative, uniform)


@inline_lean_kernel
def count_passed(cumulative: Floats, uniform: float) -> int:
    """Return the choice that a draw falls on: how many running sums it has passed, without a branch to mispredict."""
    passed = 0
    for choice in range(cumulative.shape[0] - 1):
        passed += int(uniform >= cumulative[choice])
    return passed


@inline_lean_kernel
def needs_card(channel: int) -> bool:
    """Tell whether a channel runs on cards."""
    return channel in (POS, ONLINE, ATM)


@inline_lean_kernel
def without_card(channel: int) -> int:
    """Return the channel that replaces a card channel for who has no usable card."""
    return INSTANT if needs_card(channel) else channel


@inline_lean_kernel
def entry_mode_of(taps: float, channel: int, is_present: bool, amount: int, tap_limit: int, uniform: float) -> int:
    """Return how the instrument is presented; `taps` is the share of contactless, only up to the card's limit."""
    if channel == POS:
        return CONTACTLESS if uniform < taps and amount <= tap_limit else CHIP
    if channel == ATM:
        return CASH
    if channel == ONLINE:
        return ECOMMERCE
    return QR if is_present else APP


@inline_lean_kernel
def choose_authentication(cumulative: Floats, entry_mode: int, uniform: float) -> int:
    """Return the proof of identity that goes with an entry mode."""
    return count_passed(cumulative[entry_mode], uniform)


@inline_lean_kernel
def drawn_decline(cumulative: Floats, channel: int, uniform: float) -> int:
    """Return why the attempt fails whatever the balance, or NO_CODE."""
    reasons = cumulative.shape[1]
    if uniform >= cumulative[channel, reasons - 1]:
        return NO_CODE
    reason = 0
    while uniform >= cumulative[channel, reason]:
        reason += 1
    return reason
