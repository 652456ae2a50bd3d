"""Redraw the figures of "How honest people spend" and the table of realism results from generated homes.

    python docs/scripts/honest_life.py HOME...

Figures come from the first home; the rows of each home's world are measured anew. Homes are only read. The profile
`realism` is meant: `RISKFABRIC_WORLD=india RISKFABRIC_PROFILE=realism riskfabric generate`. The settings that judge
are those of the checkout.
"""

import pathlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import polars as pl
from honest_figures import QUERIES, SKETCHES, balance_figure, listed_figures
from realism_results import measured, replace_world

from riskfabric_assets.foundation.charts import PLOT_WIDTH
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.packs.settings import Settings, resolve
from riskfabric_assets.realism import pictures
from riskfabric_assets.realism.homes import rules_of, sources_of
from riskfabric_assets.realism.lake import Lake, open_lake
from riskfabric_assets.realism.profiles import QUERIES as REPORTED
from riskfabric_assets.realism.profiles import profiles
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.identity import Identity, stored_identity

FOLDER: Final = pathlib.Path(__file__).parents[1] / "images" / "honest_life"
MEMORY: Final = "3GB"
STYLE: Final = (
    "<style>"
    ".figure text{font:11px system-ui,sans-serif;fill:currentColor}"
    ".figure .end{text-anchor:end}.figure .mid{text-anchor:middle}"
    ".figure .grid{stroke:currentColor;opacity:.15}.figure .base,.figure .tick{stroke:currentColor;opacity:.5}"
    ".figure .line{fill:none;stroke-width:2;stroke-linejoin:round}"
    ".figure .line.blue{stroke:#4a7fd6}.figure .line.orange{stroke:#d97b29}.figure .line.grey{stroke:#8b8f98}"
    ".figure .bar.blue,.figure tspan.blue{fill:#4a7fd6}.figure .bar.orange,.figure tspan.orange{fill:#d97b29}"
    ".figure .bar.grey,.figure tspan.grey{fill:#8b8f98}"
    "</style>"
)
"""Colors that are legible on a light and on a dark page; text and axes take the color of the page."""


def main(homes: list[pathlib.Path]) -> None:
    """Redraw everything."""
    for place, root in enumerate(homes):
        stored = stored_identity(root)
        if stored is None:
            raise StaleError(f"no home in {root}", "a generated home", "riskfabric generate")
        settings = resolve({"RISKFABRIC_WORLD": stored.world, "RISKFABRIC_HOME": str(root)}, pathlib.Path.cwd())
        with _lake(settings) as lake:
            if place == 0:
                _draw(lake, stored)
            replace_world(settings.world, measured(lake, settings, stored.seed))
            print(f"{root}: {settings.world} measured")


@contextmanager
def _lake(settings: Settings) -> Iterator[Lake]:
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY}) as connection:
        yield open_lake(connection, sources_of(Home(settings.home)), rules_of(settings))


def _draw(lake: Lake, stored: Identity) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    points = profiles(lake, {**REPORTED, **QUERIES})
    drawn = {
        picture.name: picture.svg.replace("</svg>", _legend(points, picture.name) + "</svg>")
        for picture in pictures.pictures(points, {**pictures.SKETCHES, **SKETCHES})
    }
    drawn |= listed_figures(lake)
    drawn["balance"] = balance_figure(lake)
    for name, text in drawn.items():
        alone = text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" class="figure" ', 1)
        (FOLDER / f"{name}.svg").write_text(alone.replace("</title>", f"</title>{STYLE}", 1) + "\n", encoding="utf-8")
    former = sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem not in drawn)
    if former:
        print(f"not redrawn, for this home has no data for them: {', '.join(former)}")
    print(f"{len(drawn)} figures of {stored.world}, seed {stored.seed}, {lake.first_date} to {lake.last_date}")


def _legend(points: pl.DataFrame, name: str) -> str:
    """Name the colors of a figure, at its upper right."""
    series = points.filter(pl.col("profile") == name)["series"].unique(maintain_order=True).to_list()
    colored = [
        f'<tspan class="{style}" dx="10">■</tspan><tspan dx="4">{each}</tspan>'
        for style, each in zip(pictures.STYLES, series, strict=False)
    ]
    place = f'x="{PLOT_WIDTH - 14}" y="14"'
    return f'<text class="end" {place}>{"".join(colored)}</text>' if len(series) > 1 else ""


if __name__ == "__main__":
    main([pathlib.Path(name) for name in sys.argv[1:]] or sys.exit(__doc__))
