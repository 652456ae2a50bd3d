"""How far two sets of features are apart, by the consistency figures of Chronon, feature by feature.

Source: airbnb/chronon, CompareMetrics (Apache 2.0): nulls on either side, unequal values, and the symmetric mean
absolute percentage error. Here a value is unequal when one bit is.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.tables.serving import REPLAY_PARITY

DIFFERENCES = ("count_mismatches", "count_missing", "count_extra")


def compare(
    batch: pl.DataFrame, online: pl.DataFrame, names: Sequence[str], count_batches: int, day: dt.date
) -> pl.DataFrame:
    """Return the figures of every feature under the contract serving/replay_parity.

    Args:
        batch: event_id and features as gold/payments has them.
        online: event_id and features as the replay made them; rows in any order.
        names: Features to compare, of equal type on both sides.
        count_batches: Micro-batches of the replay.
        day: Business day of both.
    """
    both = batch.select("event_id", *names).join(online.select("event_id", *names), "event_id", "full", suffix="_")
    rows = [
        {"feature": name, "count_payments": both.height, "count_batches": count_batches, "event_date": day}
        | figures(both[name], both[f"{name}_"])
        for name in names
    ]
    return pl.DataFrame(rows, schema=REPLAY_PARITY.schema)


def figures(batch: pl.Series, online: pl.Series) -> dict[str, float | int | None]:
    """Return mismatch, missing, extra and SMAPE of one feature, whose values stand side by side."""
    has, sees = batch.is_not_null(), online.is_not_null()
    left, right = batch.filter(has & sees), online.filter(has & sees)
    return {
        "count_mismatches": int(np.count_nonzero(_bits(left) != _bits(right))),
        "count_missing": int((has & ~sees).sum()),
        "count_extra": int((~has & sees).sum()),
        "smape": None if batch.dtype == pl.Boolean else _smape(left, right),
    }


def is_exact(parity: pl.DataFrame) -> bool:
    """Tell whether payments were compared and nothing differs."""
    differences = parity.select(pl.sum_horizontal(*DIFFERENCES).sum()).item()
    return bool(parity["count_payments"].sum()) and not differences and not parity["smape"].sum()


def _smape(left: pl.Series, right: pl.Series) -> float:
    one, other = left.cast(pl.Float64).to_numpy(), right.cast(pl.Float64).to_numpy()
    size = np.abs(one) + np.abs(other)
    errors = 2 * np.abs(one - other)[size > 0] / size[size > 0]
    return float(errors.sum() / max(one.shape[0], 1))


def _bits(values: pl.Series) -> npt.NDArray[Any]:  # Any: a column's type is data
    array = values.to_numpy()
    return array.view(f"u{array.dtype.itemsize}") if array.dtype.kind == "f" else array
