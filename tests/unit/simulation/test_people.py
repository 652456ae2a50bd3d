"""Population frames as arrays."""

import numpy as np
import pytest

from riskfabric_assets.simulation.month import blocks_of
from riskfabric_assets.simulation.people import build_people
from tests.residents import NETWORKS, SCHEMES, residents
from tests.societies import society


def built(frames):
    return build_people(frames, NETWORKS, ("VPN", "Foreign"), SCHEMES)


def test_row_order_of_the_frames_does_not_matter():
    frames = residents(40)
    shuffled = type(frames)(*(frame.sample(fraction=1, shuffle=True, seed=3) for frame in frames))
    for mine, theirs in zip(built(frames)[0], built(shuffled)[0], strict=True):
        assert (mine == theirs).all()


def test_what_a_customer_owns_is_a_slice_with_the_primary_first():
    people, frames = society(40).people, residents(40)
    primary = set(frames.accounts.filter("is_primary")["account_id"])
    for customer in range(40):
        mine = people.account_id[people.account_first[customer] : people.account_first[customer + 1]].tolist()
        owned = frames.accounts.filter(customer_id=int(people.customer_id[customer]))["account_id"].to_list()
        assert sorted(mine) == sorted(owned)
        assert mine[0] in primary


def test_a_customer_without_device_is_refused():
    frames = residents(20)
    some = frames.devices.filter(frames.devices["customer_id"] != frames.customers["customer_id"][3])
    with pytest.raises(ValueError, match="no device"):
        built(frames._replace(devices=some))


def test_a_card_without_account_is_refused():
    frames = residents(20)
    with pytest.raises(ValueError, match=r"no account|owned by nobody"):
        built(frames._replace(accounts=frames.accounts[:-3]))


@pytest.mark.parametrize("cards", [1, 7, 10_000])
def test_blocks_cover_every_customer_once_within_the_number_of_cards(cards):
    people = society(200).people
    blocks = blocks_of(people, cards)
    assert [start for start, _ in blocks] == [0, *(stop for _, stop in blocks[:-1])]
    assert blocks[-1][1] == 200
    owned = np.diff(people.card_first)
    assert all(people.card_first[stop] - people.card_first[start] <= max(cards, owned.max()) for start, stop in blocks)
