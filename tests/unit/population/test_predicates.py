"""The predicates refuse what they must refuse; otherwise the other tests could not fail."""

import pytest

from riskfabric_assets.population import safety


@pytest.mark.parametrize("number", ["4111111111111111", "5555555555554444", "371449635398431", "6011111111111117"])
def test_numbers_of_the_networks_shapes_are_refused(number):
    assert not safety.is_safe_card_number(number)
    assert safety.passes_luhn(number)


def test_a_broken_check_digit_is_safe():
    assert safety.is_safe_card_number("4111111111111116")


@pytest.mark.parametrize("number", ["123456789012345678", "0012345678901234", "00123456789012345x"])
def test_account_numbers_in_use_are_refused(number):
    assert not safety.is_safe_account_number(number)


@pytest.mark.parametrize("address", ["asha@gmail.com", "asha@gmail.example.com", "a b@gmail.example", "@x.example"])
def test_addresses_that_may_resolve_are_refused(address):
    assert not safety.is_safe_email_address(address)


@pytest.mark.parametrize("number", ["+91 9876543210", "+91 098765432", "+919876543210", "+7 0123456789"])
def test_numbers_that_may_ring_are_refused(number):
    assert not safety.is_safe_phone_number(number, "+91")


@pytest.mark.parametrize(
    ("address", "is_safe"), [("49.36.1.1", False), ("100.64.3.2", True), ("240.0.0.9", True), ("8.8.8.8", False)]
)
def test_routed_addresses_are_refused(address, is_safe):
    assert safety.is_safe_address(address) is is_safe


def test_an_exact_dwelling_is_refused():
    assert not safety.is_safe_coordinate(19.07601)
    assert safety.is_safe_coordinate(19.076)


@pytest.mark.parametrize("code", ["SBIN0000001", "HDFC", "BANK_1"])
def test_real_bank_codes_are_refused(code):
    assert not safety.is_safe_bank_code(code)
