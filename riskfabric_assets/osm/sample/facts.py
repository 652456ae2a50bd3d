"""The facts of one country: small committed tables and a page of parameters."""

import dataclasses
from pathlib import Path
from typing import Annotated, Final

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.measured import Measured, WeightTable

FOLDER: Final = Path(__file__).resolve().parent.parent / "facts"
OUTSIDE: Final = 0
"""District id of everything that is not the country."""


class Trade(BaseModel):
    """One kind of business: how common it is, and what its invented names end in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: Annotated[float, Field(ge=0)]
    nouns: Annotated[list[str], Field(min_length=1)]


class Country(BaseModel):
    """facts/<country>/country.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    iso_code: Annotated[str, Field(min_length=2, max_length=2)]
    state_level: Annotated[int, Field(ge=2, le=11), Measured("admin_level")]
    district_level: Annotated[int, Field(ge=2, le=11), Measured("admin_level")]
    postcode_digits: Annotated[int, Field(ge=1, le=12), Measured("digits")]
    house_kinds: WeightTable
    banks: Annotated[list[str], Field(min_length=1)]
    prefixes: Annotated[list[str], Field(min_length=1)]
    commerce: Annotated[dict[str, Trade], Measured("objects per 1,000")]


@dataclasses.dataclass(frozen=True)
class Facts:
    """Everything the sample of one country is drawn from; coordinates are whole 1e-4 degrees."""

    country: Country
    states: pl.DataFrame
    districts: pl.DataFrame
    borders: pl.DataFrame
    settlements: pl.DataFrame
    localities: pl.DataFrame


def known_countries() -> list[str]:
    """Return the names of the countries that have facts, sorted."""
    return sorted(path.parent.name for path in FOLDER.glob("*/country.yaml"))


def read_facts(country: str) -> Facts:
    """Read the facts of a country.

    Raises:
        ConfigError: There are no facts of that name.
    """
    if country not in known_countries():
        raise ConfigError(
            [
                Problem(
                    "world.yaml: sample_extract",
                    f"'{country}'",
                    "a country with facts: " + ", ".join(known_countries()),
                    f"{nearest(country, known_countries())} or give an extract with RISKFABRIC_OSM_PATH",
                )
            ]
        )
    folder = FOLDER / country
    return Facts(
        country=Country.model_validate(yaml.safe_load((folder / "country.yaml").read_text(encoding="utf-8"))),
        states=pl.read_csv(folder / "states.csv"),
        districts=pl.read_csv(folder / "districts.csv", schema_overrides={"district_id": pl.Int16}),
        borders=pl.read_parquet(folder / "borders.parquet"),
        settlements=pl.read_parquet(folder / "settlements.parquet"),
        localities=pl.read_parquet(folder / "localities.parquet"),
    )
