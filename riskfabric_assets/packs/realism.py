"""config/realism.yaml: explained, sourced exceptions from the realism scorecard."""

from typing import Annotated, Final

from pydantic import Field, field_validator

from riskfabric_assets.packs.measured import Section

MOST_EXCEPTIONS: Final = 3
"""Per world: a scorecard that excuses more is no scorecard."""
ALL_MEASURES: Final = "all"

Text = Annotated[str, Field(min_length=10)]


class Excuse(Section):
    """One figure, or all figures of one check, that may lie outside its interval in one world, and why."""

    check: Annotated[str, Field(pattern=r"^(R|ZA|RU)[0-9]+$")]
    measure: Annotated[str, Field(min_length=1)]
    reason: Text
    source: Text


class Realism(Section):
    """What the scorecard excuses, by world."""

    exceptions: dict[str, tuple[Excuse, ...]]

    @field_validator("exceptions")
    @classmethod
    def _are_few(cls, exceptions: dict[str, tuple[Excuse, ...]]) -> dict[str, tuple[Excuse, ...]]:
        crowded = sorted(world for world, excuses in exceptions.items() if len(excuses) > MOST_EXCEPTIONS)
        if crowded:
            found = ", ".join(f"{len(exceptions[world])} of {world}" for world in crowded)
            raise ValueError(f"{found}|at most {MOST_EXCEPTIONS} exceptions per world|mend the behavior instead")
        return exceptions
