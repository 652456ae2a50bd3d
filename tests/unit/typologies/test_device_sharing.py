"""Device sharing: more than five users on one phone within seven days, each a different customer."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import deeds, frame, injected, planned, society, typology

NAME = "device_sharing"
WEEK = 7 * 86_400_000_000


def crews() -> pl.DataFrame:
    attacks = planned().attacks[NAME]
    return pl.DataFrame({"attack_id": attacks.attack_id, "crew": attacks.actor, "start_at": attacks.start_at})


def test_more_than_five_users_pay_on_one_phone_within_seven_days():
    uses = (
        deeds(NAME)
        .group_by("device_id")
        .agg(pl.col("customer_id").n_unique(), (pl.col("event_at").max() - pl.col("event_at").min()).alias("span"))
    )
    assert uses.height == crews()["crew"].n_unique() > 0
    assert uses["customer_id"].min() > 5
    assert uses["customer_id"].max() <= typology(NAME).params.members_high
    assert uses["span"].max() <= WEEK


def test_a_crew_has_one_phone_one_line_one_place_and_few_accounts():
    rows = deeds(NAME).join(crews(), on="attack_id")
    shared = rows.group_by("crew").agg(
        pl.col("device_id", "ip_address", "network", "user_agent", "h3_cell_r7", "payee_id").n_unique()
    )
    for name in ("device_id", "ip_address", "network", "user_agent", "h3_cell_r7"):
        assert shared[name].max() == 1
    assert shared["payee_id"].max() <= typology(NAME).params.payees
    assert set(rows["payment_kind"]) == {PAYMENT_KINDS.index("transfer")}
    assert rows["has_device_anomaly"].all()


def test_nobody_is_in_a_crew_twice():
    rows = deeds(NAME).join(crews(), on="attack_id")
    assert rows.group_by("customer_id").agg(pl.col("attack_id").n_unique())["attack_id"].max() == 1


def test_everybody_logs_in_and_the_phone_is_bound_before_the_first_payment():
    events = frame(injected().events._asdict())
    first = deeds(NAME).group_by("customer_id", "device_id").agg(pl.col("event_at").min())
    for kind in ("login", "device_binding"):
        before = events.filter(event_kind=EVENT_KINDS.index(kind)).join(
            first, on=("customer_id", "device_id"), suffix="_paid"
        )
        assert before.height == first.height
        assert (before["event_at"] < before["event_at_paid"]).all()


def test_the_phone_is_nobodys_own():
    assert set(deeds(NAME)["device_id"]).isdisjoint(society().people.device_id.tolist())
