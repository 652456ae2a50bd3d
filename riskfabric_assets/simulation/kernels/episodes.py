"""What changes in an account of itself: the episodes of one customer-month, noted as drafts in local time.

An episode that begins at the end of a month reaches into the next one, so each month draws the episodes of the month
before it as well and keeps what falls into its own days.

Draws, key (stream, customer ordinal, month index): draw number p the count of process p, `episode_base` the first of an
episode.
"""

from typing import Final, NamedTuple

import numpy as np

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ID, Bools
from riskfabric_assets.simulation.kernels.activity import moment_of_day
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.records import Floats, Int32s, Int64s, Records

EMAIL_CHANGE: Final = EVENT_KINDS.index("email_change")
PHONE_CHANGE: Final = EVENT_KINDS.index("phone_change")
ADDRESS_CHANGE: Final = EVENT_KINDS.index("address_change")
DEVICE_BINDING: Final = EVENT_KINDS.index("device_binding")
SIM_CHANGE: Final = EVENT_KINDS.index("sim_change")
BANK_LINK: Final = EVENT_KINDS.index("bank_link")
PIN_RESET: Final = EVENT_KINDS.index("pin_reset")
CARD_BLOCK: Final = EVENT_KINDS.index("card_block")
CARD_REISSUE: Final = EVENT_KINDS.index("card_reissue")
LOGIN: Final = EVENT_KINDS.index("login")

PROCESSES: Final = (
    "sim",
    "email",
    "address",
    "pin",
    "link",
    "link_burst",
    "new_network",
    "unknown_device",
    "failed_logins",
    "return",
)
"""What happens of itself, in the order of its draws; a new process goes to the end."""
SIM, EMAIL, ADDRESS, PIN, LINK, LINK_BURST, NEW_NETWORK, UNKNOWN_DEVICE, FAILED_LOGINS, RETURN = range(len(PROCESSES))
AGES: Final = 121
"""Ages from 0 that rates are known for."""
MOST_EPISODES: Final = 12
"""Per process, customer and month."""
DRAWS_PER_EPISODE: Final = 64
SMALLEST_BURST: Final = 3
NO_DEVICE: Final = -1
DEVICE_IN_USE: Final = -2
"""Not yet a device: the one that the customer uses on that day."""
MICROSECONDS_PER_SECOND: Final = 1_000_000

CHANGE_RULES: Final = np.dtype(
    [
        ("rates", np.float64, (len(PROCESSES), AGES)),
        ("mean_step_microseconds", np.float64),
        ("mean_link_microseconds", np.float64),
        ("follow_up_days", np.int64),
        ("remote_share", np.float64),
        ("device_pin_reset_share", np.float64),
        ("device_sim_change_share", np.float64),
        ("device_email_change_share", np.float64),
        ("device_relink_share", np.float64),
        ("new_number_share", np.float64),
        ("rebinding_share", np.float64),
        ("address_email_share", np.float64),
        ("address_new_number_share", np.float64),
        ("failed_again_share", np.float64),
        ("failed_pin_reset_share", np.float64),
    ]
)
"""Every rate by process and age, and every share."""

DRAFT: Final = np.dtype(
    [("local", np.int64), ("account", np.int64), ("card", np.int64), ("device", np.int64), ("kind", np.int64)]
)
"""One event before it is a row: local time, and slots of what it is about."""


@bundle
class Changes(NamedTuple):
    """What changes are drawn from, beside the records of Life."""

    rules: Records
    """Shape (1,)."""
    birth_year: Int32s
    registered_day: Int32s
    return_rate: Floats
    """Expected payments after a long silence, per month, shape (customers,)."""
    replaces_device: Bools
    """Whether a device comes when another one goes, shape (devices,)."""
    card_blocked_day: Int32s
    """Last day of a card that was blocked before its time, the largest int32 for others, shape (cards,)."""
    card_reissued_day: Int32s
    """First day of a card that follows another one, the largest int32 for others, shape (cards,)."""
    moments: Floats
    """Microseconds since local midnight at equal steps of probability."""
    burst_sizes: Floats
    """Running sums of the distribution of links per burst, from SMALLEST_BURST."""
    stream: np.uint64
    belongings_stream: np.uint64


@bundle
class Span(NamedTuple):
    """The month that is drafted and the one before it."""

    first_days: Int64s
    """First day of the month before and of the month, days since 1970-01-01, shape (2,)."""
    count_days: Int64s
    month_indices: Int64s
    years: Int64s


@bundle
class Pad(NamedTuple):
    """Where drafts are noted; what lies outside the limits is not."""

    drafts: Records
    used: Int64s
    """Drafts so far, also those that found no room, shape (1,)."""
    limits: Int64s
    """First moment and first one behind, local microseconds, shape (2,)."""


@inline_lean_kernel
def note(pad: Pad, local: int, kind: int, account: int, card: int, device: int) -> None:
    """Note one event, if it is within the limits and there is room."""
    if local < pad.limits[0] or local >= pad.limits[1]:
        return
    place = pad.used[0]
    if place < pad.drafts.shape[0]:
        draft = pad.drafts[place]
        draft.local, draft.kind = local, kind
        draft.account, draft.card, draft.device = account, card, device
    pad.used[0] = place + 1


@inline_lean_kernel
def count_episodes(key: np.uint64, process: int, rate: float) -> int:
    """Draw a Poisson number by inversion, at most MOST_EPISODES."""
    draw, probability = uniform_at(key, np.int64(process)), np.exp(-rate)
    cumulative, count = probability, 0
    while draw >= cumulative and count < MOST_EPISODES:
        count += 1
        probability *= rate / count
        cumulative += probability
    return count


@inline_lean_kernel
def episode_base(process: int, episode: int) -> int:
    """Return the first draw number of an episode; the counts come before all of them."""
    return (1 + process * MOST_EPISODES + episode) * DRAWS_PER_EPISODE


@inline_lean_kernel
def step_after(local: int, key: np.uint64, number: int, mean_microseconds: float) -> int:
    """Return when the next step of a visit follows: seconds to minutes later."""
    return local + MICROSECONDS_PER_SECOND + int(exponential_at(key, np.int64(number)) * mean_microseconds)


@inline_lean_kernel
def follow_up(changes: Changes, local: int, phase: int, key: np.uint64, number: int) -> int:
    """Return when something follows within the next days, in waking hours; takes two draws."""
    days = int(uniform_at(key, np.int64(number)) * changes.rules[0].follow_up_days)
    draw, midnight = uniform_at(key, np.int64(number + 1)), local - local % MICROSECONDS_PER_DAY
    if days == 0:
        return local + 1 + int(draw * (midnight + MICROSECONDS_PER_DAY - 1 - local))
    return midnight + days * MICROSECONDS_PER_DAY + moment_of_day(draw, changes.moments, phase)


@inline_lean_kernel
def where(changes: Changes, key: np.uint64, number: int, device: int) -> int:
    """Return the device of a change that may as well be made at a branch."""
    return device if uniform_at(key, np.int64(number)) < changes.rules[0].remote_share else NO_DEVICE


@inline_lean_kernel
def bind_again(changes: Changes, pad: Pad, account: int, local: int, key: np.uint64, base: int) -> None:
    """Register the app anew on the device in use."""
    mean = changes.rules[0].mean_step_microseconds
    local = step_after(local, key, base, mean)
    note(pad, local, LOGIN, account, NO_ID, DEVICE_IN_USE)
    note(pad, step_after(local, key, base + 1, mean), DEVICE_BINDING, account, NO_ID, DEVICE_IN_USE)


@inline_lean_kernel
def change_number(changes: Changes, pad: Pad, account: int, local: int, key: np.uint64, base: int) -> None:
    """Change SIM and number, and register the app anew; takes five draws."""
    note(pad, local, SIM_CHANGE, account, NO_ID, NO_DEVICE)
    told = step_after(local, key, base, changes.rules[0].mean_step_microseconds)
    note(pad, told, PHONE_CHANGE, account, NO_ID, where(changes, key, base + 1, DEVICE_IN_USE))
    bind_again(changes, pad, account, told, key, base + 2)


@inline_lean_kernel
def change_sim(changes: Changes, pad: Pad, account: int, local: int, key: np.uint64, base: int) -> None:
    """Change the SIM, with a new number or the old one."""
    rules = changes.rules[0]
    if uniform_at(key, np.int64(base + 1)) < rules.new_number_share:
        change_number(changes, pad, account, local, key, base + 2)
        return
    note(pad, local, SIM_CHANGE, account, NO_ID, NO_DEVICE)
    if uniform_at(key, np.int64(base + 7)) < rules.rebinding_share:
        bind_again(changes, pad, account, local, key, base + 8)


@inline_lean_kernel
def move_house(changes: Changes, pad: Pad, account: int, local: int, phase: int, key: np.uint64, base: int) -> None:
    """Tell a new address, and now and then the other contacts with it."""
    rules = changes.rules[0]
    device = where(changes, key, base + 1, DEVICE_IN_USE)
    note(pad, local, ADDRESS_CHANGE, account, NO_ID, device)
    if uniform_at(key, np.int64(base + 2)) < rules.address_email_share:
        later = step_after(local, key, base + 3, rules.mean_step_microseconds)
        note(pad, later, EMAIL_CHANGE, account, NO_ID, device)
    if uniform_at(key, np.int64(base + 4)) < rules.address_new_number_share:
        change_number(changes, pad, account, follow_up(changes, local, phase, key, base + 5), key, base + 7)


@inline_lean_kernel
def link_banks(changes: Changes, pad: Pad, account: int, local: int, device: int, key: np.uint64, base: int) -> None:
    """Link several banks in one sitting; takes 1 + their number of draws."""
    draw, more = uniform_at(key, np.int64(base)), 0
    while more < changes.burst_sizes.shape[0] - 1 and draw >= changes.burst_sizes[more]:
        more += 1
    for link in range(SMALLEST_BURST + more):
        note(pad, local, BANK_LINK, account, NO_ID, device)
        local = step_after(local, key, base + 1 + link, changes.rules[0].mean_link_microseconds)


@inline_lean_kernel
def fail_logins(changes: Changes, pad: Pad, account: int, local: int, key: np.uint64, base: int) -> None:
    """Try to log in a few times; now and then the PIN is reset after it."""
    rules, attempt, mean = changes.rules[0], 0, changes.rules[0].mean_step_microseconds
    is_over = False
    while not is_over:
        note(pad, local, LOGIN, account, NO_ID, DEVICE_IN_USE)
        is_over = attempt == 4 or uniform_at(key, np.int64(base + 2 + 2 * attempt)) >= rules.failed_again_share
        local = step_after(local, key, base + 3 + 2 * attempt, mean)
        attempt += 1
    if uniform_at(key, np.int64(base + 1)) < rules.failed_pin_reset_share:
        note(pad, local, PIN_RESET, account, NO_ID, where(changes, key, base + 20, DEVICE_IN_USE))


@inline_lean_kernel
def happen(
    changes: Changes, pad: Pad, process: int, account: int, local: int, phase: int, key: np.uint64, base: int
) -> None:
    """Let one episode happen; draw `base` was its day, `base + 63` its moment."""
    if process == SIM:
        change_sim(changes, pad, account, local, key, base)
    elif process == EMAIL:
        note(pad, local, EMAIL_CHANGE, account, NO_ID, where(changes, key, base + 1, DEVICE_IN_USE))
    elif process == ADDRESS:
        move_house(changes, pad, account, local, phase, key, base)
    elif process == PIN:
        note(pad, local, PIN_RESET, account, NO_ID, where(changes, key, base + 1, DEVICE_IN_USE))
    elif process == LINK:
        note(pad, local, BANK_LINK, account, NO_ID, DEVICE_IN_USE)
    elif process == LINK_BURST:
        link_banks(changes, pad, account, local, DEVICE_IN_USE, key, base + 1)
    elif process == FAILED_LOGINS:
        fail_logins(changes, pad, account, local, key, base)
    elif process == UNKNOWN_DEVICE:
        note(pad, local, LOGIN, account, NO_ID, NO_DEVICE)
    else:
        note(pad, local, LOGIN, account, NO_ID, DEVICE_IN_USE)


@inline_lean_kernel
def live_month(life: Life, changes: Changes, span: Span, pad: Pad, slot: int, which: int) -> None:
    """Let the episodes of one customer-month happen; `which` is 0 for the month before, 1 for the month."""
    customer = life.customers[slot]
    key = key_of(changes.stream, np.int64(customer.ordinal), np.int64(span.month_indices[which]))
    age = min(max(span.years[which] - changes.birth_year[slot], 0), AGES - 1)
    for process in range(len(PROCESSES)):
        rate = changes.return_rate[slot] if process == RETURN else changes.rules[0].rates[process, age]
        for episode in range(count_episodes(key, process, rate)):
            base = episode_base(process, episode)
            day = span.first_days[which] + int(uniform_at(key, np.int64(base)) * span.count_days[which])
            draw = uniform_at(key, np.int64(base + DRAWS_PER_EPISODE - 1))
            local = day * MICROSECONDS_PER_DAY + moment_of_day(draw, changes.moments, customer.phase_microseconds)
            happen(changes, pad, process, customer.everyday_account, local, customer.phase_microseconds, key, base)
