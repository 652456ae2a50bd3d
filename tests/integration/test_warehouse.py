"""The warehouse on a real disk: atomic writes, locks, identities, views."""

import datetime as dt
import errno
import shutil
import subprocess
import sys

import duckdb
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import ContractError, StaleError, WarehouseError
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import LAKE_TABLES, TABLES
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.population.draw import Population, draw_blocks, draw_population
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.doctor import examine, repair
from riskfabric_assets.warehouse.parquet import atomic_path, metadata_of, write_pieces
from riskfabric_assets.warehouse.run import Run
from tests.people import demography
from tests.worlds import small_world

LABELS = TABLES["bronze/labels"]


@pytest.fixture
def run(tmp_path):
    prepared = Run(resolve({"RISKFABRIC_HOME": str(tmp_path / "home"), "RISKFABRIC_PROFILE": "tiny"}, tmp_path))
    prepared.prepare()
    return prepared


def labels(count):
    return pl.DataFrame(
        {
            "event_id": range(count),
            "customer_id": [1] * count,
            "reported_by": pl.Series(["victim"] * count, dtype=LABELS.schema["reported_by"]),
            "event_date": [dt.date(2025, 8, 1)] * count,
            "label_known_at": [dt.datetime.fromisoformat("2025-08-02")] * count,
        },
        schema=LABELS.schema,
    )


def test_every_lake_table_is_a_view_before_anything_is_stored(run):
    for table in LAKE_TABLES:
        frame = run.query(f"select * from {table.name.replace('/', '.')}")
        assert frame.height == 0
        assert frame.columns == list(table.schema)


def test_a_stored_month_is_read_back_and_seen_in_the_view(run):
    run.store("bronze/labels", labels(3), "2025-08")
    assert run.read("bronze/labels", "2025-08").height == 3
    assert run.query("select count(*) as n from bronze.labels")["n"].item() == 3


def test_a_file_says_that_it_is_synthetic_and_of_which_identity(run):
    path = run.store("bronze/labels", labels(1), "2025-08")
    metadata = metadata_of(path)
    assert metadata["riskfabric.synthetic"] == "true"
    assert metadata["riskfabric.identity"] == run.settings.identity


def test_a_frame_that_breaks_its_contract_leaves_the_old_file(run):
    run.store("bronze/labels", labels(3), "2025-08")
    with pytest.raises(ContractError):
        run.store("bronze/labels", labels(3).drop("reported_by"), "2025-08")
    assert run.read("bronze/labels", "2025-08").height == 3


def test_a_writer_that_dies_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "table" / "all.parquet"
    with atomic_path(path) as temporary:
        temporary.write_text("old")

    def die():
        with atomic_path(path) as temporary:
            temporary.write_text("half of the n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        pl.exceptions.ComputeError("No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_named_and_the_temporary_file_removed(tmp_path, error):
    path = tmp_path / "table" / "all.parquet"

    def fill():
        with atomic_path(path) as temporary:
            temporary.write_text("x")
            raise error

    with pytest.raises(WarehouseError, match="free space"):
        fill()
    assert list(path.parent.iterdir()) == []


def test_a_table_that_was_never_made_names_the_command(run):
    with pytest.raises(StaleError, match="riskfabric materialize --select bronze/labels --partition 2025-09"):
        run.read("bronze/labels", "2025-09")


def test_a_file_of_another_identity_is_refused(run, tmp_path):
    run.store("bronze/labels", labels(1), "2025-08")
    other = Run(
        resolve({"RISKFABRIC_HOME": str(run.home.root), "RISKFABRIC_PROFILE": "tiny", "RISKFABRIC_SEED": "1"}, tmp_path)
    )
    with pytest.raises(StaleError, match=run.settings.identity):
        other.read("bronze/labels", "2025-08")


def test_a_home_of_another_identity_is_refused_with_the_remedy(run, tmp_path):
    other = resolve(
        {"RISKFABRIC_HOME": str(run.home.root), "RISKFABRIC_PROFILE": "tiny", "RISKFABRIC_SEED": "1"}, tmp_path
    )
    with pytest.raises(StaleError, match="RISKFABRIC_HOME"):
        Run(other).prepare()


def test_a_locked_warehouse_names_the_process_that_holds_it(run):
    script = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(run.home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match=f"process {holder.pid}"), open_warehouse(run.home, memory_mb=500):
            pass
        finding = next(finding for finding in examine(run.settings) if finding.check == "lock")
        assert not finding.is_well
        assert str(holder.pid) in finding.detail
    finally:
        holder.communicate("\n", timeout=20)


def test_a_connection_is_closed_when_its_body_fails(run):
    def fail():
        with open_warehouse(run.home, memory_mb=500):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    script = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"
    subprocess.run([sys.executable, "-c", script, str(run.home.warehouse)], check=True)


def test_any_client_reads_every_schema_without_an_extension(run):
    with duckdb.connect(str(run.home.warehouse), read_only=True) as connection:
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall():
            connection.execute(f'select * from {schema}."{name}"').fetchall()


def test_the_doctor_mends_a_home_that_has_moved(run, tmp_path):
    run.store("bronze/labels", labels(2), "2025-08")
    moved = run.home.root.rename(tmp_path / "moved")
    settings = resolve({"RISKFABRIC_HOME": str(moved), "RISKFABRIC_PROFILE": "tiny"}, tmp_path)
    assert not next(finding for finding in examine(settings) if finding.check == "views").is_well
    repair(settings)
    assert all(finding.is_well for finding in examine(settings))
    assert Run(settings).query("select count(*) as n from bronze.labels")["n"].item() == 2


def test_the_doctor_gives_an_older_home_the_tables_that_it_lacks(run):
    shutil.rmtree(run.home.folder_of(TABLES["serving/replay_parity"]))
    with open_warehouse(run.home, memory_mb=500) as connection:
        connection.execute("drop schema serving cascade")
    repair(run.settings)
    assert run.query("select count(*) as n from serving.replay_parity")["n"].item() == 0


def test_a_run_killed_in_the_middle_of_a_partition_loses_nothing(run):
    """Kill a writer with signal 9 when half of the new file lies on the disk."""
    path = run.store("bronze/labels", labels(3), "2025-08")
    script = (
        "import sys, pathlib\n"
        "from riskfabric_assets.warehouse.parquet import atomic_path\n"
        "with atomic_path(pathlib.Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_bytes(b'PAR1 and no end')\n"
        "    print('half', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "half\n"
    writer.kill()
    writer.communicate(timeout=20)
    assert run.query("select count(*) as n from bronze.labels")["n"].item() == 3
    leftovers = next(finding for finding in examine(run.settings) if finding.check == "leftovers")
    assert not leftovers.is_well
    repair(run.settings)
    run.store("bronze/labels", labels(5), "2025-08")
    assert run.query("select count(*) as n from bronze.labels")["n"].item() == 5
    assert sorted(file.name for file in path.parent.iterdir()) == [
        ".contract",
        "0000-schema.parquet",
        "2025-08.parquet",
    ]


def test_tables_in_pieces_are_the_tables_in_one(tmp_path):
    homes, settings = small_world().residential, demography()
    whole = draw_population(settings, homes, Streams(1), 300)
    for block in (70, 300):
        paths = {f"population/{name}": tmp_path / f"{block}-{name}.parquet" for name in Population._fields}
        pieces = draw_blocks(settings, homes, Streams(1), 300, block)
        rows = write_pieces(((TABLES[f"population/{name}"], frame) for name, frame in pieces), paths, {})
        for name, frame in whole._asdict().items():
            assert rows[f"population/{name}"] == frame.height
            assert pl.read_parquet(paths[f"population/{name}"]).equals(frame)
    assert not list(tmp_path.glob(".pieces-*"))
