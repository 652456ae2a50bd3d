"""A wrong line in config/events.yaml is named with its place and its remedy, and every wrong line at once."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.event_fields import CATEGORY_GROUPS, KnownNames
from riskfabric_assets.packs.events import EventFile
from riskfabric_assets.packs.settings import packaged_config, resolve
from riskfabric_assets.packs.validation import validate

KNOWN = KnownNames("india", ("anywhere", "india"), ("Bihar", "Goa", "Kerala"), ("BANK_A", "BANK_B"))


def quantity(value, unit):
    return {"value": value, "unit": unit, "source": "assumed"}


def small_file():
    """One entry of every kind."""
    episodes = {
        "worlds": ["india"],
        "lost_shares": quantity({"BANK_A": 0.01, "atm": 0.002}, "share"),
        "monthly_log_sd": quantity(0.5, "log"),
        "median_duration": quantity(60, "minutes"),
        "duration_log_sd": quantity(0.5, "log"),
        "declined_share": quantity(0.5, "share"),
    }
    return {
        "trends": {
            "india": {
                "reference_month": "2025-07",
                "count_growth": quantity(0.3, "share per year"),
                "ticket_change": quantity(-0.05, "share per year"),
            }
        },
        "inflation": {
            "food": {
                "worlds": ["india"],
                "covers": ["GROCERY"],
                "rates": quantity({"2025-01": 0.05}, "share per year"),
            }
        },
        "price_steps": {
            "plans": {"worlds": ["india"], "covers": ["telecom"], "steps": quantity({"2025-03": 1.2}, "ratio")}
        },
        "events": {
            "fair": {
                "title": "Fair",
                "kind": "festival",
                "worlds": ["india"],
                "dates": {2025: [{"first": dt.date(2025, 8, 3), "last": dt.date(2025, 8, 5)}]},
                "regions": ["Kerala"],
                "effects": {"volume": quantity(1.5, "ratio"), "weights": quantity({"jewellery": 2.0}, "ratio")},
            },
            "night": {
                "title": "Night",
                "kind": "festival",
                "worlds": ["india"],
                "yearly": [{"first": "12-31", "last": "12-31"}],
                "effects": {"hours": quantity({23: 2.0}, "ratio"), "channels": quantity({"online": 1.2}, "ratio")},
            },
        },
        "outages": {"episodes": episodes},
        "named_outages": {
            "dark": {
                "title": "Dark",
                "worlds": ["india"],
                "banks": ["BANK_A"],
                "channels": [],
                "first": dt.datetime.fromisoformat("2025-08-04 10:00"),
                "last": dt.datetime.fromisoformat("2025-08-04 12:00"),
                "declined_share": quantity(0.5, "share"),
            }
        },
    }


def set_path(content, path, value):
    *parents, last = path
    for parent in parents:
        content = content[parent]
    content[last] = value


def problems_of(content, known=KNOWN):
    with pytest.raises(ConfigError) as error:
        validate(Document("config/events.yaml", content), EventFile, known)
    return error.value.problems


FAIR, NIGHT = ("events", "fair"), ("events", "night")
BACKWARDS = {2025: [{"first": dt.date(2025, 8, 5), "last": dt.date(2025, 8, 3)}]}
OVERLAPPING = {
    2025: [
        {"first": dt.date(2025, 8, 1), "last": dt.date(2025, 8, 3)},
        {"first": dt.date(2025, 8, 3), "last": dt.date(2025, 8, 4)},
    ]
}
MORNING = dt.datetime.fromisoformat("2025-08-04 09:00")
CASES = [
    ((*FAIR, "worlds"), ["indai"], "events.fair.worlds.0", "'indai'", "did you mean 'india'?"),
    ((*FAIR, "regions"), ["Keralla", "Goo"], "events.fair.regions", "'Keralla', 'Goo'", "; did you mean 'Goa'?"),
    ((*FAIR, "effects", "weights", "value"), {"jewellers": 2.0}, "weights.jewellers", "'jewellers'", "'jewellery'"),
    ((*FAIR, "effects", "weights", "value"), {"GROCERRY": 2.0}, "weights.GROCERRY", "'GROCERRY'", "'GROCERY'"),
    ((*NIGHT, "effects", "channels", "value"), {"onlin": 2.0}, "channels.onlin", "'onlin'", "'online'"),
    ((*NIGHT, "effects", "hours", "value"), {24: 2.0}, "events.night.effects.hours.24", "24", "20:00"),
    ((*FAIR, "dates"), BACKWARDS, "events.fair.dates", "2025-08-05 to 2025-08-03 (reversed)", "correct"),
    ((*FAIR, "dates"), OVERLAPPING, "events.fair.dates", "(overlapping)", "correct"),
    ((*FAIR, "dates"), {2024: BACKWARDS[2025]}, "events.fair.dates", "2025-08-05 under 2024", "correct"),
    ((*NIGHT, "yearly"), [{"first": "12-31", "last": "01-01"}], "events.night.yearly", "(reversed)", "correct"),
    ((*NIGHT, "yearly"), [{"first": "02-29", "last": "12-31"}], "events.night.yearly.0.first", "'02-29'", "12-31"),
    ((*FAIR, "effects", "volume", "value"), 0.0, "events.fair.effects.volume", "0", "0.05 for nearly nothing"),
    ((*FAIR, "effects", "weights", "value"), {"fuel": -1.0}, "events.fair.effects.weights.fuel", "-1", "write 1"),
    ((*FAIR, "effects"), {}, "events.fair.effects", "no effect", "remove the event"),
    ((*NIGHT, "regions"), ["Goa"], "events.night", "regions together with channels, hours", "remove regions"),
    ((*FAIR, "yearly"), [{"first": "12-31", "last": "12-31"}], "events.fair", "dates and yearly", "keep one"),
    ((*FAIR, "dates"), {}, "events.fair", "no days", "keep one"),
    ((*FAIR, "kind"), "festivity", "events.fair.kind", "'festivity'", "correct"),
    ((*FAIR, "titles"), "Fair", "events.fair.titles", "an unknown key", "did you mean 'title'?"),
    ((*FAIR, "effects", "volum"), 1.0, "events.fair.effects.volum", "an unknown key", "did you mean 'volume'?"),
    (("trends",), {}, "trends", "nothing for 'india'", "add trends.india"),
    (("trends", "india", "reference_month"), "July", "trends.india.reference_month", "'July'", "2025-07"),
    (("outages", "episodes", "lost_shares", "value"), {"BANK_Q": 0.1}, "lost_shares", "'BANK_Q'", "'BANK_"),
    (("named_outages", "dark", "banks"), ["BANK_Q"], "named_outages.dark.banks", "'BANK_Q'", "'BANK_"),
    (("named_outages", "dark", "last"), MORNING, "named_outages.dark", "09:00", "swap"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place", "found", "fix"), CASES)
def test_a_wrong_value_is_named_with_place_and_remedy(path, value, place, found, fix):
    content = small_file()
    set_path(content, path, value)
    (problem,) = problems_of(content)
    assert problem.place.startswith("config/events.yaml: ")
    assert place in problem.place
    assert found in problem.found
    assert fix in problem.fix


def test_spending_that_is_inflated_twice_is_refused():
    content = small_file()
    content["inflation"]["meals"] = content["inflation"]["food"]
    (problem,) = problems_of(content)
    assert problem.found == "GROCERY in food and meals"


def test_all_problems_of_the_file_are_told_at_once():
    content = small_file()
    separate = [case for case in CASES if case[0] not in {(*FAIR, "effects"), ("trends",)}]
    chosen = {
        case[0]: case for case in separate if case[0][-1] in ("kind", "banks", "reference_month", "titles", "volum")
    }
    for path, value, *_ in chosen.values():
        set_path(content, path, value)
    content["events"]["night"]["worlds"] = ["mars", "venus"]
    places = " ".join(problem.place for problem in problems_of(content))
    assert all(place in places for _, _, place, _, _ in chosen.values())
    assert "events.night.worlds.0" in places
    assert "events.night.worlds.1" in places


def test_regions_and_banks_of_other_worlds_are_not_looked_at():
    content = small_file()
    content["trends"]["anywhere"] = content["trends"]["india"]
    validate(Document("config/events.yaml", content), EventFile, KNOWN._replace(world="anywhere", regions=(), banks=()))


def test_a_wrong_file_stops_the_run_with_the_regions_of_its_pack(tmp_path):
    import shutil

    folder = Path(shutil.copytree(packaged_config(), tmp_path / "config"))
    text = (folder / "events.yaml").read_text()
    (folder / "events.yaml").write_text(text.replace("regions: [Kerala]", "regions: [Kerela]"))
    with pytest.raises(ConfigError, match=r"config/events.yaml: events.onam.regions: found 'Kerela'") as error:
        resolve({"RISKFABRIC_CONFIG": str(folder)}, Path("nowhere"))
    assert "did you mean 'Kerala'?" in str(error.value)


def test_a_run_sees_the_events_of_its_world_alone():
    events = resolve({"RISKFABRIC_WORLD": "anywhere"}, Path("nowhere")).config.events
    assert "new_years_eve" in events.events
    assert "diwali" not in events.events


def test_events_are_part_of_the_identity():
    variable = {"RISKFABRIC_EVENTS__EVENTS__ONAM__EFFECTS__VOLUME": "1.2"}
    assert resolve(variable, Path("nowhere")).identity != resolve({}, Path("nowhere")).identity


def test_every_spending_group_belongs_to_one_category():
    groups = [group for members in CATEGORY_GROUPS.values() for group in members]
    assert sorted(groups) == sorted(SPENDING_GROUPS)


def test_periods_are_cut_to_the_days_that_are_asked_for():
    event = resolve({}, Path("nowhere")).config.events.events["weddings"]
    found = list(event.periods_between(dt.date(2025, 2, 10), dt.date(2026, 1, 20)))
    assert [(f"{period.first}", f"{period.last}") for period in found] == [
        ("2025-02-10", "2025-02-20"),
        ("2025-04-20", "2025-06-10"),
        ("2025-11-12", "2025-12-15"),
        ("2026-01-16", "2026-01-20"),
    ]


def test_monthly_days_beyond_a_short_month_are_its_last_day():
    content = small_file()
    del content["events"]["night"]["yearly"]
    content["events"]["night"]["monthly"] = quantity([1, 2, 31], "day of month")
    event = validate(Document("config/events.yaml", content), EventFile, KNOWN).events["night"]
    found = list(event.periods_between(dt.date(2025, 2, 1), dt.date(2025, 2, 28)))
    assert [(period.first.day, period.last.day) for period in found] == [(1, 2), (28, 28)]


def test_the_file_of_this_test_is_valid_and_survives_yaml():
    content = yaml.safe_load(yaml.safe_dump(small_file()))
    assert validate(Document("config/events.yaml", content), EventFile, KNOWN).of_world("india").events.keys() == {
        "fair",
        "night",
    }
