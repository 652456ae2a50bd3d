import pytest

from riskfabric_assets.foundation.money import money, round_money, short_money


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (0, "INR", "₹0.00"),
        (5, "INR", "₹0.05"),
        (9_999_999, "INR", "₹99,999.99"),
        (123_456_789, "INR", "₹12,34,567.89"),
        (-12_345_678_900, "INR", "-₹12,34,56,789.00"),
        (123_456_789, "ZAR", "R 1,234,567.89"),
        (123_456_789, "RUB", "₽ 1,234,567.89"),
        (100, "AED", "AED 1.00"),
    ],
)
def test_money_is_grouped_as_its_country_does(minor, code, text):
    assert money(minor, code) == text


def test_round_money_drops_minor_units():
    assert round_money(12_345_678, "INR") == "₹1,23,457"


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (95_000, "INR", "₹950"),
        (1_200_000, "INR", "₹12k"),
        (34_000_000, "INR", "₹3.4 L"),
        (1_200_000_000, "INR", "₹1.2 Cr"),
        (120_000_000, "ZAR", "R 1.2m"),
    ],
)
def test_short_money_fits_an_axis(minor, code, text):
    assert short_money(minor, code) == text
