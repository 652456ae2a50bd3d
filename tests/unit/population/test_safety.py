"""Nothing that is emitted may resolve, dial, route or match a real person: every row, all worlds."""

import dataclasses
import ipaddress

import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.settings import known_worlds, packaged_config
from riskfabric_assets.population import safety
from riskfabric_assets.population.draw import draw_population
from tests.people import demography, population
from tests.worlds import small_world

COUNT = 5_000
WORLDS = known_worlds(packaged_config())
pytestmark = pytest.mark.parametrize("world", WORLDS)


def test_card_numbers_are_unique_and_fail_the_luhn_test(world):
    numbers = population(COUNT, world).cards["card_number"]
    assert numbers.n_unique() == len(numbers)
    assert all(map(safety.is_safe_card_number, numbers))
    assert not any(map(safety.passes_luhn, numbers))


def test_card_numbers_have_the_shape_of_their_network(world):
    digits = demography(world).people.card_networks.leading_digits
    cards = population(COUNT, world).cards
    assert all(number.startswith(digits[name]) for number, name in cards.select("card_number", "card_network").rows())


def test_card_numbers_of_the_test_range_pass_the_luhn_test_and_belong_to_no_brand(world):
    settings = demography(world)
    cards = settings.products.cards.model_copy(update={"numbers": "test_range"})
    products = settings.products.model_copy(update={"cards": cards})
    opted = dataclasses.replace(settings, products=products)
    numbers = draw_population(opted, small_world().residential, Streams(1), 500).cards["card_number"]
    assert numbers.n_unique() == len(numbers)
    assert all(map(safety.passes_luhn, numbers))
    assert all(map(safety.is_safe_card_number, numbers))


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


def test_every_network_has_a_slice_of_its_own_that_is_never_routed(world):
    networks = [ipaddress.IPv4Network(each.slice) for each in demography(world).people.networks.providers.values()]
    for number, network in enumerate(networks):
        assert safety.is_safe_address(str(network[0]))
        assert safety.is_safe_address(str(network[-1]))
        assert not any(network.overlaps(other) for other in networks[:number])


@pytest.mark.parametrize("column", ["user_agent", "app_user_agent", "second_app_user_agent"])
def test_user_agents_hold_no_placeholder(world, column):
    agents = population(COUNT, world).devices[column].cast(pl.String)
    assert not agents.str.contains("{", literal=True).any()


def test_payees_bank_codes_name_no_bank(world):
    assert all(map(safety.is_safe_bank_code, population(COUNT, world).payees["bank_code"].cast(pl.String).unique()))
