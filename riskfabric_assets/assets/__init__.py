"""The only Dagster code: one module per layer, and what Dagster needs around them.

An asset fetches, calls one room, reports. Nothing here calculates, holds SQL or reads the environment;
`definitions.build` hands in resolved settings.
"""

import warnings

from dagster import BetaWarning

warnings.filterwarnings("ignore", category=BetaWarning)  # single-run backfills and freshness policies are beta in name
