"""`tell`: evidence in, story out. Pure: no file, no clock."""

import datetime as dt
from typing import Final

import polars as pl

from riskfabric_assets.stories.evidence import Evidence
from riskfabric_assets.stories.happenings import Row, event_of, payment_of, receiver_of
from riskfabric_assets.stories.story import Attack, Comrade, Flow, Happening, Learned, Step, Story

ANOMALIES: Final = {
    "has_geo_anomaly": "foreign place",
    "has_device_anomaly": "attacker's device",
    "has_ip_anomaly": "attacker's network",
}
GIVEN_BACK: Final = ("refund", "returned_debit", "reversal")


def tell(evidence: Evidence) -> Story:
    """Tell the story of the event that the evidence is about.

    Raises:
        ValueError: The evidence does not hold the event.
    """
    payments = {row["event_id"]: row for row in evidence.payments.to_dicts()}
    events = {row["event_id"]: row for row in evidence.events.to_dicts()}
    asked_id = evidence.event_id
    if asked_id not in payments and asked_id not in events:
        raise ValueError(f"no event {asked_id} in the evidence")
    asked = payment_of(payments[asked_id]) if asked_id in payments else event_of(events[asked_id])
    answered = asked_id if asked_id in payments else asked.related_event_id
    subject = evidence.near_payment_id if answered is None else answered
    attack = _attack(evidence, payments, subject)
    money = _money(evidence, payments, subject)
    label = evidence.labels.filter(pl.col("event_id").eq_missing(pl.lit(subject)))
    return Story(
        event_id=asked_id,
        asked=asked,
        verdict="event" if answered is None else _verdict(attack),
        about_payment_id=None if subject == asked_id else subject,
        attack=attack,
        money=money,
        meanwhile=_meanwhile(evidence, events, money) if attack else (),
        learned=_learned(evidence, payments, subject),
        label_known_at_utc=label["label_known_at"][0] if label.height else None,
        day=_day(payments, events, (payments.get(answered) if answered else None) or events[asked_id]),
    )


def _verdict(attack: Attack | None) -> str:
    if attack is None:
        return "honest"
    return "claimed" if attack.is_claimed else "fraud"


def _attack(evidence: Evidence, payments: dict[int, Row], subject: int | None) -> Attack | None:
    rows = evidence.fraud.to_dicts()
    if not rows:
        return None
    first = next((row for row in rows if row["event_id"] == subject), rows[0])
    planned = {row["attack_id"]: row for row in evidence.attacks.to_dicts()}
    plan = planned.get(first["attack_id"])
    victim = plan["customer_id"] if plan else first["customer_id"]
    names = {row["customer_id"]: row["customer_name"] for row in payments.values()}
    return Attack(
        attack_id=first["attack_id"],
        typology=first["typology"],
        actor_id=plan["actor_id"] if plan else None,
        campaign_id=first["campaign_id"],
        campaign_day=first["campaign_day"],
        campaign_phase=first["campaign_phase"],
        is_claimed=first["is_claimed"],
        victim_id=victim,
        victim=(plan["victim_name"] if plan else names.get(victim)) or f"customer {victim}",
        start_at_utc=plan["start_at"] if plan else None,
        planned_steps=plan["count_steps"] if plan else None,
        steps=tuple(_step(row, payments[row["event_id"]], subject) for row in _in_time(rows, payments)),
        campaign=tuple(_comrade(row) for row in planned.values() if row is not plan),
    )


def _in_time(rows: list[Row], payments: dict[int, Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (payments[row["event_id"]]["event_at"], row["step"], row["event_id"]))


def _step(row: Row, payment: Row, subject: int | None) -> Step:
    anomalies = tuple(text for name, text in ANOMALIES.items() if row[name])
    return Step(row["step"], row["phase"], row["event_id"] == subject, payment_of(payment), anomalies)


def _comrade(row: Row) -> Comrade:
    return Comrade(
        attack_id=row["attack_id"],
        victim_id=row["customer_id"],
        victim=row["victim_name"] or f"customer {row['customer_id']}",
        start_at_utc=row["start_at"],
        planned_steps=row["count_steps"],
        payments=row["count_payments"],
        amount_minor=row["amount_minor"],
    )


def _subjects(evidence: Evidence, subject: int | None) -> dict[int, int | None]:
    """Return the payments that the story is about, with their step in the attack."""
    steps = dict(zip(evidence.fraud["event_id"], evidence.fraud["step"], strict=True))
    return steps or ({} if subject is None else {subject: None})


def _money(evidence: Evidence, payments: dict[int, Row], subject: int | None) -> tuple[Flow, ...]:
    """Follow the money of approved payments, and what came back of it."""
    steps = _subjects(evidence, subject)
    followers = [row for row in evidence.events.to_dicts() if row["related_event_id"] in steps]
    credited_by = {
        row["related_event_id"]: row["event_id"] for row in followers if row["event_kind"] == "transfer_credit"
    }
    is_crime = not evidence.fraud["is_claimed"].all() if evidence.fraud.height else False
    flows = [
        _flow(payments[event_id], step, credited_by.get(event_id), is_crime=is_crime)
        for event_id, step in steps.items()
        if event_id in payments and payments[event_id]["status"] == "approved"
    ]
    flows += [_back(row, steps[row["related_event_id"]]) for row in followers if row["event_kind"] in GIVEN_BACK]
    return tuple(sorted(flows, key=lambda flow: (flow.at_local, flow.event_id)))


def _flow(row: Row, step: int | None, credit: int | None, is_crime: bool) -> Flow:
    return Flow(
        event_id=row["event_id"],
        step=step,
        at_local=row["event_at_local"],
        payer=row["customer_name"] or f"customer {row['customer_id']}",
        receiver=receiver_of(row),
        way=_way(row, is_crime),
        amount_minor=row["amount_minor"],
        currency_code=row["currency_code"],
        credit_event_id=credit,
    )


def _way(row: Row, is_crime: bool) -> str:
    if row["payee_name"] is not None:
        return "mule account" if is_crime else "account of this bank"
    if row["payee_id"] is not None:
        return "account elsewhere"
    return "cash" if row["payment_kind"] == "cash_withdrawal" else "merchant"


def _back(row: Row, step: int | None) -> Flow:
    return Flow(
        event_id=row["event_id"],
        step=step,
        at_local=row["event_at_local"],
        payer=str(row["counterparty_id"] or "the bank"),
        receiver=row["customer_name"] or f"customer {row['customer_id']}",
        way=f"given back: {row['event_kind'].replace('_', ' ')}",
        amount_minor=row["amount_minor"],
        currency_code=row["currency_code"],
        credit_event_id=row["event_id"],
    )


def _meanwhile(evidence: Evidence, events: dict[int, Row], money: tuple[Flow, ...]) -> tuple[Happening, ...]:
    """Return events of the accounts involved around the attack that are not part of the money's way already."""
    told = {flow.credit_event_id for flow in money}
    attacked = evidence.payments.filter(pl.col("event_id").is_in(evidence.fraud["event_id"].to_list()))
    accounts = {*attacked["account_id"].to_list(), *attacked["payee_id"].drop_nulls().to_list()}
    return tuple(
        event_of(row) for row in events.values() if row["account_id"] in accounts and row["event_id"] not in told
    )


def _learned(evidence: Evidence, payments: dict[int, Row], subject: int | None) -> tuple[Learned, ...]:
    """Return what the bank's engine said at once, and the life of the reports that came later."""
    steps = _subjects(evidence, subject)
    end = dt.datetime.combine(evidence.through, dt.time.max)
    found = [
        Learned(event_id, step, row["event_at"], f"engine declined by rule {row['engine_rule']}", is_yet_to_come=False)
        for event_id, step in steps.items()
        if (row := payments.get(event_id)) and row["engine_rule"]
    ]
    for row in evidence.label_events.to_dicts():
        known, share = row["label_event_known_at"], row["accepted_share"]
        part = "" if share is None else f", {share:.0%} of the amount accepted"
        what = f"{row['label_event_kind'].replace('_', ' ')} by {row['made_by'].replace('_', ' ')}{part}"
        found.append(Learned(row["event_id"], steps.get(row["event_id"]), known, what, known > end))
    return tuple(sorted(found, key=lambda each: (each.known_at_utc, each.event_id)))


def _day(payments: dict[int, Row], events: dict[int, Row], subject: Row) -> tuple[Happening, ...]:
    def is_of_day(row: Row) -> bool:
        return bool(row["customer_id"] == subject["customer_id"] and row["event_date"] == subject["event_date"])

    lived = [payment_of(row) for row in payments.values() if is_of_day(row)]
    lived += [event_of(row) for row in events.values() if is_of_day(row)]
    return tuple(sorted(lived, key=lambda each: (each.at_utc, each.event_id)))
