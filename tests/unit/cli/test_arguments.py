import pytest
from typer.testing import CliRunner

from riskfabric_assets.cli import app
from riskfabric_assets.foundation.errors import ConfigError

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["generate", "--partition", "2025-09...2025-08"], "ends before it starts"),
        (["generate", "--partition", "2025-8"], "write it like 2025-08"),
        (["materialize", "--through", "tomorrow"], "write it like 2025-08-31"),
        (["export", "riskfabric", "--to", "out", "--months", "2025-13"], "--months"),
        (["export", "riskfabrik", "--to", "out"], "did you mean 'riskfabric'"),
    ],
)
def test_an_impossible_range_is_refused_before_anything_runs(arguments, word):
    result = RUNNER.invoke(app, arguments)
    assert isinstance(result.exception, ConfigError)
    assert word in str(result.exception)


@pytest.mark.parametrize("command", ["demo", "generate", "materialize", "export"])
def test_a_fraud_rate_is_a_share(command):
    assert RUNNER.invoke(app, [command, "--fraud-rate", "5"]).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [["riskfabric"], ["out.csv", "--table", "gold/payments", "--portable"], ["x", "--to", "y", "--portable"]],
)
def test_an_export_is_asked_for_in_one_way(arguments):
    assert RUNNER.invoke(app, ["export", *arguments]).exit_code == 2


def test_help_names_every_command():
    result = RUNNER.invoke(app, ["--help"])
    for command in (
        "demo",
        "materialize",
        "generate",
        "features",
        "train",
        "append",
        "summary",
        "export",
        "doctor",
        "realism",
    ):
        assert command in result.output
