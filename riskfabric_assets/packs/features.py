"""config/features.yaml: the feature contract, in the order of the model's inputs, and the settings of the fold."""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.foundation.tables.bronze import CHANNELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.packs.measured import Measured, Section

KEY_COLUMNS: Final = ("event_id", "customer_id", "event_date", "event_at")
"""Columns of silver/payment_features that name the payment and are no features."""
ANY_OTHER_CURRENCY: Final = "XXX"
"""ISO 4217 code for no currency: the scale of every currency that is not listed."""

Positive = Annotated[float, Field(gt=0)]


class AmountPrior(Section):
    """What is assumed about a customer's amounts before there are any: log-normal by channel.

    Amounts of another currency are compared through `rupees_per_unit`, a price level, not an exchange rate.
    """

    strength: Annotated[float, Field(gt=0), Measured("payments")]
    log_spread: Annotated[float, Field(gt=0), Measured("ln ratio")]
    median_amount: Annotated[dict[str, Positive], Measured("INR")]
    rupees_per_unit: Annotated[dict[str, Positive], Measured("INR")]

    @model_validator(mode="after")
    def _name_every_channel(self) -> "AmountPrior":
        if set(self.median_amount) != set(CHANNELS):
            raise PydanticCustomError(
                "channels",
                "median_amount of {found}|one median for each channel ({channels})|add or remove channels",
                {"found": ", ".join(self.median_amount), "channels": ", ".join(CHANNELS)},
            )
        if ANY_OTHER_CURRENCY not in self.rupees_per_unit:
            raise PydanticCustomError(
                "currencies", "rupees_per_unit without XXX|a value for any other currency|add `XXX: <number>`"
            )
        return self


class Reputation(Section):
    """How far the reputation of an entity is drawn to the mean of the world: a Beta prior of so many payments."""

    strength: Annotated[float, Field(gt=0), Measured("payments")]
    prior_share: Annotated[float, Field(gt=0, lt=1), Measured("share")]


class FoldSettings(Section):
    """Thresholds of the fold and of the warehouse; the lengths of windows are in the names of the features."""

    rapid_fire_gap: Annotated[float, Field(ge=0), Measured("seconds")]
    burst_payments: Annotated[int, Field(ge=1, le=63), Measured("payments")]
    speed_cap: Annotated[float, Field(gt=0), Measured("km/h")]
    minimum_elapsed: Annotated[float, Field(gt=0), Measured("seconds")]
    round_amount: Annotated[float, Field(gt=0), Measured("currency units")]
    amount_prior: AmountPrior
    reputation: Reputation


class Feature(Section):
    """One feature: what it is, whose it is, which past it sees, when it is null, where it comes from."""

    type: Literal["DOUBLE", "FLOAT", "INTEGER", "BOOLEAN", "VARCHAR"]
    unit: str
    entity: Literal[
        "customer", "account", "instrument", "payment", "merchant", "device", "ip", "payee", "cell", "region"
    ]
    window: Annotated[str, Field(min_length=1)]
    null_rule: Annotated[str, Field(min_length=1)]
    made_by: Literal["fold", "bronze", "warehouse"]
    is_model_input: bool
    source: Annotated[str, Field(min_length=1)]


class Features(Section):
    """The whole contract; its entries agree with the tables that hold the columns."""

    settings: FoldSettings
    features: dict[str, Feature]

    @property
    def model_inputs(self) -> tuple[str, ...]:
        """Names of the columns that a model sees, in order."""
        return tuple(name for name, feature in self.features.items() if feature.is_model_input)

    @property
    def categorical_inputs(self) -> dict[str, tuple[str, ...]]:
        """Model inputs that are categories, with their levels in code order."""
        return {
            name: TRANSACTIONS.column(name).values
            for name in self.model_inputs
            if self.features[name].type == "VARCHAR"
        }

    @model_validator(mode="after")
    def _agree_with_tables(self) -> "Features":
        folded = [name for name, feature in self.features.items() if feature.made_by == "fold"]
        wanted = [column.name for column in PAYMENT_FEATURES.columns if column.name not in KEY_COLUMNS]
        if folded != wanted:
            raise PydanticCustomError(
                "features",
                "folded features {found}|the columns of silver/payment_features, in order ({wanted})|list them so",
                {"found": ", ".join(folded), "wanted": ", ".join(wanted)},
            )
        for name, feature in self.features.items():
            if feature.made_by == "warehouse":
                continue  # dbt enforces these columns; a contract test compares both files
            _check_against(_column_of(name, feature), feature)
        return self


def _column_of(name: str, feature: Feature) -> Column:
    table = PAYMENT_FEATURES if feature.made_by == "fold" else TRANSACTIONS
    if name not in table.schema:
        raise PydanticCustomError(
            "feature", "feature {name}|a column of {table}|remove the feature", {"name": name, "table": table.name}
        )
    return table.column(name)


def _check_against(column: Column, feature: Feature) -> None:
    if (feature.type, feature.unit) != (column.type, column.unit):
        raise PydanticCustomError(
            "feature",
            "{name} as {found_type} in '{found_unit}'|{type} in '{unit}', as the table has it|correct type or unit",
            {
                "name": column.name,
                "found_type": feature.type,
                "found_unit": feature.unit,
                "type": column.type,
                "unit": column.unit,
            },
        )
