"""A month of changing crime depends on the schedule and on nothing that was made before it."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.packs.crime import Change
from riskfabric_assets.typologies.drift import load_drift, registry_of
from riskfabric_assets.typologies.engine import plan_month
from tests.underworld import registry, underworld
from tests.underworld import settings as run_settings

MONTHS = ("2025-08", "2025-09", "2025-10", "2025-11", "2025-12")
TYPOLOGIES = ("upi_scam", "sim_swap", "bust_out")
CHANGES = st.lists(
    st.builds(
        lambda month, typology, weight: Change(
            month=month,
            typology=typology,
            numbers={"weight": {"value": weight, "unit": "weight", "source": "test"}},
        ),
        st.sampled_from(MONTHS),
        st.sampled_from(TYPOLOGIES),
        st.sampled_from([0.0, 0.1, 1.0, 5.0]),
    ),
    max_size=3,
    unique_by=lambda change: (change.month, change.typology),
)


def arrays(plan):
    return {name: [column.tobytes() for column in map(np.asarray, each)] for name, each in plan.attacks.items()}


@settings(max_examples=6, deadline=None)
@given(changes=CHANGES, order=st.permutations(MONTHS))
def test_any_month_made_alone_and_in_any_order_is_the_same(changes, order):
    drift = load_drift(run_settings().typologies, {}, "mix", changes, (MONTHS[0], MONTHS[-1]))
    world, again = (dataclasses.replace(underworld(0.02), drift=drift) for _ in range(2))
    together = {month: arrays(plan_month(world, month)) for month in order}
    assert arrays(plan_month(again, order[-1])) == together[order[-1]]
    stated = underworld(0.02, of=registry_of(registry(), drift, order[-1]))
    expected = {name: each.ordinal.size for name, each in plan_month(stated, order[-1]).attacks.items()}
    assert {name: each.ordinal.size for name, each in plan_month(world, order[-1]).attacks.items()} == expected
