"""What an asset tells Dagster about the table it made: rows, columns, and a small plot."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import matplotlib as mpl
import polars as pl
from dagster._core.definitions.metadata import RawMetadataValue
from matplotlib.figure import Figure

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import TABLES

mpl.use("agg")


def column_schema(table: Table) -> dg.TableSchema:
    """Return the columns of a contract as Dagster shows them."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.name,
                column.type,
                description=f"{column.description}{f' [{column.unit}]' if column.unit else ''}",
                constraints=dg.TableColumnConstraints(nullable=column.is_nullable, unique=table.key == (column.name,)),
            )
            for column in table.columns
        ]
    )


def table_metadata(name: str) -> dict[str, RawMetadataValue]:
    """Return definition metadata of a lake table: schema, key and the SQL name in the warehouse."""
    table = TABLES[name]
    return {
        "dagster/column_schema": column_schema(table),
        "dagster/table_name": f"warehouse.{name.replace('/', '.')}",
        "grain": table.grain,
        "key": ", ".join(table.key),
    }


def made(
    rows: int, files: Sequence[Path] = (), plot: Figure | None = None, **facts: RawMetadataValue
) -> dg.MaterializeResult[None]:
    """Report what was made.

    Args:
        rows: Rows written.
        files: Files written; their sizes are summed up.
        plot: A small figure, shown in the asset's page.
        facts: More metadata.
    """
    metadata: dict[str, RawMetadataValue] = {"dagster/row_count": rows, **facts}
    if files:
        metadata["megabytes"] = round(sum(file.stat().st_size for file in files) / 1e6, 2)
        metadata["dagster/uri"] = str(files[-1])
    if plot is not None:
        metadata["plot"] = dg.MetadataValue.md(f"![plot](data:image/png;base64,{_png(plot)})")
    return dg.MaterializeResult(metadata=metadata)


def bars(counts: pl.DataFrame, label: str, value: str, title: str) -> Figure:
    """Draw a small horizontal bar chart of a two-column frame (at most 20 rows are shown)."""
    shown = counts.head(20).reverse()
    figure = Figure(figsize=(5.0, 0.6 + 0.22 * shown.height), dpi=90, layout="constrained")
    axes = figure.add_subplot()
    axes.barh([str(text) for text in shown[label]], shown[value].to_numpy(), color="#3b6ea5")
    axes.set_title(title, loc="left", fontsize=9)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _png(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()
