import datetime as dt

import numpy as np
import pytest

from riskfabric_assets.features.checkpoint import from_checkpoint, to_checkpoint
from riskfabric_assets.features.contract import contract_hash
from riskfabric_assets.features.fold import advance, warm_up
from riskfabric_assets.features.kernels.check import check_account_events_kernel, check_payments_kernel
from riskfabric_assets.features.kernels.fold import advance_kernel
from riskfabric_assets.features.kernels.lookup import index_kernel, slots_kernel
from riskfabric_assets.features.state import CATEGORY_SLOTS, STATE, CustomerIndex, State, empty_states, enroll
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.silver import CUSTOMER_STATE
from tests.payments import NO_ACCOUNT_EVENTS, customer_ids, random_payments, the_features, the_fold

KERNELS = (index_kernel, slots_kernel, check_payments_kernel, check_account_events_kernel, advance_kernel)
THROUGH = dt.date(2025, 8, 31)


def folded_states():
    states = empty_states(customer_ids(9), the_fold().contract)
    return advance(states, random_payments(5, 9, 400), NO_ACCOUNT_EVENTS, the_fold())[1]


def test_a_state_is_at_most_four_kilobytes_without_padding():
    assert STATE.itemsize <= 4096
    assert all(offset % field.base.itemsize == 0 for field, offset in STATE.fields.values())
    assert sum(field.itemsize for field, _ in STATE.fields.values()) == STATE.itemsize


def test_a_record_begins_on_a_multiple_of_its_widest_field():
    assert STATE.itemsize % 8 == 0
    assert len(MERCHANT_CATEGORIES) <= CATEGORY_SLOTS


def test_kernels_see_every_field_of_the_record():
    assert list(State.__annotations__) == list(STATE.names)


def test_a_checkpoint_brings_every_state_back():
    states = folded_states()
    frame = CUSTOMER_STATE.check(to_checkpoint(states, THROUGH))
    assert frame["customer_id"].is_sorted()
    back = from_checkpoint(frame, states.contract)
    slots = states.index.slots_of(back.customer_ids)
    assert back.records.tobytes() == states.records[slots].tobytes()


def test_a_checkpoint_of_another_contract_names_the_command_that_rebuilds_it():
    with pytest.raises(StaleError, match="riskfabric materialize --select silver/") as stale:
        from_checkpoint(to_checkpoint(folded_states(), THROUGH), "0123456789abcdef")
    assert the_fold().contract in stale.value.stored


def test_a_checkpoint_that_was_cut_short_is_refused():
    frame = to_checkpoint(folded_states(), THROUGH)
    cut = frame.with_columns(frame["state"].bin.slice(0, 8))
    with pytest.raises(StaleError, match="9 states in 72 bytes"):
        from_checkpoint(cut, the_fold().contract)


def test_an_empty_checkpoint_holds_no_customers():
    assert from_checkpoint(CUSTOMER_STATE.empty(), "any").customer_ids.size == 0


def test_the_index_finds_every_customer_and_no_other():
    ids = customer_ids(1000)
    index = CustomerIndex.of(ids)
    assert index.slots_of(ids).tolist() == list(range(1000))
    assert (index.slots_of(ids + 1) == -1).all()


@pytest.mark.parametrize("ids", [[1, 2, 1], [-1, 2]])
def test_the_index_refuses_ids_that_are_repeated_or_negative(ids):
    with pytest.raises(ValueError, match="customer id"):
        CustomerIndex.of(np.array(ids))


def test_the_contract_hash_moves_with_every_setting():
    features = the_features()
    settings = features.settings.model_copy(update={"speed_cap": 1000.0})
    assert contract_hash(features) == the_fold().contract
    assert contract_hash(features.model_copy(update={"settings": settings})) != the_fold().contract


def test_warming_up_compiles_what_a_real_batch_runs():
    warm_up(the_fold())
    before = [len(kernel.signatures) for kernel in KERNELS]
    back = from_checkpoint(to_checkpoint(folded_states(), THROUGH), the_fold().contract)
    enrolled = enroll(back, customer_ids(10))
    advance(enrolled, random_payments(6, 10, 50, 300).slice(45), NO_ACCOUNT_EVENTS, the_fold())
    assert [len(kernel.signatures) for kernel in KERNELS] == before
