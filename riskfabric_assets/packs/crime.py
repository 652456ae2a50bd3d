"""config/crime.yaml and config/worlds/<world>/prevalence.yaml: how much crime there is, and how criminals organize."""

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from riskfabric_assets.packs.documents import is_quantity
from riskfabric_assets.packs.measured import Measured, Section, Share, Shares

AttackerNetwork = Literal["other", "vpn", "foreign"]
Answer = Literal["retry", "reduce", "stop"]


def _with_unit_and_source(value: object) -> object:
    if not (isinstance(value, dict) and is_quantity(value)):
        raise ValueError(f"{value!r}|a number with unit and source|write {{value: ..., unit: ..., source: ...}}")
    return value


Quantity = Annotated[object, AfterValidator(_with_unit_and_source)]
"""A number as its file states it; the typology's own rules validate it."""


class Injection(Section):
    """How often fraud is put in: by a share of payments or of customers, or as rare as in the world."""

    mode: Literal["injected_share", "natural_bps", "customer_share"]
    injected_share: Share
    customer_share: Share
    """Customers expected to be attacked at least once in `customer_share_months` months."""
    customer_share_months: Annotated[float, Field(gt=0), Measured("months")]
    realized_share: Annotated[float, Field(gt=0, le=1), Measured("share")]
    """Planned attacks that make a payment; some find no money or are called off. A share of customers allows for it."""


class Actors(Section):
    """Who attacks: a few actors with a lasting hub each, who renew devices and addresses every week."""

    attacks_per_actor_month: Annotated[float, Field(gt=0), Measured("attacks")]
    devices_per_actor: Annotated[int, Field(ge=1, le=63), Measured("devices")]
    victims_per_device: Annotated[int, Field(ge=1), Measured("victims")]
    """Most victims of one device in a month, on average."""
    addresses_per_actor: Annotated[int, Field(ge=1, le=64), Measured("addresses")]
    networks: Annotated[dict[AttackerNetwork, float], Field(min_length=3), Shares(), Measured("share")]

    @model_validator(mode="after")
    def _has_enough_devices(self) -> "Actors":
        needed = math.ceil(self.attacks_per_actor_month / self.victims_per_device)
        if self.devices_per_actor < needed:
            raise ValueError(
                f"devices_per_actor = {self.devices_per_actor}|at least {needed} devices for "
                f"{self.attacks_per_actor_month:g} attacks of an actor, {self.victims_per_device} on each"
                f"|raise devices_per_actor to {needed}, or lower attacks_per_actor_month"
            )
        return self


class Victims(Section):
    """How much one customer may suffer."""

    most_attacks: Annotated[float, Field(gt=0), Measured("attacks")]
    """Of one typology in a month, on average over all who can be its victims."""


class Campaigns(Section):
    """An actor's coordinated attacks in one month."""

    coordinated_share: Share
    mean_length_days: Annotated[float, Field(ge=1, le=28), Measured("days")]
    early_share: Share
    late_share: Share

    @model_validator(mode="after")
    def _leaves_an_active_phase(self) -> "Campaigns":
        if self.early_share + self.late_share >= 1:
            raise ValueError(
                f"early_share + late_share = {self.early_share + self.late_share}"
                "|a sum below 1|lower one of them: the rest is the active phase"
            )
        return self


class Reactions(Section):
    """What criminals do after a refusal for money, limits or rules; an attack keeps to one answer."""

    answers: Annotated[dict[Answer, float], Field(min_length=3), Shares(), Measured("share")]
    reduced_to: Share
    """Of the amount refused."""
    most_refusals: Annotated[int, Field(ge=1, le=10), Measured("refusals")]
    """After so many in one attack everybody leaves."""


class Change(Section):
    """From a month on, a typology has other numbers than its config file; the typology's own rules validate them."""

    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    typology: str
    numbers: Annotated[dict[str, object], Field(min_length=1)]
    """New values by key of the file, with unit and source as there."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Say what is new, for people: "weight = 0.7"."""
        return tuple(f"{key} = {_value_of(number)}" for key, number in self.numbers.items())


def _value_of(number: object) -> object:
    return number["value"] if isinstance(number, dict) and "value" in number else number


class Crime(Section):
    """What all typologies have in common, and what changes about them over the months."""

    injection: Injection
    actors: Actors
    victims: Victims
    campaigns: Campaigns
    reactions: Reactions
    drift: tuple[Change, ...]


class Prevalence(Section):
    """How rare fraud is in one world, and which kinds are more common there than elsewhere."""

    natural_bps: Annotated[float, Field(gt=0, lt=10_000), Measured("bps")]
    mix: Annotated[dict[str, Annotated[float, Field(ge=0)]], Measured("ratio")]
    """Weight of typologies in this country over that of their own files; those not named keep it."""
    numbers: dict[str, dict[str, Quantity]]
    """Numbers of typologies that are others in this country than in their own files, by typology and key."""


def target_share(injection: Injection, prevalence: Prevalence, implied_share: float | None = None) -> float | None:
    """Return the share of payments that shall be fraudulent.

    Args:
        injection: Mode, and its share.
        prevalence: How rare fraud is in the world.
        implied_share: What a share of customers means in payments, once it has been planned.
    """
    shares = {
        "injected_share": injection.injected_share,
        "natural_bps": prevalence.natural_bps / 10_000,
        "customer_share": implied_share,
    }
    return shares[injection.mode]


def natural_weight(injection: Injection, prevalence: Prevalence, implied_share: float | None = None) -> float:
    """Return the weight of a fraudulent row that restores natural prevalence; honest rows weigh 1.

    It is the ratio of natural to injected odds, so that the weighted share of fraud is the natural one exactly;
    1 when fraud is injected at its natural rate or not at all, or as long as its share of payments is not known.
    """
    injected, natural = target_share(injection, prevalence, implied_share), prevalence.natural_bps / 10_000
    if injected is None or injected in (0.0, 1.0):
        return 1.0
    return natural / (1 - natural) / (injected / (1 - injected))
