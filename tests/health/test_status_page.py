"""The status page in a real browser: nothing blocked, nothing fetched, nothing cut off, on any screen."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prodready_browser import chromium
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without

from django_prodready.health import history
from django_prodready.health.outcome import HealthReport, Outcome, ProbeSpec, Status
from django_prodready.health.probe import Probe
from django_prodready.health.renderers import html, page_style
from django_prodready.health.statement import Endpoint, Statement

PATIENCE_S = 30
WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def browser():
    """One page of a running Chromium."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chromium, "PATIENCE_S", PATIENCE_S)
        try:
            chromium.find()
        except MissingServiceError as missing:
            do_without(f"{missing} Or set {chromium.VARIABLE}.")
        with chromium.running() as page:
            yield page


@pytest.fixture(autouse=True)
def _no_history():
    history.forget()
    yield
    history.forget()


class Server(ThreadingHTTPServer):
    """Serves one body under every path with the headers that the page asks for, and notes who asks."""

    daemon_threads = True

    def __init__(self, body):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = body
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}/ready/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        for name, value in (("Content-Type", html.CONTENT_TYPE), *html.EXTRA_HEADERS):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


@contextmanager
def serving(body):
    with Server(body) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def outcome(status):
    return Outcome(
        status=status,
        error="AnExceptionWhoseNameIsQuiteLongAsTheyAreInSomeLibraries",
        duration_s=0.0031,
        finished_s=time.monotonic(),
        at=datetime.now(UTC),
    )


def readiness(statuses, **changes):
    """A statement on probes whose statuses these are, each with a full strip of history."""
    specs, outcomes = {}, {}
    for name, status in statuses.items():
        specs[name] = ProbeSpec(name=name, probe=Probe(), critical=True, deadline_s=0.8)
        outcomes[name] = outcome(status)
        for past in ([Status.OK] * 9 + [Status.DEGRADED, Status.DOWN, status]) * 5:
            history.record(name, outcome(past))
    found = HealthReport(specs=specs, outcomes=outcomes)
    statement = {
        "endpoint": Endpoint.READY,
        "status": "ready" if found.is_ready else "not_ready",
        "http_status": 200 if found.is_ready else 503,
        "version": "1.4.2",
        "report": found,
    }
    return Statement(**statement | changes)


CASES = {
    "healthy": {"statuses": {"database": Status.OK, "cache": Status.OK}},
    "degraded": {"statuses": {"database": Status.OK, "search": Status.DEGRADED}},
    "down": {"statuses": {"database": Status.DOWN, "cache": Status.OK, "disk": Status.SKIPPED}},
    "draining": {"statuses": {}, "status": "not_ready", "http_status": 503, "is_draining": True},
    "starting": {
        "statuses": {},
        "report": None,
        "endpoint": Endpoint.STARTUP,
        "status": "starting",
        "http_status": 503,
        "reason": "unapplied_migrations_of_" + "inventory_" * 9,
    },
    "nothing to ask": {"statuses": {}},
    "twenty with long names": {
        "statuses": {
            f"inventory_service_of_the_eastern_warehouse{'x' * 40}{number}": list(Status)[number % 4]
            for number in range(20)
        },
        "version": "2026.11.21-rc.4+build.20261121T031122Z." + "3f2a9b1c" * 12,
        "has_details": True,
    },
}


@pytest.mark.parametrize("case", CASES)
def test_every_state_on_every_screen(case, browser):
    """No request but the page's own, no complaint of the browser, nothing wider than the screen."""
    with serving(html.render(readiness(**CASES[case]))) as server:
        for width in WIDTHS:
            browser.resize(width)
            browser.open(server.url)

            assert browser.evaluate("innerWidth") == width
            assert browser.evaluate("document.documentElement.scrollWidth") == width
            assert browser.evaluate(cut_off(width)) == []
            assert complaints(browser) == []
            assert fetched(browser) == {server.url}
        assert set(server.asked) == {"/ready/"}


def test_the_page_is_styled_in_both_schemes_and_light_on_paper(browser):
    """The browser accepts the sheet by its hash."""
    with serving(html.render(readiness({"database": Status.OK}))) as server:
        browser.open(server.url)
        papers = {}
        for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
            browser.emulate(media, prefers_color_scheme=scheme)
            papers[media, scheme] = browser.evaluate("getComputedStyle(document.body).backgroundColor")
        browser.emulate()

    light, dark = rgb(page_style.LIGHT["paper"]), rgb(page_style.DARK["paper"])
    assert papers == {("screen", "light"): light, ("screen", "dark"): dark, ("print", "dark"): light}


def test_it_reloads_itself_without_scripts(browser, monkeypatch):
    monkeypatch.setattr(html, "RELOAD_S", 1)
    with serving(html.render(readiness({"database": Status.OK}))) as server:
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            browser.open(server.url)
            deadline = time.monotonic() + PATIENCE_S
            while len(server.asked) < 3:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            browser.call("Emulation.setScriptExecutionDisabled", value=False)
            browser.open("about:blank")

    assert set(server.asked) == {"/ready/"}


def test_who_does_not_see_it_hears_it(browser):
    with serving(html.render(readiness({"database": Status.DOWN, "cache": Status.OK}))) as server:
        browser.open(server.url)
        heard = accessible(browser)

    assert [name for role, name in heard if role == "RootWebArea"] == ["Not ready · Readiness"]
    assert [name for role, name in heard if role == "heading"] == [
        "Not ready",
        "Probes 1 ok, 1 down",
        "database",
        "cache",
    ]
    assert [name for role, name in heard if role == "image"] == [
        "Last 60 runs: 45 ok, 5 degraded, 10 down",
        "Last 60 runs: 50 ok, 5 degraded, 5 down",
    ]
    assert [role for role, _ in heard if role in ("main", "list", "listitem")] == [
        "main",
        "list",
        "listitem",
        "listitem",
    ]


def test_the_browser_would_complain_and_we_would_hear_it(browser):
    """What the other tests rely on: a page that breaks its policy and its width is found out."""
    broken = b"<p style='color:red'>x</p><img src='/other'><svg width='500' height='9'></svg>"
    with serving(html.render(readiness({})).replace(b"</main>", broken)) as server:
        browser.resize(360)
        browser.open(server.url)

        assert len(complaints(browser)) == 2
        assert browser.evaluate("document.documentElement.scrollWidth") > 500
        assert browser.evaluate(cut_off(360)) == ["svg"]


def cut_off(width):
    """Ask for the tags of what stands out to the right; a telephone's window would grow to hold it."""
    return f"""[...document.querySelectorAll('body *:not(svg *)')]
        .filter(element => element.getBoundingClientRect().right > {width} + 0.5)
        .map(element => element.tagName)"""


def complaints(browser):
    logged = [event["entry"]["text"] for event in browser.told("Log.entryAdded")]
    return logged + browser.told("Runtime.consoleAPICalled") + browser.told("Runtime.exceptionThrown")


def fetched(browser):
    return {event["request"]["url"] for event in browser.told("Network.requestWillBeSent")}


def accessible(browser):
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value")) for node in nodes if not node["ignored"]
    ]


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))})"
