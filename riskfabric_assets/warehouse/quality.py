"""Questions about tables as they lie on disk: rows, duplicate keys, differences from the contract, share of fraud."""

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.warehouse.run import Run
from riskfabric_assets.warehouse.views import view_name


def count_rows(run: Run, table: Table) -> int:
    """Return the rows of a table."""
    return int(run.query(f"select count(*) as n from {view_name(table)}").item())


def count_duplicates(run: Run, table: Table) -> int:
    """Return how many rows share their key with an earlier one (of a monthly checkpoint: within the month)."""
    keys = [*table.key, "through_date"] if "through_date" in table.schema else table.key
    sql = f"select count(*) - (select count(*) from (select distinct {', '.join(keys)} from {view_name(table)}))"
    return int(run.query(f"{sql} as n from {view_name(table)}").item())


def contract_differences(run: Run, table: Table) -> list[str]:
    """Return how the columns of the view differ from the contract; empty when they do not."""
    described = run.query(f"describe {view_name(table)}")
    found = dict(zip(described["column_name"], described["column_type"], strict=True))
    wanted = {column.name: column.type for column in table.columns}
    names = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
    return [f"{name}: {found.get(name, 'missing')} instead of {wanted.get(name, 'nothing')}" for name in names]


def fraud_share(run: Run) -> float:
    """Return the share of payments that are fraud in truth; 0 without payments."""
    counts = run.query(
        "select (select count(*) from truth.fraud) as fraud, (select count(*) from bronze.transactions) as payments"
    )
    fraud, payments = counts.row(0)
    return float(fraud) / float(payments) if payments else 0.0


def table_hash(run: Run, name: str) -> str:
    """Return the hash of a table's content, whatever the order of its rows; `name` is schema-qualified SQL.

    It is the row count and an order-free sum of row hashes; equal on one platform and lock file.
    """
    sql = f"select count(*) as n, coalesce(sum(hash(row_)::hugeint), 0)::varchar as h from {name} as row_"
    row = run.query(sql).row(0)
    return f"{row[0]}-{int(row[1]) % (1 << 64):016x}"
