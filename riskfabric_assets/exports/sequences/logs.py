"""What seeding says while it works: lines for people or JSON for machines, on standard error."""

import datetime as dt
import json
import logging
import sys
from typing import Final, TextIO

LEVELS: Final = {False: logging.INFO, True: logging.DEBUG}


class _Line(logging.Formatter):
    """`event key=value ...`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        facts = getattr(record, "facts", {})
        return " ".join([record.getMessage(), *(f"{name}={value}" for name, value in facts.items())])


class _Json(logging.Formatter):
    """One JSON object per line: timestamp, level, event and facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat()
        whole = {"timestamp": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(whole | getattr(record, "facts", {}), default=str)


class Log:
    """A log of one command; facts are told beside the event, never inside it."""

    def __init__(self, *, as_json: bool = False, is_verbose: bool = False, stream: TextIO | None = None) -> None:
        self._logger = logging.Logger("riskfabric.seed", LEVELS[is_verbose])
        handler = logging.StreamHandler(stream or sys.stderr)
        handler.setFormatter(_Json() if as_json else _Line())
        self._logger.addHandler(handler)

    def info(self, event: str, **facts: object) -> None:
        """Say what was done."""
        self._logger.info(event, extra={"facts": facts})

    def debug(self, event: str, **facts: object) -> None:
        """Say how it was done, where that was asked for."""
        self._logger.debug(event, extra={"facts": facts})
