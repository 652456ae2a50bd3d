"""config/products.yaml: accounts and cards the banks offer, in any country."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, ShareTable
from riskfabric_assets.packs.mistakes import Mistake, refuse_mistakes

Weight = Annotated[float, Field(ge=0), Measured("weight")]
Years = Annotated[int, Field(ge=0, le=120), Measured("years")]
Days = Annotated[int, Field(ge=0, le=36500), Measured("days")]
Multiple = Annotated[float, Field(ge=0), Measured("months of income")]
Occupation = Literal["salaried", "self_employed", "casual", "student", "homemaker", "retired"]
OccupationWeights = Annotated[dict[Occupation, Annotated[float, Field(ge=0)]], Field(min_length=6), Measured("weight")]
CardType = Literal["debit", "credit", "prepaid"]
Tier = Literal["classic", "gold", "platinum"]


class AccountProduct(Section):
    """One kind of account: who gets it and which cards hang on it."""

    primary_weights: OccupationWeights
    """Weight as the first account, by the holder's occupation."""
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
        sums = {"further_weight": sum(product.further_weight for product in products)}
        sums |= {
            f"primary_weights of {occupation}": sum(product.primary_weights[occupation] for product in products)
            for occupation in self.savings.primary_weights
        }
        expected = "a positive weight for one product"
        refuse_mistakes(
            [Mistake(f"{name} that sum to 0", expected, "raise a weight") for name, total in sums.items() if total <= 0]
        )
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
    validity_days: Annotated[
        dict[CardType, Annotated[int, Field(ge=365, le=36500)]], Field(min_length=3), Measured("days")
    ]
    loss_rates: Annotated[
        dict[CardType, Annotated[float, Field(ge=0, le=1)]], Field(min_length=3), Measured("per year")
    ]
    """Cards lost, stolen or blocked, and replaced, per card and year."""
    loss_causes: ShareTable
    reissue_shortest: Days
    reissue_longest: Days
    renewal_lead_days: Days
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
        mistakes = []
        if self.activation_longest < self.activation_shortest:
            found = f"activation_longest {self.activation_longest}"
            mistakes.append(Mistake(found, "at least activation_shortest", "raise it"))
        if self.reissue_longest < self.reissue_shortest:
            mistakes.append(Mistake(f"reissue_longest {self.reissue_longest}", "at least reissue_shortest", "raise it"))
        if self.renewal_lead_days >= min(self.validity_days.values()):
            found = f"renewal_lead_days {self.renewal_lead_days}"
            mistakes.append(Mistake(found, "less than a card's validity", "lower it"))
        refuse_mistakes(mistakes)
        return self


class Products(Section):
    """The product catalogue."""

    accounts: AccountProducts
    credit_lines: CreditLines
    cards: Cards
