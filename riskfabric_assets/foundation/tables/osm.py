"""What comes out of a map extract."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

_POSITION: Final = (
    Column("latitude", "DOUBLE", "WGS 84 latitude; of a way the centroid of its outline", "degrees"),
    Column("longitude", "DOUBLE", "WGS 84 longitude; of a way the centroid of its outline", "degrees"),
    Column("h3_cell_r7", "UBIGINT", "H3 cell of the position, resolution 7"),
)
_ADDRESS: Final = (
    Column("city", "VARCHAR", "addr:city as mapped", is_nullable=True),
    Column("postcode", "VARCHAR", "addr:postcode as mapped", is_nullable=True),
    Column("state", "VARCHAR", "addr:state as mapped", is_nullable=True),
)
_OBJECT: Final = (
    Column("place_id", "BIGINT", "2 x OSM id + 1 for a way: unique over nodes and ways"),
    Column("osm_id", "BIGINT", "OSM id within its type"),
    Column("osm_type", "VARCHAR", "Type of the OSM object", values=("node", "way")),
)

PLACES: Final = Table(
    "osm/places",
    "One row per shop, amenity or other place of business found in the extract",
    ("place_id",),
    (
        *_OBJECT,
        Column(
            "tag_key",
            "VARCHAR",
            "OSM key that makes it a place: shop, amenity, tourism, office, craft, healthcare, leisure",
        ),
        Column("tag_value", "VARCHAR", "Value of that key, lower case: supermarket, atm, hotel"),
        Column("name", "VARCHAR", "Mapped name", is_nullable=True),
        Column("operator", "VARCHAR", "operator, else brand", is_nullable=True),
        *_ADDRESS,
        *_POSITION,
    ),
)

RESIDENCES: Final = Table(
    "osm/residences",
    "One row per residential object found in the extract",
    ("place_id",),
    (
        *_OBJECT,
        Column("residence_kind", "VARCHAR", "building value (house, apartments ...) or landuse"),
        *_ADDRESS,
        *_POSITION,
    ),
)

SETTLEMENTS: Final = Table(
    "osm/settlements",
    "One row per named settlement (place=city, town, village ...)",
    ("settlement_id",),
    (
        Column("settlement_id", "BIGINT", "OSM node id"),
        Column("settlement_kind", "VARCHAR", "Value of place"),
        Column("name", "VARCHAR", "Name in the local language"),
        Column("name_en", "VARCHAR", "name:en", is_nullable=True),
        Column("state", "VARCHAR", "State as mapped (is_in:state, addr:state)", is_nullable=True),
        Column("population", "BIGINT", "Mapped population", "people", is_nullable=True),
        Column("latitude", "DOUBLE", "WGS 84 latitude", "degrees"),
        Column("longitude", "DOUBLE", "WGS 84 longitude", "degrees"),
    ),
)

BOUNDARIES: Final = Table(
    "osm/boundaries",
    "One row per administrative area that could be assembled",
    ("boundary_id",),
    (
        Column("boundary_id", "BIGINT", "OSM relation id (negative for a closed way)"),
        Column("admin_level", "SMALLINT", "OSM admin_level"),
        Column("name", "VARCHAR", "Name in the local language"),
        Column("name_en", "VARCHAR", "name:en", is_nullable=True),
        Column("iso_code", "VARCHAR", "ISO 3166-2 code", is_nullable=True),
        Column("state", "VARCHAR", "State as mapped (is_in:state, addr:state)", is_nullable=True),
        Column("boundary_wkb", "BLOB", "Multipolygon as well-known binary, WGS 84"),
    ),
)
