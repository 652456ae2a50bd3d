"""What becomes of a payment: channel, entry mode, proof of identity, and the issuer's answer."""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import (
    AUTHENTICATIONS,
    CHANNELS,
    DECLINE_REASONS,
    ENTRY_MODES,
    MERCHANT_CATEGORIES,
    PAYMENT_KINDS,
)
from riskfabric_assets.simulation.columns import NO_CODE
from riskfabric_assets.simulation.kernels.bundles import Month
from riskfabric_assets.simulation.kernels.records import Row

Floats = npt.NDArray[np.float64]

INSTANT: Final = CHANNELS.index("instant")
WALLET: Final = CHANNELS.index("wallet")
POS: Final = CHANNELS.index("pos")
ONLINE: Final = CHANNELS.index("online")
BANK_TRANSFER: Final = CHANNELS.index("bank_transfer")
ATM: Final = CHANNELS.index("atm")
TRANSFER_CATEGORY: Final = MERCHANT_CATEGORIES.index("TRANSFER")
PURCHASE, BILL, TRANSFER, CASH_WITHDRAWAL = range(len(PAYMENT_KINDS))
QR: Final = ENTRY_MODES.index("qr")
APP: Final = ENTRY_MODES.index("app")
CHIP: Final = ENTRY_MODES.index("chip")
CONTACTLESS: Final = ENTRY_MODES.index("contactless")
ECOMMERCE: Final = ENTRY_MODES.index("ecommerce")
CASH: Final = ENTRY_MODES.index("cash")
MANDATE: Final = ENTRY_MODES.index("mandate")
PIN: Final = AUTHENTICATIONS.index("pin")
NONE: Final = AUTHENTICATIONS.index("none")
TECHNICAL: Final = DECLINE_REASONS.index("technical")
INSUFFICIENT_FUNDS: Final = DECLINE_REASONS.index("insufficient_funds")
ISSUER_RISK_RULE: Final = DECLINE_REASONS.index("issuer_risk_rule")
LIMIT_EXCEEDED: Final = DECLINE_REASONS.index("limit_exceeded")


@inline_lean_kernel
def weigh_channels(
    shares: Floats, day_weights: Floats, has_machines: bool, online_affinity: float, cumulative: Floats
) -> None:
    """Fill the running sums of one person's channels: the affinity scales the remote ones, the sum is 1 again."""
    total = 0.0
    for channel in range(shares.shape[0]):
        factor = day_weights[channel] * (online_affinity if channel in (ONLINE, BANK_TRANSFER) else 1.0)
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
def choose_authentication(rules: Row, lite_limit_minor: int, entry_mode: int, amount: int, uniform: float) -> int:
    """Return the proof of identity that goes with an entry mode; small sums alone go without on an app."""
    proof = count_passed(rules.authentication[entry_mode], uniform)
    if proof == NONE and entry_mode in (QR, APP) and amount > lite_limit_minor:
        return PIN
    return proof


@inline_lean_kernel
def is_account_channel(channel: int) -> bool:
    """Tell whether a channel runs on an account, without a card."""
    return channel in (INSTANT, WALLET, BANK_TRANSFER)


@inline_lean_kernel
def outage_share(month: Month, bank: int, channel: int, day: int, moment: int) -> float:
    """Return the share of attempts that an outage of a bank or channel fails at a moment; 0 in good times."""
    share = 0.0
    for number in range(month.outage_first[day], month.outage_stop[day]):
        outage = month.outages[number]
        is_bank = outage.bank < 0 or outage.bank == bank
        is_channel = outage.channel < 0 or outage.channel == channel
        if is_bank and is_channel and outage.start_us <= moment < outage.stop_us:
            share = max(share, outage.declined_share)
    return share


@inline_lean_kernel
def issuer_decline(rules: Row, factors: Floats, channel: int, is_abroad: bool, uniform: float) -> int:
    """Return why the payer's bank refuses whatever the balance, or NO_CODE; banks differ by two factors.

    Reasons of business lie at the lower end of the draw, technical failures at the upper end.
    """
    reasons = rules.declines.shape[1]
    business, every = rules.declines[channel, reasons - 2], rules.declines[channel, reasons - 1]
    if uniform >= 1.0 - (every - business) * factors[1]:
        return TECHNICAL
    scaled = uniform / (factors[0] * (rules.abroad_decline_factor if is_abroad else 1.0))
    return drawn_decline(rules.declines, channel, scaled) if scaled < business else NO_CODE


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
