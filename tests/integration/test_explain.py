"""`riskfabric explain` against a literal home."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from riskfabric_assets.cli import app
from riskfabric_assets.foundation.errors import ConfigError, InputError, WarehouseError
from riskfabric_assets.stories.reading import event_id_of_text, gather
from riskfabric_assets.stories.telling import tell
from riskfabric_assets.warehouse.run import Run
from tests.exported_home import ASHA, ASHA_ACCOUNT, EVENTS, make_home, movement, rows_of


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    settings = make_home(tmp_path_factory.mktemp("explained"))
    plan = {"attack_id": 31, "customer_id": ASHA, "campaign_id": 41, "actor_id": 51, "count_steps": 3}
    report = {
        "event_id": 1004, "customer_id": ASHA, "label_event_kind": "confirmed", "made_by": "bank",
        "accepted_share": 1.0, "label_event_known_at": dt.datetime.fromisoformat("2025-08-20"),
    }  # fmt: skip
    run = Run(settings)
    run.store("plan/attacks", rows_of("plan/attacks", plan), "2025-08")
    change = movement(2006, "2025-08", 6, ASHA_ACCOUNT, "sim_change", 0)
    run.store("bronze/account_events", rows_of("bronze/account_events", *EVENTS["2025-08"], change), "2025-08")
    run.store("bronze/label_events", rows_of("bronze/label_events", report), "2025-08")
    return settings


def _explain(settings, monkeypatch, *words):
    monkeypatch.setenv("RISKFABRIC_HOME", str(settings.home))
    monkeypatch.setenv("RISKFABRIC_PROFILE", "tiny")
    return CliRunner().invoke(app, ["explain", *words])


def test_a_fraud_of_the_home_is_told_with_names_and_plan(settings):
    story = tell(gather(settings, 1004))
    assert (story.verdict, story.asked.customer, story.attack.planned_steps) == ("fraud", "Asha Rao", 3)
    assert story.asked.receiver == "account 900 at another bank"
    assert story.asked.device == "a device that no customer owns (79)"
    assert [each.what for each in story.learned] == ["confirmed by bank, 100% of the amount accepted"]


def test_an_honest_transfer_is_followed_onto_the_account_of_another_customer(settings):
    story = tell(gather(settings, 1002))
    assert story.verdict == "honest"
    assert [(flow.receiver, flow.credit_event_id) for flow in story.money] == [("Ravi Das (account 12)", 2003)]


def test_the_credit_of_a_transfer_leads_to_its_payment(settings):
    story = tell(gather(settings, 2003))
    assert (story.asked.customer, story.about_payment_id) == ("Ravi Das", 1002)
    assert [each.event_id for each in story.day] == [1002]


def test_an_account_event_is_told_with_an_attack_only_when_one_is_near_on_the_same_account(settings):
    assert tell(gather(settings, 2001)).attack is None
    near = tell(gather(settings, 2006))
    assert (near.verdict, near.about_payment_id, near.attack.attack_id) == ("event", 1004, 31)


def test_a_cash_machine_is_named(settings):
    assert tell(gather(settings, 1007)).asked.receiver == "cash machine of Bank A"


def test_every_event_of_the_home_has_a_story(settings):
    for event_id in (*range(1001, 1009), *range(2001, 2007)):
        assert tell(gather(settings, event_id)).event_id == event_id


def test_the_command_prints_the_story(settings, monkeypatch):
    result = _explain(settings, monkeypatch, "1004")
    assert result.exit_code == 0
    assert "The attack, step by step" in result.output
    assert "Payments planned: 3; made: 2; approved: 2." in result.output


def test_the_command_prints_json_that_can_be_read(settings, monkeypatch):
    told = json.loads(_explain(settings, monkeypatch, "1004", "--json").output)
    assert (told["attack"]["typology"], told["asked"]["amount_minor"]) == ("upi_scam", 900_000)
    assert told["asked"]["at_utc"] == "2025-08-06T20:00:00"


def test_an_unknown_id_is_told_with_one_that_exists(settings):
    with pytest.raises(InputError, match=r"found 5; expected an event of this home\n  fix: .*riskfabric explain 1004"):
        gather(settings, 5)


def test_a_home_that_has_not_been_made_is_told_with_the_command_that_makes_it(settings, tmp_path):
    import dataclasses

    with pytest.raises(WarehouseError, match="fix: riskfabric demo"):
        gather(dataclasses.replace(settings, home=tmp_path / "nowhere"), 1004)


def test_an_id_is_read_as_number_and_as_the_uuid_of_an_export():
    assert event_id_of_text("1004") == 1004
    assert event_id_of_text("12345678-9abc-8def-8001-000000000000") == 0x123456789ABCDEF1


@pytest.mark.parametrize("text", ["", "x1", "-4", "9223372036854775808", "12345678-9abc-4def-8001-000000000000"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(ConfigError, match="expected a whole number, or the UUID of an export"):
        event_id_of_text(text)
