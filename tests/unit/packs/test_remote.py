"""remote.yaml: what is wrong in it is named with its place, what was expected and what to do."""

import copy

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.remote import Remote
from riskfabric_assets.packs.settings import packaged_config
from riskfabric_assets.packs.validation import validate

ROOT = packaged_config()
INDIA = read_document(ROOT / "worlds" / "india" / "remote.yaml", ROOT)


def with_value(path, value):
    """Return the file of India with the value at a key path replaced; None removes it."""
    content = copy.deepcopy(INDIA.content)
    *parents, last = path.split(".")
    section = content
    for key in parents:
        section = section[key]
    if value is None:
        del section[last]
    else:
        section[last] = value
    return Document(INDIA.place, content)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("home.merchants.value.telecoms", 3, "did you mean 'telecom'"),
        ("home.concentration.value.telecom", None, "telecom in only one of merchants and concentration"),
        ("abroad.currencies.SG", "KRW", "currencies of hundredths"),
        ("abroad.currencies.SG", "DKK", "no rate of DKK"),
        ("abroad.currencies.SG", None, "SG in only one of online and visited and currencies"),
        ("abroad.online.merchants.value.IE", 2, "fewer merchants than groups in IE"),
        ("abroad.visited.merchants.value.AE", 20, "a merchant of every group in every city"),
        ("abroad.cities.latitudes.value.Dubai", None, "Dubai in only one of countries and latitudes"),
        ("abroad.cities.weights.unit", "share", "convert the value to weight"),
        ("exchange.hub", "AED", "no anchors of the hub AED"),
        ("exchange.pegs.value.GBP", 1.0, "anchors and a peg of GBP"),
        ("exchange.anchors.value.GBP", {}, "no anchor of GBP"),
        ("exchange.markup.lowest.value", 0.2, "above highest"),
        ("patterns.telecom", None, "no patterns for telecom"),
        ("patterns.telecom", ["Mobile"], "patterns with {word}"),
    ],
)
def test_a_wrong_value_is_refused_with_a_remedy(path, value, message):
    with pytest.raises(ConfigError) as refused:
        validate(with_value(path, value), Remote)
    assert message in str(refused.value)
    assert "worlds/india/remote.yaml" in str(refused.value)
    assert "fix:" in str(refused.value)


def test_problems_of_several_sections_are_told_at_once():
    document = with_value("home.merchants.value.telecoms", 3)
    document.content["exchange"]["hub"] = "AED"
    document.content["abroad"]["concentration"]["value"] = 9
    with pytest.raises(ConfigError) as refused:
        validate(document, Remote)
    assert len(refused.value.problems) == 3
