"""States of customers by key, as an online store holds them: one value for each customer, read and written by batch."""

import dataclasses

import numpy as np

from riskfabric_assets.features.state import STATE, CustomerIndex, Int64s, StateTable


@dataclasses.dataclass(eq=False)
class StateStore:
    """Packed records by customer, in memory; all of one feature contract."""

    contract: str
    records: dict[int, bytes]

    @classmethod
    def of(cls, states: StateTable) -> "StateStore":
        """Put every state of a table into a store of its own."""
        store = cls(states.contract, {})
        store.put(states)
        return store

    def fetch(self, customer_ids: Int64s) -> StateTable:
        """Return the states of some customers, in one round trip; who is not known yet has an empty one.

        Args:
            customer_ids: Shape (n,), unique.
        """
        blank = bytes(STATE.itemsize)
        packed = b"".join(self.records.get(each, blank) for each in customer_ids.tolist())
        records = np.frombuffer(packed, dtype=STATE).copy()
        return StateTable(customer_ids, records, self.contract, CustomerIndex.of(customer_ids))

    def put(self, states: StateTable) -> None:
        """Write the states of some customers, in one round trip."""
        packed, size = states.records.tobytes(), STATE.itemsize
        for place, customer_id in enumerate(states.customer_ids.tolist()):
            self.records[customer_id] = packed[place * size : (place + 1) * size]
