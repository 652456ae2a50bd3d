"""Replay: a stretch of bronze event by event through the fold, cut into micro-batches as a scorer would meet it."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.features.contract import Fold
from riskfabric_assets.features.fold import advance_in_place
from riskfabric_assets.features.state import Int64s
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.serving.states import StateStore

STREAM = "serving/replay"


class Replayed(NamedTuple):
    """Features of the payments under the contract silver/payment_features, and how many batches made them."""

    features: pl.DataFrame
    count_batches: int


def draw_cuts(count_events: int, largest_batch: int, streams: Streams, day: int) -> Int64s:
    """Return the places at which a stream is cut, ascending from 0 to `count_events`.

    Args:
        count_events: Events of the stream.
        largest_batch: Sizes are uniform from 1 to this.
        streams: Streams of the seed.
        day: Days since 1970; another day is cut elsewhere.
    """
    draws = streams.uniforms(STREAM, np.arange(count_events), day)
    ends = np.cumsum(1 + (draws * largest_batch).astype(np.int64))
    inside: Int64s = ends[ends < count_events]
    return np.concatenate([[0], inside, [count_events]]).astype(np.int64)


def replay(
    store: StateStore, payments: pl.DataFrame, account_events: pl.DataFrame, fold: Fold, cuts: Int64s
) -> Replayed:
    """Return the features that a scorer computes, and move the store.

    Args:
        store: States before the first event.
        payments: bronze/transactions (PAYMENT_COLUMNS suffice), ascending by (event_at, event_id).
        account_events: bronze/account_events of the same stretch, ascending likewise.
        fold: The prepared contract.
        cuts: Ascending from 0 to the number of events of both kinds.

    Raises:
        InputError: As `advance`.
        StaleError: The states were folded under another contract.
    """
    frames = [PAYMENT_FEATURES.empty()]
    for batch in _batches(payments, account_events, cuts):
        ids = np.unique(np.concatenate([frame["customer_id"].to_numpy() for frame in batch]))
        states = store.fetch(ids)
        frames.append(advance_in_place(states, *batch, fold))
        store.put(states)
    return Replayed(pl.concat(frames), len(frames) - 1)


def _batches(
    payments: pl.DataFrame, account_events: pl.DataFrame, cuts: Int64s
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield the payments and account events of each batch; at one moment of the stream payments come first."""
    order = ["event_at", "is_noted", "event_id"]
    merged = pl.concat(
        [payments.with_columns(is_noted=False).select(order), account_events.with_columns(is_noted=True).select(order)]
    ).sort(order)
    paid = np.concatenate([[0], np.cumsum(~merged["is_noted"].to_numpy())])
    for start, end in itertools.pairwise(cuts.tolist()):
        first, last = int(paid[start]), int(paid[end])
        yield payments[first:last], account_events[start - first : end - last]
