"""Relays: who received money of an attack sends it on, as far as it has come; the head's block carries it all out.

`funds` judges first what is paid with own money. Relays are few, so that plain loops do.
"""

import dataclasses
from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.packs.crime import Reactions
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_CODE, NO_ID, PAYMENT_ROW, HonestMonth, Rows
from riskfabric_assets.simulation.kernels import bank_rules
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.decisions import ATM, ISSUER_RISK_RULE, LIMIT_EXCEEDED, ONLINE, POS
from riskfabric_assets.simulation.kernels.scratch import CREDIT
from riskfabric_assets.simulation.month import live_month, month_end
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.typologies.draws import Int64s, subkeys_of, uniforms_of
from riskfabric_assets.typologies.funds import LEAST_PART, NO_LIMIT, STEP_MINOR, settle
from riskfabric_assets.typologies.payments import APPROVED, DECLINED
from riskfabric_assets.typologies.reactions import STOP
from riskfabric_assets.typologies.recruits import Reservations, reserve
from riskfabric_assets.world.clock import NEVER

REVERSAL, TRANSFER_CREDIT = (EVENT_KINDS.index(kind) for kind in ("reversal", "transfer_credit"))
_CLOSING_STREAM: Final = 1 << 21
"""The moment at which a purse is closed is drawn apart from the steps."""


@dataclasses.dataclass
class Purse:
    """What a relay has brought to one account, and what has left it."""

    row: int
    """Attempt that filled it first."""
    customer: int
    account: int
    received_minor: int = 0
    sent_minor: int = 0
    last_at: int = 0
    refusals: int = 0
    is_refused: bool = False
    """Whether the last step was."""
    paid: list[np.void] = dataclasses.field(default_factory=list)
    """Approved payments of the relay from the account."""


class Limits:
    """What the bank allows payers of relays: what is left of the limits of a day, and which rule a payment breaks."""

    def __init__(self, society: Society, honest: HonestMonth, reserved: HonestMonth) -> None:
        """Remember a block's month, and the same one without what relays reserve there."""
        self._society, self._honest, self._reserved = society, honest, reserved
        self._lived: dict[int, HonestMonth] = {}
        self._used: dict[tuple[int, int, int], int] = {}

    def left(self, wanted: np.void, is_head: bool) -> int:
        """Return what one attempt may take; a head shares its limits with those who attack it."""
        if wanted["channel"] == POS:
            return NO_LIMIT
        month, day = self._month_of(int(wanted["customer"]), is_head), int(wanted["day"])
        if wanted["channel"] in (ATM, ONLINE):
            limits = month.unused_cash_limit_minor if wanted["channel"] == ATM else month.unused_online_limit_minor
            unused = limits[wanted["card"] - month.first_card, day]
        else:
            unused = month.unused_account_limit_minor[wanted["account"] - month.first_account, day]
        return int(unused) - self._used.get(_place(wanted), 0)

    def use(self, wanted: np.void, amount_minor: int) -> None:
        """Count an approved payment."""
        place = _place(wanted)
        self._used[place] = self._used.get(place, 0) + amount_minor

    def rule_for(self, wanted: np.void, payment: np.void, is_head: bool, done: list[np.void]) -> int:
        """Return the bank's rule that a payment breaks, or NO_CODE.

        Args:
            wanted: The attempt.
            payment: Its payment.
            is_head: Whether the head pays.
            done: What the relay has paid from the account already, approved.
        """
        customer = int(wanted["customer"])
        month = self._month_of(customer, is_head)
        row = customer - month.first_customer
        lived = month.payment_rows[month.payment_first[row] : month.payment_first[row + 1]]
        known = np.concatenate([lived, np.array(done, dtype=PAYMENT_ROW)])
        known = known[known["event_at"] < payment["event_at"]]
        events = month.event_rows[month.event_first[row] : month.event_first[row + 1]]
        came = events[(events["event_kind"] == TRANSFER_CREDIT) & (events["related_event_id"] == NO_ID)]
        inflows = np.zeros(came.shape[0] + 1, dtype=CREDIT)
        for name, source in (("account_id", "account_id"), ("moment", "event_at"), ("amount_minor", "amount_minor")):
            inflows[name][:-1] = came[source]
        inflows["moment"][-1] = NEVER
        rows = known[np.argsort(known["event_at"], kind="stable")]
        return int(_rule_kernel(self._society.life, customer, rows, inflows, np.array([payment], dtype=PAYMENT_ROW)))

    def _month_of(self, customer: int, is_head: bool) -> HonestMonth:
        if self._honest.first_customer <= customer < self._honest.stop_customer:
            return self._reserved if is_head else self._honest
        if customer not in self._lived:
            self._lived[customer] = live_month(self._society, self._honest.month, customer, customer + 1)
        return self._lived[customer]


def judge(
    society: Society,
    honest: HonestMonth,
    reservations: Reservations,
    attempts: Rows,
    payments: Rows,
    reactions: Reactions,
) -> tuple[Rows, Rows]:
    """Decide in place what becomes of attempts: those with own money first, then what relays pass on.

    Args:
        society: People and habits.
        honest: The block's honest month.
        reservations: Limits that relays use.
        attempts: Records of ATTEMPT of all typologies, shape (n,).
        payments: Their payments, records of PAYMENT_ROW.
        reactions: How criminals answer a refusal.

    Returns:
        What was taken from accounts, records of DRAIN, and what stayed with relays, records of EVENT_ROW.
    """
    reserved = reserve(honest, reservations, society.people)
    own = attempts["part"] == 0
    asked, answered = attempts[own], payments[own]
    drains = settle(society.life, reserved, asked, answered, reactions)
    attempts[own], payments[own] = asked, answered
    limits, everyday = Limits(society, honest, reserved), society.life.customers["everyday_account"]
    purses = run_relays(limits, attempts, payments, everyday, reactions)
    return drains, close_purses(society, purses, attempts, honest)


def run_relays(limits: Limits, attempts: Rows, payments: Rows, everyday: Int64s, reactions: Reactions) -> list[Purse]:
    """Carry out the steps that are paid with an attack's own money, in place.

    Args:
        limits: What payers may take.
        attempts: Records of ATTEMPT of all typologies, shape (n,); what nobody tries is marked as absent.
        payments: Their payments, records of PAYMENT_ROW; those of heads have been judged.
        everyday: Slot of the everyday account of every customer.
        reactions: How criminals answer a refusal.

    Returns:
        Purses in which something has stayed.
    """
    rows = np.flatnonzero(attempts["is_relay"])
    _count_others(limits, attempts, payments, rows)
    order = np.lexsort((payments["event_at"][rows], attempts["attack_id"][rows], attempts["start_at"][rows]))
    kept: list[Purse] = []
    purses: dict[int, Purse] = {}
    attack, head = NO_ID, NO_ID
    for row in rows[order].tolist():
        wanted, payment = attempts[row], payments[row]
        if wanted["attack_id"] != attack:
            kept.extend(purses.values())
            attack, head, purses = wanted["attack_id"], wanted["customer"], {}
        if wanted["part"] > 0:
            own = purses.get(int(wanted["account"]))
            _send_on(limits, wanted, payment, own, wanted["customer"] == head, reactions)
        if wanted["is_absent"] or payment["status"] != APPROVED or wanted["payee"] < 0:
            continue
        payee = int(wanted["payee"])
        account = int(everyday[payee])
        purse = purses.setdefault(account, Purse(row, payee, account))
        purse.received_minor += int(payment["amount_minor"])
        purse.last_at = max(purse.last_at, int(payment["event_at"]))
    kept.extend(purses.values())
    return [purse for purse in kept if purse.received_minor > purse.sent_minor]


def close_purses(society: Society, purses: list[Purse], attempts: Rows, honest: HonestMonth) -> Rows:
    """Take back what stayed in purses, each by one reversal at any moment left of the month: records of EVENT_ROW."""
    events, people, clock = np.zeros(len(purses), dtype=EVENT_ROW), society.people, honest.clock
    if not purses:
        return events
    first, last_at = np.array([(each.row, each.last_at) for each in purses], dtype=np.int64).T
    customer, account = np.array([(each.customer, each.account) for each in purses], dtype=np.int64).T
    draws = uniforms_of(subkeys_of(np.ascontiguousarray(attempts["key"][first]), _CLOSING_STREAM), 0)
    events["event_id"] = attempts["closing_id"][first]
    events["customer_id"], events["account_id"] = people.customer_id[customer], people.account_id[account]
    events["card_id"] = events["device_id"] = events["counterparty_id"] = events["related_event_id"] = NO_ID
    events["event_kind"], events["account_slot"] = REVERSAL, account
    events["amount_minor"] = [each.sent_minor - each.received_minor for each in purses]
    end = month_end(clock)
    events["event_at"] = np.minimum(last_at + 1 + (draws * (end - last_at - 1)).astype(np.int64), end - 1)
    day = np.searchsorted(clock.midnight_at, events["event_at"], side="right") - 1
    events["event_date"] = clock.first_day + day
    return events


def _send_on(
    limits: Limits, wanted: np.void, payment: np.void, own: Purse | None, is_head: bool, reactions: Reactions
) -> None:
    """Judge one step: no more than its part of what came, less where the day's limit is short; then the rules."""
    amount = int(payment["amount_minor"])
    room = 0 if own is None else int(wanted["part"] * own.received_minor) - own.sent_minor
    if own is None or _is_given_up(wanted, own, reactions) or room < LEAST_PART * amount:
        wanted["is_absent"] = True
    if wanted["is_absent"] or own is None:
        return
    amount = amount if amount <= room else room // STEP_MINOR * STEP_MINOR
    left = limits.left(wanted, is_head)
    if LEAST_PART * amount <= left < amount:
        amount = left // STEP_MINOR * STEP_MINOR
    if amount <= 0:
        wanted["is_absent"] = True
        return
    payment["amount_minor"] = amount
    if payment["status"] == APPROVED and amount > left:
        payment["status"], payment["decline_reason"] = DECLINED, LIMIT_EXCEEDED
    rule = limits.rule_for(wanted, payment, is_head, own.paid) if payment["status"] == APPROVED else NO_CODE
    if rule != NO_CODE:
        payment["status"], payment["decline_reason"], payment["engine_rule"] = DECLINED, ISSUER_RISK_RULE, rule
    own.is_refused = payment["status"] != APPROVED
    if own.is_refused:
        own.refusals += 1
        return
    limits.use(wanted, amount)
    own.sent_minor += amount
    own.paid.append(payment.copy())
    own.last_at = max(own.last_at, int(payment["event_at"]))


def _is_given_up(wanted: np.void, own: Purse, reactions: Reactions) -> bool:
    if own.refusals > 0 and (wanted["mood"] == STOP or own.refusals >= reactions.most_refusals):
        return True
    return bool(wanted["is_spare"] and not own.is_refused)


def _count_others(limits: Limits, attempts: Rows, payments: Rows, rows: Int64s) -> None:
    """Count what was taken from accounts of heads with their own money."""
    own = attempts["part"] == 0
    is_taken = own & (payments["status"] == APPROVED) & ~attempts["is_absent"] & (attempts["event_kind"] == NO_CODE)
    heads = attempts["account"][rows][own[rows]]
    for row in np.flatnonzero(is_taken & np.isin(attempts["account"], heads)).tolist():
        limits.use(attempts[row], int(payments["amount_minor"][row]))


@lean_kernel
def _rule_kernel(life: Life, customer: int, rows: Rows, inflows: Rows, payments: Rows) -> int:
    payment, payer = payments[0], life.customers[customer]
    return int(bank_rules.judge(life, payer, rows, 0, rows.shape[0], inflows, payment, payment.amount_minor))


def _place(wanted: np.void) -> tuple[int, int, int]:
    """Return which limit an attempt counts against: of a card's channel, or of transfers of an account."""
    channel = int(wanted["channel"])
    if channel in (ATM, ONLINE, POS):
        return channel, int(wanted["card"]), int(wanted["day"])
    return NO_ID, int(wanted["account"]), int(wanted["day"])
