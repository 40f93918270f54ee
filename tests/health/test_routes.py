"""What the health endpoints answer, whoever carries it: the same asked in a thread and awaited."""

import asyncio
import json
from urllib.parse import quote

import pytest
from prodready_runner import wait_until
from surface_probes import SECRET, Absent, Broken, Fine, Hanging, Switched, Weak, entry

from django_prodready.health import drain, startup_endpoint
from django_prodready.health.paths import both_spellings, configured_paths
from django_prodready.health.renderers import html
from django_prodready.health.request import HealthRequest
from django_prodready.health.routes import find, respond, respond_async
from django_prodready.health.statement import Endpoint

VALID = {"Authorization": "Bearer t0ken"}
FORMATS = ["json", "health+json", "openmetrics", "text", "html"]
WEAK_FINE_BROKEN = {"weak": Weak, "fine": Fine, "search": entry(Broken, CRITICAL=False)}


def asynchronously(endpoint, request):
    return asyncio.run(respond_async(endpoint, request))


@pytest.fixture(params=[respond, asynchronously], ids=["sync", "async"])
def ask(request):
    """Ask: ask("/ready/?verbose", Accept="text/html") gives the answer."""

    def answer(url, method="GET", **headers):
        path, _, query = url.partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return request.param(find(path), HealthRequest(method, path, query, sent.get))

    return answer


def said(answer):
    return answer.status, json.loads(answer.body)


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "endpoint"),
        [
            ("/health/", Endpoint.HEALTH),
            ("/health", Endpoint.HEALTH),
            ("/ready/", Endpoint.READY),
            ("/ready", Endpoint.READY),
            ("/startup/", Endpoint.STARTUP),
            ("/startup", Endpoint.STARTUP),
        ],
    )
    def test_each_is_found_with_and_without_slash(self, path, endpoint):
        assert find(path) is endpoint

    @pytest.mark.parametrize(
        "path", ["/", "", "health/", "//health/", "/health//", "/health/x", "/Health/", "/api/health/"]
    )
    def test_others_are_not_ours(self, path):
        assert find(path) is None

    def test_they_are_configurable(self, settings):
        settings.PRODREADY = {"HEALTH_PATH": "/api/healthz", "READY_PATH": "up/", "STARTUP_PATH": None}
        assert find("/api/healthz") is find("/api/healthz/") is Endpoint.HEALTH
        assert find("/up") is Endpoint.READY
        assert [find(path) for path in ("/health/", "/ready/", "/startup/")] == [None, None, None]
        assert configured_paths() == {Endpoint.HEALTH: "api/healthz/", Endpoint.READY: "up/"}
        assert both_spellings(None) == ()

    def test_liveness_wins_where_paths_are_equal(self, settings):
        settings.PRODREADY = {"READY_PATH": "health/", "STARTUP_PATH": "health/"}
        assert find("/health/") is Endpoint.HEALTH


class TestEveryAnswer:
    @pytest.mark.parametrize("url", ["/health/", "/ready/", "/health/?format=x", "/ready/?probe=x"])
    def test_the_headers(self, probes, ask, url):
        probes(fine=Fine)
        given = ask(url)
        headers = dict(given.headers)
        assert len(headers) == len(given.headers)
        assert headers.pop("Vary", "Accept") == "Accept"
        assert headers == {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Length": str(len(given.body)),
        }

    @pytest.mark.parametrize("url", ["/health/", "/ready/", "/ready/?probe=x", "/ready/?format=text"])
    def test_head_has_the_headers_of_get_and_no_body(self, probes, ask, url):
        probes(fine=Fine)
        get, head = ask(url), ask(url, method="HEAD")
        assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", ""])
    @pytest.mark.parametrize("url", ["/health/", "/ready/?verbose", "/startup/"])
    def test_other_methods_are_refused_with_those_that_are_not(self, probes, ask, method, url):
        probes({"HEALTH_TOKENS": ["t"]}, fine=Fine)
        before = Fine.runs
        given = ask(url, method=method)
        assert said(given) == (405, {"status": "method_not_allowed"})
        assert dict(given.headers)["Allow"] == "GET, HEAD"
        assert Fine.runs == before

    def test_vary_names_what_the_answer_was_chosen_by(self, probes, ask):
        probes(fine=Fine)
        assert dict(ask("/ready/").headers)["Vary"] == "Accept"
        assert "Vary" not in dict(ask("/ready/?format=json").headers)
        probes({"HEALTH_TOKENS": ["t"]}, fine=Fine)
        assert dict(ask("/health/").headers)["Vary"] == "Accept, Authorization, X-Health-Token"
        assert dict(ask("/health/?format=json").headers)["Vary"] == "Authorization, X-Health-Token"

    @pytest.mark.parametrize(
        ("accept", "content_type"),
        [
            ("application/health+json", "application/health+json"),
            ("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
            ("text/plain", "text/plain; charset=utf-8"),
            ("text/html", "text/html; charset=utf-8"),
        ],
    )
    @pytest.mark.parametrize("path", ["/health/", "/ready/"])
    def test_the_format_follows_the_accept_header(self, probes, ask, accept, content_type, path):
        probes(fine=Fine)
        assert dict(ask(path, Accept=accept).headers)["Content-Type"] == content_type
        assert dict(ask(f"{path}?format=json", Accept=accept).headers)["Content-Type"] == "application/json"

    @pytest.mark.parametrize("path", ["/health/", "/ready/"])
    def test_the_page_and_nothing_else_has_a_policy_for_browsers(self, probes, ask, path):
        probes(fine=Fine)
        (policy,) = html.EXTRA_HEADERS
        sent = {format_: policy in ask(f"{path}?format={quote(format_)}").headers for format_ in FORMATS}
        assert sent == {format_: format_ == "html" for format_ in FORMATS}

    @pytest.mark.parametrize("format_", FORMATS)
    @pytest.mark.parametrize("path", ["/health/", "/ready/"])
    @pytest.mark.parametrize("is_debug", [False, True])
    def test_no_body_holds_the_text_of_an_error(self, probes, settings, ask, format_, path, is_debug):
        settings.DEBUG = is_debug
        probes(**WEAK_FINE_BROKEN, database=Broken, absent=Absent)
        ask("/ready/")
        body = ask(f"{path}?verbose&format={format_}").body.decode()
        assert "fine" in body
        for piece in (SECRET, "hunter2", "postgres", "db.internal", "5432", "Traceback"):
            assert piece not in body
        is_told = is_debug and format_ in ("json", "html")
        assert ("ConnectionRefusedError" in body) == is_told


class TestLiveness:
    def test_it_says_healthy_and_the_version(self, probes, ask):
        probes(fine=Fine)
        assert ask("/health/").body == b'{"status": "healthy", "version": "1.0.0"}'

    def test_it_tells_what_readiness_found_out_and_asks_nothing(self, probes, ask):
        probes({"READY_TTL": 0}, fine=Fine, broken=Broken, search=entry(Weak))
        before = Fine.runs
        assert "checks" not in said(ask("/health/"))[1]
        assert Fine.runs == before
        ask("/ready/")
        for _ in range(3):
            assert ask("/health/").body == (
                b'{"status": "healthy", "version": "1.0.0", '
                b'"checks": {"fine": true, "broken": false, "search": true}}'
            )
        assert Fine.runs == before + 1

    def test_a_selection_is_of_what_is_known(self, probes, ask):
        probes(fine=Fine, database=Broken, own=entry(Fine, GROUPS=["own"]))
        ask("/ready/")
        assert said(ask("/health/?probe=fine"))[1]["checks"] == {"fine": True}
        assert said(ask("/health/?exclude=fine"))[1]["checks"] == {"database": False}
        assert "checks" not in said(ask("/health/?group=own"))[1]
        assert said(ask("/health/?probe=x")) == (404, {"status": "unknown_probe", "unknown": ["x"]})

    def test_without_a_valid_token_no_name_is_told_known_or_not(self, probes, ask):
        probes({"HEALTH_TOKENS": ["t"]}, fine=Fine)
        for query in ("probe=fine", "probe=x", "exclude=x", "group=x"):
            assert said(ask(f"/health/?{query}")) == (200, {"status": "healthy", "version": "1.0.0"})

    def test_what_is_older_than_a_minute_is_not_told(self, probes, ask, monkeypatch):
        for module in ("liveness", "routes"):
            monkeypatch.setattr(f"django_prodready.health.{module}.MAX_AGE_S", 1.0)
        probes(fine=Fine)
        ask("/ready/")
        assert "checks" in said(ask("/health/"))[1]
        wait_until(lambda: "checks" not in said(ask("/health/"))[1])

    def test_a_stuck_probe_does_not_hold_it_up(self, probes, ask):
        probes({"READY_BUDGET": 0.05}, stuck=Hanging)
        assert said(ask("/ready/")) == (503, {"status": "not_ready", "checks": {"stuck": False}})
        assert said(ask("/health/"))[1]["checks"] == {"stuck": False}

    def test_a_version_of_any_letters_is_valid_json(self, probes, ask):
        probes({"VERSION": 'é"\n'})
        given = ask("/health/")
        assert said(given)[1]["version"] == 'é"\n'
        assert dict(given.headers)["Content-Length"] == str(len(given.body))

    def test_it_stays_200_while_the_process_drains(self, probes, ask, tmp_path):
        (tmp_path / "drain").touch()
        probes({"DRAIN_FILE": str(tmp_path / "drain")}, fine=Fine)
        assert ask("/health/").body == b'{"status": "healthy", "version": "1.0.0"}'
        assert b"prodready_draining 1\n" in ask("/health/?format=openmetrics").body


class TestReadiness:
    def test_all_well(self, probes, ask):
        probes(database=Fine, cache=Fine)
        given = ask("/ready/")
        assert given.status == 200
        assert given.body == b'{"status": "ready", "checks": {"database": true, "cache": true}}'

    def test_degraded(self, probes, ask):
        probes(**WEAK_FINE_BROKEN)
        given = ask("/ready/")
        assert given.status == 200
        assert given.body == (
            b'{"status": "ready", "checks": {"weak": true, "fine": true, "search": false}, '
            b'"degraded": ["weak", "search"]}'
        )

    def test_a_critical_probe_is_down(self, probes, ask):
        probes(database=Broken, cache=Fine)
        given = ask("/ready/")
        assert given.status == 503
        assert given.body == b'{"status": "not_ready", "checks": {"database": false, "cache": true}}'

    def test_a_skipped_probe_is_no_check(self, probes, ask):
        probes(cache=Absent)
        assert ask("/ready/").body == b'{"status": "ready", "checks": {}}'

    def test_a_subset_has_its_own_status_from_the_same_outcomes(self, probes, ask):
        probes({"READY_TTL": 60}, fine=Fine, database=Broken, own=entry(Fine, GROUPS=["own"]))
        before = Fine.runs
        assert said(ask("/ready/"))[0] == 503
        assert said(ask("/ready/?probe=fine")) == (200, {"status": "ready", "checks": {"fine": True}})
        assert said(ask("/ready/?exclude=database"))[0] == 200
        assert said(ask("/ready/?probe=database&probe=fine"))[0] == 503
        assert Fine.runs == before + 1
        assert said(ask("/ready/?group=own")) == (200, {"status": "ready", "checks": {"own": True}})
        assert Fine.runs == before + 2

    def test_an_unknown_name_is_told(self, probes, ask):
        probes(fine=Fine)
        for query in ("probe=x", "exclude=x", "group=x", "probe=fine&probe=x"):
            given = ask(f"/ready/?{query}")
            assert given.status == 404
            assert given.body == b'{"status": "unknown_probe", "unknown": ["x"]}'

    def test_an_unknown_format_is_told(self, probes, ask):
        probes(fine=Fine)
        known = ["json", "health+json", "openmetrics", "text", "html"]
        assert said(ask("/ready/?format=xml")) == (400, {"status": "unknown_format", "known": known})

    def test_a_query_too_long_is_refused(self, probes, ask):
        probes(fine=Fine)
        assert said(ask("/ready/?" + "x" * 5000)) == (400, {"status": "bad_query"})


class TestDraining:
    @pytest.fixture(autouse=True)
    def drain_file(self, probes, ask, tmp_path):
        """Drain, after one answer of /ready/."""
        probes({"DRAIN_FILE": str(tmp_path / "drain"), "READY_TTL": 0}, database=Fine, broken=Broken)
        ask("/ready/")
        (tmp_path / "drain").touch()
        assert drain.is_draining()

    def test_it_is_not_ready_and_asks_nothing(self, ask):
        before = Fine.runs
        given = ask("/ready/")
        assert given.status == 503
        assert given.body == b'{"status": "not_ready", "reason": "draining", "checks": {}}'
        assert Fine.runs == before

    def test_other_formats_say_it_too(self, ask):
        before = Fine.runs
        assert ask("/ready/?format=text").body == b"not_ready\nreason: draining\n"
        given = ask("/ready/?format=health")
        assert (given.status, json.loads(given.body)["status"]) == (503, "fail")
        given = ask("/ready/?format=html")
        assert given.status == 503
        assert b"draining" in given.body.lower()
        assert Fine.runs == before

    def test_metrics_are_200_and_tell_what_was_known(self, ask):
        before = Fine.runs
        given = ask("/ready/?format=openmetrics")
        assert given.status == 200
        for line in ("ready 0", "draining 1", 'probe_up{probe="database"} 1', 'probe_up{probe="broken"} 0'):
            assert f"\nprodready_{line}\n" in given.body.decode()
        assert Fine.runs == before


class TestStartup:
    @pytest.fixture
    def problem(self, monkeypatch):
        """Say what keeps the process from its work."""

        def say(text):
            async def later():
                return text

            monkeypatch.setattr(startup_endpoint, "startup_problem", lambda: text)
            monkeypatch.setattr(startup_endpoint, "startup_problem_async", later)

        return say

    def test_starting(self, probes, ask, problem):
        probes(fine=Fine)
        problem("2 migrations to apply")
        before = Fine.runs
        given = ask("/startup/?probe=x")
        assert given.status == 503
        assert given.body == b'{"status": "starting", "reason": "2 migrations to apply"}'
        assert ask("/startup/?format=text").body == b"starting\nreason: 2 migrations to apply\n"
        given = ask("/startup/?format=openmetrics")
        assert (given.status, b"\nprodready_ready 0\n" in given.body) == (200, True)
        assert Fine.runs == before

    def test_started(self, probes, ask, problem):
        probes(database=Broken)
        problem(None)
        given = ask("/startup/?verbose")
        assert (given.status, given.body) == (200, b'{"status": "started"}')
        assert json.loads(ask("/startup/?format=health").body)["status"] == "pass"


class TestTokens:
    @pytest.fixture(autouse=True)
    def tokens(self, probes):
        probes({"HEALTH_TOKENS": ["old", "t0ken"]}, fine=Fine)

    @pytest.mark.parametrize(
        "url",
        [
            "/ready/",
            "/startup/",
            "/ready/?verbose",
            "/health/?verbose",
            "/health/?format=openmetrics",
            "/ready/?token=t0ken&x-health-token=t0ken",
            "/ready/?format=x",
            "/ready/?probe=x",
            *(f"/ready/?format={format_}" for format_ in FORMATS),
            *(f"/startup/?format={format_}" for format_ in FORMATS),
        ],
    )
    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"X_Health_Token": "\xff"}])
    @pytest.mark.parametrize("is_debug", [False, True])
    def test_what_is_not_open_is_refused_without_a_valid_one(self, settings, ask, url, headers, is_debug):
        settings.DEBUG = is_debug
        before = Fine.runs
        given = ask(url, **headers)
        assert (given.status, given.body) == (401, b'{"status": "unauthorized"}')
        assert dict(given.headers)["WWW-Authenticate"] == "Bearer"
        assert dict(given.headers)["Cache-Control"] == "no-store"
        assert ask(url, method="HEAD", **headers).headers == given.headers
        assert Fine.runs == before

    def test_metrics_by_the_accept_header_are_refused_too(self, ask):
        assert ask("/health/", Accept="application/openmetrics-text").status == 401

    def test_liveness_stays_open_and_tells_nothing_of_probes(self, ask):
        assert said(ask("/ready/", **VALID)) == (200, {"status": "ready", "checks": {"fine": True}})
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            assert ask("/health/", **headers).body == b'{"status": "healthy", "version": "1.0.0"}'
            for format_ in ("text", "html", "health"):
                given = ask(f"/health/?format={format_}", **headers)
                assert (given.status, b"fine" in given.body) == (200, False)
        assert said(ask("/health/", **VALID))[1]["checks"] == {"fine": True}

    def test_a_valid_one_opens_everything(self, ask):
        for headers in (VALID, {"X_Health_Token": "old"}):
            assert ask("/ready/", **headers).status == 200
            probe = said(ask("/ready/?verbose", **headers))[1]["probes"]["fine"]
            assert list(probe) == ["status", "critical", "duration_ms", "age_ms", "error"]
            assert said(ask("/health/?verbose", **headers))[1]["probes"]["fine"]["status"] == "ok"
            assert ask("/health/?format=openmetrics", **headers).status == 200


class TestVerbose:
    def test_it_is_ignored_without_tokens(self, probes, ask):
        probes(fine=Fine)
        assert said(ask("/ready/?verbose"))[1] == {"status": "ready", "checks": {"fine": True}}

    def test_under_debug_it_tells(self, probes, settings, ask):
        settings.DEBUG = True
        probes(fine=Fine, database=Switched)
        Switched.is_down.set()
        told = said(ask("/ready/?verbose"))[1]
        assert list(told) == ["status", "checks", "probes"]
        assert told["probes"]["database"]["error"] == "ConnectionRefusedError"
        assert "probes" not in said(ask("/ready/"))[1]
        assert "probes" not in said(ask("/ready/?verbose=0"))[1]
        assert said(ask("/health/?verbose"))[1]["probes"]["fine"]["error"] is None
