"""Maps of hexagons: payments and fraud by H3 cell, over district outlines where there are any.

Cells come at resolution 7 and are merged until a hexagon is big enough to see. The projection is plane, with the
middle parallel true to scale, which is what a country on a page needs.
"""

import dataclasses
import math
import struct
from collections.abc import Sequence
from typing import Final

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.charts import percent, short, svg

Floats = npt.NDArray[np.float64]
Ring = Floats
"""Longitude and latitude in degrees, shape (n, 2)."""

OUTLINE_ID: Final = "map-outline"
WIDTH: Final = 520
TALLEST: Final = 600
MARGIN: Final = 10
LEGEND_HEIGHT: Final = 40
SMALLEST_EDGE_PX: Final = 3.0
FINEST, COARSEST = 7, 1
EDGE_KM: Final = {1: 418.7, 2: 158.2, 3: 59.8, 4: 22.6, 5: 8.5, 6: 3.2, 7: 1.2}
"""Mean edge length by resolution. Source: H3 documentation, table of cell statistics."""
KM_PER_DEGREE: Final = 111.195
CLASSES: Final = 6
PRIOR_PAYMENTS: Final = 300
"""A cell is drawn as if it had this many more payments at the average rate, or single frauds would glow."""
INDEX_EDGES: Final = (0.67, 0.9, 1.1, 1.5, 2.2)
POLYGON, MULTIPOLYGON = 3, 6


@dataclasses.dataclass(frozen=True)
class Projection:
    """From degrees to pixels."""

    west: float
    north: float
    pixels_per_degree: float
    stretch: float
    height: float

    @classmethod
    def around(cls, west: float, south: float, east: float, north: float) -> "Projection":
        """Fit a box of degrees into the picture."""
        stretch = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * stretch, 1e-3)
        up = max(north - south, 1e-3)
        scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up)
        spare = (WIDTH - 2 * MARGIN - across * scale) / 2 / scale / stretch
        return cls(west - spare, north, scale, stretch, up * scale + 2 * MARGIN)

    def points(self, degrees: Floats) -> Floats:
        """Return pixels of longitude and latitude, both of shape (n, 2)."""
        x = MARGIN + (degrees[:, 0] - self.west) * self.stretch * self.pixels_per_degree
        y = MARGIN + (self.north - degrees[:, 1]) * self.pixels_per_degree
        return np.column_stack((x, y))

    @property
    def resolution(self) -> int:
        """Finest resolution whose hexagons are still big enough to see."""
        pixels_per_km = self.pixels_per_degree / KM_PER_DEGREE
        return next(
            (each for each in range(FINEST, COARSEST, -1) if EDGE_KM[each] * pixels_per_km >= SMALLEST_EDGE_PX), 1
        )


def draw_maps(cells: pl.DataFrame, outlines: Sequence[Ring] = ()) -> tuple[str, str]:
    """Draw how many payments each hexagon holds, and beside it how dense fraud is.

    Args:
        cells: h3_cell_r7 with count_payments, count_reported and count_true.
        outlines: Rings of districts; drawn once and used by both maps, so both belong on one page.

    Returns:
        The map of payments, by logarithm, and the map of the true fraud rate against the average, which is drawn
        towards the average where payments are few.
    """
    projection = _projection(cells, outlines)
    merged = merge(cells, projection.resolution)
    size = (WIDTH, projection.height + LEGEND_HEIGHT)
    payments = svg((draw_outlines(projection, outlines), *_payment_marks(projection, merged)), size, "Map of payments")
    shared = f'<use href="#{OUTLINE_ID}"/>'
    return payments, svg((shared, *_fraud_marks(projection, merged)), size, "Map of fraud")


def _payment_marks(projection: Projection, merged: pl.DataFrame) -> list[str]:
    top = float(max([2, *merged["count_payments"].to_list()]))
    marks = []
    for cell, count in zip(merged["cell"], merged["count_payments"], strict=True):
        level = min(CLASSES - 1, int(CLASSES * math.log(max(1, count)) / math.log(top)))
        marks.append(_hexagon(projection, cell, f"p{level}", f"{count:,} payments"))
    edges = [short(round(top ** (level / CLASSES))) for level in range(CLASSES + 1)]
    return [*marks, _legend(projection, [f"p{level}" for level in range(CLASSES)], edges, "payments per hexagon")]


def _fraud_marks(projection: Projection, merged: pl.DataFrame) -> list[str]:
    average = sum(merged["count_true"].to_list()) / max(1, sum(merged["count_payments"].to_list()))
    marks = []
    for cell, payments, frauds in merged.select("cell", "count_payments", "count_true").iter_rows():
        rate = (frauds + PRIOR_PAYMENTS * average) / (payments + PRIOR_PAYMENTS)
        level = int(np.searchsorted(INDEX_EDGES, rate / average if average else 1.0))
        marks.append(_hexagon(projection, cell, f"f{level}", f"{frauds:,} frauds in {payments:,} payments"))
    edges = ["", *(f"{edge:g}×" for edge in INDEX_EDGES), ""]
    title = f"fraud rate against the average of {percent(average)}"
    return [*marks, _legend(projection, [f"f{level}" for level in range(CLASSES)], edges, title)]


def merge(cells: pl.DataFrame, resolution: int) -> pl.DataFrame:
    """Add up the counts of resolution-7 cells in their parents; columns cell and the counts."""
    parents = {cell: h3.cell_to_parent(cell, resolution) for cell in cells["h3_cell_r7"].to_list()}
    counts = [name for name in cells.columns if name.startswith("count_")]
    keyed = cells.with_columns(pl.Series("cell", [parents[cell] for cell in cells["h3_cell_r7"].to_list()], pl.UInt64))
    return keyed.group_by("cell").agg(pl.col(counts).sum()).sort("cell")


def rings_of(boundary: bytes) -> list[Ring]:
    """Return the outer rings of a polygon or multipolygon in well-known binary.

    Raises:
        ValueError: It is another kind of geometry.
    """
    rings, _ = _read_geometry(boundary, 0)
    return rings


def _read_geometry(data: bytes, offset: int) -> tuple[list[Ring], int]:
    order = "<" if data[offset] == 1 else ">"
    kind, count = struct.unpack_from(order + "II", data, offset + 1)
    offset += 9
    rings: list[Ring] = []
    if kind == MULTIPOLYGON:
        for _ in range(count):
            inner, offset = _read_geometry(data, offset)
            rings += inner
        return rings, offset
    if kind != POLYGON:
        raise ValueError(f"geometry of type {kind} is no polygon")
    for number in range(count):
        (length,) = struct.unpack_from(order + "I", data, offset)
        points = np.frombuffer(data, dtype=order + "f8", count=2 * length, offset=offset + 4).reshape(length, 2)
        offset += 4 + 16 * length
        if number == 0:
            rings.append(points.astype(np.float64))
    return rings, offset


def _projection(cells: pl.DataFrame, outlines: Sequence[Ring]) -> Projection:
    centers = np.array([h3.cell_to_latlng(cell)[::-1] for cell in cells["h3_cell_r7"].to_list()] or [(0.0, 0.0)])
    points = np.concatenate([centers, *outlines])
    pad = 0.02 * float(np.ptp(points, axis=0).max()) + 0.01
    (west, south), (east, north) = points.min(axis=0) - pad, points.max(axis=0) + pad
    return Projection.around(float(west), float(south), float(east), float(north))


def draw_outlines(projection: Projection, outlines: Sequence[Ring]) -> str:
    """Draw district outlines as one path; it carries the id by which a second map of the page uses it again."""
    parts = [_relative(np.rint(projection.points(ring)).astype(np.int64)) for ring in outlines]
    return f'<path class="outline" id="{OUTLINE_ID}" d="{"".join(parts)}"/>'


def _relative(pixels: npt.NDArray[np.int64]) -> str:
    """Write a ring as steps between whole pixels; a ring smaller than that vanishes."""
    steps = np.diff(pixels, axis=0)
    steps = steps[np.abs(steps).sum(axis=1) > 0]
    if steps.shape[0] < 3:
        return ""
    return f"M{pixels[0, 0]} {pixels[0, 1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def _hexagon(projection: Projection, cell: int, style: str, title: str) -> str:
    corners = projection.points(np.array([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]))
    steps = " ".join(f"{x:.1f} {y:.1f}" for x, y in np.diff(np.round(corners, 1), axis=0))
    path = f"M{corners[0, 0]:.1f} {corners[0, 1]:.1f}l{steps}z"
    return f'<path class="cell {style}" d="{path}"><title>{title}</title></path>'


def _legend(projection: Projection, styles: Sequence[str], edges: Sequence[str], title: str) -> str:
    top, left, width = projection.height + 4, MARGIN, 34
    boxes = [
        f'<rect class="cell {style}" x="{left + width * place}" y="{top}" width="{width}" height="9"/>'
        for place, style in enumerate(styles)
    ]
    texts = [
        f'<text class="axis mid" x="{left + width * place}" y="{top + 22}">{edge}</text>'
        for place, edge in enumerate(edges)
    ]
    name = f'<text class="axis" x="{left + width * len(styles) + 14}" y="{top + 9}">{title}</text>'
    return "".join((*boxes, *texts, name))
