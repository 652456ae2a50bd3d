"""Where the money of a kind of fraud goes: three columns of boxes joined by ribbons as wide as the amounts."""

import dataclasses
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import polars as pl

from riskfabric_assets.foundation.charts import svg
from riskfabric_assets.foundation.money import short_money

WIDTH: Final = 1080
COLUMNS: Final = (150.0, 500.0, 850.0)
"""Left edges of the boxes, pixels."""
BOX: Final = 14.0
GAP: Final = 20.0
LEAST_HEIGHT: Final = 4.0
"""A small amount is still a line that one can see."""
TALLEST: Final = 300.0
TOP: Final = 30.0
CATEGORIES: Final = 4
"""Kinds of shops that get a box of their own; the others share one."""
TITLES: Final = ("paid by", "paid to", "what came of it")
STYLES: Final = {
    "gone": "orange",
    "charged back": "blue",
    "refunded": "pale-blue",
    "declined by the bank's rules": "good",
    "declined otherwise": "grey",
}
"""What came of a payment, the worst first, with its colour."""
CHANNELS: Final = {
    "instant": "instant transfer",
    "pos": "card, in person",
    "online": "card, online",
    "bank_transfer": "bank transfer",
    "atm": "cash machine",
    "wallet": "wallet",
}


@dataclasses.dataclass(frozen=True)
class _Box:
    name: str
    left: float
    top: float
    height: float
    minor: int


def with_stations(frauds: pl.DataFrame, home_country: str) -> pl.DataFrame:
    """Add payer_side, receiver_side and outcome, the three stations of each payment, as texts."""
    shops = frauds.filter(pl.col("payment_kind").is_in(["purchase", "bill"]))
    leading = (
        shops.group_by("merchant_category").agg(pl.col("amount_minor").sum()).sort("amount_minor", "merchant_category")
    )["merchant_category"].to_list()[-CATEGORIES:]
    category = (
        pl.when(pl.col("merchant_category").is_in(leading))
        .then(pl.col("merchant_category").str.to_lowercase().str.replace_all("_", " "))
        .otherwise(pl.lit("other shops"))
    )
    receiver = (
        pl.when(pl.col("payment_kind") == "cash_withdrawal")
        .then(pl.lit("cash"))
        .when(pl.col("payment_kind") == "transfer")
        .then(
            pl.when(pl.col("payee_customer_id").is_null())
            .then(pl.lit("accounts at other banks"))
            .otherwise(pl.lit("accounts of customers"))
        )
        .when(pl.col("merchant_country_code") != home_country)
        .then(pl.lit("merchants abroad"))
        .otherwise(category)
    )
    outcome = (
        pl.when(pl.col("engine_rule").is_not_null())
        .then(pl.lit("declined by the bank's rules"))
        .when(pl.col("status") == "declined")
        .then(pl.lit("declined otherwise"))
        .when(pl.col("is_refunded"))
        .then(pl.lit("refunded"))
        .when(pl.col("is_charged_back"))
        .then(pl.lit("charged back"))
        .otherwise(pl.lit("gone"))
    )
    return frauds.with_columns(
        payer_side=pl.col("channel").replace_strict(CHANNELS, default=pl.col("channel")),
        receiver_side=receiver,
        outcome=outcome,
    )


def draw_flow(stations: pl.DataFrame, currency_code: str) -> str:
    """Draw amounts from channel over receiver to outcome.

    Args:
        stations: Payments with their stations, of one typology.
        currency_code: Currency of amount_minor.
    """
    names = ("payer_side", "receiver_side", "outcome")
    columns = [_boxes(stations, name, COLUMNS[place]) for place, name in enumerate(names)]
    height = TOP + max(box.top + box.height for column in columns for box in column.values()) + 8 - TOP
    marks = [
        f'<text class="axis title" x="{left:.0f}" y="12">{title}</text>'
        for left, title in zip(COLUMNS, TITLES, strict=True)
    ]
    for first, second in ((0, 1), (1, 2)):
        marks += _ribbons(stations, (names[first], names[second]), columns[first], columns[second])
    for place, column in enumerate(columns):
        marks += [mark for box in column.values() for mark in _label(box, place, currency_code)]
    return svg(marks, (WIDTH, height), "Where the money went")


def _boxes(stations: pl.DataFrame, name: str, left: float) -> dict[str, _Box]:
    sums = (
        stations.group_by(name).agg(pl.col("amount_minor").sum()).sort("amount_minor", name, descending=[True, False])
    )
    total = max(1, int(sums["amount_minor"].sum()))
    boxes, top = {}, TOP
    order = {each: place for place, each in enumerate(STYLES)}
    rows = sorted(sums.iter_rows(), key=lambda row: order.get(row[0], 0))
    for text, minor in rows:
        height = max(LEAST_HEIGHT, TALLEST * minor / total)
        boxes[text] = _Box(text, left, top, height, minor)
        top += height + GAP
    return boxes


def _ribbons(
    stations: pl.DataFrame, names: tuple[str, str], left: Mapping[str, _Box], right: Mapping[str, _Box]
) -> list[str]:
    sums = stations.group_by(names).agg(pl.col("amount_minor").sum())
    pairs = {(row[0], row[1]): row[2] for row in sums.iter_rows()}
    out_at, in_at = ({name: box.top for name, box in side.items()} for side in (left, right))
    marks = []
    for start in left:
        for end in right:
            minor = pairs.get((start, end), 0)
            if not minor:
                continue
            one, two = left[start], right[end]
            leaving, coming = one.height * minor / one.minor, two.height * minor / two.minor
            style = STYLES.get(end, "grey")
            marks.append(_ribbon((one.left + BOX, out_at[start], leaving), (two.left, in_at[end], coming), style))
            out_at[start] += leaving
            in_at[end] += coming
    return marks


def _ribbon(start: Sequence[float], end: Sequence[float], style: str) -> str:
    (x1, top1, height1), (x2, top2, height2) = start, end
    middle = (x1 + x2) / 2
    path = (
        f"M{x1:.1f} {top1:.1f}C{middle:.1f} {top1:.1f} {middle:.1f} {top2:.1f} {x2:.1f} {top2:.1f}"
        f"L{x2:.1f} {top2 + height2:.1f}"
        f"C{middle:.1f} {top2 + height2:.1f} {middle:.1f} {top1 + height1:.1f} {x1:.1f} {top1 + height1:.1f}Z"
    )
    return f'<path class="ribbon {style}" d="{path}"/>'


def _label(box: _Box, place: int, currency_code: str) -> list[str]:
    style = STYLES.get(box.name, "ink")
    middle = box.top + box.height / 2 + 4
    across, anchor = (box.left - 8, "end") if place == 0 else (box.left + BOX + 8, "")
    bar = f'x="{box.left:.1f}" y="{box.top:.1f}" width="{BOX:.0f}" height="{box.height:.1f}"'
    amount = f'<tspan class="amount">{escape(short_money(box.minor, currency_code))}</tspan>'
    text = f'<text class="halo {anchor}" x="{across:.1f}" y="{middle:.1f}">{escape(box.name)} {amount}</text>'
    return [f'<rect class="box {style}" {bar}/>', text]
