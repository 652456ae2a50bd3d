import datetime as dt
import functools
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS, LABELS
from riskfabric_assets.labels.draw import draw_reports
from riskfabric_assets.labels.rules import LabelRules, label_rules
from riskfabric_assets.packs.labels import Discovery
from riskfabric_assets.packs.settings import resolve

STREAMS = Streams(11)
ROWS = 60_000
FRAUD_SHARE = 0.01
SLOW = Discovery.model_validate(
    {
        "reporters": {"value": {"victim": 1.0}, "unit": "share", "source": "test"},
        "delay_median": {"value": 40.0, "unit": "days", "source": "test"},
        "delay_sigma": {"value": 0.1, "unit": "ln days", "source": "test"},
    }
)


def draw_labels(payments, fraud, rules, streams) -> pl.DataFrame:
    return draw_reports(payments, fraud, rules, streams).labels


@functools.cache
def settings_labels():
    return resolve({}, Path.cwd()).config.labels


def rules(**changes) -> LabelRules:
    noise = settings_labels().noise.model_copy(update=changes)
    labels = settings_labels().model_copy(update={"noise": noise})
    return label_rules(labels, {"fast": None, "slow": SLOW}, {"fast": 0.75, "slow": 0.25})


@functools.cache
def payments() -> pl.DataFrame:
    return made_by("pos")


def made_by(channel: str, *, has_card: bool = False, rows: int = ROWS) -> pl.DataFrame:
    """Payments of one day through one channel, to no payee."""
    event_id = identifiers(STREAMS.key("identifiers"), Kind.PAYMENT, np.arange(rows))
    start = dt.datetime(2025, 8, 1)  # noqa: DTZ001  # naive UTC, as stored
    return pl.DataFrame(
        {
            "event_id": event_id,
            "customer_id": np.arange(rows, dtype=np.int64) % 100,
            "event_date": pl.Series([start.date()]).new_from_index(0, rows),
            "event_at": pl.Series([start]).cast(pl.Datetime("us")).new_from_index(0, rows),
            "merchant_id": np.ones(rows, dtype=np.int64),
            "payee_id": np.zeros(rows, dtype=np.int64),
            "channel": np.full(rows, CHANNELS.index(channel), dtype=np.uint8),
            "status": np.zeros(rows, dtype=np.uint8),
            "has_card": np.full(rows, has_card),
        }
    )


@functools.cache
def fraud() -> pl.DataFrame:
    rows = payments()[:: round(1 / FRAUD_SHARE)]
    kinds = np.where(np.arange(rows.height) % 4 == 3, "slow", "fast")
    return rows.select("event_id", pl.Series("typology", kinds.tolist()))


def share_tolerance(share: float, count: int) -> float:
    """Four standard deviations of a binomial share."""
    return 4 * np.sqrt(share * (1 - share) / count)


def test_the_labeled_share_is_that_of_the_source():
    labels = draw_labels(payments(), fraud(), rules(), STREAMS)
    assert abs(labels.height / ROWS - 0.01415) < share_tolerance(0.01415, ROWS)


def test_eight_percent_of_fraud_is_never_reported():
    labels = draw_labels(payments(), fraud(), rules(), STREAMS)
    found = labels.join(fraud(), on="event_id", how="semi").height
    assert abs(found / fraud().height - 0.92) < share_tolerance(0.92, fraud().height)


def test_labels_keep_their_contract_and_the_order_of_payments():
    labels = LABELS.check(draw_labels(payments(), fraud(), rules(), STREAMS))
    order = payments().with_row_index().join(labels, on="event_id", how="right")["index"]
    assert order.is_sorted()


def test_a_slice_has_the_labels_it_has_in_the_whole():
    whole = draw_labels(payments(), fraud(), rules(), STREAMS)
    parts = [
        draw_labels(payments()[first : first + 7_000], fraud(), rules(), STREAMS) for first in range(0, ROWS, 7_000)
    ]
    assert pl.concat(parts).equals(whole)


def test_a_label_is_known_after_its_payment_and_before_the_cap():
    labels = draw_labels(payments(), fraud(), rules(), STREAMS).join(payments(), on="event_id")
    delay = labels["label_known_at"] - labels["event_at"]
    assert delay.min() > dt.timedelta(0)
    assert delay.max() <= dt.timedelta(days=settings_labels().delay_cap, microseconds=1)


def test_the_default_delay_has_the_mean_of_the_source():
    """Five days on average, of reports by victims."""
    labels = draw_labels(payments(), fraud(), rules(false_negative_share=0.0, false_positive_share=0.0), STREAMS)
    right = labels.join(fraud().filter(typology="fast"), on="event_id").join(payments(), on="event_id")
    days = (right.filter(reported_by="victim").select(pl.col("label_known_at") - pl.col("event_at")))["label_known_at"]
    sd = 5 * np.sqrt(np.exp(0.6**2) - 1)
    assert abs(days.dt.total_seconds().mean() / 86_400 - 5) < 4 * sd / np.sqrt(len(days))


def test_a_typology_may_state_its_own_discovery():
    labels = draw_labels(payments(), fraud(), rules(), STREAMS)
    slow = labels.join(fraud().filter(typology="slow"), on="event_id").join(payments(), on="event_id")
    assert slow["reported_by"].unique().to_list() == ["victim"]
    assert (slow["label_known_at"] - slow["event_at"]).min() > dt.timedelta(days=20)


def test_false_reports_look_like_right_ones():
    """Reporters and delays of wrong labels follow the mix of right ones, so neither tells them apart."""
    labels = draw_labels(payments(), fraud(), rules(false_positive_share=0.05), STREAMS).join(payments(), on="event_id")
    wrong = labels.join(fraud(), on="event_id", how="anti")
    right = draw_labels(payments(), payments().select("event_id", pl.lit("fast").alias("typology")), rules(), STREAMS)
    slow_share = (wrong["label_known_at"] - wrong["event_at"] > dt.timedelta(days=25)).mean()
    assert abs(slow_share - 0.25) < share_tolerance(0.25, wrong.height) + 0.01
    by_rule = (right["reported_by"] == "bank_rule").mean() * 0.75
    assert abs((wrong["reported_by"] == "bank_rule").mean() - by_rule) < share_tolerance(by_rule, wrong.height)


def test_without_noise_labels_are_the_truth():
    labels = draw_labels(payments(), fraud(), rules(false_negative_share=0.0, false_positive_share=0.0), STREAMS)
    assert set(labels["event_id"]) == set(fraud()["event_id"])


def test_fraud_without_rules_is_refused():
    strange = fraud().with_columns(typology=pl.lit("arson"))
    with pytest.raises(ValueError, match="arson"):
        draw_labels(payments(), strange, rules(), STREAMS)


def test_a_slice_without_payments_has_no_labels():
    labels = draw_labels(payments().clear(), fraud(), rules(), STREAMS)
    assert LABELS.check(labels).is_empty()


def all_fraud(payments: pl.DataFrame) -> pl.DataFrame:
    return payments.select("event_id", pl.lit("fast").alias("typology"))


def delays(payments: pl.DataFrame, rules: LabelRules) -> pl.DataFrame:
    labels = draw_labels(payments, all_fraud(payments), rules, STREAMS).join(payments, on="event_id")
    return labels.with_columns(days=(pl.col("label_known_at") - pl.col("event_at")).dt.total_seconds() / 86_400)


def stated(**changes: object) -> LabelRules:
    """Rules under which every report is of one typology that states its own discovery."""
    discovery = settings_labels().discovery.model_copy(update=changes)
    return label_rules(settings_labels(), {"fast": discovery}, {"fast": 1.0})


def test_a_card_charged_online_is_noticed_on_the_statement():
    days = delays(made_by("online", has_card=True, rows=8_000), rules()).filter(reported_by="victim")["days"]
    median = settings_labels().statement.delay_median
    assert abs(np.log(days.median() / median)) < 4 * 1.2533 * settings_labels().statement.delay_sigma / np.sqrt(
        len(days)
    )


def test_an_online_payment_without_a_card_waits_for_no_statement():
    days = delays(made_by("online", rows=8_000), rules()).filter(reported_by="victim")["days"]
    assert days.median() < settings_labels().statement.delay_median / 2


def test_a_typology_may_state_how_much_is_never_reported():
    payments = made_by("pos", rows=8_000)
    reported = draw_labels(payments, all_fraud(payments), stated(never_share=0.3), STREAMS).height / payments.height
    assert abs(reported - 0.7) < share_tolerance(0.3, payments.height)


def test_no_instant_claim_is_heard_after_its_window():
    rules = stated(instant_window=5.0, never_share=0.0)
    instant, at_a_till = (delays(made_by(channel, rows=8_000), rules) for channel in ("instant", "pos"))
    assert instant["days"].max() <= 5.0 < at_a_till["days"].max()
    assert instant.height < at_a_till.height


def test_a_payer_reports_no_more_instant_payments_of_a_day_than_the_caps_allow():
    """What is above is found all the same, by the bank."""
    payments = made_by("instant", rows=4_000).with_columns(payee_id=pl.int_range(4_000) // 100 % 4)
    labels = draw_labels(payments, all_fraud(payments), rules(), STREAMS).join(payments, on="event_id")
    filed = labels.filter(reported_by="victim")
    assert filed.group_by("customer_id").len()["len"].max() == settings_labels().dispute_caps.per_payer // 4
    assert filed.group_by("customer_id", "payee_id").len()["len"].max() == settings_labels().dispute_caps.per_payee // 2
    assert labels.height > payments.height * 0.9


def test_the_caps_bind_instant_payments_only():
    payments = made_by("pos", rows=4_000)
    labels = draw_labels(payments, all_fraud(payments), rules(), STREAMS)
    assert labels.filter(reported_by="victim").group_by("customer_id").len()["len"].max() > 20


def test_crime_changes_nothing_of_reports_by_mistake():
    """Not even where a payer has used up the reports of a day."""
    both, mistaken = made_by("instant", rows=4_000), rules(false_positive_share=0.3)
    crime = all_fraud(both).gather_every(3)
    honest = both.join(crime, on="event_id", how="anti", maintain_order="left")
    quiet = draw_labels(honest, crime.clear(), mistaken, STREAMS)
    busy = draw_labels(both, crime, mistaken, STREAMS)
    assert quiet.filter(reported_by="victim").height > 100
    assert quiet.filter(reported_by="bank_rule").height > 100
    assert busy.join(crime, on="event_id", how="anti", maintain_order="left").equals(quiet)
