"""What is no server in production ends at SIGTERM as ever, whatever DRAIN_SECONDS says."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

LONG_S = 120.0
ENDED_S = 15.0
MANAGE = ["-m", "django"]
ADDRESS = "127.0.0.1:{port}"
RELOADING = ["-m", "uvicorn", "--reload", "--log-level", "error", "--port", "{port}", "drained:asgi"]

SERVERS = {
    "runserver": ([*MANAGE, "runserver", ADDRESS], {}),
    "runserver-noreload": ([*MANAGE, "runserver", "--noreload", ADDRESS], {}),
    "runserver-nothreading": ([*MANAGE, "runserver", "--noreload", "--nothreading", ADDRESS], {}),
    "runserver-of-daphne": ([*MANAGE, "runserver", "--noreload", ADDRESS], {"DRAINED_APP": "daphne"}),
    "uvicorn-reload": (RELOADING, {}),
}

# A worker of a task queue, or any command: its own handler, and the whole project loaded, requests included.
WORKER = """\
import signal, sys, time
import django
django.setup()
from django.test import Client
def stop(number, frame):
    print("stopped", flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, stop)
import drained
assert Client().get("/page/").status_code == 200
assert Client().get("/ready/").status_code == 200
assert signal.getsignal(signal.SIGTERM) is stop
print("works", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def stopped(request, running):
    """Stop the servers of the selected tests, side by side; return what became of each."""

    def stop(name):
        command, environ = SERVERS[name]
        with running(command, LONG_S, **environ) as server:
            server.wait_until_ready()
            server.send(signal.SIGTERM)
            return server.watch(), server.said()

    selected = [item.callspec.params["name"] for item in request.session.items if _is_row(item)]
    with ThreadPoolExecutor(5) as pool:
        yield {name: pool.submit(stop, name) for name in selected}


def _is_row(item):
    return getattr(item, "originalname", "") == "test_a_development_server_ends_at_once"


@pytest.mark.parametrize("name", SERVERS)
def test_a_development_server_ends_at_once(name, stopped):
    if name == "runserver-of-daphne":
        pytest.importorskip("daphne")
    stop, said = stopped[name].result()
    assert stop.ended_s < ENDED_S
    assert 503 not in {sight.ready for sight in stop.sights}
    assert "Draining for" not in said


def test_a_task_queues_worker_keeps_its_handler(running):
    with running(["-c", WORKER], LONG_S) as worker:
        worker.wait_until(lambda: "works" in worker.said())
        worker.send(signal.SIGTERM)
        stop = worker.watch()
        assert (stop.code, "stopped" in worker.said()) == (7, True)
    assert stop.ended_s < ENDED_S
