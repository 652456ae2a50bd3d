"""Numbers in config carry a unit and a source: `{value: 2000, unit: km/h, source: "..."}`.

A model declares `Annotated[float, Field(gt=0), Measured("km/h")]`; the loader hands over the mapping and the
field holds the plain number. A table of numbers (weights by category) is one mapping with one unit and source.
"""

import dataclasses
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

KEYS: Final = ("value", "unit", "source")
WEIGHT_TOLERANCE: Final = 1e-6
"""Shares may miss 1 by rounding of the printed digits."""


class Section(BaseModel):
    """A frozen group of settings that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


@dataclasses.dataclass(frozen=True)
class Measured:
    """Marks a field whose config value is a mapping of value, unit and source; checks the unit."""

    unit: str

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Unwrap the mapping before the inner type validates the value."""
        return core_schema.no_info_before_validator_function(self._unwrap, handler(source))

    def _unwrap(self, raw: object) -> object:
        if not isinstance(raw, dict) or set(raw) != set(KEYS):
            raise PydanticCustomError(
                "measured",
                "a bare value|a mapping of value, unit and source|write {{value: ..., unit: {unit}, source: ...}}",
                {"unit": self.unit},
            )
        if raw["unit"] != self.unit:
            raise PydanticCustomError(
                "unit",
                "unit '{found}'|unit '{unit}'|convert the value to {unit}",
                {"found": str(raw["unit"]), "unit": self.unit},
            )
        if not str(raw["source"]).strip():
            raise PydanticCustomError(
                "source", "an empty source|where the number comes from|name the source, or write 'assumed'"
            )
        return raw["value"]


@dataclasses.dataclass(frozen=True)
class Shares:
    """Marks a mapping or list of shares that must not be negative and must add up to 1."""

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check the sum after the inner type has validated the numbers."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, shares: dict[str, float] | list[float] | tuple[float, ...]) -> object:
        values = list(shares.values()) if isinstance(shares, dict) else list(shares)
        _refuse_negative(values)
        if abs(sum(values) - 1.0) > WEIGHT_TOLERANCE:
            raise PydanticCustomError(
                "shares", "shares that sum to {total}|a sum of 1|correct the shares", {"total": round(sum(values), 9)}
            )
        return shares


@dataclasses.dataclass(frozen=True)
class Weights:
    """Marks a mapping or list of weights that must not be negative and must not all be zero."""

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check the sum after the inner type has validated the numbers."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, weights: dict[str, float] | list[float] | tuple[float, ...]) -> object:
        values = list(weights.values()) if isinstance(weights, dict) else list(weights)
        _refuse_negative(values)
        if not values or sum(values) <= 0:
            raise PydanticCustomError("weights", "weights that sum to 0|at least one positive weight|raise a weight")
        return weights


def _refuse_negative(values: list[float]) -> None:
    if any(value < 0 for value in values):
        raise PydanticCustomError(
            "negative", "a negative weight {worst}|weights of at least 0|remove or correct it", {"worst": min(values)}
        )


Share = Annotated[float, Field(ge=0, le=1), Measured("share")]
"""A probability or share, 0 to 1."""
ShareTable = Annotated[dict[str, float], Shares(), Measured("share")]
"""Shares by name; they add up to 1."""
WeightTable = Annotated[dict[str, float], Weights(), Measured("weight")]
"""Weights by name; only their ratios matter."""
