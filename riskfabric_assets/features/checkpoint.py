"""States as a table: silver/customer_state, one packed record for each customer and month."""

import datetime as dt

import numpy as np
import polars as pl

from riskfabric_assets.features.fold import REBUILD_COMMAND
from riskfabric_assets.features.state import STATE, CustomerIndex, StateTable
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.foundation.tables.silver import CUSTOMER_STATE


def to_checkpoint(states: StateTable, through_date: dt.date) -> pl.DataFrame:
    """Return the states under the contract silver/customer_state, ascending by customer.

    Args:
        states: After the last event of `through_date`.
        through_date: Last business day folded in.
    """
    order = np.argsort(states.customer_ids, kind="stable")
    packed, size = states.records[order].tobytes(), STATE.itemsize
    blobs = [packed[start : start + size] for start in range(0, len(packed), size)]
    return pl.DataFrame(
        {
            "customer_id": states.customer_ids[order],
            "feature_contract": pl.repeat(states.contract, len(blobs), dtype=pl.String(), eager=True),
            "state": pl.Series(blobs, dtype=pl.Binary()),
            "through_date": pl.repeat(through_date, len(blobs), dtype=pl.Date(), eager=True),
        },
        schema=CUSTOMER_STATE.schema,
    )


def from_checkpoint(frame: pl.DataFrame, contract: str) -> StateTable:
    """Return the states of a checkpoint, in memory of their own.

    Args:
        frame: One month of silver/customer_state.
        contract: Hash of the contract that the fold will run under.

    Raises:
        StaleError: The checkpoint was made under another contract, or is cut short.
    """
    CUSTOMER_STATE.check(frame)
    stored = frame["feature_contract"].unique().sort().to_list()
    if stored not in ([contract], []):
        raise StaleError(f"checkpoint of contract {', '.join(stored)}", f"contract {contract}", REBUILD_COMMAND)
    packed = b"".join(frame["state"].to_list())
    if len(packed) != frame.height * STATE.itemsize or frame["through_date"].n_unique() > 1:
        found = f"{frame.height} states in {len(packed)} bytes, of {frame['through_date'].n_unique()} dates"
        raise StaleError(found, f"{STATE.itemsize} bytes each, of one date", REBUILD_COMMAND)
    customer_ids = frame["customer_id"].to_numpy()
    records = np.frombuffer(packed, dtype=STATE).copy()
    return StateTable(customer_ids, records, contract, CustomerIndex.of(customer_ids))
