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
    never_share: Share | None = None
    """Share that nobody ever tells the bank; left out where the general noise holds."""
    instant_window: Annotated[float, Field(gt=0), Measured("days")] | None = None
    """Age of an instant payment at which the bank hears no claim any more; left out where only the cap holds."""

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


class Statement(Section):
    """When a holder sees a card payment that was made online: on the statement, whatever the typology."""

    delay_median: Annotated[float, Field(gt=0), Measured("days")]
    delay_sigma: Annotated[float, Field(ge=0, le=3), Measured("ln days")]


class DisputeCaps(Section):
    """How many instant payments a payer may dispute in 30 days, in all and with one payee."""

    per_payer: Annotated[int, Field(ge=2), Measured("reports")]
    per_payee: Annotated[int, Field(ge=2), Measured("reports")]


class Case(Section):
    """What happens to a report: the bank looks into it, pays, and disputes with the merchant."""

    investigation_share: Annotated[float, Field(ge=0, le=0.5), Measured("share")]
    """Mean share of the delay that lies between report and decision; drawn between 0 and twice that."""
    withdrawn_share: Annotated[float, Field(ge=0, lt=1), Measured("share")]
    """Share of mistaken reports that the payer takes back before the bank decides."""
    partly_confirmed_share: Share
    accepted_low: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    accepted_high: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    charged_back_share: Share
    charged_back_delay_median: Annotated[float, Field(gt=0), Measured("days")]
    charged_back_delay_sigma: Annotated[float, Field(ge=0, le=3), Measured("ln days")]
    contested_share: Share
    won_share: Share
    represented_delay_median: Annotated[float, Field(gt=0), Measured("days")]
    represented_delay_sigma: Annotated[float, Field(ge=0, le=3), Measured("ln days")]
    answer_window: Annotated[float, Field(gt=0), Measured("days")]
    instant_window: Annotated[float, Field(gt=0), Measured("days")]
    clearing_lag: Annotated[float, Field(ge=0), Measured("days")]


class Labels(Section):
    """What the bank learns."""

    noise: Noise
    discovery: Discovery
    statement: Statement
    dispute_caps: DisputeCaps
    case: Case
    bank_rule_delay_factor: Annotated[float, Field(gt=0), Measured("ratio")]
    delay_cap: Annotated[float, Field(gt=0), Measured("days")]
