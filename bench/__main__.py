"""Run the measurements, print them as a table and write them to bench/results/latest.json (not in version control)."""

import json
import os
import pathlib
import platform
import subprocess
import sys

from rich.console import Console
from rich.table import Table

FOLDER = pathlib.Path(__file__).parent
COLUMNS = ("name", "rows", "cpu_s", "wall_s", "rows_per_cpu_s", "peak_rss_mb", "baseline", "ratio_to_baseline")


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    chosen = [name for name in names if name == only or not only]
    if not chosen:
        print(f"no measurement '{only}'; there are: {', '.join(names)}", file=sys.stderr)
        return 2
    here = machine()
    rows = [{**row, "module": name, "machine": here} for name in chosen for row in measured_apart(name)]
    target = FOLDER / "results" / "latest.json"
    target.parent.mkdir(exist_ok=True)
    kept = [row for row in json.loads(target.read_text()) if row["module"] not in chosen] if target.exists() else []
    target.write_text(json.dumps([*kept, *rows], indent=2) + "\n")
    Console(width=160).print(table_of(rows))
    print(f"{here}\nwritten to {target}")
    return 0


def measured_apart(name: str) -> list[dict[str, object]]:
    """Run one module in a process of its own, so that peak memory and caches are its own."""
    code = f"import json, bench.{name} as module; print(json.dumps(module.measure()))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def table_of(rows: list[dict[str, object]]) -> Table:
    table = Table(title="bench", title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in ("name", "baseline") else "right")
    for row in rows:
        table.add_row(*(text_of(row.get(column)) for column in COLUMNS))
    return table


def text_of(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 1_000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    sys.exit(main())
