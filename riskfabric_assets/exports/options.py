"""Options of a format, as `--option KEY=VALUE` on the command line."""

from collections.abc import Sequence
from typing import TypeVar

import yaml

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.measured import Section
from riskfabric_assets.packs.validation import validate


class ExportOptions(Section):
    """Options of a format that has none; others extend it."""

    @property
    def is_live(self) -> bool:
        """Tell whether files shall appear one by one in the target, for a reader that waits for them."""
        return False

    @property
    def kept_folders(self) -> tuple[str, ...]:
        """Folders of an earlier export that are taken over when it is replaced."""
        return ()


Options = TypeVar("Options", bound=ExportOptions)


def read_options(texts: Sequence[str], model: type[Options]) -> Options:
    """Return the options given as KEY=VALUE texts; what is not given has the format's default.

    Raises:
        ConfigError: A text is no pair, or a key or value is not the format's.
    """
    pairs = [text.partition("=") for text in texts]
    problems = [
        Problem("--option", f"'{key}{sign}{value}'", "KEY=VALUE", "write it like batch_rows=20")
        for key, sign, value in pairs
        if not sign or not key
    ]
    if problems:
        raise ConfigError(problems)
    content: dict[str, object] = {key: yaml.safe_load(value) for key, _, value in pairs}
    return validate(Document("--option", content), model)
