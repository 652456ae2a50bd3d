"""config/labels.yaml: how fraud becomes known to the bank, and how often it gets it wrong."""

from typing import Annotated

from pydantic import Field, field_validator

from riskfabric_assets.foundation.tables.bronze import LABEL_REPORTERS
from riskfabric_assets.packs.measured import Measured, Section, Share, ShareTable


class Discovery(Section):
    """Who finds a kind of fraud, and the log-normal delay until the bank may use the label."""

    reporters: ShareTable
    delay_median: Annotated[float, Field(gt=0), Measured("days")]
    delay_sigma: Annotated[float, Field(ge=0, le=3), Measured("ln days")]

    @field_validator("reporters")
    @classmethod
    def _are_known(cls, reporters: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(reporters) - set(LABEL_REPORTERS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}|names among {', '.join(LABEL_REPORTERS)}|rename or remove them")
        return reporters


class Noise(Section):
    """Labels that are wrong: independent of kind, amount and time, as in RiskFabric."""

    false_negative_share: Share
    false_positive_share: Share


class Labels(Section):
    """What the bank learns."""

    noise: Noise
    discovery: Discovery
    bank_rule_delay_factor: Annotated[float, Field(gt=0), Measured("ratio")]
    delay_cap: Annotated[float, Field(gt=0), Measured("days")]
