"""Take the two screenshots of the README: the asset graph in Dagster and the report.

Needs a materialized home and Chromium (Debian: package chromium). Everything runs on a free loopback port, and only
the processes started here are stopped.

    python docs/scripts/screenshots.py --home data/india-demo-5555
"""

import argparse
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any  # answers of GraphQL are plain JSON

from browser import Browser, find_browser, launch

ROOT = pathlib.Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
GRAPH_SIZE = (1800, 940)
REPORT_SIZE = (1400, 1500)
START_SECONDS = 300
SETTLE_SECONDS = 12
GRAPH_READY = "!!document.querySelector('svg foreignObject')"


def main() -> int:
    """Take both screenshots, or say what is missing."""
    options = parse(sys.argv[1:])
    executable = options.browser or find_browser()
    report = find_report(options.home)
    if executable is None or report is None:
        missing = (
            "Chromium (Debian: apt-get install chromium)"
            if executable is None
            else f"a report in {options.home}/reports"
        )
        print(f"no screenshots: {missing} not found", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with launch(executable) as browser:
        with webserver(options.home) as address:
            take_graph(browser, address, IMAGES / "graph.png")
        take_report(browser, report, IMAGES / "report.png")
    return 0


def take_graph(browser: Browser, address: str, target: pathlib.Path) -> None:
    """Photograph the asset graph of a running web interface, from top to bottom."""
    page = graph_page(address)
    browser.open(f"{address}/server_info", GRAPH_SIZE, "document.readyState === 'complete'")
    browser.evaluate("localStorage.setItem('asset-graph-direction', JSON.stringify('vertical'))")
    browser.open(page, GRAPH_SIZE, GRAPH_READY)
    time.sleep(SETTLE_SECONDS)
    browser.photograph(target)


def take_report(browser: Browser, report: pathlib.Path, target: pathlib.Path) -> None:
    """Photograph the first screen of the report."""
    browser.open(report.resolve().as_uri(), REPORT_SIZE, "document.readyState === 'complete'")
    time.sleep(SETTLE_SECONDS)
    browser.photograph(target)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=pathlib.Path, required=True, help="home of a finished run")
    parser.add_argument("--browser", help="Chromium executable; found on the path without this option")
    return parser.parse_args(arguments)


def find_report(home: pathlib.Path) -> pathlib.Path | None:
    """Return the newest HTML report of the home."""
    reports = sorted((home / "reports").rglob("report.html"), key=lambda path: path.stat().st_mtime)
    return reports[-1] if reports else None


def free_port() -> int:
    """Ask the system for a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def webserver(home: pathlib.Path) -> Iterator[str]:
    """Run Dagster's web interface over `home`; yields its address and stops the process it started."""
    port = free_port()
    environment = os.environ | {
        "RISKFABRIC_HOME": str(home.resolve()),
        "DAGSTER_HOME": str((home / "dagster").resolve()),
    }
    executable = pathlib.Path(sys.executable).with_name("dagster-webserver")
    command = [str(executable), "-h", "127.0.0.1", "-p", str(port), "-m", "riskfabric_assets.definitions"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_up(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers.

    Raises:
        RuntimeError: The process ended, or did not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{address}/server_info", timeout=5).close()  # noqa: S310  loopback
            return
        time.sleep(1)
    raise RuntimeError(f"dagster-webserver did not answer on {address}; exit code {process.poll()}")


def graph_page(address: str) -> str:
    """Return the address of the asset graph, and have the welcome dialog dismissed.

    Groups stay closed, as a newcomer finds them: with all of them open nothing can be read in one picture.
    """
    ask(address, "mutation { setNuxSeen }")
    groups_of(address)
    return f"{address}/asset-groups"


def groups_of(address: str) -> list[str]:
    """Return the asset groups, once the code location has been loaded.

    Raises:
        RuntimeError: It did not load in time.
    """
    query = "{ repositoriesOrError { ... on RepositoryConnection { nodes { assetGroups { groupName } } } } }"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        repositories = ask(address, query)["repositoriesOrError"].get("nodes", [])
        if names := [group["groupName"] for repository in repositories for group in repository["assetGroups"]]:
            return names
        time.sleep(2)
    raise RuntimeError("the code location did not load: see `dagster definitions validate`")


def ask(address: str, query: str) -> dict[str, Any]:
    """Send a GraphQL query to the web interface and return its data."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"content-type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  loopback
        return dict(json.load(answer)["data"])


if __name__ == "__main__":
    sys.exit(main())
