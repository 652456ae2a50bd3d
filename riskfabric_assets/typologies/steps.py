"""What an attack consists of, as arrays: payments (`Steps`), what happens around them (`Signals`), or `Claims`.

Says what attackers want. Whether it succeeds, at which merchant, under which id: `payments` and `funds`.
"""

import dataclasses
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.truth import PHASES
from riskfabric_assets.simulation.columns import HonestMonth, People
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import picks_of, subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.shops import Surroundings

Int64s = npt.NDArray[np.int64]
Int16s = npt.NDArray[np.int16]
UInt8s = npt.NDArray[np.uint8]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PROBE, DRAIN, CASH_OUT, PURCHASE, DISPUTE, LAYERING = (
    PHASES.index(phase) for phase in ("probe", "drain", "cash_out", "purchase", "dispute", "layering")
)
MICROSECONDS_PER_SECOND: Final = 1_000_000
MICROSECONDS_PER_HOUR: Final = 3_600 * MICROSECONDS_PER_SECOND
DRAW_CHANNEL, DRAW_AMOUNT, DRAW_GAP, DRAW_PLACE = 16, 17, 18, 19
"""Draw numbers of a step or attack; those below 16 belong to planning and to `payments`."""
_DRAW_CATEGORY = 0


class Steps(NamedTuple):
    """Intended payments, attack by attack in time order, every array of shape (n,)."""

    attack: Int64s
    """Row of Attacks."""
    step: Int16s
    """From 1."""
    key: UInt64s
    """Address of the step's draws."""
    offset_microseconds: Int64s
    """Since the start of the attack; never falling within an attack."""
    phase: UInt8s
    burst_position: Int16s
    """From 1; 0 outside bursts."""
    channel: UInt8s
    amount_minor: Floats
    """Wanted amount before rounding."""
    merchant_key: UInt64s
    """Steps with one key pay one merchant."""
    category: UInt8s
    """Merchant category; spending group of bills and of what is paid abroad."""
    is_at_hub: Bools
    """Paid to, and on an attacker's device made from, the actor's hub instead of the victim's surroundings."""
    is_foreign_device: Bools
    """Made on the actor's device and network instead of the victim's."""
    is_escalating: Bools
    """Must exceed the step before."""
    is_foreign_network: Bools | None = None
    """Made through the actor's network; None: where it is made on the actor's device."""
    kind: UInt8s | None = None
    """PURCHASE, BILL, TRANSFER or CASH; a bill is a standing debit, which comes whatever happens; None: purchases."""
    payee_key: UInt64s | None = None
    """Transfers with one key go to one account at another bank; None where nothing is transferred."""
    payee: Int64s | None = None
    """Customer slot that a transfer goes to; -1, or None: nobody simulated."""
    is_fitting: bool = False
    """Who sees balance and limits asks for no more than they allow, down to a fifth of what was wanted."""
    is_from_one_account: bool = False
    """All steps of an attack use one account and its cards, as money mules do; else cards are any of the victim's."""
    is_spare: Bools | None = None
    """Made only if the payment before was refused; None: none is."""
    is_abroad: bool = False
    """All purchases are made at shops abroad, by card and online."""
    payer: Int64s | None = None
    """Customer slot that pays; None: the attack's victim."""
    part: Floats | None = None
    """Paid out of what the attack has brought to the payer, of which at most this part may have left after it; 0: with
    own money. None: all with own money; where it is stated, everybody uses the everyday account."""
    refund_days: Int16s | None = None
    """Days until the shop gives a purchase back, 0 for never, the last day of the month for later; None: never."""


class Signals(NamedTuple):
    """Account events around the payments of attacks: changes of identity, links, logins, and money that comes in."""

    attack: Int64s
    """Row of Attacks."""
    number: Int16s
    """From 1 within the attack."""
    offset_microseconds: Int64s
    """Since the start of the attack."""
    event_kind: UInt8s
    """Code in EVENT_KINDS; `transfer_credit` moves money, all others say something only."""
    amount_minor: Floats
    """Money that comes in; 0 for what is no movement."""
    counterparty_key: UInt64s
    """Credits with one key come from one account at another bank."""
    is_foreign_device: Bools
    """Done on the actor's device."""

    def take(self, rows: Int64s | Bools) -> "Signals":
        """Return some of the signals."""
        return Signals._make(column[rows] for column in self)


class Scheme(NamedTuple):
    """Payments, and what happens around them."""

    steps: Steps
    signals: Signals
    account: Int64s | None = None
    """Account slot that each attack uses, shape (attacks,); -1, or None: one that its owner would use."""


class Claims(NamedTuple):
    """Honest payments that their payer disputes, shape (n,) each."""

    attack: Int64s
    payment: Int64s
    """Row of the block's payments."""
    step: Int16s


@dataclasses.dataclass(frozen=True)
class InjectContext:
    """What attackers meet: one block's honest month and its people."""

    people: People
    honest: HonestMonth
    average_minor: Floats
    """Mean amount of the month's approved payments by customer of the block, shape (customers of the block,)."""
    life: Life
    """People, shops and rules as kernels see them."""
    surroundings: Surroundings
    month_before: Callable[[int], HonestMonth]
    """Honest life of one customer slot in the month before this one, made anew at every call: milliseconds."""

    def averages_of(self, attacks: Attacks) -> Floats:
        """Return the victims' personal average, minor units, shape (attacks,)."""
        return self.average_minor[attacks.customer - self.honest.first_customer]


class Layout(NamedTuple):
    """The skeleton of a typology's steps, shape (n,) each."""

    attack: Int64s
    step: Int16s
    key: UInt64s
    is_first: Bools


def lay_out(attacks: Attacks) -> Layout:
    """Return one row per planned payment, attack by attack."""
    counts = attacks.count_steps.astype(np.int64)
    attack = np.repeat(np.arange(counts.shape[0], dtype=np.int64), counts)
    firsts = np.cumsum(counts) - counts
    step = np.arange(attack.shape[0], dtype=np.int64) - firsts[attack] + 1
    return Layout(attack, step.astype(np.int16), subkeys_of(attacks.key[attack], step), step == 1)


def offsets_of(layout: Layout, gap_seconds: Floats, cap_hours: float) -> Int64s:
    """Add up the gaps before each step within its attack, microseconds; the first step has none."""
    gaps = np.where(layout.is_first, 0.0, gap_seconds * MICROSECONDS_PER_SECOND).astype(np.int64)
    running = np.cumsum(gaps)
    base = running[layout.is_first]
    since = running - (base[layout.attack] if base.shape[0] else running)
    capped = np.minimum(since, int(cap_hours * MICROSECONDS_PER_HOUR)) + layout.step - 1
    return np.asarray(capped, dtype=np.int64)


def between(keys: UInt64s, number: int, low: float, high: float) -> Floats:
    """Draw evenly between two bounds per key."""
    return low + (high - low) * uniforms_of(keys, number)


def exponential_gaps(keys: UInt64s, mean_seconds: float) -> Floats:
    """Draw gaps with a mean in seconds per key."""
    return -np.log1p(-uniforms_of(keys, DRAW_GAP)) * mean_seconds


def channels_of(keys: UInt64s, params: AttackParams) -> UInt8s:
    """Draw the channel per key."""
    return picks_of(keys, DRAW_CHANNEL, params.cumulative_channels).astype(np.uint8)


def categories_of(merchant_keys: UInt64s, params: AttackParams) -> UInt8s:
    """Draw the category of the merchant behind each merchant key."""
    return picks_of(merchant_keys, _DRAW_CATEGORY, params.cumulative_categories).astype(np.uint8)


def at_hub(attacks: Attacks, params: AttackParams) -> Bools:
    """Draw which attacks happen at the actor's hub, shape (attacks,)."""
    return uniforms_of(attacks.key, DRAW_PLACE) < params.geo_anomaly
