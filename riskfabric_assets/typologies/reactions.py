"""How criminals answer a refusal: they try again, ask for less, or leave. An attack keeps to one way.

Payments that were planned anyway ask for less once money or limits have refused; who sees that hardly anything is left
does not try.

Every attack gets a spare payment behind its last one, which is made only if that one was refused; `funds` decides,
in time order, which payments are made at all.
"""

from typing import Any, Final

import numpy as np

from riskfabric_assets.packs.crime import Reactions
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.steps import MICROSECONDS_PER_SECOND, Bools, Int64s, Steps, UInt8s

RETRY, REDUCE, STOP = range(3)
_MOOD_DRAW: Final = 72
"""Draw of an attack: how it answers refusals."""
_SPARE_STREAM: Final = 1 << 20
"""Spare payments are drawn apart from planned ones."""
_GAP_DRAW: Final = 20
SHORTEST_SECONDS, LONGEST_SECONDS = 40.0, 400.0
"""Between a refusal and the next try: as people retry, within ten minutes (calibration 4.22)."""


def moods_of(attacks: Attacks, reactions: Reactions) -> UInt8s:
    """Draw how each attack answers refusals: RETRY, REDUCE or STOP, shape (attacks,)."""
    draw = uniforms_of(attacks.key, _MOOD_DRAW)
    bounds = np.cumsum([reactions.answers["retry"], reactions.answers["reduce"]])
    return np.asarray(np.searchsorted(bounds, draw, side="right"), dtype=np.uint8)


def with_spares(steps: Steps) -> Steps:
    """Append one spare payment per attack: its last one again, a little later.

    Args:
        steps: Planned payments, attack by attack in time order, shape (n,).

    Returns:
        Planned payments first, then the spare ones, shape (n + attacks with a payment,).
    """
    count = steps.attack.shape[0]
    last = np.flatnonzero(np.append(steps.attack[1:] != steps.attack[:-1], True)) if count else np.empty(0, np.int64)
    key = subkeys_of(steps.key[last], np.full(last.shape[0], _SPARE_STREAM))
    wait = SHORTEST_SECONDS + (LONGEST_SECONDS - SHORTEST_SECONDS) * uniforms_of(key, _GAP_DRAW)
    spare = take(steps, last)
    spare = spare._replace(
        step=(spare.step + 1).astype(np.int16),
        key=key,
        offset_microseconds=spare.offset_microseconds + (wait * MICROSECONDS_PER_SECOND).astype(np.int64),
        burst_position=np.where(spare.burst_position > 0, spare.burst_position + 1, 0).astype(np.int16),
        is_escalating=np.zeros(last.shape[0], dtype=np.bool_),
    )
    both: dict[str, Any] = {
        name: np.concatenate([value, getattr(spare, name)]) for name, value in _arrays_of(steps).items()
    }
    return steps._replace(**both, is_spare=np.arange(count + last.shape[0]) >= count)


def take(steps: Steps, rows: Bools | Int64s) -> Steps:
    """Return some of the payments."""
    return steps._replace(**{name: value[rows] for name, value in _arrays_of(steps).items()})


def _arrays_of(steps: Steps) -> dict[str, Any]:
    return {name: value for name, value in steps._asdict().items() if isinstance(value, np.ndarray)}
