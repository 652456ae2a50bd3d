"""Crime that changes over the months: each month follows from the schedule alone, and bad schedules are refused."""

import dataclasses

import numpy as np
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.crime import Change
from riskfabric_assets.typologies.drift import load_drift, registry_of
from riskfabric_assets.typologies.engine import inject_month, plan_month
from riskfabric_assets.typologies.registry import Registry
from tests.underworld import honest, registry, settings, underworld

HORIZON = ("2025-08", "2025-12")
BEFORE, TURN, AFTER = "2025-08", "2025-10", "2025-11"


def change(month=TURN, typology="upi_scam", **numbers) -> Change:
    stated = {key: {"value": value, "unit": unit, "source": "test"} for key, (value, unit) in numbers.items()}
    return Change(month=month, typology=typology, numbers=stated)


def points(*changes: Change):
    return load_drift(settings().typologies, {}, "mix", changes, HORIZON)


def problem_of(*changes: Change) -> str:
    with pytest.raises(ConfigError) as error:
        points(*changes)
    return str(error.value)


def drifting(*changes: Change, of: Registry | None = None):
    return dataclasses.replace(underworld(of=of), drift=points(*changes))


def same_attacks(a, b) -> bool:
    return all(np.array_equal(left, right) for left, right in zip(a, b, strict=True))


def same_plans(a, b) -> bool:
    return a.attacks.keys() == b.attacks.keys() and all(
        same_attacks(a.attacks[name], b.attacks[name]) for name in a.attacks
    )


MORE_SCAMS = change(weight=(3.5, "weight"))
DEARER_SCAMS = change(AFTER, amount_low=(3.0, "ratio"), amount_high=(8.0, "ratio"))


def test_a_number_holds_from_its_month_until_the_next_change():
    found = points(change(AFTER, weight=(0.1, "weight")), MORE_SCAMS)
    weights = {
        month: next(
            each.params.weight for each in registry_of(registry(), found, month).typologies if each.name == "upi_scam"
        )
        for month in (BEFORE, "2025-09", TURN, AFTER, "2025-12")
    }
    assert list(weights.values()) == [0.35, 0.35, 3.5, 0.1, 0.1]


def test_changes_pile_up_over_the_months():
    last = registry_of(registry(), points(DEARER_SCAMS, MORE_SCAMS), "2025-12")
    params = next(each.params for each in last.typologies if each.name == "upi_scam")
    assert (params.weight, params.amount_low, params.amount_high) == (3.5, 3.0, 8.0)


def test_turning_points_say_what_is_new():
    assert [(point.month, point.changes) for point in points(DEARER_SCAMS, MORE_SCAMS)] == [
        (TURN, ("upi_scam: weight = 3.5",)),
        (AFTER, ("upi_scam: amount_low = 3.0", "upi_scam: amount_high = 8.0")),
    ]


def test_months_before_a_turning_point_are_those_without_a_schedule():
    assert same_plans(plan_month(drifting(MORE_SCAMS), BEFORE), plan_month(underworld(), BEFORE))


def test_without_a_schedule_no_month_moves():
    assert points() == ()
    assert same_plans(plan_month(drifting(), AFTER), plan_month(underworld(), AFTER))


def test_a_weight_moves_shares_and_not_the_amount_of_fraud():
    world, plain = drifting(MORE_SCAMS), underworld()
    rows = [
        {name: int(each.count_steps.sum()) for name, each in plan_month(of, TURN).attacks.items()}
        for of in (world, plain)
    ]
    assert rows[0]["upi_scam"] > 2 * rows[1]["upi_scam"]
    assert rows[0]["velocity_abuse"] < rows[1]["velocity_abuse"]
    assert sum(rows[0].values()) == pytest.approx(sum(rows[1].values()), rel=0.35)


def test_a_turning_point_keeps_the_actors():
    world = drifting(MORE_SCAMS)
    found = plan_month(world, TURN).attacks["upi_scam"]
    plain = plan_month(underworld(), TURN).attacks["upi_scam"]
    assert set(found.actor.tolist()) == set(plain.actor.tolist())


def test_a_parameter_changes_its_typology_and_no_other():
    world, plain = drifting(DEARER_SCAMS), underworld()
    plans = [plan_month(of, AFTER) for of in (world, plain)]
    assert same_plans(*plans)
    wanted = [inject_month(of, plan, honest(AFTER)) for of, plan in zip((world, plain), plans, strict=True)]
    amounts = [dict(zip(each.payments.event_id, each.payments.amount_minor, strict=True)) for each in wanted]
    scams = set(wanted[1].fraud.filter(typology="upi_scam")["event_id"])
    untouched = set(amounts[1]) - scams
    both = scams & set(amounts[0])
    assert np.mean([amounts[0][event] / amounts[1][event] for event in both]) > 1.3
    moved = [event for event in untouched & set(amounts[0]) if amounts[0][event] != amounts[1][event]]
    assert len(moved) <= len(untouched) // 50  # accounts that are attacked twice share their money


def test_disabling_a_typology_with_a_schedule_leaves_the_others_as_they_were():
    off = Registry(
        tuple(
            dataclasses.replace(each, params=each.params.model_copy(update={"is_enabled": each.name != "upi_scam"}))
            for each in registry().typologies
        )
    )
    documents = dict(settings().typologies)
    document = documents["upi_scam"]
    documents["upi_scam"] = dataclasses.replace(document, content={**document.content, "is_enabled": False})
    drift = load_drift(documents, {}, "mix", (MORE_SCAMS,), HORIZON)
    found = plan_month(dataclasses.replace(underworld(of=off), drift=drift), TURN).attacks
    full = plan_month(drifting(MORE_SCAMS), TURN).attacks
    assert "upi_scam" not in found
    assert all(same_attacks(found[name], full[name]) for name in found)


def test_every_problem_of_a_schedule_is_told_at_once():
    text = problem_of(
        change("2025-07", weight=(1, "weight")),
        change("2026-01", weight=(1, "weight")),
        change(typology="upi_scan", weight=(1, "weight")),
        change(amont_low=(1, "ratio")),
        change(typology="sim_swap", weight=(-1, "weight")),
        change(typology="velocity_abuse", gap_low=(1, "minutes")),
        change(typology="bust_out", discovery=(1, "days")),
    )
    assert "drift.0.month: found 2025-07; expected a month that can be made, 2025-08 to 2025-12" in text
    assert "drift.1.month: found 2026-01" in text
    assert "did you mean 'upi_scam'?" in text
    assert "drift.3.numbers.amont_low: found an unknown key" in text
    assert "did you mean 'amount_low'?" in text
    assert "drift.4.numbers: weight" in text
    assert "unit 'minutes'; expected unit 'seconds'" in text
    assert "drift.6.numbers.discovery: found a key that stays the same" in text


def test_one_month_has_one_value_of_a_number():
    assert "another value than in drift.0" in problem_of(MORE_SCAMS, change(weight=(1, "weight")))


def test_weights_that_all_fade_are_refused():
    fading = [change(typology=each.name, weight=(0, "weight")) for each in registry().typologies]
    assert "weights that sum to 0" in problem_of(*fading)
