"""What the command line reads out of texts: months, days, selections of assets."""

import datetime as dt

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.foundation.units import first_day, month_of, months_between


def months_of_text(text: str, option: str = "--partition") -> list[str]:
    """Return the months of "2025-08" or "2025-08...2025-11"; none for an empty text.

    Raises:
        ConfigError: The text is neither, or the range ends before it starts.
    """
    if not text:
        return []
    first, _, last = text.partition("...")
    months = months_between(_month(first, option), _month(last or first, option))
    if not months:
        fix = f"write {last}...{first}"
        raise ConfigError([Problem(option, f"a range that ends before it starts, {text}", "A...B", fix)])
    return months


def _month(text: str, option: str) -> str:
    try:
        return month_of(first_day(text))
    except ValueError as error:
        raise ConfigError([Problem(option, f"'{text}'", "a month", "write it like 2025-08")]) from error


def day_of_text(text: str) -> dt.date:
    """Return the day that `--through` names.

    Raises:
        ConfigError: The text is no day.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError([Problem("--through", f"'{text}'", "a day", "write it like 2025-08-31")]) from error


def selection_of_text(text: str) -> str:
    """Return Dagster's selection for names of tables, and for what is written in its own syntax."""
    return " or ".join(f'key:"{part.strip()}"' if "/" in part and ":" not in part else part for part in text.split(","))
