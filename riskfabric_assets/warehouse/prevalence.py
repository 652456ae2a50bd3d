"""What share of payments is planned to be fraudulent: written with the plan of attacks, read by what weighs rows."""

import json
from typing import Final

from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.parquet import atomic_path

MARKER: Final = "prevalence.json"


def recorded_share(home: Home) -> float | None:
    """Return the planned share of payments, or None in a home without a plan."""
    path = home.root / MARKER
    return float(json.loads(path.read_text())["share"]) if path.exists() else None


def record_share(home: Home, share: float) -> None:
    """Remember the planned share of payments."""
    with atomic_path(home.root / MARKER) as unfinished:
        unfinished.write_text(json.dumps({"share": share}) + "\n")
