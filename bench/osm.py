"""Reading extracts: megabytes of PBF per CPU-second, and peak memory at two sizes with what it means for 1.5 GB."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osmium

from bench._copies import lay_copies, repeat_blobs
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.nodes import read_nodes
from riskfabric_assets.osm.references import ExtractOptions, extract_references, targets_in
from riskfabric_assets.osm.sample.extract import write_sample_extract

EXTRACTS = Path(os.environ.get("RISKFABRIC_BENCH_EXTRACTS", Path(__file__).parents[2] / "shared" / "data" / "osm"))
LEAST_BYTES = 100_000_000
COPIES = (25, 75)
COUNTRY_BYTES = 1_500_000_000
ID_MARKS_MB = 1_629
"""Marks of needed nodes when ids up to 13e9 touch every chunk of 4 MB; a small extract does not show them."""


def measure() -> list[dict[str, object]]:
    Streams(0).bits("warm", [1])
    rows = sample_rows()
    names = ("helsinki.osm.pbf", "liechtenstein.osm.pbf")
    if all((EXTRACTS / name).is_file() for name in names):
        rows += node_rows([EXTRACTS / name for name in names])
        rows += memory_rows(EXTRACTS / "liechtenstein.osm.pbf")
    return rows


def sample_rows() -> list[dict[str, object]]:
    """Writing and reading the default world; rows are tagged objects."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.osm.pbf")
        write, report = timed(lambda: write_sample_extract(path))
        read, _ = timed(lambda: extract_references(path, targets_in(Path(folder)), ExtractOptions(admin_levels=(4, 5))))
    objects = report.tagged_objects
    return [row("osm: write sample", objects, write), row("osm: read sample", objects, read)]


def node_rows(sources: list[Path]) -> list[dict[str, object]]:
    """The node pass against an unfiltered loop; rows are kB of PBF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "repeated.osm.pbf")
        size = repeat_blobs(sources, path, LEAST_BYTES)
        ours, _ = timed(lambda: sum(batch.places.height for batch in read_nodes(path, Streams(0))))
        bare, _ = timed(lambda: sum(1 for _ in osmium.FileProcessor(str(path), osmium.osm.NODE)))
    baseline = row("osm: every node in Python (kB)", size // 1000, bare)
    passed = row("osm: node pass (kB)", size // 1000, ours)
    ratio = float(passed["rows_per_cpu_s"]) / float(baseline["rows_per_cpu_s"])
    return [baseline, passed | {"baseline": baseline["name"], "ratio_to_baseline": round(ratio, 1)}]


def memory_rows(source: Path) -> list[dict[str, object]]:
    """Peak memory at two sizes, each in a process of its own, and their straight line at 1.5 GB; rows are kB."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for copies in COPIES:
            path = Path(folder, f"{copies}.osm.pbf")
            lay_copies(source, path, copies)
            code = f"import json, bench.osm as module; print(json.dumps(module.whole_extract({str(path)!r})))"
            done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
            results.append(json.loads(done.stdout.splitlines()[-1]))
    (small, low), (large, high) = ((result["rows"], result["peak_rss_mb"]) for result in results)
    country = low + (high - low) / (large - small) * (COUNTRY_BYTES // 1000 - small)
    line: dict[str, object] = {"name": "osm: 1.5 GB on that line, with id marks", "rows": COUNTRY_BYTES // 1000}
    line["peak_rss_mb"] = round(country + ID_MARKS_MB)
    return [*results, line]


def whole_extract(path: str) -> dict[str, object]:
    """Read an extract as a country is read: only the nodes that are needed are indexed."""
    options = ExtractOptions(admin_levels=(6, 8), small_extract_bytes=0)
    with tempfile.TemporaryDirectory() as folder:
        spent, _ = timed(lambda: extract_references(Path(path), targets_in(Path(folder)), options))
    size = Path(path).stat().st_size
    return row(f"osm: whole extract of {size // 1_000_000} MB (kB)", size // 1000, spent)


def timed(work):
    usage, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return (cpu, time.perf_counter() - wall, peak_mb()), result


def peak_mb() -> float:
    """Peak resident memory of this process alone; getrusage would hand down the parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def row(name, rows, spent) -> dict[str, object]:
    cpu, wall, peak = spent
    measured = {
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "rows_per_cpu_s": rows / cpu,
        "peak_rss_mb": round(peak),
    }
    return {"name": name, "rows": rows, **measured}
