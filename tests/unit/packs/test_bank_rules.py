import copy

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.tables.bronze import ENGINE_RULES
from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.packs.documents import read_document
from riskfabric_assets.packs.settings import packaged_config, resolve
from riskfabric_assets.packs.validation import validate
from riskfabric_assets.simulation.bank_rules import UNREACHED, pack_bank_rules


def document():
    root = packaged_config()
    return copy.deepcopy(read_document(root / "bank_rules.yaml", root))


def test_the_least_credits_may_not_exceed_the_most(tmp_path):
    rules = document()
    rules.content["drop"]["least_credits"]["value"] = 7
    with pytest.raises(ConfigError, match="at most most_credits 6"):
        validate(rules, BankRules)


def test_a_rule_can_be_switched_off_from_the_environment(tmp_path):
    settings = resolve({"RISKFABRIC_BANK_RULES__BURST__IS_ENABLED": "false"}, tmp_path)
    assert not settings.config.bank_rules.burst.is_enabled
    assert pack_bank_rules(settings.config.bank_rules)["burst_payments"][0] == UNREACHED
    assert settings.identity != resolve({}, tmp_path).identity


def test_thresholds_are_those_of_compromised_clients_and_drops(tmp_path):
    rules = resolve({}, tmp_path).config.bank_rules
    assert rules.travel.fastest_kmh == 800
    assert (rules.burst.most_payments, rules.burst.within) == (3, 20)
    assert (rules.drop.most_credits, rules.drop.most_outgoing) == (6, 8)
    assert len(ENGINE_RULES) == 8
