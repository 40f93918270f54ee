"""Celery with real brokers: a worker runs a task, and a broker that hangs is not waited for."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from prodready_databases import Gate, through
from prodready_peers.sockets import serving
from prodready_services.once import of_servers

import django_prodready

pytestmark = of_servers

PACKAGE = str(Path(django_prodready.__file__).parents[1])
PATIENCE_S = 30
# Three answers of a second each. Without the settings: 20 s and more for Redis, for ever for RabbitMQ.
LONGEST_WAIT_S = 15

SITE = """
from celery import Celery as App
from pathlib import Path
from django_prodready.settings.mixins.celery import Celery
class Settings(Celery):
    CELERY_TASK_DEFAULT_QUEUE = "{queue}"
    CELERY_BROKER_TRANSPORT_OPTIONS = {options}
namespace = {{"TIME_ZONE": "Europe/Berlin"}}
Settings.apply(namespace)
app = App("queue_site", set_as_current=False)
app.config_from_object(type("Module", (), namespace), namespace="CELERY")
@app.task
def touch(path):
    Path(path).write_text("done")
"""
# The first task opens a connection; the second is sent on it.
SEND_TWICE = """
import sys, time
from queue_site import touch
touch.delay(sys.argv[1])
print("sent", flush=True)
sys.stdin.readline()
started = time.monotonic()
try:
    touch.delay(sys.argv[1])
except Exception as error:
    print(type(error).__name__)
print(time.monotonic() - started)
"""
# Shorter than the mixin's own, for the tests' sake: the project's options stay.
SHORT = {"redis": {"socket_timeout": 1.2}, "rabbitmq": {"read_timeout": 1, "write_timeout": 1}}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Write a site for a broker; return the environment of its processes."""

    def write(url, kind):
        name = f"shop-{uuid.uuid4().hex}"
        (tmp_path / "queue_site.py").write_text(SITE.format(queue=name, options=SHORT[kind]))
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return inherited | {
            "PYTHONPATH": os.pathsep.join([str(tmp_path), PACKAGE]),
            "CELERY_BROKER_URL": url,
        }

    return write


@pytest.fixture
def run():
    """Start Python processes, and end those that still run after the test."""
    processes = []

    def start(environ, *arguments):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_a_worker_runs_a_task(site, run, kind, request, tmp_path):
    environ = site(request.getfixturevalue(f"{kind}_url"), kind)
    target = tmp_path / "done"
    options = ("--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=WARNING")

    worker = run(environ, "-m", "celery", "-A", "queue_site", "worker", *options)
    # Longer than a broker may take to answer: an idle worker is not one that is hung.
    time.sleep(2.5)
    sender = run(environ, "-c", "import sys, queue_site; queue_site.touch.delay(sys.argv[1])", str(target))
    output, _ = sender.communicate(timeout=PATIENCE_S)
    assert sender.returncode == 0, output
    deadline = time.monotonic() + PATIENCE_S
    while not target.exists() and worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    log, _ = worker.communicate(timeout=PATIENCE_S)

    assert target.exists(), log
    assert worker.returncode == 0, log


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_a_broker_that_hangs_is_not_waited_for(site, run, kind, request, tmp_path):
    url = request.getfixturevalue(f"{kind}_url")
    gate = Gate.to(url)
    with serving(gate) as port:
        sender = run(site(through(url, port), kind), "-c", SEND_TWICE, str(tmp_path / "done"))
        assert sender.stdout.readline() == "sent\n"
        gate.is_open.clear()
        output, _ = sender.communicate("\n", timeout=PATIENCE_S)

    error, took_s = output.splitlines()[-2:]
    assert error == "OperationalError"
    assert float(took_s) < LONGEST_WAIT_S


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_a_broker_that_refuses_is_not_waited_for(site, run, kind, tmp_path):
    url = {"redis": "redis://127.0.0.1:1/0", "rabbitmq": "amqp://a:b@127.0.0.1:1//"}[kind]
    started_at = time.monotonic()

    sender = run(site(url, kind), "-c", "import queue_site; queue_site.touch.delay('x')")
    output, _ = sender.communicate(timeout=PATIENCE_S)

    assert "OperationalError" in output
    assert time.monotonic() - started_at < LONGEST_WAIT_S
