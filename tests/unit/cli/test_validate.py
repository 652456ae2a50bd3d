import io

import polars as pl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from riskfabric_assets import cli
from riskfabric_assets.foundation.tables.bronze import LABELS


@pytest.fixture
def validate(monkeypatch):
    """Run `riskfabric validate` on a file; exit code and what is printed."""

    def run(path):
        screen = io.StringIO()
        monkeypatch.setattr(cli, "console", Console(file=screen))
        return CliRunner().invoke(cli.app, ["validate", str(path)]).exit_code, screen.getvalue()

    return run


def test_validate_ends_with_code_1_and_tells_every_finding(tmp_path, validate):
    path = tmp_path / "labels.csv"
    LABELS.empty().cast(pl.String).drop("customer_id", "reported_by").write_csv(path)
    code, output = validate(path)
    assert code == 1
    assert "customer_id: found no such column" in output
    assert "2 findings." in output


def test_validate_ends_with_code_0_when_all_is_well(tmp_path, validate):
    path = tmp_path / "labels.parquet"
    LABELS.empty().write_parquet(path)
    code, output = validate(path)
    assert code == 0
    assert "Everything keeps the contract." in output
