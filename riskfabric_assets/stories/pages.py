"""One page per kind of fraud that occurred, and their index. Pure: frames in, HTML by file name out."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final  # rows of tables hold numbers and texts

import polars as pl

from riskfabric_assets.foundation.charts import percent
from riskfabric_assets.foundation.money import money, round_money
from riskfabric_assets.foundation.pages import pictures, style, templates_of
from riskfabric_assets.learning.maps import Ring, rings_of
from riskfabric_assets.learning.report import TEMPLATES as REPORT_TEMPLATES
from riskfabric_assets.learning.report import words
from riskfabric_assets.stories import figures
from riskfabric_assets.stories.cases import Cases
from riskfabric_assets.stories.flow import STYLES, draw_flow, with_stations

TEMPLATES: Final = Path(__file__).parent / "templates"
SHOWN_RECEIVERS: Final = 8
SHOWN_STEPS: Final = 14
"""Rows of the table of one attack."""
ABBREVIATIONS: Final = ("ato", "ip", "sim", "upi")
POINTS: Final = ("detection", "blocking")
"""The widest and the narrowest operating point of the model."""


@dataclasses.dataclass(frozen=True)
class Home:
    """What the pages say about the home they come from."""

    world: str
    country_code: str
    profile: str
    scenario: str
    seed: int
    identity: str


@dataclasses.dataclass(frozen=True)
class Summary:
    """One row of the index. Shares are None where there is nothing to divide by."""

    typology: str
    about: str
    planned_attacks: int
    attacks: int
    victims: int
    payments: int
    tried_minor: int
    approved_minor: int
    currency_code: str
    ruled_share: float | None
    declined_share: float | None
    tested_payments: int
    model_shares: tuple[float | None, ...]
    """Recall of the model at POINTS, in its test window."""
    reported_share: float | None
    median_delay_days: float | None


def typology_pages(cases: Cases, home: Home, about: Mapping[str, str]) -> dict[str, str]:
    """Return HTML by file name: index.html and one file per typology of which there is a payment.

    Args:
        cases: What was read.
        home: Where it comes from.
        about: One sentence by typology.
    """
    environment = templates_of(
        TEMPLATES, percent=_share, words=words, title=title, money=money, round_money=round_money
    )
    names = cases.frauds["typology"].unique().sort().to_list()
    summaries = [summarize(name, cases, about.get(name, "")) for name in names]
    css = style(REPORT_TEMPLATES / "report.css", TEMPLATES / "pages.css")
    shared = {"home": home, "css": css, "summaries": summaries, "points": POINTS, "styles": STYLES}
    backdrop = figures.backdrop_of(cases.frauds, _rings(cases.districts))
    index = environment.get_template("index.html.jinja").render(**shared, total=_total(summaries))
    pages = {"index.html": index}
    template = environment.get_template("typology.html.jinja")
    for place, summary in enumerate(summaries):
        frauds = cases.frauds.filter(pl.col("typology") == summary.typology)
        near = (summaries[place - 1] if place else None, summaries[place + 1] if place + 1 < len(names) else None)
        content = _content(cases, frauds, summary, home, backdrop)
        pages[f"{summary.typology}.html"] = template.render(**shared, summary=summary, near=near, **content)
    return pages


def summarize(typology: str, cases: Cases, about: str) -> Summary:
    """Count one typology."""
    own = cases.frauds.filter(pl.col("typology") == typology)
    planned = cases.planned.filter(pl.col("typology") == typology)["count_attacks"].sum()
    approved = own.filter(pl.col("status") == "approved")
    known = own.filter(pl.col("label_known_at").is_not_null())
    delay = (known["label_known_at"] - known["event_at"]).dt.total_seconds().median()
    detected = {row["measure"]: row["value"] for row in _of(cases.detected, typology)}
    return Summary(
        typology=typology,
        about=about,
        planned_attacks=int(planned),
        attacks=own["attack_id"].n_unique(),
        victims=own["customer_id"].n_unique(),
        payments=own.height,
        tried_minor=int(own["amount_minor"].sum()),
        approved_minor=int(approved["amount_minor"].sum()),
        currency_code=own["currency_code"][0],
        ruled_share=_mean(own["engine_rule"].is_not_null()),
        declined_share=_mean(own["status"] == "declined"),
        tested_payments=int(detected.get("count_frauds", 0)),
        model_shares=tuple(detected.get(f"recall_at_{point}") for point in POINTS),
        reported_share=_mean(own["label_known_at"].is_not_null()),
        median_delay_days=None if not isinstance(delay, int | float) else delay / 86_400,
    )


def _of(frame: pl.DataFrame, typology: str) -> list[dict[str, Any]]:
    return frame.filter(pl.col("typology") == typology).to_dicts()


def _mean(claims: pl.Series) -> float | None:
    share = claims.mean()
    return float(share) if isinstance(share, int | float) else None


def _total(summaries: list[Summary]) -> dict[str, int]:
    names = ("planned_attacks", "attacks", "payments", "tried_minor", "approved_minor")
    return {name: sum(getattr(summary, name) for summary in summaries) for name in names}


def _rings(districts: pl.DataFrame) -> list[Ring]:
    return [ring for boundary in districts["boundary_wkb"].drop_nulls().to_list() for ring in rings_of(boundary)]


def _content(
    cases: Cases, frauds: pl.DataFrame, summary: Summary, home: Home, backdrop: figures.Backdrop
) -> dict[str, Any]:
    first, last = cases.span.row(0)
    code = summary.currency_code
    drawn = {
        "calendar": figures.calendar(frauds, first, last),
        "anatomy": figures.anatomy(frauds, code),
        "map": figures.draw_map(frauds, backdrop),
        "hours": figures.hours(frauds, cases.hours),
        "delays": figures.delays(frauds),
        "flow": draw_flow(with_stations(frauds, home.country_code), code),
    }
    return {
        "charts": pictures(drawn),
        "outside": figures.outside(frauds, backdrop.projection),
        "receivers": receivers(frauds),
        "example": example(frauds),
        "rules": _counts(frauds, "engine_rule"),
        "reporters": _counts(frauds, "reported_by"),
        "phases": _counts(frauds, "phase"),
    }


def _counts(frauds: pl.DataFrame, name: str) -> list[tuple[str, int]]:
    counts = frauds.filter(pl.col(name).is_not_null()).group_by(name).len()
    return [(str(row[0]), int(row[1])) for row in counts.sort("len", name, descending=[True, False]).iter_rows()]


def receivers(frauds: pl.DataFrame) -> list[dict[str, Any]]:
    """Return who got most, approved payments only: name, victims, payments, amount_minor and share."""
    approved = frauds.filter(pl.col("status") == "approved")
    total = max(1, int(approved["amount_minor"].sum()))
    grouped = approved.group_by("receiver_id").agg(
        name=pl.col("receiver_name").first(),
        kind=pl.col("payment_kind").first(),
        is_customer=pl.col("payee_customer_id").is_not_null().first(),
        victims=pl.col("customer_id").n_unique(),
        payments=pl.len(),
        amount_minor=pl.col("amount_minor").sum(),
    )
    chosen = grouped.sort("amount_minor", "receiver_id", descending=[True, False]).head(SHOWN_RECEIVERS)
    return [
        {**row, "name": _receiver(row), "share": row["amount_minor"] / total} for row in chosen.iter_rows(named=True)
    ]


def _receiver(row: Mapping[str, Any]) -> str:
    if row["kind"] == "cash_withdrawal":
        return f"cash machine of {row['name'] or 'a bank'}"
    if row["name"]:
        return str(row["name"])
    owner = "account of a customer" if row["is_customer"] else "account at another bank"
    return f"{owner} …{str(row['receiver_id'])[-6:]}"


def example(frauds: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the payments of the attack that took most, in order; at most SHOWN_STEPS of them."""
    approved = frauds.filter(pl.col("status") == "approved")
    source = approved if approved.height else frauds
    sums = source.group_by("attack_id").agg(pl.len().alias("count"), pl.col("amount_minor").sum())
    attack = sums.sort("amount_minor", "attack_id", descending=[True, False])["attack_id"][0]
    steps = frauds.filter(pl.col("attack_id") == attack).sort("event_at", "event_id").head(SHOWN_STEPS)
    return [row | {"to": _receiver({**row, "kind": row["payment_kind"], "name": row["receiver_name"],
                                    "is_customer": row["payee_customer_id"] is not None})}
            for row in steps.iter_rows(named=True)]  # fmt: skip


def title(typology: str) -> str:
    """Write the name of a typology as a heading: abbreviations in capitals, the first letter too."""
    text = " ".join(word.upper() if word in ABBREVIATIONS else word for word in typology.split("_"))
    return text[:1].upper() + text[1:]


def _share(share: float | None) -> str:
    return "–" if share is None else percent(share)
