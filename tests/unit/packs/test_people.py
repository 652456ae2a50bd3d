"""A wrong line in the files about people is named with its place and its remedy."""

import ipaddress
from pathlib import Path

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.tables.population import (
    CARD_TYPES,
    LOCATION_TYPES,
    OCCUPATIONS,
    OPERATING_SYSTEMS,
    PAY_DAYS,
)
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.names import Names
from riskfabric_assets.packs.people import People
from riskfabric_assets.packs.population import Population
from riskfabric_assets.packs.products import Products
from riskfabric_assets.packs.settings import packaged_config, resolve
from riskfabric_assets.packs.validation import validate

MODELS = {
    "worlds/india/people.yaml": People,
    "worlds/india/names.yaml": Names,
    "population.yaml": Population,
    "products.yaml": Products,
}
CASES = [
    ("worlds/india/people.yaml", "networks.providers.Jio.slice", "49.36.0.0/16", "routable"),
    ("worlds/india/people.yaml", "networks.providers.Jio.slice", "100.96.0.0/16", "overlap"),
    ("worlds/india/people.yaml", "networks.providers.Jio.slice", "100.64.1.0/11", "has host bits set"),
    ("worlds/india/people.yaml", "card_networks.leading_digits", {"Visa": "41"}, "RuPay"),
    ("worlds/india/people.yaml", "credit_score.sound.share.value", 0.5, "sum to 1"),
    ("worlds/india/people.yaml", "banks.value", {"SBI": 1.0}, "pattern"),
    ("worlds/india/people.yaml", "email.domain_suffix", "com", "example"),
    ("worlds/india/people.yaml", "ages.value", {16: 1.0}, "18"),
    ("worlds/india/people.yaml", "platforms.android.template", "Mozilla", "{model}"),
    ("worlds/india/people.yaml", "spend_per_payment.unit", "EUR", "major units"),
    ("worlds/india/people.yaml", "apps.clients.value", {"PhonePe": 1.0}, "version"),
    ("worlds/india/people.yaml", "apps.clients.value", {"PhonePe/1": 1.0}, "second_share"),
    ("worlds/india/people.yaml", "apps.android_template", "{client}", "model"),
    ("worlds/india/people.yaml", "bank_declines.business_factors.value", {"BANK_A": 1.0}, "BANK_B"),
    ("worlds/india/people.yaml", "card_networks.domestic_network", "MIR", "MIR"),
    ("worlds/india/people.yaml", "card_networks.domestic_factors.value", {"BANK_ZZ": 1.0}, "BANK_ZZ"),
    ("worlds/india/people.yaml", "occupations.retired_from.value", 20, "student_below"),
    ("worlds/india/people.yaml", "pay.pay_days.value", {"day_1": 1.0}, "9 items"),
    ("worlds/india/people.yaml", "networks.home.metro.value", {"Nobody": 1.0}, "Nobody"),
    ("worlds/india/names.yaml", "elsewhere.value", {"klingon": 1.0}, "klingon"),
    ("population.yaml", "home.decimals.value", 5, "3"),
    ("population.yaml", "copula.age_score.value", 0.95, "correlations"),
    ("population.yaml", "accounts.closed_share.value", 0.95, "dormant"),
    ("population.yaml", "devices.lifetime_mean_days.value", 100, "shortest"),
    ("products.yaml", "cards.reissue_longest.value", 1, "reissue_shortest"),
    ("products.yaml", "cards.renewal_lead_days.value", 4000, "validity"),
    ("products.yaml", "accounts.savings.primary_weights.value.casual", 0.0, "casual"),
    ("products.yaml", "cards.activation_longest.value", 1, "activation_shortest"),
    ("products.yaml", "accounts.salary.card_types.value", {"debit": 1.0, "credit": 0.5, "prepaid": 0.0}, "sum"),
]


@pytest.mark.parametrize(("file", "path", "value", "words"), CASES)
def test_a_wrong_value_is_named_with_file_key_and_remedy(file, path, value, words):
    content = yaml.safe_load((packaged_config() / file).read_text(encoding="utf-8"))
    *parents, last = path.split(".")
    target = content
    for parent in parents:
        target = target[parent]
    target[last] = value
    with pytest.raises(ConfigError) as error:
        validate(Document(f"config/{file}", content), MODELS[file])
    text = str(error.value)
    assert f"config/{file}" in text
    assert words in text
    assert "fix:" in text


@pytest.mark.parametrize("world", ["india", "anywhere"])
def test_tables_by_name_cover_the_values_of_the_contracts(world):
    config = resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config
    people, cards = config.people, config.products.cards
    assert list(people.income.median) == list(people.networks.home_line_shares) == list(LOCATION_TYPES)
    assert set(people.occupations.middle) == set(people.pay.regular_shares) == set(OCCUPATIONS)
    assert set(people.pay.pay_days) == set(PAY_DAYS)
    for shares in (*people.platforms.shares_by_location, people.platforms.second):
        assert set(shares) == set(OPERATING_SYSTEMS)
    assert set(cards.international_shares) == set(CARD_TYPES)
    assert set(config.products.accounts.savings.card_types) == set(CARD_TYPES)


def test_household_networks_share_no_address_with_other_networks():
    for world in ("india", "anywhere"):
        config = resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config
        households = [ipaddress.IPv4Network(each.slice) for each in config.people.networks.providers.values()]
        addresses = config.payments.addresses
        others = [ipaddress.IPv4Network(text) for text in (addresses.vpn, addresses.foreign)]
        assert not any(one.overlaps(other) for one in households for other in others)


def test_every_region_of_the_sample_map_has_names():
    states = packaged_config().parent / "riskfabric_assets" / "osm" / "facts" / "india" / "states.csv"
    rows = [line.split(",") for line in states.read_text(encoding="utf-8").splitlines()]
    column = rows[0].index("state_name")
    names = resolve({}, Path("nowhere")).config.names
    assert {row[column] for row in rows[1:]} <= set(names.regions)
