"""What lies outside the map is a pure function of seed and settings, for every seed and every span of days."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve
from riskfabric_assets.world.fx import rates_of
from riskfabric_assets.world.outside import currencies_of
from riskfabric_assets.world.remote import draw_remote_merchants

CONFIGS = {
    world: resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config for world in known_worlds(packaged_config())
}
seeds = st.integers(0, 2**31)
worlds = st.sampled_from(sorted(CONFIGS))


@settings(max_examples=10, deadline=None)
@given(seed=seeds, world=worlds)
def test_remote_merchants_are_the_same_again_and_unique(seed, world):
    config = CONFIGS[world]
    drawn = draw_remote_merchants(config.remote, config.world, Streams(seed))
    assert drawn.equals(draw_remote_merchants(config.remote, config.world, Streams(seed)))
    assert drawn["merchant_id"].is_unique().all()
    assert (drawn["popularity"] > 0).all()


@settings(max_examples=10, deadline=None)
@given(seed=seeds, world=worlds)
def test_another_seed_moves_ids_and_places_but_no_share(seed, world):
    config = CONFIGS[world]
    one, other = (draw_remote_merchants(config.remote, config.world, Streams(each)) for each in (seed, seed + 1))
    assert not set(one["merchant_id"]) & set(other["merchant_id"])
    shares = [frame.filter("is_online", country_code=config.world.country_code) for frame in (one, other)]
    assert np.allclose(*(np.sort(frame["popularity"].to_numpy()) for frame in shares))


@settings(max_examples=25, deadline=None)
@given(seed=seeds, world=worlds, first=st.integers(18_000, 24_000), days=st.integers(1, 500), cut=st.integers(0, 499))
def test_rates_do_not_depend_on_the_span_that_is_asked_for(seed, world, first, days, cut):
    config = CONFIGS[world]
    rules, currencies = config.remote.exchange, currencies_of(config.remote, config.world)
    whole = rates_of(rules, Streams(seed), currencies, first, days)
    start = cut % days
    assert np.array_equal(rates_of(rules, Streams(seed), currencies, first + start, days - start), whole[:, start:])
    assert np.isfinite(whole).all()
    assert (whole > 0).all()
    hub = rates_of(rules, Streams(seed), (currencies[0], rules.hub), first, days)[1]
    for row, currency in enumerate(currencies):
        if currency in rules.pegs:
            assert np.allclose(whole[row] * rules.pegs[currency], hub, rtol=1e-14, atol=0)
