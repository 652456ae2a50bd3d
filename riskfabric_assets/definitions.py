"""What Dagster loads: the one graph, from settings read once.

`dagster ... -m riskfabric_assets.definitions` finds `defs`; tests and notebooks call `build` with overrides.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from riskfabric_assets.assets.assembly import assemble
from riskfabric_assets.packs.settings import resolve


def build(overrides: Mapping[str, str] | None = None) -> dg.Definitions:
    """Return the definitions for the environment, with `overrides` (RISKFABRIC_* variables) laid over it."""
    return assemble(resolve({**os.environ, **(overrides or {})}, Path.cwd()))


defs = build()
