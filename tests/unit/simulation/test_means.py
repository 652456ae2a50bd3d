"""With what people pay."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import AUTHENTICATIONS, CHANNELS, DECLINE_REASONS, ENTRY_MODES
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_CODE, NO_ID
from riskfabric_assets.simulation.kernels.decisions import issuer_decline, outage_share
from riskfabric_assets.simulation.month import lived_month
from tests.societies import honest, society

COUNT = 400
INSTANT, WALLET, POS, ONLINE, BANKING, ATM = (
    CHANNELS.index(name) for name in ("instant", "wallet", "pos", "online", "bank_transfer", "atm")
)


def owners():
    return np.repeat(np.arange(COUNT), np.diff(honest(COUNT).payment_first))


def test_only_active_valid_cards_of_active_accounts_pay():
    life, payments = society(COUNT).life, honest(COUNT).payments
    slots = {int(card): slot for slot, card in enumerate(life.cards["card_id"])}
    rows = np.flatnonzero(payments.card_id != NO_ID)
    cards = life.cards[[slots[card] for card in payments.card_id[rows].tolist()]]
    assert cards["is_usable"].all()
    assert (cards["activated_day"] <= payments.event_date[rows]).all()
    assert (payments.event_date[rows] <= cards["expiry_day"]).all()
    assert (life.accounts["account_id"][cards["account"]] == payments.account_id[rows]).all()


def test_cards_pay_at_terminals_online_and_for_cash_only():
    payments = honest(COUNT).payments
    assert (np.isin(payments.channel, [POS, ONLINE, ATM]) == (payments.card_id != NO_ID)).all()


def test_terminals_show_no_device_network_or_address():
    payments = honest(COUNT).payments
    at_terminal = np.isin(payments.channel, [POS, ATM])
    for column, null in (
        (payments.device_id, NO_ID),
        (payments.network, NO_ID),
        (payments.user_agent, NO_ID),
        (payments.ip_address, NO_ADDRESS),
    ):
        assert ((column == null) == at_terminal).all()


def test_presence_and_entry_mode_follow_the_channel():
    payments = honest(COUNT).payments
    modes = {name: ENTRY_MODES.index(name) for name in ENTRY_MODES}
    assert payments.is_present[np.isin(payments.channel, [POS, ATM])].all()
    assert not payments.is_present[np.isin(payments.channel, [ONLINE, BANKING])].any()
    assert set(payments.entry_mode[payments.channel == POS]) <= {modes["chip"], modes["contactless"]}
    assert set(payments.entry_mode[payments.channel == ONLINE]) == {modes["ecommerce"]}
    on_phone = np.isin(payments.channel, [INSTANT, WALLET]) & (payments.entry_mode != modes["mandate"])
    assert (payments.entry_mode[on_phone] == np.where(payments.is_present[on_phone], modes["qr"], modes["app"])).all()


def test_taps_stay_within_the_card_limit_and_chips_ask_for_the_pin():
    payments = honest(COUNT).payments
    taps = payments.entry_mode == ENTRY_MODES.index("contactless")
    assert payments.amount_minor[taps].max() <= 500_000
    chips = payments.entry_mode == ENTRY_MODES.index("chip")
    assert (payments.authentication[chips] == AUTHENTICATIONS.index("pin")).all()


def test_channel_shares_are_those_of_the_pack():
    payments, shares = honest(COUNT).payments, society(COUNT).payments.channels
    cards = (shares["pos"] + shares["online"] + shares["atm"]) * len(payments.channel)
    wallet = (payments.channel == WALLET).mean()
    overdispersion = 3  # customers differ in their taste for remote channels and in how often they pay
    assert abs(wallet - shares["wallet"]) < overdispersion * 4 * np.sqrt(shares["wallet"] / len(payments.channel))
    assert (payments.card_id != NO_ID).sum() < cards * 1.2


def test_addresses_lie_in_the_slice_of_their_network():
    payments, networks = honest(COUNT).payments, society(COUNT).life.networks
    rows = payments.network != NO_ID
    own = networks[payments.network[rows]]
    offset = payments.ip_address[rows].astype(np.int64) - own["base"]
    assert (offset > 0).all()
    assert (offset < own["size"] - 1).all()


def test_a_household_keeps_its_address_for_many_days():
    month, people = honest(COUNT), society(COUNT).people
    payments, owner = month.payments, owners()
    at_home = ~payments.is_present & (payments.network == people.network[owner])
    pairs = len(set(zip(owner[at_home].tolist(), payments.event_date[at_home].tolist(), strict=True)))
    addresses = len(set(zip(owner[at_home].tolist(), payments.ip_address[at_home].tolist(), strict=True)))
    assert addresses < pairs / 2


def test_most_payments_are_made_on_an_own_device_and_some_on_a_borrowed_one():
    payments, owner, people = honest(COUNT).payments, owners(), society(COUNT).people
    rows = payments.device_id != NO_ID
    mine = np.isin(payments.device_id[rows], people.device_id)
    borrowed = society(COUNT).behaviour.devices.use["borrowed"]
    assert abs((1 - mine.mean()) - borrowed) < 4 * np.sqrt(borrowed / rows.sum())
    holder = np.repeat(np.arange(COUNT), np.diff(people.device_first))
    slot = {int(device): int(who) for device, who in zip(people.device_id, holder, strict=True)}
    used = payments.device_id[rows][mine].tolist()
    assert all(slot[device] == who for device, who in zip(used, owner[rows][mine].tolist(), strict=True))


def test_declines_have_the_rates_of_the_pack_but_for_what_rules_decline():
    rules, rates = society(COUNT).life.rules.view(np.recarray)[0], society(COUNT).payments.declines.instant
    draws = (np.arange(200_000) + 0.5) / 200_000
    reasons = np.array([issuer_decline(rules, np.ones(2), INSTANT, False, draw) for draw in draws])
    drawn = {"issuer_risk_rule": society(COUNT).habits.bank_rules.score_share}
    for name, rate in rates.items():
        assert abs((reasons == DECLINE_REASONS.index(name)).mean() - rate * drawn.get(name, 1.0)) < 1e-4


def test_a_bank_with_double_factors_declines_twice_as_often():
    rules = society(COUNT).life.rules.view(np.recarray)[0]
    draws = (np.arange(50_000) + 0.5) / 50_000
    shares = [
        np.mean([issuer_decline(rules, np.full(2, factor), INSTANT, False, draw) != NO_CODE for draw in draws])
        for factor in (1.0, 2.0)
    ]
    assert abs(shares[1] / shares[0] - 2) < 0.01


def test_an_outage_is_felt_by_its_bank_and_channel_alone():
    month, people = honest(COUNT), society(COUNT)
    lived = lived_month(people, month.month)
    assert lived.outages.shape[0] > 0
    for row in lived.outages[:40]:
        day = max(int(np.searchsorted(lived.midnight_at, row["start_us"], side="right")) - 1, 0)
        bank, channel = max(int(row["bank"]), 0), max(int(row["channel"]), 0)
        moment = max(int(row["start_us"]), int(lived.midnight_at[0]))
        if moment < row["stop_us"]:
            assert outage_share(lived, bank, channel, day, moment) >= row["declined_share"]
    assert outage_share(lived, 0, INSTANT, 0, int(lived.midnight_at[0]) - 10**12) == 0.0
