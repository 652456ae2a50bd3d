"""What every record must keep, whoever made it: types, ranges and what goes together.

The record is made of the parts that its source knows: account, behavior, connections, evaluation of the payment and
change of identity.
"""

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Money = Annotated[Decimal, Field(max_digits=18, decimal_places=2)]
Identifier = Annotated[str, Field(min_length=1, max_length=50)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
RATIO_TOLERANCE: Final = 1e-6
"""Relative; the ratio is of exact amounts, those beside it are too."""


class Record(BaseModel):
    """A record that may not change and has no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AccountSnapshot(Record):
    """The account just before the payment."""

    available_balance: Money
    balance_to_transaction_ratio: Finite


class BehaviorMetrics(Record):
    """How the balance has moved in 30 days; the score is null where it has not moved."""

    avg_available_balance_30d: Money
    balance_volatility_z_score: Finite | None


class ConnectionMetrics(Record):
    """Bank links: counts of a day and a week, and the daily average of 30 days."""

    bank_connections_count_24h: int = Field(ge=0)
    bank_connections_count_7d: int = Field(ge=0)
    bank_connections_avg_30d: Finite = Field(ge=0)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.bank_connections_count_24h > self.bank_connections_count_7d:
            raise ValueError("more bank connections in 24 hours than in 7 days")
        if self.bank_connections_count_7d > math.ceil(30 * self.bank_connections_avg_30d - 1e-9):
            raise ValueError("more bank connections in 7 days than in 30")
        return self


class TransactionEvaluation(Record):
    """The payment: amount, its ratio to the average before it, risk of the merchant, and whether it came back."""

    amount: Money = Field(gt=0)
    amount_to_avg_ratio: Finite | None = Field(gt=0)
    merchant_risk_score: int | None = Field(ge=0, le=100)
    is_returned: bool


class IdentityChangeInfo(Record):
    """When e-mail and phone were last changed before the payment."""

    email_changed_at: dt.datetime | None
    phone_changed_at: dt.datetime | None


class GeneratedRecord(Record):
    """One payment with what was known about its user at the time."""

    record_id: Identifier
    user_id: Identifier
    full_name: str = Field(min_length=1)
    email: str | None
    phone: str = Field(min_length=1)
    transaction_timestamp: dt.datetime
    is_off_hours_txn: bool
    account: AccountSnapshot
    behavior: BehaviorMetrics
    connections: ConnectionMetrics
    evaluation: TransactionEvaluation
    identity_change: IdentityChangeInfo
    is_fraudulent: bool
    fraud_type: Identifier | None

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> Self:
        """Return the record of a row of `generated_records`, whose columns lie side by side.

        Raises:
            ValidationError: The row breaks a rule.
        """
        parts = {name: {each: row.get(each) for each in model.model_fields} for name, model in PARTS.items()}
        inside = {each for part in parts.values() for each in part}
        return cls.model_validate({name: value for name, value in row.items() if name not in inside} | parts)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.fraud_type is not None and not self.is_fraudulent:
            raise ValueError("a fraud type without fraud")
        is_off_hours = self.transaction_timestamp.hour >= 22 or self.transaction_timestamp.hour < 6
        if is_off_hours != self.is_off_hours_txn:
            raise ValueError("off hours are 22:00 to 06:00")
        ratio = float(self.account.available_balance / self.evaluation.amount)
        if not math.isclose(ratio, self.account.balance_to_transaction_ratio, rel_tol=RATIO_TOLERANCE, abs_tol=1e-9):
            raise ValueError("the ratio is not that of balance and amount")
        changes = (self.identity_change.email_changed_at, self.identity_change.phone_changed_at)
        if any(change is not None and change > self.transaction_timestamp for change in changes):
            raise ValueError("a change of identity after the payment")
        return self


PARTS: Final[Mapping[str, type[Record]]] = {
    "account": AccountSnapshot,
    "behavior": BehaviorMetrics,
    "connections": ConnectionMetrics,
    "evaluation": TransactionEvaluation,
    "identity_change": IdentityChangeInfo,
}
"""Parts of a record, by field."""


class EvaluationMetadata(Record):
    """Where a payment stands in its user's sequence and toward the user's first known fraud."""

    record_id: Identifier
    user_id: Identifier
    sequence_number: int = Field(ge=1)
    fraud_confirmed_at: dt.datetime | None
    is_pre_fraud: bool
    days_to_fraud: Finite | None
    is_train_eligible: bool

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> Self:
        """Return the record of a row of `evaluation_metadata`; raises ValidationError when it breaks a rule."""
        return cls.model_validate(row)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.is_pre_fraud != (self.days_to_fraud is not None and self.days_to_fraud > 0):
            raise ValueError("a payment is before the fraud when days are left to it")
        if self.fraud_confirmed_at is not None and self.days_to_fraud is None:
            raise ValueError("a confirmed fraud of a user without fraud")
        return self
