"""config/products.yaml: accounts and cards the banks offer, in any country."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, ShareTable

Weight = Annotated[float, Field(ge=0), Measured("weight")]
Years = Annotated[int, Field(ge=0, le=120), Measured("years")]
Days = Annotated[int, Field(ge=0, le=36500), Measured("days")]
Multiple = Annotated[float, Field(ge=0), Measured("months of income")]
CardType = Literal["debit", "credit", "prepaid"]
Tier = Literal["classic", "gold", "platinum"]


class AccountProduct(Section):
    """One kind of account: who gets it and which cards hang on it."""

    primary_weight: Weight
    further_weight: Weight
    minimum_age: Years
    maximum_age: Years
    minimum_credit_score: Annotated[int, Field(ge=0, le=1000), Measured("points")]
    card_types: Annotated[dict[CardType, float], Field(min_length=3), Shares(), Measured("share")]


class AccountProducts(Section):
    """The catalogue; savings is open to everybody."""

    savings: AccountProduct
    salary: AccountProduct
    current: AccountProduct
    credit: AccountProduct

    @model_validator(mode="after")
    def _can_be_chosen(self) -> Self:
        products = (self.savings, self.salary, self.current, self.credit)
        for name in ("primary_weight", "further_weight"):
            if sum(getattr(product, name) for product in products) <= 0:
                raise ValueError(f"{name} that sum to 0|a positive weight for one product|raise a weight")
        return self


class CreditLines(Section):
    """How much is lent, in months of the holder's income."""

    lowest_multiple: Multiple
    highest_multiple: Multiple
    sigma: Annotated[float, Field(ge=0, le=2), Measured("log")]
    overdraft_share: Share
    overdraft_multiple: Multiple


class Cards(Section):
    """How cards are issued, activated, blocked and limited."""

    numbers: Literal["luhn_invalid", "test_range"]
    add_on_share: Share
    validity_days: Annotated[int, Field(ge=30, le=36500), Measured("days")]
    lapsed_validity_days: Annotated[int, Field(ge=30, le=36500), Measured("days")]
    issue_delay_days: Days
    activation_shortest: Days
    activation_longest: Days
    active_share: Share
    expired_share: Share
    blocked_reasons: ShareTable
    international_shares: Annotated[
        dict[CardType, Annotated[float, Field(ge=0, le=1)]], Field(min_length=3), Measured("share")
    ]
    tier_weights: Annotated[dict[Tier, float], Field(min_length=3), Shares(), Measured("share")]
    tier_factors: Annotated[dict[Tier, Annotated[float, Field(gt=0)]], Field(min_length=3), Measured("ratio")]

    @model_validator(mode="after")
    def _activation_is_ordered(self) -> Self:
        if self.activation_longest < self.activation_shortest:
            raise ValueError(f"activation_longest {self.activation_longest}|at least activation_shortest|raise it")
        return self


class Products(Section):
    """The product catalogue."""

    accounts: AccountProducts
    credit_lines: CreditLines
    cards: Cards
