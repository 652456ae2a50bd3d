"""The map: an extract in, places, residences, settlements and boundaries out."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster._core.definitions.metadata import RawMetadataValue

from riskfabric_assets.assets.metadata import table_metadata
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.osm.references import OSM_TABLES, ExtractReport, extract_references, options_for
from riskfabric_assets.osm.sample.extract import write_sample_extract
from riskfabric_assets.warehouse.run import Run


def map_assets() -> list[dg.AssetsDefinition]:
    """Return the four tables of the map; one pass over the extract makes them all."""

    @dg.multi_asset(
        name="map",
        specs=[
            dg.AssetSpec(
                table.name.split("/"),
                group_name="osm",
                description=table.grain,
                kinds={"osmium", "parquet"},
                metadata=table_metadata(table.name),
                code_version=code_version("osm"),
            )
            for table in OSM_TABLES
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="duckdb",
    )
    def map_tables(context: dg.AssetExecutionContext, run: RunResource) -> Iterator[dg.MaterializeResult[None]]:
        """Read the extract, or write and read the sample extract when none is given."""
        run.prepare()
        extract = run.settings.osm_path or _sample(run)
        report = extract_references(
            extract,
            {table.name: run.home.file_of(table, None) for table in OSM_TABLES},
            options_for(run.settings.config.world, run.settings.seed),
            side=run.home.cache / "boundaries.osm.pbf",
            metadata=run.metadata(),
            progress=lambda stage, kept: context.log.info(f"{stage}: {kept:,} objects kept"),
        )
        yield from (_result(run, name, report) for name in _rows(report))

    return [map_tables]


def _sample(run: Run) -> Path:
    world, seed = run.settings.config.world, run.settings.seed
    name = f"sample-{world.sample_extract}-{world.sample_objects}-{seed}-{code_version('osm')}.osm.pbf"
    path = run.home.cache / name
    if not path.exists():
        write_sample_extract(path, world.sample_extract, world.sample_objects, seed)
    return path


def _rows(report: ExtractReport) -> dict[str, int]:
    areas = sum(level.assembled for level in report.boundaries)
    counts = (report.places, report.residences, report.settlements, areas)
    return dict(zip((table.name for table in OSM_TABLES), counts, strict=True))


def _result(run: Run, name: str, report: ExtractReport) -> dg.MaterializeResult[None]:
    metadata: dict[str, RawMetadataValue] = {
        "dagster/row_count": _rows(report)[name],
        "dagster/uri": str(run.home.file_of(TABLES[name], None)),
        "extract": str(report.path),
        "is_sample": report.is_sample,
        "data_timestamp": report.data_timestamp or "not stated",
    }
    if name == "osm/boundaries":
        metadata["areas_by_level"] = {
            str(level.admin_level): f"{level.assembled} of {level.found}" for level in report.boundaries
        }
    return dg.MaterializeResult(asset_key=name.split("/"), metadata=metadata)
