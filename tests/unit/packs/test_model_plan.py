import copy

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.files import is_part_of_identity
from riskfabric_assets.packs.model import ModelPlan
from riskfabric_assets.packs.validation import validate
from tests.gold_frames import CONFIG

DOCUMENT = read_document(CONFIG / "model.yaml", CONFIG)


def changed(path: str, value: object) -> Document:
    document = copy.deepcopy(DOCUMENT)
    section, key = path.split(".")
    entry = document.content[section]
    if isinstance(entry[key], dict):
        entry[key]["value"] = value
    else:
        entry[key] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("split.train", 0.9, "at most 0.95"),
        ("split.label_gap", -1, "split.label_gap"),
        ("boosting.learning_rate", 0, "boosting.learning_rate"),
        ("evaluation.recall_targets", {"detection": 0.6}, "one target for each of detection"),
        ("evaluation.false_positive_rates", [1.5], "evaluation.false_positive_rates"),
        ("audit.operating_point", "blokking", "one of detection"),
        ("health.roc_auc_low", 0.99, "a low end below the high end"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(path: str, value: object, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        validate(changed(path, value), ModelPlan)
    assert "config/model.yaml" in str(refused.value)
    assert message in str(refused.value)


def test_learning_is_no_part_of_the_identity_of_a_run() -> None:
    assert not is_part_of_identity("model")


def test_every_number_has_a_source() -> None:
    text = (CONFIG / "model.yaml").read_text(encoding="utf-8")
    numbers = [entry for section in yaml.safe_load(text).values() for entry in section.values() if entry != "blocking"]
    assert all(set(entry) == {"value", "unit", "source"} for entry in numbers)
