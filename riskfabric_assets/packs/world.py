"""config/worlds/<world>/world.yaml: what a country is called, counts in and is divided into."""

import zoneinfo
from typing import Annotated, Literal

from pydantic import Field, field_validator

from riskfabric_assets.packs.measured import Measured, Section


class Boundaries(Section):
    """Administrative levels of the map; `is_required` says whether the world makes sense without them."""

    region_admin_level: Annotated[int, Field(ge=2, le=11), Measured("admin_level")]
    district_admin_level: Annotated[int, Field(ge=2, le=11), Measured("admin_level")]
    is_required: bool


class Settlements(Section):
    """How a settlement's size names the kind of place, and how far it reaches."""

    metro_population: Annotated[int, Field(gt=0), Measured("people")]
    urban_population: Annotated[int, Field(gt=0), Measured("people")]
    semi_urban_population: Annotated[int, Field(gt=0), Measured("people")]
    reach_km: Annotated[float, Field(gt=0), Measured("km")]


class World(Section):
    """One country, or `anywhere`."""

    title: str
    country_code: Annotated[str, Field(min_length=2, max_length=2)]
    currency_code: Annotated[str, Field(min_length=3, max_length=3)]
    timezone: str
    phone_prefix: str
    sample_extract: str
    sample_objects: Annotated[int, Field(ge=1_000), Measured("objects")]
    merchant_names: Literal["invented", "osm"]
    boundaries: Boundaries
    settlements: Settlements

    @field_validator("timezone")
    @classmethod
    def _is_known_zone(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError(f"time zone '{name}'|a name of the IANA time zone database|write e.g. Asia/Kolkata")
        return name
