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


@kernel
def chain_kernel(stream: np.uint64, lines: Lines, customs: Customs, out: Chains) -> None:
    """Walk every line and write its cards."""
    for line in range(lines.entity.shape[0]):
        entity, issued = lines.entity[line], lines.first_day[line]
        number = 0
        while True:
            key = key_of(stream, entity, np.int64(number))
            activated = _activation(stream, entity, number, issued, customs)
            expiry = issued + lines.validity_days[line]
            following = expiry - customs.renewal_lead
            closed = min(expiry, _activation(stream, entity, number + 1, following, customs))
            cause = RENEWED
            wait = exponential_at(key, np.int64(1)) * DAYS_PER_YEAR / max(lines.loss_rate[line], 1e-9)
            if number == MOST - 1:
                closed, cause = expiry, LAPSED
            elif activated + 1 + wait < following:
                closed, cause = activated + 1 + int(wait), LOST
                draw = uniform_at(key, np.int64(2))
                following = closed + customs.reissue_shortest + int(draw * customs.reissue_span)
            is_last = cause == LAPSED or following > customs.window_end
            if lines.is_given_up[line] and issued < customs.start_day:
                if closed >= customs.start_day:
                    before = number - 1
                    if (
                        lines.is_lapsing[line]
                        and number > 0
                        and out.cause[line, before] == RENEWED
                        and out.expiry[line, before] < customs.start_day
                    ):
                        out.closed[line, before], out.cause[line, before] = out.expiry[line, before], LAPSED
                        number = before
                        break
                    activated = min(activated, customs.start_day - 1)
                    draw = uniform_at(key, np.int64(3))
                    closed = activated + int(draw * (customs.start_day - activated))
                    cause, is_last = GIVEN_UP, True
                elif following >= customs.start_day:
                    is_last = True
            if closed >= lines.last_day[line]:
                closed, cause, is_last = lines.last_day[line], ACCOUNT_CLOSED, True
                activated = min(activated, closed)
            if closed > customs.window_end:
                closed, cause, is_last = NEVER, IN_USE, True
            out.issued[line, number], out.activated[line, number] = issued, activated
            out.expiry[line, number], out.closed[line, number] = expiry, closed
            out.cause[line, number] = cause
            if is_last or following > lines.last_day[line]:
                break
            issued = following
            number += 1
        out.counts[line] = number + 1
