"""Nothing that is emitted may resolve, dial, route or match a real person: every row, both worlds."""

import ipaddress

import numpy as np
import pytest

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.population import safety
from riskfabric_assets.population.networks import address_in, network_slices
from tests.people import demography, population

COUNT = 10_000
pytestmark = pytest.mark.parametrize("world", ["india", "anywhere"])


def test_card_numbers_are_unique_and_fail_the_luhn_test(world):
    numbers = population(COUNT, world).cards["card_number"]
    assert numbers.n_unique() == len(numbers)
    assert all(map(safety.is_safe_card_number, numbers))
    assert not any(map(safety.passes_luhn, numbers))


def test_card_numbers_have_the_shape_of_their_network(world):
    digits = demography(world).people.card_networks.leading_digits
    cards = population(COUNT, world).cards
    assert all(number.startswith(digits[name]) for number, name in cards.select("card_number", "card_network").rows())


def test_account_numbers_are_unique_and_start_with_two_zeros(world):
    numbers = population(COUNT, world).accounts["account_number"]
    assert numbers.n_unique() == len(numbers)
    assert all(map(safety.is_safe_account_number, numbers))


def test_bank_codes_name_no_bank(world):
    assert all(map(safety.is_safe_bank_code, population(COUNT, world).accounts["bank_code"].unique()))


def test_email_addresses_are_unique_and_reserved(world):
    addresses = population(COUNT, world).customers["email_address"].drop_nulls()
    assert addresses.n_unique() == len(addresses)
    assert all(map(safety.is_safe_email_address, addresses))


def test_phone_numbers_are_unique_and_cannot_be_dialed(world):
    numbers, prefix = population(COUNT, world).customers["phone_number"], demography(world).phone_prefix
    assert numbers.n_unique() == len(numbers)
    assert all(safety.is_safe_phone_number(number, prefix) for number in numbers)


def test_homes_are_told_to_three_decimals_at_most(world):
    customers = population(COUNT, world).customers
    for column in ("home_latitude", "home_longitude"):
        assert all(map(safety.is_safe_coordinate, customers[column]))


def test_addresses_carry_no_street_and_no_house_number(world):
    customers = population(COUNT, world).customers
    for text, postcode in customers.select("address_text", "postcode").unique().rows():
        assert not any(character.isdigit() for character in text.replace(postcode or "", "", 1))


def test_names_of_public_figures_are_given_to_nobody(world):
    customers = population(COUNT, world).customers
    assert not set(customers["full_name"]) & set(demography(world).names.public_figures)


@kernel
def addresses_kernel(slices, bits, out):
    for network in range(out.shape[0]):
        for row in range(out.shape[1]):
            out[network, row] = address_in(slices, network, bits[row])


def test_addresses_of_every_network_lie_in_its_unroutable_slice(world):
    providers = demography(world).people.networks.providers
    out = np.empty((len(providers), 200), dtype=np.uint32)
    bits = np.random.default_rng(1).integers(0, 2**64, 200, dtype=np.uint64)
    addresses_kernel(network_slices(demography(world).people.networks), bits, out)
    for provider, row in zip(providers.values(), out, strict=True):
        wanted = ipaddress.IPv4Network(provider.slice)
        assert all(ipaddress.IPv4Address(int(address)) in wanted for address in row)
        assert all(safety.is_safe_address(str(ipaddress.IPv4Address(int(address)))) for address in row)
        assert len(set(row)) > 190


def test_user_agents_hold_no_placeholder(world):
    assert not population(COUNT, world).devices["user_agent"].str.contains("{", literal=True).any()
