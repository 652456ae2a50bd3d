"""The contract of every table that Python writes, by layer; `TABLES` finds one by its name.

Tables that dbt makes are described in the dbt project and bound by dbt contracts; `reference` is here as
well, because the simulator reads it and `RISKFABRIC_REFERENCES` may bring it from outside.
"""

from typing import Final

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import (
    bronze,
    exchange,
    model,
    osm,
    population,
    realism,
    reference,
    serving,
    silver,
    truth,
)

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for module in (osm, reference, population, bronze, exchange, truth, silver, model, serving, realism)
    for table in vars(module).values()
    if isinstance(table, Table)
}

LAKE_TABLES: Final[tuple[Table, ...]] = tuple(table for table in TABLES.values() if table.layer != "reference")
"""Tables that live in the lake as Parquet (reference is made by dbt in the warehouse)."""
