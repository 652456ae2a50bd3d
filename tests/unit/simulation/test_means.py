"""With what people pay."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import AUTHENTICATIONS, CHANNELS, ENTRY_MODES
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_ID
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
    on_phone = np.isin(payments.channel, [INSTANT, WALLET])
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


def test_declines_have_the_rates_of_the_pack():
    payments, rates = honest(COUNT).payments, society(COUNT).payments.declines.instant
    rows = payments.channel == INSTANT
    from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS

    for name in ("wrong_pin", "technical", "account_blocked"):
        share = (payments.decline_reason[rows] == DECLINE_REASONS.index(name)).mean()
        assert abs(share - rates[name]) < 4 * np.sqrt(rates[name] / rows.sum())
