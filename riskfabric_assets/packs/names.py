"""config/worlds/<world>/names.yaml: names by community and gender, and the communities of each region."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Section, Share, ShareTable

NameList = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
"""Names from frequent to rare."""


class Community(Section):
    """Names of one community; of the last name there are three forms, each with its share."""

    female_given: NameList
    male_given: NameList
    family: NameList
    female_family: list[str]
    """Last names that only women bear (Devi, Kaur, Ivanova)."""
    male_family: list[str]
    gendered_family_share: Share
    """Share of people with a last name of their gender's list, where that list is not empty."""
    initial_share: Share
    """Share of people who bear their father's initial instead of a family name."""


class Names(Section):
    """Names of one country."""

    communities: Annotated[dict[str, Community], Field(min_length=1)]
    elsewhere: ShareTable
    """Communities of regions that are not listed."""
    regions: dict[str, ShareTable]
    public_figures: list[str]
    """Full names that are never given to anybody."""

    @model_validator(mode="after")
    def _knows_every_community(self) -> Self:
        used = {name for shares in (self.elsewhere, *self.regions.values()) for name in shares}
        unknown = sorted(used - set(self.communities))
        if unknown:
            raise ValueError(f"shares of {', '.join(unknown)}|communities with names|add them to communities")
        return self
