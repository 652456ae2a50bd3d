"""DuckDB extensions from their wheels: no network, nothing written to the user's home folder."""

import importlib.resources
from pathlib import Path

import duckdb

from riskfabric_assets.foundation.errors import WarehouseError


def extension_path(name: str) -> Path:
    """Return the extension's binary inside its installed wheel; raises WarehouseError if it is not installed."""
    try:
        package = importlib.resources.files(f"duckdb_extension_{name}")
    except ModuleNotFoundError as error:
        raise WarehouseError(
            f"DuckDB extension '{name}' is not installed\n  fix: install duckdb-extension-{name}=={duckdb.__version__}"
        ) from error
    path = Path(str(package)) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.is_file():
        raise WarehouseError(
            f"DuckDB extension '{name}' does not fit DuckDB {duckdb.__version__}\n"
            f"  fix: install duckdb-extension-{name}=={duckdb.__version__}"
        )
    return path


def load(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Load extensions into a connection's database instance."""
    for name in names:
        connection.execute(f"load '{extension_path(name)}'")
