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
    ],
)
def test_an_impossible_range_is_refused_before_anything_runs(arguments, word):
    result = RUNNER.invoke(app, arguments)
    assert isinstance(result.exception, ConfigError)
    assert word in str(result.exception)


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
