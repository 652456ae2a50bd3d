"""The sensor that notices a new map extract at RISKFABRIC_OSM_PATH."""

import dagster as dg

from riskfabric_assets.packs.settings import Settings


def new_extract(settings: Settings) -> dg.SensorDefinition:
    """Return the sensor; it asks for the map and its references when size or time of the extract change."""

    @dg.sensor(
        name="new_extract",
        job_name="map_to_references",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Reads the map again when the extract at RISKFABRIC_OSM_PATH has changed",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        path = settings.osm_path
        if path is None or not path.exists():
            return dg.SkipReason("no extract: RISKFABRIC_OSM_PATH is not set, or no such file")
        stamp = f"{path.stat().st_size}-{path.stat().st_mtime_ns}"
        if context.cursor == stamp:
            return dg.SkipReason("the extract has not changed")
        context.update_cursor(stamp)
        return dg.RunRequest(run_key=stamp)

    return sensor
