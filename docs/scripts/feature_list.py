"""The feature reference, from the feature contract `config/features.yaml`."""

import pathlib

import markup
import yaml

CONTRACT = pathlib.Path(__file__).parents[2] / "config" / "features.yaml"

INTRODUCTION = """\
The contract of the features: what the fold makes and the model may read. A window looks strictly before the scored
payment; the payment itself is never in it. The batch fold and the real-time scorer run the same compiled function."""


def page(path: pathlib.Path = CONTRACT) -> str:
    """Return one row for each feature, with every field of the contract."""
    features = read_features(path)
    fields = list(dict.fromkeys(field for feature in features for field in feature if field != "name"))
    header = ["Feature", *[field.replace("_", " ").capitalize() for field in fields]]
    rows = [[markup.code(feature["name"]), *[feature.get(field, "") for field in fields]] for feature in features]
    return markup.page("Features", INTRODUCTION, f"{len(features)} features.", markup.table(header, rows))


def read_features(path: pathlib.Path) -> list[dict[str, object]]:
    """Read the contract: a list of features, each with a name, or a mapping from name to fields."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))["features"]
    if isinstance(content, dict):
        return [{"name": name, **fields} for name, fields in content.items()]
    return list(content)
