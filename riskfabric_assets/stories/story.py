"""The parts of a story. Times are on the world's clock unless the name says UTC; money is in minor units."""

import dataclasses
import datetime as dt
from typing import Final

NEVER_KNOWN: Final = "nobody has reported it, so that the bank holds it for honest."


@dataclasses.dataclass(frozen=True)
class Happening:
    """A payment or an account event, with names in place of ids."""

    event_id: int
    at_local: dt.datetime
    at_utc: dt.datetime
    customer_id: int
    customer: str
    account_id: int
    what: str
    """Kind and way: "transfer, instant (UPI)"."""
    amount_minor: int
    """What a payment asks for; what an event moves, negative for money that leaves."""
    currency_code: str
    receiver: str
    where: str
    device: str
    status: str
    """approved, declined with the reason, or recorded (an account event)."""
    engine_rule: str | None
    related_event_id: int | None


@dataclasses.dataclass(frozen=True)
class Step:
    """One payment of an attack."""

    step: int
    phase: str
    is_asked: bool
    payment: Happening
    anomalies: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Comrade:
    """Another attack of the same campaign."""

    attack_id: int
    victim_id: int
    victim: str
    start_at_utc: dt.datetime
    planned_steps: int
    payments: int
    amount_minor: int
    """Approved."""


@dataclasses.dataclass(frozen=True)
class Attack:
    """The attack that a payment belongs to."""

    attack_id: int
    typology: str
    actor_id: int | None
    campaign_id: int | None
    campaign_day: int | None
    campaign_phase: str | None
    is_claimed: bool
    """First-party fraud: honest payments that their payer disputes."""
    victim_id: int
    victim: str
    start_at_utc: dt.datetime | None
    planned_steps: int | None
    steps: tuple[Step, ...]
    campaign: tuple[Comrade, ...]


@dataclasses.dataclass(frozen=True)
class Flow:
    """Money that went from one hand to another."""

    event_id: int
    step: int | None
    at_local: dt.datetime
    payer: str
    receiver: str
    way: str
    """mule account, account of this bank, account elsewhere, merchant, cash, or given back."""
    amount_minor: int
    currency_code: str
    credit_event_id: int | None
    """The event that credits the receiver's account, where it is an account of this bank."""


@dataclasses.dataclass(frozen=True)
class Learned:
    """What the bank came to know, and when it could use it."""

    event_id: int
    step: int | None
    known_at_utc: dt.datetime
    what: str
    is_yet_to_come: bool
    """Later than the last simulated day."""


@dataclasses.dataclass(frozen=True)
class Story:
    """Everything that is told about one event."""

    event_id: int
    asked: Happening
    verdict: str
    """fraud, claimed (honest, but disputed by its payer), honest, or event (that answers no payment)."""
    about_payment_id: int | None
    """For an account event: the payment that the rest is about. It mirrors or gives it back, or is near it in time."""
    attack: Attack | None
    money: tuple[Flow, ...]
    meanwhile: tuple[Happening, ...]
    """Events of the accounts involved while the attack went on."""
    learned: tuple[Learned, ...]
    label_known_at_utc: dt.datetime | None
    day: tuple[Happening, ...]
    """What the customer did on that day, the event included."""

    def as_json(self) -> dict[str, object]:
        """Return the story as plain values; times in ISO 8601."""
        return {name: _plain(value) for name, value in dataclasses.asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
