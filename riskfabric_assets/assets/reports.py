"""Reports that tell the truth of a simulation to people; nothing a bank computes reads them."""

import dagster as dg

from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.stories.cases import read_cases
from riskfabric_assets.stories.pages import typology_pages
from riskfabric_assets.stories.typologies import sentences
from riskfabric_assets.stories.writing import home_of, write_pages

READ = ("truth/fraud", "plan/attacks", "bronze/label_events", "population/customers", "model/evaluation")


def report_assets() -> list[dg.AssetsDefinition]:
    """Return the pages per typology."""

    @dg.asset(
        key=["reports", "typologies"],
        deps=[*(name.split("/") for name in READ), ["reference", "regions"]],
        group_name="reports",
        kinds={"html"},
        code_version=code_version("reports"),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def typologies(run: RunResource) -> dg.MaterializeResult[None]:
        """One page per kind of fraud that occurred, with timeline, map and money flow, and their index."""
        pages = typology_pages(read_cases(run), home_of(run), sentences())
        index = write_pages(run, pages)
        return dg.MaterializeResult(metadata={"index": dg.MetadataValue.path(index), "count_pages": len(pages)})

    return [typologies]
