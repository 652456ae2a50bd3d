"""The life of a report: what happens, in which order, and that labels say the same at every moment."""

import datetime as dt
import functools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CONFIRMING_KINDS, LABEL_EVENTS, STATUSES
from riskfabric_assets.labels.draw import Reports, draw_reports
from riskfabric_assets.labels.rules import LabelRules
from tests.unit.labels.test_draw_labels import ROWS, STREAMS, all_fraud, fraud, made_by, rules, settings_labels

KIND = pl.col("label_event_kind").cast(pl.String)
MANY = 20_000


def bought_with_a_card(rows: int = MANY) -> pl.DataFrame:
    """Payments at a till, to no payee, as the ledger hands them over."""
    return made_by("pos", has_card=True, rows=rows).with_columns(payee_id=pl.lit(-1, dtype=pl.Int64))


@functools.cache
def learned(channel: str = "pos") -> Reports:
    payments = made_by(channel).with_columns(payee_id=pl.lit(-1, dtype=pl.Int64))
    return draw_reports(payments, fraud(), rules(false_positive_share=0.02), STREAMS)


def events_of(payments: pl.DataFrame, **changes: float) -> pl.DataFrame:
    """Return the life of payments that are all fraud and all reported, under changed rules of the case."""
    whole = rules(false_negative_share=0.0)
    changed = LabelRules(**{**vars(whole), "case": whole.case.model_copy(update=changes)})
    return draw_reports(payments, all_fraud(payments), changed, STREAMS).label_events.with_columns(kind=KIND)


def test_the_events_keep_their_contract_and_no_two_are_one():
    events = LABEL_EVENTS.check(learned().label_events)
    assert events["label_event_id"].n_unique() == events.height
    assert not events.select("event_id", "label_event_kind").is_duplicated().any()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), hours=st.integers(0, 24 * 150), mistaken=st.floats(0.0, 0.2))
def test_labels_agree_with_the_last_event_at_every_moment(seed, hours, mistaken):
    """Fraud as of T: the last event that the bank knows by then, of those that decide, confirms it."""
    payments = made_by("instant", rows=4_000).with_columns(payee_id=pl.lit(-1, dtype=pl.Int64))
    known = fraud().join(payments, on="event_id", how="semi")
    reports = draw_reports(payments, known, rules(false_positive_share=mistaken), Streams(seed))
    moment = dt.datetime(2025, 8, 1) + dt.timedelta(hours=hours)  # noqa: DTZ001  # naive UTC, as stored
    labelled = reports.labels.filter(pl.col("label_known_at") <= moment)
    last = (
        reports.label_events.filter(pl.col("label_event_known_at") <= moment)
        .sort("label_event_known_at", "label_event_kind")
        .group_by("event_id", maintain_order=True)
        .last()
    )
    holds = last.filter(KIND.is_in([*CONFIRMING_KINDS, "charged_back", "represented"]))
    assert sorted(holds["event_id"]) == sorted(labelled["event_id"])


def test_a_label_is_known_when_its_payment_is_confirmed():
    confirmed = learned().label_events.filter(KIND.is_in(CONFIRMING_KINDS)).join(learned().labels, on="event_id")
    assert confirmed.height == learned().labels.height
    assert (confirmed["label_event_known_at"] == confirmed["label_known_at"]).all()


def test_every_life_begins_with_a_report_by_whom_the_label_names():
    first = learned().label_events.group_by("event_id", maintain_order=True).first().filter(KIND != "reported")
    assert first.is_empty()
    reported = learned().label_events.filter(KIND == "reported").join(learned().labels, on="event_id")
    assert (reported["made_by"].cast(pl.String) == reported["reported_by"].cast(pl.String)).all()


def test_a_life_runs_forward_and_is_known_after_it_happened():
    events = learned().label_events.join(made_by("pos").select("event_id", "event_at"), on="event_id")
    assert (events["happened_at"] > events["event_at"]).all()
    assert (events["label_event_known_at"] >= events["happened_at"]).all()
    steps = events.with_columns(pl.col("happened_at").diff().over("event_id").alias("gap"))["gap"].drop_nulls()
    assert (steps >= dt.timedelta(0)).all()


def test_a_fifth_of_mistaken_reports_is_taken_back_and_honest_without_exception():
    share, honest = settings_labels().case.withdrawn_share, ROWS * 0.99
    withdrawn = learned().label_events.filter(KIND == "withdrawn")
    wanted = 0.02 * share / (1 - share)
    assert abs(withdrawn.height / honest - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / honest)
    assert withdrawn.join(fraud(), on="event_id", how="semi").is_empty()
    assert withdrawn.join(learned().labels, on="event_id", how="semi").is_empty()


def test_withdrawn_reports_change_no_label():
    """Whoever takes back a report would not have been labelled otherwise."""
    whole = rules(false_positive_share=0.02)
    without = whole.noise._replace(taken_back_share=0.0)
    reports = draw_reports(made_by("pos"), fraud(), LabelRules(**{**vars(whole), "noise": without}), STREAMS)
    assert reports.labels.equals(learned().labels)


def test_a_part_of_the_amount_is_accepted_only_in_partial_confirmations():
    case, events = settings_labels().case, events_of(bought_with_a_card())
    partly, whole = events.filter(kind="partly_confirmed"), events.filter(kind="confirmed")
    share = partly.height / (partly.height + whole.height)
    assert abs(share - case.partly_confirmed_share) < 4 * np.sqrt(share * (1 - share) / MANY)
    assert partly["accepted_share"].is_between(case.accepted_low, case.accepted_high).all()
    assert (whole["accepted_share"] == 1.0).all()
    rest = events.filter(~KIND.is_in(CONFIRMING_KINDS))
    assert rest["accepted_share"].null_count() == rest.height


def test_merchants_win_the_configured_share_of_chargebacks():
    events = events_of(bought_with_a_card(), answer_window=10_000.0)
    filed, won = (events.filter(kind=kind).height for kind in ("charged_back", "represented"))
    wanted = settings_labels().case.contested_share * settings_labels().case.won_share
    assert abs(won / filed - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / filed)


@pytest.mark.parametrize("channel", ["atm", "bank_transfer"])
def test_cash_and_transfers_cannot_be_charged_back(channel):
    payments = made_by(channel, rows=2_000).with_columns(payee_id=pl.lit(-1, dtype=pl.Int64))
    assert events_of(payments, charged_back_share=1.0).filter(kind="charged_back").is_empty()


def test_a_payment_to_a_person_cannot_be_charged_back():
    payments = made_by("instant", rows=2_000).with_columns(payee_id=pl.lit(7, dtype=pl.Int64))
    assert events_of(payments, charged_back_share=1.0).filter(kind="charged_back").is_empty()


def test_what_was_declined_cannot_be_charged_back():
    declined = bought_with_a_card(2_000).with_columns(status=pl.lit(STATUSES.index("declined"), dtype=pl.UInt8))
    assert events_of(declined, charged_back_share=1.0).filter(kind="charged_back").is_empty()
    assert not events_of(bought_with_a_card(2_000), charged_back_share=1.0).filter(kind="charged_back").is_empty()


def test_disputes_end_with_their_windows():
    events = events_of(bought_with_a_card(), charged_back_share=1.0, contested_share=1.0, won_share=1.0)
    paid = events.join(bought_with_a_card().select("event_id", "event_at"), on="event_id")
    filed = paid.filter(kind="charged_back")
    assert (filed["happened_at"] - filed["event_at"]).max() < dt.timedelta(days=settings_labels().delay_cap)
    won = paid.filter(kind="represented").join(filed, on="event_id", suffix="_filed")
    answer = won["happened_at"] - won["label_event_known_at_filed"]
    assert answer.max() < dt.timedelta(days=settings_labels().case.answer_window)
    assert won.height < filed.height
