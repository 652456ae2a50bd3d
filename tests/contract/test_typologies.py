"""What every typology must keep, found by discovery: a new file is covered before anyone writes its test."""

import functools
import itertools

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import PAYMENT_KINDS
from riskfabric_assets.foundation.tables.truth import ATTACKS, FRAUD
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID, HonestMonth
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.typologies.engine import Injection, inject_month, plan_frame, plan_month
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.registry import discover
from riskfabric_assets.typologies.steps import at_hub
from tests.underworld import (
    CUSTOMERS,
    MONTH,
    all_payments,
    deeds,
    deviations,
    frame,
    honest,
    injected,
    outcomes,
    planned,
    society,
    typology,
    underworld,
    with_params,
)

NAMES = sorted(discover())
PURCHASE, BILL, TRANSFER = (PAYMENT_KINDS.index(kind) for kind in ("purchase", "bill", "transfer"))
SECOND, MINUTE = 1_000_000, 60_000_000


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


@functools.cache
def life() -> pl.DataFrame:
    return all_payments().filter(~pl.col("is_injected"))


def combinations(rows: pl.DataFrame, *columns: str) -> set[tuple]:
    return set(rows.select(columns).iter_rows())


def test_it_has_a_version_flags_and_rows(name):
    module = typology(name).module
    assert module.INJECTOR_VERSION
    assert len(set(module.FLAGS)) == len(module.FLAGS) >= 1
    assert deeds(name).height > 0


def test_truth_names_only_its_own_flags(name):
    found = {flag for text in deeds(name)["flags"] for flag in text.split(",")}
    assert found == set(typology(name).module.FLAGS)


def test_every_row_of_truth_is_a_payment_of_the_month(name):
    assert deeds(name)["event_at"].null_count() == 0
    assert deeds(name)["event_id"].is_unique().all()


def test_it_uses_only_combinations_that_honest_life_uses(name):
    for columns in (
        ("channel", "entry_mode", "is_present"),
        ("entry_mode", "authentication"),
        ("status", "decline_reason"),
        ("merchant_country",),
        ("network",),
    ):
        assert combinations(deeds(name), *columns) <= combinations(life(), *columns)


def test_user_agents_are_those_of_honest_devices(name):
    people = society().people
    agents = {-1, *people.device_user_agent.tolist(), *people.device_app_user_agent.tolist()}
    assert set(deeds(name)["user_agent"]) <= agents


def test_addresses_lie_in_the_slice_of_their_network(name):
    networks = society().life.networks
    rows = deeds(name).filter(pl.col("network") >= 0)
    network = rows["network"].to_numpy()
    host = rows["ip_address"].to_numpy().astype(np.int64) - networks["base"][network]
    assert (host > 0).all()
    assert (host < networks["size"][network] - 1).all()


def test_merchants_move_as_a_whole(name):
    """Id, category, merchant category code and country belong together, as on the map and beyond it."""
    places = society().life.places
    columns = ("place_id", "category", "merchant_category_code", "country")
    known = set(zip(*(places[column].tolist() for column in columns), strict=True))
    rows = deeds(name).filter(pl.col("is_injected"))
    shops = rows.filter(pl.col("payment_kind").is_in([PURCHASE, BILL]))
    assert (
        combinations(shops, "merchant_id", "merchant_category", "merchant_category_code", "merchant_country") <= known
    )
    transfers = rows.filter(payment_kind=TRANSFER)
    assert combinations(transfers, "merchant_id", "merchant_category_code") <= {(NO_ID, 4829)}
    assert (transfers["payee_id"] != NO_ID).all()


def test_positions_lie_in_their_cell_up_to_the_jitter(name):
    """A remote payment shows some home: the cell is the home's, the position within a few hundred metres."""
    people = society().people
    homes = {}
    for cell, latitude, longitude in zip(
        people.home_h3_cell_r7.tolist(), people.home_latitude.tolist(), people.home_longitude.tolist(), strict=True
    ):
        homes.setdefault(cell, []).append((latitude, longitude))
    rows = deeds(name).filter(pl.col("is_injected"), ~pl.col("is_present"))
    for cell, latitude, longitude in rows.select("h3_cell_r7", "latitude", "longitude").iter_rows():
        nearest = min(
            np.hypot(latitude - north, (longitude - east) * np.cos(np.radians(north))) for north, east in homes[cell]
        )
        assert nearest * 111_195 < 6 * 100


def test_accounts_and_cards_are_the_victims_own(name):
    people = society().people
    owner = dict(zip(people.account_id.tolist(), people.customer_id[people.account_owner].tolist(), strict=True))
    account = dict(zip(people.card_id.tolist(), people.account_id[people.card_account].tolist(), strict=True))
    for customer_id, account_id, card_id in deeds(name).select("customer_id", "account_id", "card_id").iter_rows():
        assert owner[account_id] == customer_id
        assert card_id == -1 or account[card_id] == account_id


def test_seconds_of_the_minute_give_nothing_away(name):
    rows = deeds(name).unique("attack_id")
    seconds = (rows["event_at"] % MINUTE // SECOND).to_numpy()
    counts = np.bincount(seconds // 15, minlength=4)
    expected = rows.height / 4
    assert ((counts - expected) ** 2 / expected).sum() < 21.1  # chi-squared, 3 degrees of freedom, p = 1e-4


def test_some_attempts_fail_and_rules_apart_most_do_not(name):
    """As among honest payments, in two months; disputed payments have succeeded, and debits may come back by plan.

    That none fails says nothing where fewer than five failures are expected: it happens to one in a hundred and more.
    """
    params = typology(name).params
    rows = outcomes(name)
    tried = rows.filter(pl.col("payment_kind") != BILL, pl.col("engine_rule") == NO_CODE)
    assert (tried["status"] != 0).sum() < 0.5 * rows.filter(pl.col("payment_kind") != BILL).height
    is_told = isinstance(params, AttackParams) and params.decline * rows.height >= 5
    assert (rows["status"] != 0).any() or rows["is_claimed"].all() or not is_told


def test_some_of_it_gets_past_the_rules_of_the_bank(name):
    """Even of what a rule is made for: the source declines all of it."""
    assert (outcomes(name)["status"] == 0).any()


def test_attacks_lie_at_the_hub_as_often_as_configured(name):
    params = typology(name).params
    if not isinstance(params, AttackParams):
        assert not deeds(name)["has_geo_anomaly"].any()
        return
    attacks = planned().attacks[name]
    share = at_hub(attacks, params).mean()
    assert abs(share - params.geo_anomaly) < deviations(params.geo_anomaly, attacks.ordinal.shape[0])


def test_attacks_of_a_campaign_from_elsewhere_come_from_one_place(name):
    """The hub of an actor is the same for all victims; only the jitter of every payment moves it."""
    remote = ~pl.col("is_present")
    rows = (
        deeds(name).filter(remote & pl.col("has_geo_anomaly") & pl.col("has_device_anomaly")).drop_nulls("campaign_id")
    )
    places = rows.group_by("campaign_id").agg(pl.col("h3_cell_r7").n_unique())["h3_cell_r7"]
    assert places.is_empty() or places.max() == 1


def test_disabling_it_leaves_every_other_row_alone(name):
    """But those of attacks on accounts that it attacked as well: who comes second finds less and tries less, and
    passes less on."""
    world = underworld(of=with_params(name, is_enabled=False))
    without = inject_month(world, plan_month(world, MONTH), honest())
    gone = deeds(name)
    is_shared = pl.col("account_id").is_in(gone["account_id"].unique().to_list())
    found, wanted = (_of_others(made, is_shared) for made in (without, injected()))
    assert found.equals(wanted)
    assert found.height > 0.5 * injected().payments.event_id.shape[0]
    truth = injected().fraud.filter(pl.col("event_id").is_in(wanted["event_id"].to_list()))
    kept = without.fraud.filter(pl.col("event_id").is_in(wanted["event_id"].to_list()))
    assert kept.sort("event_id").equals(truth.sort("event_id"))
    assert set(without.fraud["typology"]) == set(injected().fraud["typology"]) - {name}


def test_truth_and_plan_keep_their_contracts():
    FRAUD.check(injected().fraud)
    ATTACKS.check(plan_frame(underworld(), planned()))


def test_every_fraudulent_payment_has_one_row_of_truth():
    fraud = injected().fraud
    assert fraud["event_id"].is_unique().all()
    added = set(injected().payments.event_id.tolist())
    assert added == set(fraud.filter(~pl.col("is_claimed"))["event_id"])
    assert all_payments()["event_id"].is_unique().all()


@pytest.mark.parametrize("blocks", [2, 7])
def test_blocks_of_customers_change_no_byte(blocks):
    bounds = np.linspace(0, CUSTOMERS, blocks + 1).astype(int)
    parts = [inject_month(underworld(), planned(), _block(first, stop)) for first, stop in itertools.pairwise(bounds)]
    found = np.concatenate([part.payment_rows for part in parts])
    events = np.concatenate([part.event_rows for part in parts])
    assert (np.sort(found, order="event_id") == np.sort(injected().payment_rows, order="event_id")).all()
    assert (np.sort(events, order="event_id") == np.sort(injected().event_rows, order="event_id")).all()
    truth = pl.concat(part.fraud for part in parts)
    assert truth.sort("event_id").equals(injected().fraud.sort("event_id"))


def test_honest_rows_are_read_and_never_changed():
    fresh = live_month(society(), MONTH, 0, CUSTOMERS)
    before = fresh.payment_rows.copy(), fresh.leftover_minor.copy()
    inject_month(underworld(), planned(), fresh)
    assert (fresh.payment_rows == before[0]).all()
    assert (fresh.leftover_minor == before[1]).all()


def _of_others(made: Injection, is_shared: pl.Expr) -> pl.DataFrame:
    """Payments of attacks none of whose payments is on a shared account."""
    payments = frame(made.payments._asdict())
    known = payments.join(made.fraud.select("event_id", "attack_id"), on="event_id", how="left")
    touched = known.filter(is_shared)["attack_id"].unique().to_list()
    return known.filter(~pl.col("attack_id").is_in(touched)).select(payments.columns).sort("event_id")


def _block(first: int, stop: int) -> HonestMonth:
    return live_month(society(), MONTH, int(first), int(stop))
