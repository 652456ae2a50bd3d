"""dbt-duckdb plugin: loads extensions from their wheels once per connection (profiles.yml names this module)."""

from collections.abc import Mapping

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from riskfabric_assets.warehouse.extensions import load


class Plugin(BasePlugin):
    """Loads the extensions listed under `config: {extensions: [...]}`."""

    def initialize(self, config: Mapping[str, list[str]]) -> None:
        """Remember which extensions are wanted."""
        self.names = config.get("extensions", [])

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Load them."""
        load(conn, *self.names)
