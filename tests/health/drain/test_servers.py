"""SIGTERM at real servers: not ready and serving for DRAIN_SECONDS, then the end that it would have been.

The servers run side by side, because each spends its time waiting.
"""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

DRAIN_S = 1.0
LONG_S = 120.0  # nothing here waits for the end of it
MARGIN_S = 15.0  # between the end of the window and the end of a process on a busy machine

GUNICORN = ["-m", "gunicorn", "--no-control-socket", "--log-level", "error", "--bind", "127.0.0.1:{port}"]
OURS = ["-c", "python:django_prodready.gunicorn"]
UVICORN = ["-m", "uvicorn", "--log-level", "error", "--port", "{port}", "drained:asgi"]
WSGI, ASGI = "drained:wsgi", "drained:asgi"
WRAPPED = {"DRAINED_WRAPPER": "1"}
BY_URLCONF = {"DRAINED_URLCONF": "1"}
# WhiteNoise is such a middleware.
BEFORE_SYNC = {"DRAINED_SYNC": "1"}

SERVERS = {
    "sync": ([*GUNICORN, WSGI], {}),
    "sync-preload": ([*GUNICORN, "--preload", WSGI], WRAPPED),
    "gthread": ([*GUNICORN, "--threads", "3", WSGI], WRAPPED),
    "gthread-urlconf": ([*GUNICORN, "--threads", "3", WSGI], BY_URLCONF),
    "gthread-preload": (GUNICORN + OURS + ["--threads", "3", "--preload", WSGI], {}),
    "uvicorn-worker": ([*GUNICORN, "-k", "uvicorn_worker.UvicornWorker", ASGI], {}),
    "uvicorn-worker-preload": ([*GUNICORN, "-k", "uvicorn_worker.UvicornWorker", "--preload", ASGI], WRAPPED),
    "asgi": ([*GUNICORN, "-k", "asgi", ASGI], WRAPPED),
    "asgi-preload": ([*GUNICORN, "-k", "asgi", "--preload", ASGI], {}),
    "uvicorn": (UVICORN, {}),
    "uvicorn-wrapped": (UVICORN, WRAPPED),
    "uvicorn-urlconf": (UVICORN, BY_URLCONF),
    "uvicorn-before-sync": (UVICORN, BEFORE_SYNC),
    "uvicorn-workers": ([*UVICORN, "--workers", "2"], {}),
}
# What each ends with when nobody holds its signal back.
CODES = dict.fromkeys(
    ("uvicorn", "uvicorn-urlconf", "uvicorn-before-sync", "uvicorn-wrapped"), -signal.SIGTERM
)


@dataclass
class Drained:
    """What was seen of one server."""

    stop: object
    said: str


@pytest.fixture(scope="module")
def drained(request, running):
    """Drain the servers of the selected tests, side by side; return what became of each."""

    def drain(name):
        command, environ = SERVERS[name]
        with running(command, DRAIN_S, **environ) as server:
            server.wait_until_ready()
            server.send(signal.SIGTERM)
            stop = server.watch()
            return Drained(stop, server.said())

    selected = [item.callspec.params["name"] for item in request.session.items if _is_row(item)]
    with ThreadPoolExecutor(6) as pool:
        yield {name: pool.submit(drain, name) for name in selected}


def _is_row(item):
    return getattr(item, "originalname", "") == "test_a_server_drains" and item.path.name == "test_servers.py"


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_drains(name, drained):
    seen = drained[name].result()
    stop, within = seen.stop, [sight for sight in seen.stop.sights if sight.seen_s < DRAIN_S]
    assert {(sight.health, sight.page) for sight in within} == {(200, 200)}, seen.said
    readiness = [sight.ready for sight in within]
    assert readiness.count(503) >= 3
    # Workers get the signal one after another, from a parent that looks for it now and then.
    assert set(readiness) <= {200, 503}
    assert {sight.ready for sight in within if sight.seen_s > 0.75} <= {503}
    assert DRAIN_S <= stop.ended_s < DRAIN_S + MARGIN_S
    assert stop.code == CODES.get(name, 0)
    assert "Traceback" not in seen.said


def test_draining_is_said_and_runs_no_probe(running):
    with running(UVICORN, LONG_S) as server:
        server.wait_until_ready()
        server.send(signal.SIGTERM)
        server.wait_until(lambda: server.status("/ready/") == 503)
        status, body = server.ask("/ready/")
        assert (status, json.loads(body)) == (
            503,
            {"status": "not_ready", "reason": "draining", "checks": {}},
        )
        assert json.loads(server.ask("/health/")[1])["status"] == "healthy"
        # The second one, at once: this server has no parent that could have repeated the first.
        server.send(signal.SIGTERM)
        stop = server.watch()
    assert stop.ended_s < MARGIN_S
    assert stop.code == -signal.SIGTERM


def test_gunicorn_with_a_signal_to_the_whole_group_drains_and_the_next_one_ends_it(running):
    with running([*GUNICORN, "--workers", "2", WSGI], LONG_S) as server:
        server.wait_until_ready()
        workers = {int(server.ask("/page/")[1])}
        server.wait_until(lambda: len(workers) == 2 or workers.add(int(server.ask("/page/")[1])))
        server.send_to_group(signal.SIGTERM)  # as systemd does by default: the master repeats it
        began_s = time.monotonic()
        server.wait_until(lambda: time.monotonic() - began_s > 1)
        assert [server.status(path) for path in ("/ready/", "/health/", "/page/")] == [503, 200, 200]
        server.send_to_group(signal.SIGTERM)
        stop = server.watch()
    assert stop.ended_s < MARGIN_S
    assert stop.code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_gunicorn_that_drains_still_ends_at_once_when_it_is_told_so(running, number):
    with running([*GUNICORN, "--threads", "2", WSGI], LONG_S) as server:
        server.wait_until_ready()
        server.send(signal.SIGTERM)
        server.wait_until(lambda: server.status("/ready/") == 503)
        server.send(number)
        stop = server.watch()
    assert stop.ended_s < MARGIN_S
    assert stop.code == 0


def test_threads_below_a_preloading_master_say_that_they_cannot_drain(running):
    with running([*GUNICORN, "--threads", "2", "--preload", WSGI], LONG_S) as server:
        server.wait_until_ready()
        server.send(signal.SIGTERM)
        stop = server.watch()
        said = server.said()
    assert stop.ended_s < MARGIN_S
    assert said.count("SIGTERM will not drain this process") == 1


def test_a_short_grace_is_said_by_gunicorns_hook(running):
    with running(GUNICORN + OURS + ["--graceful-timeout", "2", WSGI], LONG_S) as server:
        server.wait_until_ready()
        assert "graceful_timeout (2 s), before DRAIN_SECONDS (120 s)" in server.said()


def test_a_server_that_owns_sigterm_drains_by_file(running, tmp_path):
    path = tmp_path / "drain"
    with running(UVICORN, 0, DRAINED_FILE=str(path)) as server:
        server.wait_until_ready()
        path.touch()
        assert [server.status(place) for place in ("/ready/", "/health/", "/page/")] == [503, 200, 200]
        path.unlink()
        assert server.status("/ready/") == 200
        path.touch()
        server.send(signal.SIGTERM)
        stop = server.watch()
    assert stop.ended_s < MARGIN_S
