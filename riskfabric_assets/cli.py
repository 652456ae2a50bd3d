"""`riskfabric`: what the Dagster UI does, for a terminal, with progress and clear errors.

Of Dagster only `assets.launch` is imported, and only by the commands that materialize.
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from riskfabric_assets import sequence_commands as sequences
from riskfabric_assets.arguments import day_of_text, months_of_text, selection_of_text
from riskfabric_assets.exports.references import export_references
from riskfabric_assets.exports.tables import Format, export_portable, export_table
from riskfabric_assets.exports.writing import export_format
from riskfabric_assets.foundation.errors import RiskFabricError
from riskfabric_assets.foundation.units import month_of, months_between
from riskfabric_assets.packs.provenance import total_provenance
from riskfabric_assets.packs.settings import Settings, resolve, with_fraud_rate
from riskfabric_assets.realism.comparing.comparison import compare
from riskfabric_assets.realism.comparing.page import html_page, json_text
from riskfabric_assets.realism.comparing.sources import read_map
from riskfabric_assets.realism.comparing.terminal import comparison_tables, score_text
from riskfabric_assets.realism.homes import lake_of
from riskfabric_assets.realism.scorecard import score
from riskfabric_assets.realism.terminal import scorecard_table, verdict_line
from riskfabric_assets.stories.command import explain
from riskfabric_assets.warehouse.doctor import examine, repair
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through
from riskfabric_assets.warehouse.inspection import inspect_files
from riskfabric_assets.warehouse.quality import table_hash
from riskfabric_assets.warehouse.run import Run
from riskfabric_assets.warehouse.summary import Summary, summarize

app = typer.Typer(
    name="riskfabric",
    help="Simulate payments and payment fraud from a map, and learn to tell them apart.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
refs = typer.Typer(help="The map and the references made from it.", no_args_is_help=True)
app.add_typer(refs, name="refs")
console = Console(file=sys.stdout)

Months = Annotated[str, typer.Option("--partition", help="A month (2025-08) or a range of months (2025-08...2025-11)")]
FraudRate = Annotated[float | None, typer.Option(min=0, max=1, help="Share of customers attacked within the calendar")]
Threads = Annotated[int, typer.Option(help="Threads; 0 means as config/engine.yaml says")]


def main() -> None:
    """Run the command line; errors that a user can mend end with code 2 and no traceback."""
    try:
        app()
    except RiskFabricError as error:
        Console(stderr=True).print(f"[bold red]{type(error).__name__}[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(2)


@app.command()
def demo(
    threads: Threads = 0,
    force: Annotated[bool, typer.Option(help="Make everything again")] = False,
    fraud_rate: FraudRate = None,
) -> None:
    """Make everything, from the map to the report, and sum it up. Does nothing when nothing has changed."""
    settings = _settings(fraud_rate)
    from riskfabric_assets.assets.launch import is_fresh, mark_fresh  # noqa: PLC0415  # Dagster takes seconds to import

    if not force and is_fresh(settings):
        console.print(
            f"Nothing has changed since the last run of {settings.home}; nothing to do (--force makes it again)."
        )
        _print_summary(settings, summarize(settings), {})
        return
    seconds = _materialize(settings, "*", threads=threads)
    mark_fresh(settings)
    _print_summary(settings, summarize(settings), seconds)


@app.command()
def materialize(
    select: Annotated[
        str, typer.Option(help="Assets, in Dagster's selection syntax: 'gold/payments', 'group:silver'")
    ] = "*",
    partition: Months = "",
    through: Annotated[str, typer.Option(help="Last day to make, within the last month (YYYY-MM-DD)")] = "",
    threads: Threads = 0,
    fraud_rate: FraudRate = None,
) -> None:
    """Materialize assets in this process."""
    day = day_of_text(through) if through else None
    _materialize(
        _settings(fraud_rate), selection_of_text(select), months=months_of_text(partition), through=day, threads=threads
    )


@app.command()
def generate(partition: Months = "", threads: Threads = 0, fraud_rate: FraudRate = None) -> None:
    """Make the world, its people, their payments and the fraud: everything up to bronze."""
    selection = "group:osm or group:reference or group:population or group:plan or group:bronze or group:truth"
    _materialize(_settings(fraud_rate), selection, months=months_of_text(partition), threads=threads)


@app.command()
def features(partition: Months = "", threads: Threads = 0) -> None:
    """Make silver and gold: point-in-time features and the master table."""
    _materialize(_settings(), "group:silver or group:gold", months=months_of_text(partition), threads=threads)


@app.command()
def train() -> None:
    """Train, judge and explain the model, and write the report and the pages of kinds of fraud."""
    settings = _settings()
    _materialize(settings, "group:model" if settings.bronze_path else "group:model or group:reports")


@app.command()
def append(
    days: Annotated[int, typer.Option(min=1, help="Simulated days to add after the last one")] = 1, threads: Threads = 0
) -> None:
    """Make the next simulated days; earlier days stay byte-equal."""
    settings = _settings()
    through = recorded_through(Home(settings.home))
    if through is None:
        raise RiskFabricError(f"nothing has been made in {settings.home} yet\n  fix: riskfabric demo")
    target = through + dt.timedelta(days=days)
    months = months_between(month_of(through), month_of(target))
    layers = "group:plan or group:bronze or group:truth or group:silver or group:gold"
    _materialize(settings, layers, months=months, through=target, threads=threads)
    console.print(f"The world now ends on {target.isoformat()} (before: {through.isoformat()}).")


@app.command()
def summary(
    hashes: Annotated[bool, typer.Option("--hashes", help="Print the hash of every table's content instead")] = False,
) -> None:
    """Print what the home holds: rows per layer, fraud share, model scores, where things are."""
    settings = _settings()
    numbers = summarize(settings)
    if not hashes:
        _print_summary(settings, numbers, {})
        return
    for name in numbers.rows:
        console.print(f"{name:<36} {table_hash(Run(settings), name.replace('/', '.'))}", highlight=False)


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="A format, with --to; or the file to write, with --table or --portable")],
    to: Annotated[Path | None, typer.Option(help="Folder to write the format into; empty, or not there yet")] = None,
    months: Annotated[str, typer.Option(help="A month (2025-08) or a range (2025-08...2025-11); all by default")] = "",
    option: Annotated[list[str] | None, typer.Option(help="Option of the format, KEY=VALUE; may be repeated")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", "--drop-tables", help="Replace what an earlier export has written")
    ] = False,
    table: Annotated[str, typer.Option(help="One table, e.g. gold/payments")] = "",
    portable: Annotated[bool, typer.Option("--portable", help="All tables as one self-contained DuckDB file")] = False,
    with_truth: Annotated[bool, typer.Option("--with-truth", help="Include truth and latent traits")] = False,
    fraud_rate: FraudRate = None,
) -> None:
    """Write a format of another system, one table as Parquet or CSV (by the file's ending), or one portable file."""
    if (to is not None) + portable + bool(table) != 1:
        raise typer.BadParameter("give one of FORMAT --to FOLDER, FILE --table NAME and FILE --portable")
    if to is not None:
        written = export_format(
            _settings(fraud_rate),
            what,
            to,
            months=months_of_text(months, "--months"),
            options=option or (),
            overwrite=overwrite,
        )
        for path, count in written.items():
            console.print(f"{to / path}: {count:,} rows", highlight=False, soft_wrap=True)
    elif portable:
        rows = export_portable(_settings(fraud_rate), Path(what), with_truth=with_truth)
        console.print(f"{what}: {len(rows)} tables, {sum(rows.values()):,} rows")
    else:
        form: Format = "csv" if Path(what).suffix == ".csv" else "parquet"
        console.print(f"{what}: {export_table(_settings(fraud_rate), table, Path(what), form):,} rows as {form}")


app.command("seed")(sequences.seed_database)
app.command("init-db")(sequences.make_database)
app.command("stats")(sequences.print_statistics)
app.command()(explain)


@app.command()
def doctor(fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended")] = False) -> None:
    """Check Python, disk, extensions, map, config, home and locks, and say what to do."""
    settings = _settings()
    if fix:
        repair(settings)
    findings = examine(settings)
    for finding in findings:
        mark = "[green]ok  [/]" if finding.is_well else "[red]FAIL[/]"
        console.print(f"{mark} {finding.check:<11} {finding.detail}", highlight=False, soft_wrap=True)
        if not finding.is_well:
            console.print(f"     fix: {finding.remedy}", highlight=False, soft_wrap=True)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="Parquet or CSV files of payments, account events and labels")],
    most: Annotated[int, typer.Option(min=1, help="Findings to look for")] = 100,
) -> None:
    """Check your own files against the contract of bronze; ends with code 1 when a row breaks it."""
    findings, tables = inspect_files(files, most)
    for file, (table, rows) in tables.items():
        console.print(f"{file}: {table}, {rows:,} rows", highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(str(finding), highlight=False, soft_wrap=True, markup=False)
    more = ", and perhaps more (--most)" if len(findings) == most else ""
    console.print(f"{len(findings)} findings{more}." if findings else "Everything keeps the contract.")
    if findings:
        raise typer.Exit(1)


@app.command()
def realism(
    world: Annotated[str, typer.Option(help="World to look at; else RISKFABRIC_WORLD")] = "",
    months: Annotated[bool, typer.Option("--months", help="Judge single months as well")] = False,
) -> None:
    """Judge the honest ledger against published figures; ends with code 1 when a check fails."""
    settings = resolve({**os.environ, **({"RISKFABRIC_WORLD": world} if world else {})}, Path.cwd())
    with lake_of(settings) as lake, console.status("measuring") as status:
        card = score(
            lake,
            settings.world,
            settings.config.realism,
            months=months,
            tell=lambda period, check: status.update(f"measuring {check} ({period})"),
        )
    console.print(scorecard_table(card))
    console.print(verdict_line(card), highlight=False)
    if card.failed:
        raise typer.Exit(1)


@app.command("compare")
def compare_data(
    a: Annotated[
        Path, typer.Argument(help="Home, Parquet or CSV file, or folder of them; takes the place of real data")
    ],
    b: Annotated[Path, typer.Argument(help="What is compared with it")],
    columns_a: Annotated[Path | None, typer.Option(help="Column map of A (YAML)")] = None,
    columns_b: Annotated[Path | None, typer.Option(help="Column map of B (YAML)")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here as one HTML page")] = None,
    json: Annotated[Path | None, typer.Option(help="Write everything here as JSON")] = None,
) -> None:
    """Measure how far one set of payments is from another, here: nothing leaves the machine."""
    with console.status("measuring"):
        memory_mb = _settings().config.engine.memory_mb
        found = compare(a, b, read_map(columns_a), read_map(columns_b), memory_mb)
    for table in comparison_tables(found):
        console.print(table)
    for path, text in ((html, html_page), (json, json_text)):
        if path is not None:
            path.write_text(text(found), encoding="utf-8")
            console.print(f"wrote {path}", highlight=False)
    shapes, trends = score_text(found.quality.shapes_score), score_text(found.quality.trends_score)
    overall = score_text(found.quality.overall)
    console.print(f"column shapes {shapes}, pair trends {trends}, overall {overall}", highlight=False)


@app.command("dagster-home")
def print_dagster_home() -> None:
    """Print the DAGSTER_HOME of this world (made if needed): DAGSTER_HOME=$(riskfabric dagster-home) dagster dev."""
    from riskfabric_assets.assets.launch import dagster_home  # noqa: PLC0415  # Dagster takes seconds to import

    typer.echo(dagster_home(Home(_settings().home)))


@app.command("compile")
def compile_kernels() -> None:
    """Compile the kernels into the home's cache, so that the first run starts at full speed."""
    from riskfabric_assets.assets.launch import compile_into_cache  # noqa: PLC0415  # imports every room

    started = time.monotonic()
    folder = compile_into_cache(_settings())
    console.print(f"kernels are compiled in {folder} ({time.monotonic() - started:.0f} s)")


@refs.command("extract")
def refs_extract() -> None:
    """Read the extract at RISKFABRIC_OSM_PATH, or write and read the sample extract."""
    _materialize(_settings(), "group:osm")


@refs.command("normalise")
def refs_normalise(
    report: Annotated[Path | None, typer.Option(help="Write the city-state report here (CSV)")] = None,
) -> None:
    """Build the reference marts from the map, and the report of cities and states as mapped."""
    settings = _settings()
    _materialize(settings, "group:reference")
    if report is not None:
        from riskfabric_assets.osm.city_states import city_state_report  # noqa: PLC0415  # pyosmium takes a second to import

        run = Run(settings)
        city_state_report(run.read("osm/places"), run.read("osm/residences")).write_csv(report)
        console.print(f"{report}: cities and states as mapped")


@refs.command("export")
def refs_export(folder: Annotated[Path, typer.Argument(help="Folder to write")]) -> None:
    """Write the reference marts as Parquet; RISKFABRIC_REFERENCES=FOLDER starts from them without a map."""
    for name, rows in export_references(_settings(), folder).items():
        console.print(f"{name:<24} {rows:>10,} rows")


def _settings(fraud_rate: float | None = None) -> Settings:
    return resolve(with_fraud_rate(os.environ, Path.cwd(), fraud_rate), Path.cwd())


def _materialize(
    settings: Settings,
    selection: str,
    *,
    months: list[str] | None = None,
    through: dt.date | None = None,
    threads: int = 0,
) -> dict[str, float]:
    from riskfabric_assets.assets.launch import materialize as launch  # noqa: PLC0415  # Dagster takes seconds to import

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        tasks = {}

        def follow(step: str, outcome: str, seconds: float) -> None:
            if outcome == "start":
                tasks[step] = progress.add_task(step, total=1)
            elif step in tasks:
                progress.update(tasks[step], completed=1)
                if not console.is_terminal:
                    console.print(f"  {step:<28} {outcome:<8} {seconds:7.1f} s", highlight=False)

        launched = launch(
            settings, selection=selection, months=months or (), through=through, threads=threads, progress=follow
        )
    if launched.error is not None:
        raise RiskFabricError(launched.error)
    for check in launched.failed_checks:
        console.print(f"[yellow]check failed:[/] {check}", highlight=False)
    return launched.seconds


def _print_summary(settings: Settings, numbers: Summary, seconds: dict[str, float]) -> None:
    from riskfabric_assets.learning.summary import model_scores  # noqa: PLC0415  # scores need the model's files only

    home = Home(settings.home)
    what = settings.bronze_path or f"{settings.profile} · seed {settings.seed}"
    table = Table(title=f"{settings.world} · {what}", title_justify="left", show_header=False)
    for layer, rows in numbers.rows_by_layer().items():
        table.add_row(f"rows in {layer}", f"{rows:,}")
    table.add_row("payments through", numbers.through.isoformat() if numbers.through else "-")
    table.add_row("payments", f"{numbers.payments:,}")
    if settings.bronze_path is None:
        table.add_row("fraud share (truth)", f"{numbers.fraud_share:.3%}")
    table.add_row("fraud share (labels)", f"{numbers.label_share:.3%}")
    origin = total_provenance(settings.config_folder, settings.world)
    table.add_row(
        "numbers in the world pack",
        f"{origin.numbers:,}, assumed {origin.assumed_share:.0%}, in part {origin.partly_share:.0%}",
    )
    for name, value in model_scores(home.models).items():
        table.add_row(name, value)
    for step, time_taken in seconds.items():
        table.add_row(f"seconds in {step}", f"{time_taken:.1f}")
    console.print(table)
    places = {"warehouse": str(home.warehouse), "report": str(home.reports / "report.html"), "interface": "make ui"}
    for name, place in places.items():
        console.print(f"{name:<10} {place}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
