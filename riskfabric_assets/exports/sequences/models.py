"""What every record must keep, whoever made it: types, ranges and what goes together."""

import datetime as dt
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class GeneratedRecord(BaseModel):
    """One payment with what was known about its user at the time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record_id: str = Field(min_length=1, max_length=50)
    user_id: str = Field(min_length=1, max_length=50)
    full_name: str
    email: str | None
    phone: str
    transaction_timestamp: dt.datetime
    is_off_hours_txn: bool
    available_balance: Decimal
    balance_to_transaction_ratio: float
    avg_available_balance_30d: Decimal
    balance_volatility_z_score: float | None
    bank_connections_count_24h: int = Field(ge=0)
    bank_connections_count_7d: int = Field(ge=0)
    bank_connections_avg_30d: float = Field(ge=0)
    amount: Decimal = Field(gt=0)
    amount_to_avg_ratio: float | None = Field(gt=0)
    merchant_risk_score: int | None = Field(ge=0, le=100)
    is_returned: bool
    email_changed_at: dt.datetime | None
    phone_changed_at: dt.datetime | None
    is_fraudulent: bool
    fraud_type: str | None = Field(max_length=50)

    @model_validator(mode="after")
    def _agrees(self) -> "GeneratedRecord":
        if self.bank_connections_count_24h > self.bank_connections_count_7d:
            raise ValueError("more bank connections in 24 hours than in 7 days")
        if self.fraud_type is not None and not self.is_fraudulent:
            raise ValueError("a fraud type without fraud")
        is_off_hours = self.transaction_timestamp.hour >= 22 or self.transaction_timestamp.hour < 6
        if is_off_hours != self.is_off_hours_txn:
            raise ValueError("off hours are 22:00 to 06:00")
        return self


class EvaluationMetadata(BaseModel):
    """Where a payment stands in its user's sequence and toward the user's first known fraud."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record_id: str = Field(min_length=1, max_length=50)
    user_id: str = Field(min_length=1, max_length=50)
    sequence_number: int = Field(ge=1)
    fraud_confirmed_at: dt.datetime | None
    is_pre_fraud: bool
    days_to_fraud: float | None
    is_train_eligible: bool

    @model_validator(mode="after")
    def _agrees(self) -> "EvaluationMetadata":
        if self.is_pre_fraud != (self.days_to_fraud is not None and self.days_to_fraud > 0):
            raise ValueError("a payment is before the fraud when days are left to it")
        return self
