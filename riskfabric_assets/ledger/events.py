"""Event records as columns of bronze/account_events, in order."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, Rows
from riskfabric_assets.warehouse.columnar.pages import Values
from riskfabric_assets.world.clock import Clock

_NULLABLE: Final = ("card_id", "device_id", "counterparty_id", "related_event_id")


def room_for_events(rows: int) -> Rows:
    """Allocate records; memory is taken up as it is touched."""
    return np.empty(rows, dtype=EVENT_ROW)


def event_values_of(records: Rows, clock: Clock) -> Mapping[str, Values]:
    """Return ordered records as columns of bronze/account_events."""
    held: dict[str, npt.NDArray[np.generic]] = {
        name: np.ascontiguousarray(records[name]) for name in records.dtype.names or ()
    }
    day, moment = records["event_date"] - clock.first_day, records["event_at"]
    is_later = moment >= clock.change_at[day]
    offset = np.where(is_later, clock.offset_after_microseconds[day], clock.offset_microseconds[day])
    held["event_at_local"] = moment + offset
    held["currency_code"] = np.zeros(records.shape[0], dtype=np.uint8)
    return {name: Values(array, array != NO_ID if name in _NULLABLE else None) for name, array in held.items()}
