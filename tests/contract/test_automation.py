"""The schedule that moves simulated time, and the sensor that watches the map."""

import datetime as dt
import pathlib

import dagster as dg

from riskfabric_assets.assets.schedules import advance_one_day
from riskfabric_assets.assets.sensors import new_extract
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import record_through

ROOT = pathlib.Path(__file__).parents[2]


def settings_in(tmp_path, **changes):
    return resolve({"RISKFABRIC_HOME": str(tmp_path / "home"), "RISKFABRIC_PROFILE": "tiny", **changes}, ROOT)


def test_the_schedule_waits_until_something_was_made(tmp_path):
    assert isinstance(advance_one_day(settings_in(tmp_path))(), dg.SkipReason)


def test_the_schedule_asks_for_the_day_after_the_mark_in_the_partition_of_its_month(tmp_path):
    settings = settings_in(tmp_path)
    Home(settings.home).root.mkdir(parents=True)
    record_through(Home(settings.home), dt.date(2025, 9, 30))
    request = advance_one_day(settings)()
    assert request.partition_key == "2025-10"
    assert request.run_config["ops"]["payments"]["config"]["through"] == "2025-10-01"


def test_the_sensor_notices_a_new_extract_once(tmp_path):
    extract = tmp_path / "map.osm.pbf"
    extract.write_bytes(b"first")
    settings = settings_in(tmp_path, RISKFABRIC_OSM_PATH=str(extract))
    sensor, context = new_extract(settings), dg.build_sensor_context()
    assert isinstance(sensor(context), dg.RunRequest)
    assert isinstance(sensor(context), dg.SkipReason)
    extract.write_bytes(b"the second, longer one")
    assert isinstance(sensor(context), dg.RunRequest)
