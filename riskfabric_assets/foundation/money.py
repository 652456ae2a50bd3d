"""Money as people write it: minor units in, text with the country's sign and grouping out."""

from typing import Final

SIGNS: Final = {"INR": "₹", "ZAR": "R ", "RUB": "₽ ", "USD": "$", "EUR": "€", "GBP": "£"}
"""Sign before the amount; other currencies are named by their code."""
LAKH: Final = "INR"
"""India groups by two digits above the thousand: 12,34,567."""
MINOR_PER_MAJOR: Final = 100
SHORT: Final = {
    LAKH: ((1e7, " Cr"), (1e5, " L"), (1e3, "k")),
    "": ((1e9, "bn"), (1e6, "m"), (1e3, "k")),
}
"""Steps of short amounts: crore, lakh and thousand in India, powers of a thousand elsewhere."""


def money(minor: int, currency_code: str) -> str:
    """Write an amount to the minor unit: ₹12,34,567.80."""
    whole, rest = divmod(abs(minor), MINOR_PER_MAJOR)
    return f"{_sign(minor, currency_code)}{_grouped(whole, currency_code)}.{rest:02}"


def round_money(minor: float, currency_code: str) -> str:
    """Write an amount without minor units: ₹12,34,568."""
    whole = round(abs(minor) / MINOR_PER_MAJOR)
    return f"{_sign(minor, currency_code)}{_grouped(whole, currency_code)}"


def short_money(minor: float, currency_code: str) -> str:
    """Write an amount for an axis: ₹950, ₹12k, ₹3.4 L, ₹1.2 Cr."""
    major = abs(minor) / MINOR_PER_MAJOR
    for limit, suffix in SHORT.get(currency_code, SHORT[""]):
        if major >= limit:
            number = major / limit
            text = f"{number:.0f}" if number >= 10 or number == round(number) else f"{number:.1f}"
            return f"{_sign(minor, currency_code)}{text}{suffix}"
    return f"{_sign(minor, currency_code)}{major:.0f}"


def _sign(minor: float, currency_code: str) -> str:
    return ("-" if minor < 0 else "") + SIGNS.get(currency_code, f"{currency_code} ")


def _grouped(whole: int, currency_code: str) -> str:
    text = f"{whole:,}"
    if currency_code != LAKH or whole < 100_000:
        return text
    digits, tail = str(whole // 1000), f"{whole % 1000:03}"
    pairs: list[str] = []
    while digits:
        digits, pair = digits[:-2], digits[-2:]
        pairs.insert(0, pair)
    return ",".join((*pairs, tail))
