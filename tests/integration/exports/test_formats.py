"""What every format keeps, whoever wrote it."""

import json

import polars as pl
import pytest

from riskfabric_assets.exports.registry import discover, find
from riskfabric_assets.exports.writing import export_format
from riskfabric_assets.foundation.errors import ConfigError, InputError, StaleError

FORMATS = sorted(discover())
every_format = pytest.mark.parametrize("name", FORMATS)


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@every_format
def test_an_export_twice_gives_the_same_bytes(settings, tmp_path, name):
    for target in ("a", "b"):
        export_format(settings, name, tmp_path / target)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


@every_format
def test_every_column_is_described_once(name):
    for sheet in find(name).SHEETS:
        assert len(set(sheet.names)) == len(sheet.names)
        assert all(column.description for column in sheet.columns)


@every_format
def test_the_manifest_says_what_the_files_hold(settings, tmp_path, name):
    rows = export_format(settings, name, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "export.json").read_text())
    assert manifest["rows"] == rows
    assert manifest["format"] == name
    assert manifest["months"] == ["2025-08", "2025-09"]


def test_an_unknown_format_is_answered_with_the_nearest(settings, tmp_path):
    with pytest.raises(ConfigError, match="did you mean 'riskfabric'"):
        export_format(settings, "riskfabrik", tmp_path / "out")


def test_an_unknown_option_is_refused(settings, tmp_path):
    with pytest.raises(ConfigError, match="unknown key"):
        export_format(settings, "riskfabric", tmp_path / "out", options=["speed=3"])
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        export_format(settings, "riskfabric", tmp_path / "out", options=["speed"])


def test_an_earlier_export_is_replaced_only_when_asked(settings, tmp_path):
    target = tmp_path / "out"
    export_format(settings, "riskfabric", target)
    with pytest.raises(InputError, match="--overwrite"):
        export_format(settings, "riskfabric", target)
    export_format(settings, "riskfabric", target, months=["2025-08"], overwrite=True)
    assert pl.read_parquet(target / "transactions.parquet").height == 4


def test_a_folder_of_something_else_is_never_replaced(settings, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"no export\.json"):
        export_format(settings, "riskfabric", tmp_path, overwrite=True)
    with pytest.raises(InputError, match="a file"):
        export_format(settings, "riskfabric", tmp_path / "thesis.txt", overwrite=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_failed_export_leaves_what_was_there(settings, tmp_path, monkeypatch):
    target = tmp_path / "out"
    export_format(settings, "riskfabric", target)
    before = contents(target)

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(find("riskfabric"), "write", fail)
    with pytest.raises(RuntimeError):
        export_format(settings, "riskfabric", target, overwrite=True)
    assert contents(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_month_that_is_not_made_is_named_with_its_remedy(settings, tmp_path):
    with pytest.raises(StaleError, match="--partition 2025-10"):
        export_format(settings, "riskfabric", tmp_path / "out", months=["2025-10"])
    assert not (tmp_path / "out").exists()
