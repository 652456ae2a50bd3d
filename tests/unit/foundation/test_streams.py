import numpy as np
import pytest

from riskfabric_assets.foundation.identifiers import Kind, identifier_of, identifiers
from riskfabric_assets.foundation.streams import Streams, key_of, pick_at, uniform_at

COUNT = 200_000


def test_a_draw_depends_on_its_address_alone():
    entities = np.arange(1000)
    forward = Streams(1).uniforms("a", entities, day=3, number=2)
    backward = Streams(1).uniforms("a", entities[::-1], day=3, number=2)
    assert np.array_equal(forward, backward[::-1])


@pytest.mark.parametrize("change", [{"day": 4}, {"number": 3}])
def test_every_part_of_the_address_changes_the_draw(change):
    entities = np.arange(1000)
    address = {"day": 3, "number": 2}
    assert not np.any(
        Streams(1).uniforms("a", entities, **address) == Streams(1).uniforms("a", entities, **(address | change))
    )


def test_seed_and_name_change_the_draws():
    entities = np.arange(1000)
    first = Streams(1).uniforms("a", entities)
    assert not np.any(first == Streams(2).uniforms("a", entities))
    assert not np.any(first == Streams(1).uniforms("b", entities))


def test_uniforms_fill_the_unit_interval_evenly():
    draws = Streams(7).uniforms("u", np.arange(COUNT))
    counts = np.bincount((draws * 100).astype(int), minlength=100)
    chi_square = ((counts - COUNT / 100) ** 2 / (COUNT / 100)).sum()
    assert chi_square < 99 + 4 * np.sqrt(2 * 99)  # mean + 4 standard deviations of chi-square with 99 degrees


def test_neighboring_addresses_are_uncorrelated():
    entities = np.arange(COUNT)
    streams = Streams(7)
    tolerance = 4 / np.sqrt(COUNT)
    first = streams.uniforms("u", entities)
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < tolerance
    assert abs(np.corrcoef(first, streams.uniforms("u", entities, day=1))[0, 1]) < tolerance
    assert abs(np.corrcoef(first, streams.uniforms("u", entities, number=1))[0, 1]) < tolerance


def test_normals_have_mean_zero_and_variance_one():
    draws = Streams(7).normals("n", np.arange(COUNT))
    assert abs(draws.mean()) < 4 / np.sqrt(COUNT)
    assert abs(draws.var() - 1) < 4 * np.sqrt(2 / COUNT)


def test_picks_follow_their_weights():
    picks = Streams(7).picks("p", np.arange(COUNT), [1.0, 0.0, 3.0])
    shares = np.bincount(picks, minlength=3) / COUNT
    assert shares[1] == 0
    assert abs(shares[2] - 0.75) < 4 * np.sqrt(0.75 * 0.25 / COUNT)


def test_a_pick_inside_a_kernel_equals_a_search():
    cumulative = np.cumsum([0.1, 0.2, 0.0, 0.7])
    key = Streams(7).key("k")
    for entity in range(500):
        address = np.uint64(key_of(key, np.int64(entity), np.int64(0)))
        wanted = int(np.searchsorted(cumulative, uniform_at(address, np.int64(0)), side="right"))
        assert pick_at(address, np.int64(0), cumulative) == min(wanted, 3)


def test_identifiers_never_collide_and_fit_63_bits():
    key = Streams(7).key("identifiers")
    owners = np.repeat(np.arange(20_000), 5)
    ids = np.concatenate(
        [identifiers(key, kind, owners, np.tile(np.arange(5), 20_000)) for kind in (Kind.ACCOUNT, Kind.CARD)]
    )
    assert np.unique(ids).size == ids.size
    assert ids.min() >= 0


def test_identifiers_hold_no_order():
    ids = identifiers(Streams(7).key("identifiers"), Kind.CUSTOMER, np.arange(COUNT))
    ranks = np.argsort(np.argsort(ids))
    assert abs(np.corrcoef(ranks, np.arange(COUNT))[0, 1]) < 4 / np.sqrt(COUNT)


def test_the_scalar_identifier_equals_the_column():
    key = Streams(7).key("identifiers")
    column = identifiers(key, Kind.DEVICE, [12], [3])
    assert identifier_of(key, np.int64(12), np.int64(0), np.int64(3), np.int64(Kind.DEVICE)) == column[0]


@pytest.mark.parametrize(("owner", "ordinal"), [(-1, 0), (2**29, 0), (0, 2**13)])
def test_an_identifier_that_would_not_fit_is_refused(owner, ordinal):
    with pytest.raises(ValueError, match="outside its field"):
        identifiers(Streams(7).key("identifiers"), Kind.ACCOUNT, [owner], [ordinal])
