"""What every typology states in its config file; each adds its own numbers in a subclass called `Params`."""

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.packs.labels import Discovery
from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, Weights
from riskfabric_assets.packs.payments import Channel
from riskfabric_assets.simulation.tables import in_order

Floats = npt.NDArray[np.float64]

Ratio = Annotated[float, Field(gt=0), Measured("ratio")]
Minutes = Annotated[float, Field(gt=0), Measured("minutes")]
Sigma = Annotated[float, Field(ge=0, le=4), Measured("ln ratio")]
"""Spread of a log-normal ratio."""
Seconds = Annotated[float, Field(gt=0), Measured("seconds")]
StepShares = Annotated[list[float], Field(min_length=1, max_length=64), Shares(), Measured("share")]
"""Share of attacks of 1, 2, 3 ... payments."""
HourWeights = Annotated[list[float], Field(min_length=24, max_length=24), Weights(), Measured("weight")]
"""Weight of each local hour, from midnight."""
ChannelShares = Annotated[dict[Channel, float], Shares(), Measured("share")]
CategoryWeights = Annotated[dict[str, float], Weights(), Measured("weight")]


class TypologyParams(Section):
    """Share among all fraud, length of an attack, hours, and how it becomes known."""

    is_enabled: bool
    weight: Annotated[float, Field(ge=0), Measured("weight")]
    steps: StepShares
    discovery: Discovery | None

    @property
    def expected_steps(self) -> float:
        """Mean payments of an attack."""
        return float(sum(number * share for number, share in enumerate(self.steps, start=1)))

    @property
    def expected_rows(self) -> float:
        """Mean payments of what is planned at once: one attack, where nothing else is said."""
        return self.expected_steps

    @property
    def cumulative_steps(self) -> Floats:
        """Cumulative share of attacks of 1, 2, 3 ... payments."""
        return np.cumsum(self.steps)


class AttackParams(TypologyParams):
    """A typology that makes payments of its own: when, where, through what, to whom."""

    temporal_anomaly: Share
    """Share of attacks that follow `hours`; the others start when honest people pay."""
    hours: HourWeights
    span_cap: Annotated[float, Field(gt=0, le=600), Measured("hours")]
    """Longest time from the first to the last payment."""
    geo_anomaly: Share
    channels: ChannelShares
    categories: CategoryWeights
    decline: Share
    """Share of attempts that fail for another reason than money."""

    @field_validator("categories")
    @classmethod
    def _are_categories(cls, categories: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(categories) - set(MERCHANT_CATEGORIES[:-1]))
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)}|merchant categories|choose among {', '.join(MERCHANT_CATEGORIES[:-1])}"
            )
        return categories

    @property
    def cumulative_channels(self) -> Floats:
        """Cumulative share by channel code."""
        return np.cumsum(in_order(self.channels, CHANNELS))

    @property
    def cumulative_categories(self) -> Floats:
        """Cumulative weight by category code."""
        return np.cumsum(in_order(self.categories, MERCHANT_CATEGORIES))


class RelayParams(AttackParams):
    """A typology that passes money on through customers behind its victim."""


class ClaimParams(TypologyParams):
    """A typology whose payer disputes honest payments."""
