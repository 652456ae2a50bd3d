"""config/worlds/<world>/remote.yaml: shops and billers without a place on the map, and what foreign money costs."""

from collections.abc import Iterable
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from riskfabric_assets.foundation.errors import nearest
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.measured import Measured, Section, Share, Weights
from riskfabric_assets.packs.mistakes import Mistake, refuse_mistakes

OTHER_DECIMALS: Final = frozenset(
    (
        "BHD",
        "BIF",
        "CLP",
        "CLF",
        "DJF",
        "GNF",
        "IQD",
        "ISK",
        "JOD",
        "JPY",
        "KMF",
        "KRW",
        "KWD",
        "LYD",
        "OMR",
        "PYG",
        "RWF",
        "TND",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
"""ISO 4217: currencies whose minor unit is not a hundredth; amounts in them cannot be told in hundredths."""


def _known_groups(table: dict[str, object]) -> dict[str, object]:
    unknown = sorted(set(table) - set(SPENDING_GROUPS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}|spending groups|{nearest(unknown[0], SPENDING_GROUPS)}")
    return table


def _two_decimals(currencies: dict[str, str]) -> dict[str, str]:
    odd = sorted(set(currencies.values()) & OTHER_DECIMALS)
    if odd:
        raise ValueError(f"{', '.join(odd)}|currencies of hundredths|leave these countries out")
    return currencies


Words = Annotated[list[Annotated[str, Field(min_length=2)]], Field(min_length=8)]
"""Invented proper words; a shop is called by one of them."""
Code = Annotated[str, Field(min_length=2, max_length=2)]
Currency = Annotated[str, Field(min_length=3, max_length=3)]
Count = Annotated[int, Field(ge=1, le=100_000)]
Exponent = Annotated[float, Field(ge=0, le=3)]
Rate = Annotated[float, Field(gt=0)]
Degrees = Annotated[float, Field(ge=-180, le=180)]


class Home(Section):
    """Online shops and billers of the country; what is paid in them follows the ranks of each group."""

    merchants: Annotated[dict[str, Count], AfterValidator(_known_groups), Measured("merchants")]
    concentration: Annotated[dict[str, Exponent], AfterValidator(_known_groups), Measured("exponent")]

    @model_validator(mode="after")
    def _same_groups(self) -> Self:
        refuse_mistakes(_same(self.merchants, self.concentration, "merchants", "concentration"))
        return self


class Reach(Section):
    """Countries whose shops are paid, and what they sell."""

    country_weights: Annotated[dict[Code, float], Weights(), Measured("weight")]
    merchants: Annotated[dict[Code, Count], Measured("merchants")]
    group_weights: Annotated[dict[str, float], Weights(), AfterValidator(_known_groups), Measured("weight")]

    @model_validator(mode="after")
    def _same_countries(self) -> Self:
        mistakes = _same(self.country_weights, self.merchants, "country_weights", "merchants")
        poor = sorted(code for code, count in self.merchants.items() if count < len(self.group_weights))
        if poor:
            fix = f"give each country at least {len(self.group_weights)} merchants"
            mistakes.append(
                Mistake(f"fewer merchants than groups in {', '.join(poor)}", "a merchant of every group", fix)
            )
        refuse_mistakes(mistakes)
        return self


class Cities(Section):
    """Cities abroad where one stands in shops."""

    countries: dict[str, Code]
    latitudes: Annotated[dict[str, Degrees], Measured("degrees")]
    longitudes: Annotated[dict[str, Degrees], Measured("degrees")]
    weights: Annotated[dict[str, float], Weights(), Measured("weight")]
    """Among the cities of the country."""
    spread: Annotated[float, Field(gt=0), Measured("m")]
    """Root mean square distance of shops from the middle of their city."""

    @model_validator(mode="after")
    def _same_cities(self) -> Self:
        tables = {name: getattr(self, name) for name in ("latitudes", "longitudes", "weights")}
        refuse_mistakes(
            [each for name, table in tables.items() for each in _same(self.countries, table, "countries", name)]
        )
        return self


class Abroad(Section):
    """Shops of other countries, on the net and on the spot."""

    words: Words
    currencies: Annotated[dict[Code, Currency], AfterValidator(_two_decimals)]
    concentration: Annotated[Exponent, Measured("exponent")]
    online: Reach
    visited: Reach
    cities: Cities

    @model_validator(mode="after")
    def _countries_are_complete(self) -> Self:
        used = {*self.online.country_weights, *self.visited.country_weights}
        mistakes = _same(used, self.currencies, "online and visited", "currencies")
        mistakes += _same(self.cities.countries.values(), self.visited.country_weights, "cities", "visited")
        groups = len(self.visited.group_weights)
        for code, count in self.visited.merchants.items():
            wanted = groups * sum(each == code for each in self.cities.countries.values())
            if count < wanted:
                fix = f"give {code} at least {wanted}, or fewer cities or groups"
                found = f"{count} visited merchants in {code}"
                mistakes.append(Mistake(found, "a merchant of every group in every city", fix))
        refuse_mistakes(mistakes)
        return self


class Markup(Section):
    """What an issuer adds to the rate of the day."""

    lowest: Share
    highest: Share

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError(f"lowest {self.lowest} above highest {self.highest}|a range|exchange the two")
        return self


class Exchange(Section):
    """Rates of currencies against the currency of the world: units of home for one unit abroad."""

    hub: Currency
    """The others move against the hub, and with it against home."""
    anchors: Annotated[dict[Currency, dict[int, Rate]], Measured("home units")]
    """Rate at the end of years."""
    daily_sds: Annotated[dict[Currency, Annotated[float, Field(ge=0, le=0.1)]], Measured("log")]
    """Standard deviation of a working day: of the hub against home, of the others against the hub."""
    tail_degrees: Annotated[float, Field(gt=2, le=200), Measured("degrees of freedom")]
    drifts: Annotated[dict[Currency, Annotated[float, Field(ge=-1, le=1)]], Measured("log per year")]
    """Trend before the first and after the last anchor."""
    pegs: Annotated[dict[Currency, Rate], Measured("per hub unit")]
    markup: Markup

    @model_validator(mode="after")
    def _currencies_are_complete(self) -> Self:
        mistakes = _same(self.anchors, self.daily_sds, "anchors", "daily_sds")
        mistakes += _same(self.anchors, self.drifts, "anchors", "drifts")
        if self.hub not in self.anchors:
            mistakes.append(
                Mistake(f"no anchors of the hub {self.hub}", "a hub with anchors", f"add {self.hub} to anchors")
            )
        both = ", ".join(sorted(set(self.anchors) & set(self.pegs)))
        if both:
            mistakes.append(Mistake(f"anchors and a peg of {both}", "one of the two", "remove the anchors or the peg"))
        empty = ", ".join(sorted(code for code, rates in self.anchors.items() if not rates))
        if empty:
            mistakes.append(Mistake(f"no anchor of {empty}", "a rate at the end of a year", "add a year"))
        refuse_mistakes(mistakes)
        return self


class Remote(Section):
    """Merchants without a place on the map."""

    words: Words
    patterns: Annotated[dict[str, Annotated[list[str], Field(min_length=1)]], AfterValidator(_known_groups)]
    """How shops of a group are called; `{word}` is filled in."""
    home: Home
    abroad: Abroad
    exchange: Exchange

    @model_validator(mode="after")
    def _names_and_rates_are_complete(self) -> Self:
        used = {*self.home.merchants, *self.abroad.online.group_weights, *self.abroad.visited.group_weights}
        mistakes: list[Mistake] = []
        missing = ", ".join(sorted(used - set(self.patterns)))
        if missing:
            mistakes.append(Mistake(f"no patterns for {missing}", "a pattern for every group", "add them to patterns"))
        bare = ", ".join(sorted(text for texts in self.patterns.values() for text in texts if "{word}" not in text))
        if bare:
            mistakes.append(Mistake(bare, "patterns with {word}", "write e.g. '{word} Online'"))
        known = {*self.exchange.anchors, *self.exchange.pegs}
        unpriced = ", ".join(sorted(set(self.abroad.currencies.values()) - known))
        if unpriced:
            mistakes.append(Mistake(f"no rate of {unpriced}", "anchors or a peg", "add them to exchange"))
        refuse_mistakes(mistakes)
        return self


def _same(left: Iterable[str], right: Iterable[str], left_name: str, right_name: str) -> list[Mistake]:
    odd = sorted(set(left) ^ set(right))
    found = f"{', '.join(odd)} in only one of {left_name} and {right_name}"
    return [Mistake(found, "the same names in both", "add or remove them")] if odd else []
