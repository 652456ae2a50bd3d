"""What a home holds, in numbers: rows per table and layer, the share of fraud, the days made."""

import dataclasses
import datetime as dt
from typing import Final

from riskfabric_assets.foundation.errors import WarehouseError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through

TABLES_SHOWN: Final = """
select table_schema, table_name from information_schema.tables
where table_schema not in ('main', 'information_schema', 'meta') order by all
"""
SHARES: Final = """
select
    (select count(*) from bronze.transactions) as payments,
    (select count(*) from truth.fraud) as fraud,
    (select count(*) from bronze.labels) as labels
"""


@dataclasses.dataclass(frozen=True)
class Summary:
    """Rows per table, fraud and label counts, and the last day made."""

    rows: dict[str, int]
    payments: int
    fraud: int
    labels: int
    through: dt.date | None

    @property
    def fraud_share(self) -> float:
        """Share of payments that are fraud in truth."""
        return self.fraud / self.payments if self.payments else 0.0

    @property
    def label_share(self) -> float:
        """Share of payments that the bank has a fraud label for."""
        return self.labels / self.payments if self.payments else 0.0

    def rows_by_layer(self) -> dict[str, int]:
        """Return rows summed by layer."""
        layers: dict[str, int] = {}
        for name, count in self.rows.items():
            layer = name.split("/")[0]
            layers[layer] = layers.get(layer, 0) + count
        return layers


def summarize(settings: Settings) -> Summary:
    """Count what the home holds.

    Raises:
        WarehouseError: There is no warehouse yet.
    """
    home = Home(settings.home)
    with open_warehouse(home, read_only=True, memory_mb=settings.config.engine.memory_mb) as connection:
        names = connection.execute(TABLES_SHOWN).fetchall()
        rows = {
            f"{schema}/{name}": _count(connection.execute(f'select count(*) from {schema}."{name}"').fetchone())
            for schema, name in names
        }
        counts = connection.execute(SHARES).fetchone()
    if counts is None:
        raise WarehouseError("the warehouse counts nothing\n  fix: riskfabric doctor --fix")
    payments, fraud, labels = (int(count) for count in counts)
    return Summary(rows, payments, fraud, labels, recorded_through(home))


def _count(row: tuple[object, ...] | None) -> int:
    return int(str(row[0])) if row else 0
