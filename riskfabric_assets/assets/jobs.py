"""Jobs: one per stage, and one for everything. Each is a selection of the one graph."""

from typing import Final

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

STAGES: Final = {
    "map_to_references": ("osm", "reference"),
    "make_people": ("population",),
    "make_payments": ("plan", "bronze", "truth"),
    "make_features": ("silver", "gold"),
    "judge_realism": ("realism",),
    "make_model": ("model",),
    "prove_parity": ("serving",),
    "tell_stories": ("reports",),
}
"""Job name -> layers it makes; a job may not have the name of a step (features, payments)."""

OF_SIMULATOR: Final = ("map_to_references", "make_people", "judge_realism", "tell_stories")
EVERYTHING: Final = "everything"
ADVANCE: Final = "advance_one_day"
MONTHLY_LAYERS: Final = STAGES["make_payments"] + STAGES["make_features"]


def stage_jobs(*, is_synthetic: bool = True) -> list[UnresolvedAssetJobDefinition]:
    """Return the jobs; the partitioned ones ask for a month in the launchpad and nothing else.

    Payments of a team's own have no map, no people and nothing to hold against published figures.
    """
    jobs = [
        dg.define_asset_job(name, selection=dg.AssetSelection.groups(*layers), description=f"Make {', '.join(layers)}")
        for name, layers in STAGES.items()
        if is_synthetic or name not in OF_SIMULATOR
    ]
    everything = dg.define_asset_job(EVERYTHING, selection=dg.AssetSelection.all(), description="Map to model")
    return [*jobs, everything, advance_job()]


def advance_job() -> UnresolvedAssetJobDefinition:
    """Return the job of the daily schedule: one more day of payments, features and gold."""
    description = "One more simulated day: the current month is made again up to the next day"
    return dg.define_asset_job(ADVANCE, selection=dg.AssetSelection.groups(*MONTHLY_LAYERS), description=description)
