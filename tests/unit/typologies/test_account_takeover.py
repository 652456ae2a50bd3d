import functools

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from tests.underworld import deeds, deviations, planned, society, typology

PARAMS = typology("account_takeover").params
HOUR = MICROSECONDS_PER_DAY // 24


@functools.cache
def rows() -> pl.DataFrame:
    return deeds("account_takeover")


def test_attackers_bring_their_own_device_and_network():
    people = society().people
    assert not rows()["device_id"].is_in(people.device_id.tolist()).any()
    assert rows()["has_device_anomaly"].all()
    assert rows()["has_ip_anomaly"].all()


def test_amounts_rise_with_every_step_until_the_limit():
    """A spare payment behind the last planned one is the same again."""
    attacks = planned().attacks["account_takeover"]
    planned_steps = dict(zip(attacks.attack_id.tolist(), attacks.count_steps.tolist(), strict=True))
    largest = dict(enumerate(society().life.rules[0]["largest_minor"].tolist()))
    pairs = (
        rows()
        .filter(pl.col("step") <= pl.col("attack_id").replace_strict(planned_steps))
        .with_columns(
            before=pl.col("amount_minor").shift().over("attack_id"),
            limit=pl.col("channel").cast(pl.Int64).replace_strict(largest),
        )
        .drop_nulls("before")
    )
    assert pairs.height > 100
    is_at_limit = pairs["amount_minor"] == pairs["limit"]
    assert ((pairs["amount_minor"] > pairs["before"]) | is_at_limit).all()


def test_drains_escalate_by_the_configured_share():
    drains = rows().filter(phase="drain").with_columns(before=pl.col("amount_minor").shift().over("attack_id"))
    growth = (drains["amount_minor"] / drains["before"]).drop_nulls()
    assert abs(growth.median() - (1 + PARAMS.escalation)) < 0.05


def test_probes_come_first_and_only_once():
    phases = rows().group_by("attack_id", maintain_order=True).agg("phase")["phase"].to_list()
    assert all("probe" not in own[1:] for own in phases)
    several = [own for own in phases if len(own) > 1]
    share = np.mean([own[0] == "probe" for own in several])
    assert abs(share - PARAMS.probe_share) < deviations(PARAMS.probe_share, len(several))


def test_starts_follow_the_hour_table_as_often_as_configured():
    hours = planned().attacks["account_takeover"].local_microseconds // HOUR
    own, honest = np.array(PARAMS.hours), np.array(society().payments.hour_weights)
    night = PARAMS.temporal_anomaly * own[:5].sum() / own.sum()
    night += (1 - PARAMS.temporal_anomaly) * honest[:5].sum() / honest.sum()
    assert abs((hours < 5).mean() - night) < deviations(night, hours.shape[0])


def test_channels_have_the_configured_shares():
    """Online falls back to UPI where the victim has no card."""
    shares = dict(rows().group_by("channel").len().iter_rows())
    banking = shares[CHANNELS.index("bank_transfer")] / rows().height
    attacks = rows()["attack_id"].n_unique()
    assert abs(banking - PARAMS.channels["bank_transfer"]) < deviations(PARAMS.channels["bank_transfer"], attacks)
