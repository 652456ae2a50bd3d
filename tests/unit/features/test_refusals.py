import math

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.features.fold import advance, advance_in_place
from riskfabric_assets.features.state import StateTable, empty_states, enroll
from riskfabric_assets.foundation.errors import InputError, StaleError
from tests.payments import (
    CUSTOMER,
    NO_ACCOUNT_EVENTS,
    account_event,
    account_events,
    payment,
    payments,
    the_fold,
)


def states_after(*rows: dict[str, object]) -> StateTable:
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    return advance(states, payments(*rows), NO_ACCOUNT_EVENTS, the_fold())[1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([payment(5), payment(4)], "1 events out of order, the first event_id 2 in row 1"),
        ([payment(0, event_id=2), payment(0, event_id=1)], "1 events out of order, the first event_id 1"),
        ([payment(5, event_id=1), payment(6, event_id=1)], "1 repeated event_ids, the lowest 1"),
        ([payment(0), payment(1, customer_id=8), payment(2, customer_id=9)], "2 events of unknown customers"),
        ([payment(0, latitude=math.nan)], "1 events off the Earth"),
        ([payment(0, longitude=math.inf)], "1 events off the Earth"),
        ([payment(0, latitude=90.5)], "1 events off the Earth"),
        ([payment(0, amount_minor=0)], "1 events not above 0"),
    ],
)
def test_unfit_payments_are_counted_and_the_first_is_named(rows, message):
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    with pytest.raises(InputError, match=message):
        advance_in_place(states, payments(*rows), NO_ACCOUNT_EVENTS, the_fold())
    assert not np.frombuffer(states.records.tobytes(), dtype=np.uint8).any()


def test_a_late_payment_is_refused_and_a_later_one_is_not():
    states = states_after(payment(100, event_id=5))
    for late in (payment(99, event_id=6), payment(100, event_id=5), payment(100, event_id=4)):
        with pytest.raises(InputError, match="1 events late"):
            advance(states, payments(late), NO_ACCOUNT_EVENTS, the_fold())
    advance(states, payments(payment(100, event_id=6)), NO_ACCOUNT_EVENTS, the_fold())


@pytest.mark.parametrize("seconds", [99, 100])
def test_a_payment_not_after_a_folded_account_event_is_late(seconds):
    event = account_events(account_event(100, "login", event_id=5))
    _, states = advance(states_after(payment(0)), payments().clear(), event, the_fold())
    with pytest.raises(InputError, match="bronze/transactions: found 1 events late"):
        advance(states, payments(payment(seconds, event_id=6)), NO_ACCOUNT_EVENTS, the_fold())


def test_an_account_event_before_a_folded_payment_is_late_and_one_at_its_moment_is_not():
    states = states_after(payment(100, event_id=5))
    with pytest.raises(InputError, match="bronze/account_events: found 1 events late"):
        advance(states, payments().clear(), account_events(account_event(99, "login", event_id=6)), the_fold())
    event = account_events(account_event(100, "login", event_id=4))
    _, states = advance(states, payments().clear(), event, the_fold())
    with pytest.raises(InputError, match="bronze/account_events: found 1 events late"):
        advance(states, payments().clear(), event, the_fold())


def test_account_events_out_of_order_or_of_an_unknown_kind_are_refused():
    disordered = account_events(account_event(5, "login"), account_event(4, "login"))
    with pytest.raises(InputError, match="bronze/account_events: found 1 events out of order"):
        advance(states_after(), payments().clear(), disordered, the_fold())
    unknown = account_events(account_event(5, "login")).with_columns(event_kind=pl.lit("fax"))
    with pytest.raises(InputError, match=r"account_events\.event_kind: found 'fax'; expected one of salary_credit"):
        advance(states_after(), payments().clear(), unknown, the_fold())


def test_a_payment_and_an_account_event_never_share_an_id():
    event = account_events(account_event(1, "login", event_id=1))
    with pytest.raises(InputError, match="1 repeated event_ids"):
        advance(states_after(), payments(payment(0, event_id=1)), event, the_fold())


def test_every_problem_of_a_batch_is_told_at_once():
    with pytest.raises(InputError) as refused:
        advance(
            states_after(),
            payments(payment(5, amount_minor=-1), payment(4, latitude=math.nan), payment(6, customer_id=8)),
            NO_ACCOUNT_EVENTS,
            the_fold(),
        )
    assert len(refused.value.problems) == 4


def test_missing_columns_nulls_and_unknown_codes_name_the_column():
    states, whole = states_after(), payments(payment(0))
    with pytest.raises(InputError, match=r"bronze/transactions\.amount_minor: found no such column"):
        advance(states, whole.drop("amount_minor"), NO_ACCOUNT_EVENTS, the_fold())
    with pytest.raises(InputError, match=r"instrument_id: found 1 nulls"):
        advance(states, whole.with_columns(instrument_id=pl.lit(None, pl.Int64)), NO_ACCOUNT_EVENTS, the_fold())
    with pytest.raises(InputError, match=r"channel: found 'fax'; expected one of instant"):
        advance(states, whole.with_columns(channel=pl.lit("fax")), NO_ACCOUNT_EVENTS, the_fold())


def test_states_of_another_contract_are_never_advanced():
    states = empty_states(np.array([CUSTOMER]), "another")
    with pytest.raises(StaleError, match="riskfabric materialize --select silver"):
        advance(states, payments(payment(0)), NO_ACCOUNT_EVENTS, the_fold())


def test_customers_that_are_enrolled_keep_the_states_of_the_others():
    states = enroll(states_after(payment(0)), np.array([8, CUSTOMER]))
    assert states.customer_ids.tolist() == [CUSTOMER, 8]
    assert states.records["count_payments"].tolist() == [1, 0]
    advance(states, payments(payment(1, customer_id=8)), NO_ACCOUNT_EVENTS, the_fold())
