"""Where people pay."""

import collections

import h3.api.basic_int as h3
import numpy as np

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.foundation.units import KM_PER_DEGREE
from riskfabric_assets.simulation.alias import alias_table
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels.bundles import Choices
from riskfabric_assets.simulation.kernels.choices import nearby_place
from riskfabric_assets.simulation.kernels.plans import NOWHERE, pick_of
from riskfabric_assets.world.slices import Slices
from riskfabric_assets.world.tiers import build_tiers
from tests.oracles.honest_life_oracle import nearest_merchants
from tests.residents import residents
from tests.societies import honest, society
from tests.worlds import small_world

GROCERY = SPENDING_GROUPS.index("grocery")
ATM = CHANNELS.index("atm")


def merchants_around():
    around = {6: collections.defaultdict(set), 4: collections.defaultdict(set), "region": collections.defaultdict(set)}
    frame = small_world().merchants.sort("merchant_id")
    for place, (r6, r4, region) in enumerate(frame.select("h3_cell_r6", "h3_cell_r4", "region_id").iter_rows()):
        around[6][r6].add(place)
        around[4][r4].add(place)
        around["region"][region].add(place)
    return {**around, "all": set(range(frame.height))}


def test_tiers_and_their_cascade_equal_the_brute_force_oracle():
    life, customers, market = society(200).life, residents(200).customers, merchants_around()
    groups = dict(zip(life.merchants["place_id"].tolist(), life.merchants["group"].tolist(), strict=True))
    for slot, (cell, region) in enumerate(customers.select("home_h3_cell_r7", "region_id").iter_rows()):
        parents = {6: h3.cell_to_parent(cell, 6), 4: h3.cell_to_parent(cell, 4)}
        tiers = nearest_merchants(society(200), market, parents, region)
        ids = [set(life.merchants["place_id"][list(tier)].tolist()) for tier in tiers]
        for group in (GROCERY, SPENDING_GROUPS.index("jewellery")):
            for first in range(4):
                place = nearby_place(life, life.customers["tier_slots"][slot], first, group, 0.37)
                wanted = next(({m for m in tier if groups[m] == group} for tier in ids[first:]
                               if any(groups[m] == group for m in tier)), set())  # fmt: skip
                assert (int(life.places["place_id"][place]) in wanted) if wanted else place == NOWHERE


def test_most_present_payments_are_near_home_and_some_far_away():
    month, people = honest(400), society(400).people
    owner = np.repeat(np.arange(400), np.diff(month.payment_first))
    rows = month.payments.is_present
    km = _km(month.payments, people.home_latitude[owner], people.home_longitude[owner])[rows]
    assert (km < 12).mean() > 0.7
    assert 0.005 < (km > 60).mean() < 0.15


def test_nobody_is_at_two_places_at_once():
    month = honest(400)
    for customer in range(400):
        rows = np.arange(month.payment_first[customer], month.payment_first[customer + 1])
        rows = rows[month.payments.is_present[rows]]
        latitude, longitude = month.payments.latitude[rows], month.payments.longitude[rows]
        hours = np.diff(month.payments.event_at[rows]) / 3.6e9
        east = np.diff(longitude) * np.cos(np.radians(latitude[1:]))
        km = KM_PER_DEGREE * np.hypot(np.diff(latitude), east)
        assert (km < 1.5 + 900 * hours).all()


def test_shops_are_visited_again():
    month = honest(400)
    shares = []
    for customer in range(400):
        rows = slice(month.payment_first[customer], month.payment_first[customer + 1])
        shops = month.payments.merchant_id[rows]
        shops = shops[shops != NO_ID]
        if len(shops) >= 60:
            shares.append(np.unique(shops, return_counts=True)[1].max() / len(shops))
    assert 0.07 < np.median(shares) < 0.30


def test_present_payments_lie_around_their_merchant_by_an_isotropic_jitter_of_the_configured_scale():
    payments = honest(400).payments
    places = small_world().merchants.select("merchant_id", "latitude", "longitude")
    rows = payments.is_present & (payments.channel != ATM) & (payments.merchant_country == 0)
    at = {merchant: (latitude, longitude) for merchant, latitude, longitude in places.iter_rows()}
    where = np.array([at[merchant] for merchant in payments.merchant_id[rows].tolist()])
    metres = KM_PER_DEGREE * 1000
    north = (payments.latitude[rows] - where[:, 0]) * metres
    east = (payments.longitude[rows] - where[:, 1]) * metres * np.cos(np.radians(where[:, 0]))
    rms, count = society().behaviour.jitter.payment_rms_metres, rows.sum()
    single_precision = 0.5  # metres: float32 degrees
    for axis in (north, east):
        assert abs(axis.mean()) < 4 * rms / np.sqrt(2 * count) + single_precision
        assert abs(axis.std() - rms / np.sqrt(2)) < 4 * rms / 2 / np.sqrt(count) + single_precision
    assert abs(np.corrcoef(north, east)[0, 1]) < 4 / np.sqrt(count)


def test_most_remote_payments_come_from_home_and_carry_its_cell():
    month, people = honest(200), society(200).people
    payments = month.payments
    owner = np.repeat(np.arange(200), np.diff(month.payment_first))
    at_home = payments.h3_cell_r7 == people.home_h3_cell_r7[owner]
    rows = ~payments.is_present & at_home
    off = np.abs(payments.latitude[rows] - people.home_latitude[owner[rows]])
    assert (off < 0.006).mean() > 0.9  # the rest come from a shop in the same cell
    assert 0.7 < at_home[~payments.is_present].mean() < 0.99


def _km(payments, latitude, longitude):
    north, east = payments.latitude - latitude, (payments.longitude - longitude) * np.cos(np.radians(latitude))
    return KM_PER_DEGREE * np.hypot(north, east)


def test_a_pick_has_the_weight_of_its_member():
    cumulative = np.array([0.5, 1.0, 0.1, 0.3, 0.6, 1.0])
    slices = Slices(np.array([0, 2, 6]), np.array([7, 8, 1, 2, 3, 4], dtype=np.int32), cumulative)
    draws, table = (np.arange(10_000) + 0.5) / 10_000, alias_table(slices, np.arange(9))
    picked = [pick_of(Choices(slices.first, table), 1, draw) for draw in draws]
    assert np.abs(np.bincount(picked) - np.array([0, 1000, 2000, 3000, 4000])).max() <= 4


def test_alias_tables_keep_the_weights_of_every_slice():
    size = society().life.merchants.shape[0]
    tiers = build_tiers(
        *(small_world().merchants.sort("merchant_id")[name].to_numpy() for name in ("h3_cell_r7", "region_id")),
        np.random.default_rng(1).pareto(1.0, size) + 0.1,
    )
    table, first = alias_table(tiers.slices, np.arange(size)), tiers.slices.first
    for slot in range(len(first) - 1):
        rows = table[first[slot] : first[slot + 1]]
        weight = np.zeros(size)
        np.add.at(weight, rows["member"], rows["threshold"] / len(rows))
        np.add.at(weight, rows["other"], (1 - rows["threshold"]) / len(rows))
        shares = np.diff(tiers.slices.cumulative[first[slot] : first[slot + 1]], prepend=0.0)
        assert np.allclose(weight[tiers.slices.members[first[slot] : first[slot + 1]]], shares, atol=1e-12)


def test_merchant_code_category_and_cell_belong_together():
    payments = honest(200).payments
    frame = small_world().merchants
    codes = dict(frame.select("merchant_id", "merchant_category_code").iter_rows())
    cells = dict(frame.select("merchant_id", "h3_cell_r7").iter_rows())
    rows = np.flatnonzero(payments.is_present & (payments.channel != ATM) & (payments.merchant_country == 0))
    for row in rows[:500]:
        merchant = int(payments.merchant_id[row])
        assert payments.merchant_category_code[row] == codes[merchant]
        assert payments.h3_cell_r7[row] == cells[merchant]
