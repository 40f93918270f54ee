"""Every answer over real HTTP: gunicorn (WSGI) and uvicorn (ASGI), by middleware, URLconf and wrapper."""

import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import validate
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from surface_probes import SECRET

TOKEN = "t0ken-of-the-tests"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
COMPONENTS = ("database", "cache", "search", "own")
PATIENCE_S = 60
SERVERS = {
    "wsgi": (
        *("gunicorn", "surface_probes.wsgi:application", "--workers", "1", "--log-level", "error"),
        "--no-control-socket",
        "--bind",
        "fd://{fd}",
    ),
    "asgi": ("uvicorn", "surface_probes.asgi:application", "--log-level", "error", "--fd", "{fd}"),
}


@dataclass(frozen=True)
class Site:
    """A server of ours, and the folder that says how its components are."""

    port: int
    folder: Path
    carrier: str
    prefix: str

    def ask(self, url, method="GET", **headers):
        """Send one request as kubelet would. The kernel keeps it until the server has started."""
        host = "www.example.org" if self.carrier == "urlconf" else "10.1.2.3:8000"
        sent = {"Host": host, "User-Agent": "kube-probe/1.34", "Accept": "*/*", "Connection": "close"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with closing(connection):
            connection.request(method, self.prefix + url, headers=sent)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def get(self, url, **headers):
        status, _, body = self.ask(url, **headers)
        return status, json.loads(body)

    def set(self, **said):
        for component in COMPONENTS:
            (self.folder / component).write_text(said.get(component, "ok"))

    def log(self):
        return (self.folder / "log").read_text()

    def log_length(self):
        """Wait until nothing more is told: turns are logged beside the answers."""
        length = -1
        while length != (length := len(self.log())):
            time.sleep(0.5)
        return length


@contextmanager
def serve(folder, server, carrier, token="", prefix=""):
    """Run a server on a socket of ours."""
    folder.mkdir()
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "surface_probes.site",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "SURFACE_FOLDER": str(folder),
        "SURFACE_CARRIER": carrier,
        "SURFACE_TOKEN": token,
        "SCRIPT_NAME": prefix,
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = listener.fileno()
        command = [part.format(fd=fd) for part in SERVERS[server]]
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=environ, cwd=folder, pass_fds=[fd], stderr=subprocess.STDOUT
        )
        try:
            yield Site(listener.getsockname()[1], folder, carrier, prefix)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:  # an idle connection of a failed test holds a server up
                process.kill()
                process.wait(timeout=20)


@pytest.fixture(
    scope="module",
    params=[(server, carrier) for server in SERVERS for carrier in ("middleware", "wrapper", "urlconf")],
    ids="-".join,
)
def running(request, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("open") / "site", *request.param) as site:
        yield site


@pytest.fixture
def site(running):
    """A site of which all is well; nobody has asked its probes yet, if this is the first test of it."""
    running.set()
    yield running
    (running.folder / "drain").unlink(missing_ok=True)


@pytest.fixture(scope="module", params=[("wsgi", "middleware"), ("asgi", "wrapper")], ids="-".join)
def guarded(request, tmp_path_factory):
    """A site that asks for a token."""
    with serve(tmp_path_factory.mktemp("guarded") / "site", *request.param, token=TOKEN) as site:
        site.set()
        yield site


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A database of the site, with all its tables."""
    folder = tmp_path_factory.mktemp("migrated")
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "surface_probes.site",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "SURFACE_FOLDER": str(folder),
        "SURFACE_CARRIER": "middleware",
    }
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v", "0"], env=environ, check=True, timeout=120
    )
    return folder / "db.sqlite3"


class TestEveryCarrier:
    """In the order of the file: the first test finds servers that know nothing yet."""

    def test_liveness_knows_nothing_before_and_a_boolean_after_one_readiness(self, site):
        # As field guides ask: curl …/health/ | jq '.checks.database' and jq '.status'
        status, _, body = site.ask("/health/")
        assert (status, body) == (200, b'{"status": "healthy", "version": "1.0.0"}')
        assert json.loads(body).get("checks", {}).get("database") is None
        assert site.get("/ready/")[0] == 200
        told = site.get("/health/")[1]
        assert told["status"] == "healthy"
        assert told["checks"] == {"database": True, "cache": True, "search": True}

    @pytest.mark.parametrize("path", ["/health", "/health/", "/ready", "/ready/"])
    def test_the_headers_and_head(self, site, path):
        status, headers, body = site.ask(path)
        assert status == 200
        assert headers["Content-Type"] == "application/json"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Set-Cookie"] is None
        assert headers["Content-Length"] == str(len(body))
        head_status, head, nothing = site.ask(path, "HEAD")
        assert (head_status, nothing) == (200, b"")
        assert head["Content-Length"] == headers["Content-Length"]

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    @pytest.mark.parametrize("path", ["/health/", "/ready/", "/startup/"])
    def test_other_methods(self, site, method, path):
        status, headers, body = site.ask(path, method)
        assert (status, headers["Allow"]) == (405, "GET, HEAD")
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert json.loads(body) == {"status": "method_not_allowed"}

    def test_ready(self, site):
        body = b'{"status": "ready", "checks": {"database": true, "cache": true, "search": true}}'
        assert site.ask("/ready/")[::2] == (200, body)

    def test_degraded(self, site):
        site.set(search="down", cache="degraded")
        status, _, body = site.ask("/ready/")
        assert status == 200
        assert body == (
            b'{"status": "ready", "checks": {"database": true, "cache": true, "search": false}, '
            b'"degraded": ["cache", "search"]}'
        )

    def test_not_ready(self, site):
        site.set(database="down", cache="skipped")
        assert site.ask("/ready/")[::2] == (
            503,
            b'{"status": "not_ready", "checks": {"database": false, "search": true}}',
        )
        assert site.get("/health/")[1]["checks"] == {"database": False, "search": True}

    def test_draining(self, site):
        site.ask("/ready/")
        (site.folder / "drain").touch()
        assert site.ask("/ready/")[::2] == (
            503,
            b'{"status": "not_ready", "reason": "draining", "checks": {}}',
        )
        assert site.ask("/ready/?format=text")[::2] == (503, b"not_ready\nreason: draining\n")
        status, _, body = site.ask("/ready/?format=openmetrics")
        assert status == 200
        assert b"\nprodready_ready 0\n" in body
        assert b"\nprodready_draining 1\n" in body
        assert b'\nprodready_probe_up{probe="database"} 1\n' in body
        assert site.ask("/health/")[0] == 200
        (site.folder / "drain").unlink()
        assert site.ask("/ready/")[0] == 200

    def test_startup_is_latched(self, site, migrated):
        database = site.folder / "db.sqlite3"
        database.unlink(missing_ok=True)
        status, told = site.get("/startup/")
        assert (status, list(told), told["status"]) == (503, ["status", "reason"], "starting")
        assert site.ask("/startup")[0] == 503
        shutil.copy(migrated, database)
        deadline_s = time.monotonic() + PATIENCE_S
        while site.ask("/startup/")[0] != 200:
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        assert site.ask("/startup/")[::2] == (200, b'{"status": "started"}')
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("DELETE FROM django_migrations")
        assert site.ask("/startup/")[::2] == (200, b'{"status": "started"}')

    def test_a_subset(self, site):
        site.set(database="down")
        assert site.get("/ready/?probe=cache&probe=search") == (
            200,
            {"status": "ready", "checks": {"cache": True, "search": True}},
        )
        assert site.get("/ready/?exclude=database")[0] == 200
        assert site.get("/ready/?group=own") == (200, {"status": "ready", "checks": {"own": True}})
        assert site.get("/ready/?probe=x&exclude=y") == (
            404,
            {"status": "unknown_probe", "unknown": ["x", "y"]},
        )
        assert site.get("/health/?group=x") == (404, {"status": "unknown_probe", "unknown": ["x"]})
        assert site.get("/ready/?probe=%E2%98%83")[1]["unknown"] == ["\N{SNOWMAN}"]

    def test_verbose_is_ignored_without_tokens(self, site):
        site.set(search="down")
        assert list(site.get("/ready/?verbose")[1]) == ["status", "checks", "degraded"]

    def test_health_json(self, site):
        site.set(search="down")
        status, headers, body = site.ask("/ready/", Accept="application/health+json")
        assert (status, headers["Content-Type"]) == (200, "application/health+json")
        told = json.loads(body)
        validate(told, {"required": ["status", "version", "releaseId", "checks"]})
        assert (told["status"], told["releaseId"]) == ("warn", "1.0.0")
        assert told["checks"]["search:responseTime"][0]["status"] == "fail"
        site.set(database="down")
        status, _, body = site.ask("/ready/?format=health+json")
        assert (status, json.loads(body)["status"]) == (503, "fail")

    @pytest.mark.parametrize(("query", "accept"), [("?format=openmetrics", "*/*"), ("", PROMETHEUS)])
    def test_openmetrics(self, site, query, accept):
        site.set(database="down")
        status, headers, body = site.ask(f"/ready/{query}", Accept=accept)
        assert status == 200
        assert headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
        families = {family.name: family for family in text_string_to_metric_families(body.decode())}
        assert families["prodready_ready"].samples[0].value == 0
        up = {sample.labels["probe"]: sample.value for sample in families["prodready_probe_up"].samples}
        assert up == {"database": 0, "cache": 1, "search": 1}

    @pytest.mark.parametrize(("query", "accept"), [("?format=html", "*/*"), ("", BROWSER)])
    def test_the_page(self, site, query, accept):
        status, headers, body = site.ask(f"/ready/{query}", Accept=accept)
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert headers["Cache-Control"] == "no-store"
        assert body.lower().startswith(b"<!doctype html>")

    def test_text(self, site):
        site.set(search="degraded")
        status, headers, body = site.ask("/ready/", Accept="text/plain")
        assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert body == b"ready\ndatabase: ok\ncache: ok\nsearch: degraded\n"

    def test_an_unknown_format(self, site):
        status, told = site.get("/ready/?format=xml")
        assert (status, told["status"]) == (400, "unknown_format")

    def test_no_body_holds_the_text_of_an_error(self, site):
        site.set(database="down", cache="degraded", search="skipped")
        for path in ("/ready/", "/health/", "/startup/"):
            for format_ in ("json", "health", "openmetrics", "text", "html"):
                body = site.ask(f"{path}?verbose&format={format_}")[2].decode()
                for piece in (SECRET, "hunter2", "db.internal", "ConnectionRefused", str(site.folder)):
                    assert piece not in body

    def test_a_hundred_failures_and_a_recovery_are_two_lines_in_the_log(self, site):
        site.set()
        site.ask("/ready/")
        before = site.log_length()
        site.set(database="down")
        for _ in range(100):
            assert site.ask("/ready/")[0] == 503
        site.ask("/ready/?probe=x")
        site.set()
        assert site.ask("/ready/")[0] == 200
        site.log_length()
        levels = [line.split(" ", 2)[:2] for line in site.log()[before:].splitlines()]
        assert levels == [["WARNING", "django_prodready.health"], ["INFO", "django_prodready.health"]]
        assert "hunter2" not in site.log()


class TestBesideTheProject:
    def test_a_kubelet_is_answered_where_pages_stay_strict(self, site):
        assert site.ask("/health/")[0] == 200
        assert site.ask("/ready/")[0] == 200
        if site.carrier == "urlconf":  # which cannot come before hosts and redirects; a login it can
            assert site.ask("/fails/")[0] == 302
        else:
            assert site.ask("/")[0] == 400
            assert site.ask("/", Host="www.example.org")[0] == 301


class TestTokens:
    @pytest.mark.parametrize(
        "url",
        ["/ready/", "/startup/", "/ready/?verbose", "/health/?verbose", "/health/?format=openmetrics"],
    )
    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"X_Health_Token": "\xff"}])
    def test_none_or_a_wrong_one(self, guarded, url, headers):
        for method in ("GET", "HEAD"):
            status, sent, body = guarded.ask(url, method, **headers)
            assert (status, sent["WWW-Authenticate"]) == (401, "Bearer")
            assert sent["Cache-Control"] == "no-store"
            assert body == (b"" if method == "HEAD" else b'{"status": "unauthorized"}')

    def test_one_in_the_query_string_is_not_read(self, guarded):
        assert (
            guarded.ask(f"/ready/?token={TOKEN}&X-Health-Token={TOKEN}&Authorization=Bearer+{TOKEN}")[0]
            == 401
        )

    def test_liveness_stays_open_without_checks(self, guarded):
        assert guarded.ask("/ready/", X_Health_Token=TOKEN)[0] == 200
        assert guarded.ask("/health/")[::2] == (200, b'{"status": "healthy", "version": "1.0.0"}')
        assert guarded.get("/health/", X_Health_Token=TOKEN)[1]["checks"]["database"] is True

    @pytest.mark.parametrize(
        "headers", [{"Authorization": f"bearer {TOKEN}"}, {"X_Health_Token": TOKEN}], ids=["bearer", "own"]
    )
    def test_a_valid_one(self, guarded, headers):
        guarded.set(search="down")
        told = guarded.get("/ready/?verbose", **headers)[1]
        assert list(told) == ["status", "checks", "degraded", "probes"]
        search = told["probes"]["search"]
        assert list(search) == ["status", "critical", "duration_ms", "age_ms", "error"]
        assert (search["status"], search["critical"], search["error"]) == (
            "down",
            False,
            "ConnectionRefusedError",
        )
        assert guarded.ask("/ready/?format=openmetrics", **headers)[0] == 200
        assert guarded.ask("/startup/", **headers)[0] in (200, 503)


@pytest.mark.parametrize("carrier", ["middleware", "wrapper", "urlconf"])
def test_below_a_script_name(tmp_path, carrier):
    with serve(tmp_path / "site", "wsgi", carrier, prefix="/shop") as site:
        site.set()
        assert site.get("/ready") == (
            200,
            {"status": "ready", "checks": {"database": True, "cache": True, "search": True}},
        )
        assert site.get("/health/")[0] == 200
