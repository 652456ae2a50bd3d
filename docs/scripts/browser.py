"""Headless Chromium over its debugging pipe: open a page, wait until it is ready, photograph it."""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from typing import Any, BinaryIO  # messages of the browser are plain JSON

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Browser:
    """One page of a running browser. Messages are JSON, each ended by a zero byte."""

    def __init__(self, commands: BinaryIO, answers: BinaryIO) -> None:
        """Open an empty page over the two ends of the pipe."""
        self.commands, self.answers, self.number, self.session = commands, answers, 0, ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and return its result.

        Raises:
            RuntimeError: The browser refused it, or is gone.
        """
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        self.commands.write(
            json.dumps(message | ({"sessionId": self.session} if self.session else {})).encode() + b"\0"
        )
        self.commands.flush()
        while (answer := self._receive()).get("id") != self.number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def evaluate(self, expression: str) -> object:
        """Return the value of a JavaScript expression on the page."""
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def open(self, address: str, size: tuple[int, int], ready: str, seconds: float = 120) -> None:
        """Open a page and wait until the JavaScript expression `ready` is true.

        Raises:
            RuntimeError: It did not become true in time.
        """
        width, height = size
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.send("Page.navigate", url=address)
        deadline = time.monotonic() + seconds
        while not self.evaluate(ready):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{address} was not ready after {seconds:.0f} s: {ready}")
            time.sleep(0.5)

    def photograph(self, target: pathlib.Path) -> None:
        """Write what the window shows as PNG."""
        target.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))

    def _receive(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("the browser is gone")
            message += byte
        return dict(json.loads(message))


def find_browser() -> str | None:
    """Return the first Chromium on the path."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextlib.contextmanager
def launch(executable: str) -> Iterator[Browser]:
    """Run a browser with a throw-away profile; it ends with the block."""
    read_commands, write_commands = os.pipe()
    read_answers, write_answers = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        shell = f'exec "$0" "$@" 3<&{read_commands} 4>&{write_answers}'  # the pipe is expected at 3 and 4
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        arguments += ["--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            ["bash", "-c", shell, executable, *arguments],
            pass_fds=(read_commands, write_answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_commands)
        os.close(write_answers)
        try:
            with os.fdopen(write_commands, "wb") as commands, os.fdopen(read_answers, "rb") as answers:
                browser = Browser(commands, answers)
                yield browser
        finally:
            process.terminate()
            process.wait(timeout=30)
