"""Find Chromium, run it, and speak its DevTools protocol: https://chromedevtools.github.io/devtools-protocol/

Of the browser, the first of these that there is: the program that PRODREADY_TEST_CHROMIUM names, one on PATH,
one where macOS keeps it. It ends with the pipe, so it also ends when the tests are killed.
"""

import base64
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prodready_services import binaries
from prodready_services.errors import MissingServiceError, ServiceFailedError

VARIABLE = "PRODREADY_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FOLDERS = (
    "/Applications/Chromium.app/Contents/MacOS",
    "/Applications/Google Chrome.app/Contents/MacOS",
)
PATIENCE_S = 60
GRACE_S = 10
CHUNK_BYTES = 1 << 16

# It reads from descriptor 3 and writes to 4, where this lays the two ends of our pipes.
LAUNCHER = """
import os, sys
os.dup2(0, 3), os.dup2(1, 4)
nothing = os.open(os.devnull, os.O_RDWR)
os.dup2(nothing, 0), os.dup2(nothing, 1)
os.execv(sys.argv[1], sys.argv[1:])
"""
OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # it shows our own pages only, and as root or in a container there is no other way
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
)

Event = dict[str, Any]


def find() -> Path:
    """Return the browser's program; MissingServiceError when there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    for found in (*binaries.on_path(NAMES), *binaries.in_folders(FOLDERS, ("Chromium", "Google Chrome"))):
        return found
    raise MissingServiceError("Chromium was not found: install Debian's chromium.")


@contextmanager
def running() -> Iterator["Page"]:
    """Run the browser for the length of the block; yield its one page, which is blank."""
    program = find()
    home = tempfile.mkdtemp(prefix="prodready-chromium-")
    command = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(program), *OPTIONS, f"--user-data-dir={home}"]
    with tempfile.TemporaryFile() as log:
        # HOME too: Chromium keeps certificates and crash reports there.
        browser = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "HOME": home},
            start_new_session=True,
        )
        inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(browser, inbox), daemon=True)
        reader.start()
        try:
            yield Page(browser, inbox)
        finally:
            _end(browser, reader)
            shutil.rmtree(home, ignore_errors=True)


def _read(browser: subprocess.Popen[bytes], inbox: "queue.SimpleQueue[Event]") -> None:
    assert browser.stdout is not None
    with browser.stdout as stream:
        rest = b""
        while chunk := os.read(stream.fileno(), CHUNK_BYTES):
            *messages, rest = (rest + chunk).split(b"\0")
            for message in messages:
                inbox.put(json.loads(message))
    inbox.put({})


def _end(browser: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    assert browser.stdin is not None
    browser.stdin.close()
    try:
        browser.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
    reader.join(GRACE_S)


class Page:
    """One tab. ``events`` holds what the browser told since :meth:`open` was called last."""

    def __init__(self, browser: subprocess.Popen[bytes], inbox: "queue.SimpleQueue[Event]") -> None:
        self._browser = browser
        self._inbox = inbox
        self._last_id = 0
        self._session: str | None = None
        self.events: list[Event] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def open(self, url: str) -> None:
        """Load the page and wait until all of it is there."""
        self.events.clear()
        answer = self.call("Page.navigate", url=url)
        if "errorText" in answer:
            raise ServiceFailedError(f"Chromium could not open the page: {answer['errorText']}")
        self._wait_for(lambda event: event.get("method") == "Page.loadEventFired")

    def resize(self, width: int, height: int = 800) -> None:
        """Show the page as a screen of this many CSS pixels does."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def emulate(self, media: str = "screen", **features: str) -> None:
        """Show the page as on this medium: ``emulate(prefers_color_scheme="dark")``."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=media, features=listed)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; the page's own policy does not bind it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise ValueError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """Write the whole page, not only what the screen shows of it, as PNG."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))

    def told(self, method: str) -> list[Event]:
        """Return the parameters of each event of this kind since the page was opened."""
        return [event["params"] for event in self.events if event["method"] == method]

    def call(self, method: str, **parameters: Any) -> Event:
        """Send one command and return its result."""
        self._last_id += 1
        command: Event = {"id": self._last_id, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        assert self._browser.stdin is not None
        try:
            self._browser.stdin.write(json.dumps(command).encode() + b"\0")
            self._browser.stdin.flush()
        except BrokenPipeError:
            raise ServiceFailedError("Chromium has ended.") from None
        answer = self._wait_for(lambda event: event.get("id") == command["id"])
        if "error" in answer:
            raise ServiceFailedError(f"{method}: {answer['error']['message']}")
        result: Event = answer["result"]
        return result

    def _wait_for(self, is_it: Callable[[Event], bool]) -> Event:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                event = self._inbox.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise ServiceFailedError(f"Chromium said nothing for {PATIENCE_S} s.") from None
            if not event:
                raise ServiceFailedError("Chromium has ended.")
            if "method" in event:
                self.events.append(event)
            if is_it(event):
                return event
