import copy

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.settings import packaged_config
from riskfabric_assets.packs.validation import validate

SHIPPED = read_document(packaged_config() / "features.yaml", packaged_config()).content
RISKFABRIC_TWELVE = {
    "seconds_since_last_payment",
    "payment_sequence_number",
    "speed_kmh",
    "hour_deviation",
    "amount_deviation",
    "is_rapid_fire",
    "is_escalating",
    "is_category_switch",
    "is_new_device",
    "channel",
    "is_present",
    "merchant_category",
}


def changed(path: str, value: object) -> Features:
    content = copy.deepcopy(SHIPPED)
    *parents, key = path.split(".")
    section = content
    for parent in parents:
        section = section[parent]
    section.pop(key) if value is None else section.__setitem__(key, value)
    return validate(Document("config/features.yaml", content), Features)


def test_a_model_sees_the_twelve_features_of_riskfabric():
    assert set(validate(Document("", SHIPPED), Features).model_inputs) >= RISKFABRIC_TWELVE


def test_categories_come_with_their_levels():
    categories = validate(Document("", SHIPPED), Features).categorical_inputs
    assert categories == {"channel": CHANNELS, "merchant_category": MERCHANT_CATEGORIES}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("features.speed_kmh", None, "the columns of silver/payment_features, in order"),
        ("features.speed_kmh.unit", "m/s", r"speed_kmh as DOUBLE in 'm/s'; expected DOUBLE in 'km/h'"),
        ("features.is_burst.type", "INTEGER", "is_burst as INTEGER"),
        ("features.channel.window", "", "window"),
        ("features.fraud_rate", {**SHIPPED["features"]["channel"]}, "found feature fraud_rate"),
        ("settings.amount_prior.median_amount.value", {"instant": 175}, "one median for each channel"),
        ("settings.amount_prior.rupees_per_unit.value", {"INR": 1}, "add `XXX: <number>`"),
        ("settings.speed_cap", {"value": 0, "unit": "km/h", "source": "assumed"}, "speed_cap"),
        ("settings.speed_cap", 2000, "a bare value"),
        ("settings.rapid_gap", 1, "did you mean 'rapid_fire_gap'"),
    ],
)
def test_a_contract_that_disagrees_with_its_tables_is_refused(path, value, message):
    with pytest.raises(ConfigError, match=message):
        changed(path, value)
