"""Slow twin of changes: what happens to the account of one customer in a month, told as a story, line by line.

Events are (local microseconds, kind, device or card slot): DEVICE is whichever device is in use, None stands for none.
"""

import bisect
import math
from collections.abc import Iterator

import numpy as np

from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.packs.account_events import AccountEvents
from riskfabric_assets.simulation.society import Society

DAY, MINUTE, SECOND = 86_400_000_000, 60_000_000, 1_000_000
DEVICE = "in use"
ONE_BY_ONE = (
    "sim",
    "email",
    "address",
    "pin",
    "link",
    "link_burst",
    "login",
    "unknown_device",
    "failed",
    "login",
)
Event = tuple[int, str, object]


class Story:
    """The draws of one customer under one key."""

    def __init__(self, society: Society, rules: AccountEvents, slot: int, key: np.uint64) -> None:
        self.society, self.rules, self.slot, self.key = society, rules, slot, key

    def u(self, number: int) -> float:
        return uniform_at(self.key, number)

    def moment(self, draw: float) -> int:
        moments = self.society.changes.moments
        when = int(np.interp(draw, np.linspace(0, 1, moments.shape[0]), moments))
        return (when + int(self.society.life.customers[self.slot]["phase_microseconds"])) % DAY

    def soon(self, local: int, number: int, minutes: float) -> int:
        return local + SECOND + int(-math.log(1 - self.u(number)) * minutes * MINUTE)

    def step(self, local: int, number: int) -> int:
        return self.soon(local, number, self.rules.pace.minutes)

    def within_days(self, local: int, number: int) -> int:
        days, midnight = int(self.u(number) * self.rules.pace.follow_up_days), local // DAY * DAY
        if days == 0:
            return local + 1 + int(self.u(number + 1) * (midnight + DAY - 1 - local))
        return midnight + days * DAY + self.moment(self.u(number + 1))

    def place(self, number: int, device: object = DEVICE) -> object:
        return device if self.u(number) < self.rules.pace.remote_share else None

    def bind(self, local: int, base: int) -> Iterator[Event]:
        login = self.step(local, base)
        yield login, "login", DEVICE
        yield self.step(login, base + 1), "device_binding", DEVICE

    def new_number(self, local: int, base: int) -> Iterator[Event]:
        yield local, "sim_change", None
        told = self.step(local, base)
        yield told, "phone_change", self.place(base + 1)
        yield from self.bind(told, base + 2)

    def links(self, local: int, device: object, base: int) -> Iterator[Event]:
        sizes = np.cumsum(self.rules.links.burst_sizes)[:-1].tolist()
        for link in range(3 + bisect.bisect_right(sizes, self.u(base))):
            yield local, "bank_link", device
            local = self.soon(local, base + 1 + link, self.rules.links.burst_minutes)

    def sim(self, local: int, base: int) -> Iterator[Event]:
        if self.u(base + 1) < self.rules.sim.new_number_share:
            yield from self.new_number(local, base + 2)
            return
        yield local, "sim_change", None
        if self.u(base + 7) < self.rules.sim.rebinding_share:
            yield from self.bind(local, base + 8)

    def email(self, local: int, base: int) -> Iterator[Event]:
        yield local, "email_change", self.place(base + 1)

    def pin(self, local: int, base: int) -> Iterator[Event]:
        yield local, "pin_reset", self.place(base + 1)

    def address(self, local: int, base: int) -> Iterator[Event]:
        yield local, "address_change", self.place(base + 1)
        if self.u(base + 2) < self.rules.address.email_share:
            yield self.step(local, base + 3), "email_change", self.place(base + 1)
        if self.u(base + 4) < self.rules.address.new_number_share:
            yield from self.new_number(self.within_days(local, base + 5), base + 7)

    def link(self, local: int, _base: int) -> Iterator[Event]:
        yield local, "bank_link", DEVICE

    def link_burst(self, local: int, base: int) -> Iterator[Event]:
        yield from self.links(local, DEVICE, base + 1)

    def login(self, local: int, _base: int) -> Iterator[Event]:
        yield local, "login", DEVICE

    def unknown_device(self, local: int, _base: int) -> Iterator[Event]:
        yield local, "login", None

    def failed(self, local: int, base: int) -> Iterator[Event]:
        for attempt in range(5):
            yield local, "login", DEVICE
            local = self.step(local, base + 3 + 2 * attempt)
            if self.u(base + 2 + 2 * attempt) >= 1 - 1 / self.rules.logins.failed_attempts:
                break
        if self.u(base + 1) < self.rules.logins.failed_pin_reset_share:
            yield local, "pin_reset", self.place(base + 20)

    def new_device(self, first_day: int, device: int, is_replacement: bool) -> Iterator[Event]:
        login, shares = first_day * DAY + self.moment(self.u(0)), self.rules.devices
        bound = min(self.step(login, 1), (first_day + 1) * DAY - 1)
        yield login, "login", device
        yield bound, "device_binding", device
        if is_replacement and self.u(2) < shares.pin_reset_share:
            yield self.step(bound, 3), "pin_reset", self.place(4, device)
        if is_replacement and self.u(5) < shares.sim_change_share:
            yield max(login - SECOND, first_day * DAY), "sim_change", None
        if is_replacement and self.u(6) < shares.email_change_share:
            yield self.within_days(bound, 7), "email_change", self.place(9, device)
        if is_replacement and self.u(10) < shares.relink_share:
            yield from self.links(self.step(bound, 11), device, 12)


def poisson(draw: float, rate: float) -> int:
    """Smallest number whose cumulative probability exceeds the draw, at most 12."""
    total = 0.0
    for count in range(12):
        total += math.exp(-rate) * rate**count / math.factorial(count)
        if draw < total:
            return count
    return 12


def events_of_month(
    society: Society, rules: AccountEvents, slot: int, first_day: int, months: list[tuple]
) -> list[Event]:
    """Return what happens to one customer in a month, in order of time.

    Args:
        society: People and habits.
        rules: Settings of account events.
        slot: Customer slot.
        first_day: First day of the month, days since 1970-01-01.
        months: (month index, first day, days, year) of the month before and of the month.
    """
    person, changes, stop_day = society.life.customers[slot], society.changes, months[1][1] + months[1][2]
    found: list[Event] = []
    for card in range(person["card_first"], person["card_stop"]):
        for kind, number, day in (
            ("card_block", 15, int(changes.card_blocked_day[card])),
            ("card_reissue", 16, int(changes.card_reissued_day[card])),
        ):
            entity = int(person["ordinal"]) * 256 + 128 + card - int(person["card_first"])
            story = Story(society, rules, slot, np.uint64(key_of(changes.belongings_stream, entity, day)))
            found.append((day * DAY + story.moment(story.u(number)), kind, card))
    for device in range(person["device_first"], person["device_stop"]):
        day = int(society.people.device_first_seen_day[device])
        entity = int(person["ordinal"]) * 256 + device - int(person["device_first"])
        story = Story(society, rules, slot, np.uint64(key_of(changes.belongings_stream, entity, day)))
        found += story.new_device(day, device, bool(changes.replaces_device[device]))
    for index, first, days, year in months:
        story = Story(society, rules, slot, np.uint64(key_of(changes.stream, int(person["ordinal"]), index)))
        for process, name in enumerate(ONE_BY_ONE):
            rate = float(changes.rules[0]["rates"][process, year - int(society.people.birth_year[slot])])
            rate = float(changes.return_rate[slot]) if process == len(ONE_BY_ONE) - 1 else rate
            for episode in range(poisson(story.u(process), rate)):
                base = 64 * (1 + 12 * process + episode)
                local = (first + int(story.u(base) * days)) * DAY + story.moment(story.u(base + 63))
                found += getattr(story, name)(local, base)
    return sorted((event for event in found if first_day <= event[0] // DAY < stop_day), key=str)
