"""RiskFabric: a Dagster data platform that simulates payments and fraud and learns to tell them apart.

Rooms, top to bottom: `assets`, `cli` and `exports` sit above two wings. The simulator's wing is
`ledger` -> `labels` -> `typologies` -> `simulation` -> `population` -> `world` -> `osm`; the bank's wing is
`learning` -> `features`. Both stand on `warehouse`, `packs` and `foundation` and never import each other.
"""

__version__ = "0.1.0"
CONTRACT_VERSION = 1
"""Version of the table contracts; part of the identity of a run, raised when a bronze column changes meaning."""
