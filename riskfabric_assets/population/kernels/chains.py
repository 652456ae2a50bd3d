"""The life of cards as chains: each card of a line is lost, renewed or ends, and the next one follows.

A line is walked from its first card to the window's end, which is fixed by the calendar's start; a card depends on
its line and its number alone. Draws of card k, key (stream, line, k): 0 activation, 1 loss, 2 reissue, 3 blocking.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, uniform_at

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST: Final = 8
"""Cards of one line within the window; the eighth is never lost."""
NEVER: Final = 2147483647
"""Day on which what has no end ends: the largest int32."""
IN_USE, LOST, RENEWED, LAPSED, GIVEN_UP, ACCOUNT_CLOSED = 0, 1, 2, 3, 4, 5
"""How a card ends. A line is given up when its card is blocked, or lapses, and no other is wanted."""
DAYS_PER_YEAR: Final = 365.25


class Lines(NamedTuple):
    """Lines of cards, every array of shape (lines,); days since 1970-01-01."""

    entity: Int64s
    first_day: Int64s
    """Issue of the first card."""
    last_day: Int64s
    """Account closed; NEVER for open ones."""
    validity_days: Int64s
    loss_rate: Floats
    """Per year."""
    is_given_up: Bools
    """Out of use on the calendar's first day."""
    is_lapsing: Bools
    """If given up: rather by not renewing than by a block."""


class Customs(NamedTuple):
    """How cards are sent out, days."""

    start_day: int
    window_end: int
    activation_shortest: int
    activation_span: int
    reissue_shortest: int
    reissue_span: int
    renewal_lead: int


class Chains(NamedTuple):
    """Cards of every line; rows of the matrices are lines, columns cards."""

    counts: Int64s
    issued: Int64s
    activated: Int64s
    expiry: Int64s
    closed: Int64s
    cause: Int64s


@inline_kernel
def _activation(stream: np.uint64, entity: np.int64, number: int, issued: int, customs: Customs) -> int:
    draw = uniform_at(key_of(stream, entity, np.int64(number)), np.int64(0))
    return issued + customs.activation_shortest + int(draw * customs.activation_span)


@inline_kernel
def _end(
    stream: np.uint64, lines: Lines, customs: Customs, line: int, number: int, issued: int
) -> tuple[int, int, int]:
    """Return last day, cause and the issue of the next card, as long as line and account go on."""
    entity = lines.entity[line]
    key = key_of(stream, entity, np.int64(number))
    activated = _activation(stream, entity, number, issued, customs)
    expiry = issued + lines.validity_days[line]
    following = expiry - customs.renewal_lead
    if number == MOST - 1:
        return expiry, LAPSED, NEVER
    wait = exponential_at(key, np.int64(1)) * DAYS_PER_YEAR / max(lines.loss_rate[line], 1e-9)
    if activated + 1 + wait < following:
        closed = activated + 1 + int(wait)
        reissue = customs.reissue_shortest + int(uniform_at(key, np.int64(2)) * customs.reissue_span)
        return closed, LOST, closed + reissue
    return min(expiry, _activation(stream, entity, number + 1, following, customs)), RENEWED, following


@inline_kernel
def _has_lapsed(lines: Lines, customs: Customs, line: int, number: int, out: Chains) -> bool:
    """Tell whether a line that is given up ends with the card before, which nobody renewed."""
    if not lines.is_lapsing[line] or number == 0:
        return False
    return bool(out.cause[line, number - 1] == RENEWED and out.expiry[line, number - 1] < customs.start_day)


@kernel
def chain_kernel(stream: np.uint64, lines: Lines, customs: Customs, out: Chains) -> None:
    """Walk every line and write its cards."""
    for line in range(lines.entity.shape[0]):
        entity, issued, number = lines.entity[line], lines.first_day[line], 0
        while True:
            activated = _activation(stream, entity, number, issued, customs)
            closed, cause, following = _end(stream, lines, customs, line, number, issued)
            is_last = following > customs.window_end or following > lines.last_day[line]
            if lines.is_given_up[line] and issued < customs.start_day <= max(closed, following):
                if closed >= customs.start_day:
                    if _has_lapsed(lines, customs, line, number, out):
                        number -= 1
                        out.closed[line, number], out.cause[line, number] = out.expiry[line, number], LAPSED
                        break
                    draw = uniform_at(key_of(stream, entity, np.int64(number)), np.int64(3))
                    activated = min(activated, customs.start_day - 1)
                    closed, cause = activated + int(draw * (customs.start_day - activated)), GIVEN_UP
                is_last = True
            if closed >= lines.last_day[line]:
                closed, cause, is_last = lines.last_day[line], ACCOUNT_CLOSED, True
                activated = min(activated, closed)
            if closed > customs.window_end:
                closed, cause, is_last = NEVER, IN_USE, True
            out.issued[line, number], out.activated[line, number] = issued, activated
            out.expiry[line, number] = issued + lines.validity_days[line]
            out.closed[line, number], out.cause[line, number] = closed, cause
            if is_last:
                break
            issued, number = following, number + 1
        out.counts[line] = number + 1
