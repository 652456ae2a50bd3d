"""The data set as of a moment: which days teach, which labels were known by then, which columns may be seen.

    |------ train ------|gap|-- validation --|gap|---- test ----|
                        training cut-off ^       ^ threshold cut-off

The model learns from labels known at the start of validation, early stopping, calibration and thresholds from
labels known at the start of the test window. The gaps keep out days whose labels were still under way.
"""

import dataclasses
import datetime as dt
import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.business_days import opening_of
from riskfabric_assets.foundation.errors import ConfigError, InputError, Problem, nearest
from riskfabric_assets.foundation.units import first_day, month_of, next_month
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.model import Split

Inputs = npt.NDArray[np.float32]
Booleans = npt.NDArray[np.bool_]

KEY_COLUMNS: Final = ("event_id", "customer_id", "event_date", "event_at")
LABEL_COLUMNS: Final = ("is_fraud", "label_known_at")
TRACE_COLUMNS: Final = ("device_id", "account_id")
"""Ids that the too-easy guard looks at."""
MEASURE_COLUMNS: Final = ("amount_minor", "h3_cell_r7", "merchant_category", "natural_weight")
FORBIDDEN: Final = {
    "amount_minor": "it gives fraud away by itself; amount_deviation is its behavioural form",
    "authentication": "it is decided together with the outcome",
    "decline_reason": "it is known after the decision",
    "engine_rule": "it is known after the decision",
    "h3_cell_r7": "a place is an identity",
    "is_fraud": "it is the label",
    "label_known_at": "it is the label",
    "natural_weight": "it follows from the label",
    "reported_by": "it is the label",
    "status": "it is known after the decision",
}
"""Columns of gold/payments that no model may see, and why; ids and moments are refused by their endings."""
FORBIDDEN_ENDINGS: Final = ("_id", "_at", "_at_local", "_date", "ip_address", "_longitude", "_latitude")
QUANTITY, INTEGER, INDICATOR, CATEGORY = "q", "int", "i", "c"
XGBOOST_TYPES: Final = {
    "DOUBLE": QUANTITY,
    "FLOAT": QUANTITY,
    "INTEGER": INTEGER,
    "BOOLEAN": INDICATOR,
    "VARCHAR": CATEGORY,
}


@dataclasses.dataclass(frozen=True)
class ModelInput:
    """One column that a model sees: its type in the contract, its unit, and the levels of a category."""

    name: str
    type: str
    unit: str
    levels: tuple[str, ...] = ()

    @property
    def xgboost_type(self) -> str:
        """The letter or word by which XGBoost knows the type."""
        return XGBOOST_TYPES[self.type]


@dataclasses.dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def count_days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclasses.dataclass(frozen=True)
class Windows:
    """Three windows of days and the two moments from whose knowledge they are labelled."""

    train: Window
    validation: Window
    test: Window
    training_cutoff: dt.datetime
    threshold_cutoff: dt.datetime


def plan_windows(first: dt.date, last: dt.date, split: Split, timezone: str) -> Windows:
    """Cut the calendar into train, validation and test.

    Two, four and six months are cut by days (61 days: 43, 4 and 9 after gaps of 3), whole years by months: 9, 1
    and 2, less the gaps. A gap is never longer than its limit as a share of the calendar.

    Args:
        first: First simulated business day.
        last: Last one, included.
        split: config/model.yaml, split.
        timezone: Of the world's clock: the cut-offs are the moments at which the later windows open.

    Raises:
        ConfigError: The calendar is too short to hold three windows.
    """
    days = (last - first).days + 1
    validation_start = _boundary(first, days, split.train, split)
    test_start = _boundary(first, days, split.train + split.validation, split)
    gap = dt.timedelta(days=min(split.label_gap, int(days * split.label_gap_limit)))
    one = dt.timedelta(days=1)
    windows = Windows(
        train=Window(first, validation_start - gap - one),
        validation=Window(validation_start, test_start - gap - one),
        test=Window(test_start, last),
        training_cutoff=opening_of(validation_start, timezone),
        threshold_cutoff=opening_of(test_start, timezone),
    )
    if min(window.count_days for window in (windows.train, windows.validation, windows.test)) < 1:
        raise ConfigError(
            [Problem("config/calendar.yaml: months", f"{days} days", "at least 3 weeks to learn from", "raise months")]
        )
    return windows


def _boundary(first: dt.date, days: int, share: float, split: Split) -> dt.date:
    boundary = first + dt.timedelta(days=round(days * share))
    if days < 30 * split.whole_months_from:
        return boundary
    month = month_of(boundary)
    starts = (first_day(month), first_day(next_month(month)))
    return min(starts, key=lambda start: abs((start - boundary).days))


def model_inputs(features: Features) -> tuple[ModelInput, ...]:
    """Return the columns that a model sees, in order, from the feature contract.

    Raises:
        ConfigError: The contract lets in an id, a moment, a label or an outcome.
    """
    inputs = tuple(
        ModelInput(name, features.features[name].type, features.features[name].unit, levels)
        for name in features.model_inputs
        for levels in (features.categorical_inputs.get(name, ()),)
    )
    refuse_forbidden([column.name for column in inputs])
    return inputs


def refuse_forbidden(names: list[str]) -> None:
    """Raise ConfigError if any name may not be a model input."""
    problems = [
        Problem(f"config/features.yaml: features.{name}", "is_model_input: true", f"false, because {reason}", "set it")
        for name in names
        if (reason := _reason_against(name))
    ]
    if problems:
        raise ConfigError(problems)


def _reason_against(name: str) -> str:
    if name in FORBIDDEN:
        return FORBIDDEN[name]
    is_identity = name.endswith(FORBIDDEN_ENDINGS) or name in ("latitude", "longitude")
    return "ids, moments and places single out persons" if is_identity else ""


def needed_columns(features: Features) -> tuple[str, ...]:
    """Return the columns of gold/payments that learning reads, each once."""
    names = (
        *KEY_COLUMNS,
        *(column.name for column in model_inputs(features)),
        *MEASURE_COLUMNS,
        *LABEL_COLUMNS,
        *TRACE_COLUMNS,
    )
    return tuple(dict.fromkeys(names))


def in_window(payments: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Return the payments of a window in the one order (event_at, event_id), so that equal data trains equally."""
    inside = payments.filter(pl.col("event_date").is_between(window.first, window.last))
    return inside.sort("event_at", "event_id")


def labels_as_of(payments: pl.DataFrame, moment: dt.datetime | None) -> Booleans:
    """Tell which payments the bank held for fraud at `moment`, shape (n,); `None` is when every report is in.

    What it learned at that very moment counts, as everywhere (`foundation.business_days`).
    """
    reported = payments["is_fraud"].to_numpy()
    if moment is None:
        return np.asarray(reported, dtype=np.bool_)
    known = (payments["label_known_at"] <= moment).fill_null(value=False).to_numpy()
    return np.asarray(reported & known, dtype=np.bool_)


def truth_of(payments: pl.DataFrame, truth: pl.DataFrame) -> Booleans:
    """Tell which payments are fraud in the answer key, shape (n,); a claimed honest payment counts."""
    return payments["event_id"].is_in(truth["event_id"].implode()).to_numpy()


def input_matrix(payments: pl.DataFrame, inputs: tuple[ModelInput, ...]) -> Inputs:
    """Return the inputs as float32, shape (n, k): categories as codes of their levels, nulls as NaN.

    Raises:
        InputError: A column is missing, or a category holds a level that the contract does not know.
    """
    problems = [
        Problem(f"gold/payments.{column.name}", "no such column", column.type, nearest(column.name, payments.columns))
        for column in inputs
        if column.name not in payments.columns
    ]
    problems += [_level_problem(payments, column) for column in inputs if _unknown_levels(payments, column)]
    if problems:
        raise InputError(problems)
    matrix = np.empty((payments.height, len(inputs)), dtype=np.float32)
    for position, column in enumerate(inputs):
        values = payments[column.name]
        if column.levels:
            values = values.cast(pl.Enum(column.levels)).to_physical()
        matrix[:, position] = values.cast(pl.Float32).to_numpy()
    return matrix


def _unknown_levels(payments: pl.DataFrame, column: ModelInput) -> list[str]:
    if not column.levels or column.name not in payments.columns:
        return []
    found = payments[column.name].cast(pl.String).unique().drop_nulls().to_list()
    return sorted(set(found) - set(column.levels))


def _level_problem(payments: pl.DataFrame, column: ModelInput) -> Problem:
    return Problem(
        f"gold/payments.{column.name}",
        "unknown levels " + ", ".join(_unknown_levels(payments, column)),
        ", ".join(column.levels),
        "add the level to the contract of bronze/transactions and train again",
    )


def hash_of(matrix: Inputs, labels: Booleans) -> str:
    """Return the hash of what a model was trained on; 16 hexadecimal digits."""
    digest = hashlib.sha256(np.ascontiguousarray(matrix).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()[:16]
