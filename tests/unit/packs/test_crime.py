import copy
from pathlib import Path

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.crime import Crime
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.labels import Labels
from riskfabric_assets.packs.settings import packaged_config, resolve
from riskfabric_assets.packs.validation import validate


def document(name: str) -> Document:
    root = packaged_config()
    return copy.deepcopy(read_document(root / f"{name}.yaml", root))


def test_a_campaign_keeps_an_active_phase():
    crime = document("crime")
    crime.content["campaigns"]["early_share"]["value"] = 0.9
    with pytest.raises(ConfigError, match="a sum below 1"):
        validate(crime, Crime)


def test_an_unknown_mode_of_prevalence_is_refused():
    crime = document("crime")
    crime.content["injection"]["mode"] = "often"
    with pytest.raises(ConfigError, match=r"injection\.mode"):
        validate(crime, Crime)


def test_an_unknown_reporter_is_refused():
    labels = document("labels")
    labels.content["discovery"]["reporters"]["value"] = {"neighbor": 1.0}
    with pytest.raises(ConfigError, match=r"neighbor; expected names among victim, bank_rule, network"):
        validate(labels, Labels)


def test_prevalence_can_be_switched_from_the_environment():
    settings = resolve({"RISKFABRIC_CRIME__INJECTION__MODE": "natural_bps"}, Path.cwd())
    assert settings.config.crime.injection.mode == "natural_bps"


def test_a_typology_can_be_switched_off_from_the_environment():
    settings = resolve({"RISKFABRIC_TYPOLOGIES__UPI_SCAM__IS_ENABLED": "false"}, Path.cwd())
    assert settings.typologies["upi_scam"].content["is_enabled"] is False
    assert settings.identity != resolve({}, Path.cwd()).identity
