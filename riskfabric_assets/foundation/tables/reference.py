"""The reference marts that dbt makes from the map, as the simulator reads them."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

_AREA: Final = (
    Column("settlement_id", "BIGINT", "Nearest or named settlement", is_nullable=True),
    Column("district_id", "BIGINT", "District that holds the position; 0 when no boundary does"),
    Column("region_id", "BIGINT", "Region (state, province) of the district; 0 when unknown"),
    Column("city_name", "VARCHAR", "Normalized city name", is_nullable=True),
    Column("postcode", "VARCHAR", "Postal code, digits only", is_nullable=True),
    Column("district_name", "VARCHAR", "Name of the district"),
    Column("region_name", "VARCHAR", "Name of the region"),
)
_POSITION: Final = (
    Column("latitude", "DOUBLE", "WGS 84 latitude", "degrees"),
    Column("longitude", "DOUBLE", "WGS 84 longitude", "degrees"),
    Column("h3_cell_r7", "UBIGINT", "H3 cell, resolution 7"),
    Column("h3_cell_r6", "UBIGINT", "Parent of the cell, resolution 6"),
    Column("h3_cell_r4", "UBIGINT", "Parent of the cell, resolution 4"),
)

MERCHANTS: Final = Table(
    "reference/merchants",
    "One row per merchant",
    ("merchant_id",),
    (
        Column("merchant_id", "BIGINT", "place_id of the map object"),
        *_AREA,
        Column("merchant_name", "VARCHAR", "Invented stable name, or the mapped one (world.merchant_names: osm)"),
        Column("merchant_category", "VARCHAR", "One of the 17 merchant categories"),
        Column("risk_level", "VARCHAR", "Base risk of the kind of shop: LOW, MEDIUM, HIGH, VERY_HIGH"),
        Column("merchant_category_code", "SMALLINT", "ISO 18245 merchant category code"),
        *_POSITION,
    ),
)

RESIDENTIAL: Final = Table(
    "reference/residential",
    "One row per residential object",
    ("residence_id",),
    (
        Column("residence_id", "BIGINT", "place_id of the map object"),
        *_AREA,
        Column("location_type", "VARCHAR", "Metro, Urban, Semi-Urban or Rural, by the size of the settlement"),
        Column(
            "population_weight",
            "DOUBLE",
            "Share of people who live here (settlement population over its residences)",
            "share",
        ),
        *_POSITION,
    ),
)

FINANCIAL: Final = Table(
    "reference/financial",
    "One row per bank branch or cash machine",
    ("financial_id",),
    (
        Column("financial_id", "BIGINT", "place_id of the map object"),
        *_AREA,
        Column("financial_kind", "VARCHAR", "atm or bank"),
        Column("operator", "VARCHAR", "Operator as mapped", is_nullable=True),
        *_POSITION,
    ),
)

DISTRICTS: Final = Table(
    "reference/districts",
    "One row per district; district 0 stands for places outside every boundary",
    ("district_id",),
    (
        Column("district_id", "BIGINT", "Boundary id of the district"),
        Column("region_id", "BIGINT", "Region of the district"),
        Column("district_name", "VARCHAR", "Name"),
        Column("region_name", "VARCHAR", "Name of the region"),
        Column("boundary_wkb", "BLOB", "Multipolygon as well-known binary", is_nullable=True),
    ),
)

REGIONS: Final = Table(
    "reference/regions",
    "One row per region (state, province); region 0 stands for places outside every boundary",
    ("region_id",),
    (
        Column("region_id", "BIGINT", "Boundary id of the region"),
        Column("region_name", "VARCHAR", "Canonical name"),
        Column("iso_code", "VARCHAR", "ISO 3166-2 code", is_nullable=True),
        Column("population", "BIGINT", "Sum of the populations of its settlements", "people"),
    ),
)
