"""Draining inside one process: who may hold SIGTERM back, how it is passed on, what DRAIN_FILE says.

The servers are acted by modules of their names, whose functions stand on the stack as the real ones do;
the signals are real.
"""

import _thread
import asyncio
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
import types

import pytest

from django_prodready import gunicorn as gunicorn_config
from django_prodready.health import drain, drain_signal
from django_prodready.health.drain_server import GUNICORN_ECHO_S, UVICORN_ECHO_S, find_server

LOGGER = "django_prodready.health"
DEADLINE_S = 20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals that end processes are POSIX's")


class Seen(list):
    """A server's handler of SIGTERM: it remembers the signals."""

    def __call__(self, signum, frame):
        self.append(signum)


@pytest.fixture(autouse=True)
def own_state():
    """Begin without any SIGTERM, and put the test run's own handler back."""
    before = signal.getsignal(signal.SIGTERM)
    drain_signal._begin_anew()
    drain._trouble = None
    yield
    drain_signal._state.is_over = True  # a thread that still waits must not end the test run
    signal.signal(signal.SIGTERM, before)
    drain_signal._begin_anew()


@pytest.fixture
def handler():
    """The handler of the server that is acted."""
    seen = Seen()
    signal.signal(signal.SIGTERM, seen)
    return seen


@pytest.fixture
def drains(settings):
    """Drain for long, unless a test says otherwise."""
    settings.PRODREADY = {"DRAIN_SECONDS": 60}


class Worker:
    """What a frame of a server has as ``self``."""


def called_by(module, what, worker=None):
    """Call ``what`` from a function of the module, whose ``self`` is ``worker``."""
    acted = types.ModuleType(module)
    exec("def run(self, what):\n    return what()", acted.__dict__)
    return acted.run(worker, what)


def on_load_in(module="gunicorn.workers.sync", worker=None):
    return called_by(module, drain.on_load, worker)


def until(what):
    deadline_s = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < deadline_s, "nothing happened"
        time.sleep(0.01)


def terminate():
    """Send SIGTERM to this process; its handler has run when this returns."""
    signal.raise_signal(signal.SIGTERM)


# Holding back, and passing on


def test_sigterm_is_held_back_and_then_passed_on(settings, handler, caplog):
    settings.PRODREADY = {"DRAIN_SECONDS": 0.2}
    on_load_in()
    assert not drain.is_draining()
    with caplog.at_level(logging.INFO, LOGGER):
        terminate()
        assert drain.is_draining()
        assert handler == []
        until(lambda: handler)
    assert handler == [signal.SIGTERM]
    assert drain.is_draining()  # until the process has ended
    assert [record.getMessage() for record in caplog.records] == [
        "Draining for 0.2 s: not ready, and still serving."
    ]


def test_the_end_of_the_window_wakes_a_main_thread_that_waits(settings):
    class StoppedError(Exception):
        pass

    def stop(signum, frame):
        raise StoppedError

    settings.PRODREADY = {"DRAIN_SECONDS": 0.2}
    signal.signal(signal.SIGTERM, stop)
    on_load_in()
    reading, writing = os.pipe()
    try:
        terminate()
        with pytest.raises(StoppedError):
            select.select([reading], [], [], DEADLINE_S)
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.usefixtures("drains")
def test_a_second_sigterm_skips_the_wait(handler):
    on_load_in("uvicorn.server")
    terminate()
    assert handler == []
    terminate()
    assert handler == [signal.SIGTERM]
    terminate()
    assert handler == [signal.SIGTERM] * 2


@pytest.mark.usefixtures("drains")
def test_what_the_waiting_thread_does_at_the_end(handler, caplog):
    # Called here, because threads without a Thread are not traced.
    on_load_in("uvicorn.server")
    terminate()
    with caplog.at_level(logging.INFO, LOGGER):
        drain_signal._wait(drain_signal._state, 0.01)
        assert handler == [signal.SIGTERM]
        drain_signal._wait(drain_signal._state, 0.01)
        assert handler == [signal.SIGTERM]  # the server has it already


@pytest.mark.usefixtures("drains")
def test_a_signal_to_the_group_is_not_a_second_one_when_the_master_repeats_it(handler, monkeypatch):
    on_load_in("gunicorn.workers.sync")
    terminate()
    terminate()
    assert handler == []
    now = time.monotonic()
    monkeypatch.setattr(drain_signal.time, "monotonic", lambda: now + GUNICORN_ECHO_S + 0.01)
    terminate()
    assert handler == [signal.SIGTERM]


@pytest.mark.usefixtures("drains")
def test_without_a_thread_to_wait_it_stops_at_once(handler, monkeypatch):
    def no_thread(*_):
        raise RuntimeError("can't start new thread")

    on_load_in()
    monkeypatch.setattr(_thread, "start_new_thread", no_thread)
    terminate()
    assert handler == [signal.SIGTERM]


def test_a_setting_changed_to_none_passes_on_at_once(settings, handler):
    settings.PRODREADY = {"DRAIN_SECONDS": 60}
    on_load_in()
    settings.PRODREADY = {"DRAIN_SECONDS": 0}
    terminate()
    assert handler == [signal.SIGTERM]
    assert not drain.is_draining()


@pytest.mark.usefixtures("drains")
def test_a_forked_child_has_nothing_to_drain(handler):
    on_load_in()
    terminate()
    child = os.fork()
    if child == 0:
        is_forgotten = not drain.is_draining()
        terminate()
        os._exit(0 if is_forgotten and handler == [signal.SIGTERM] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert drain.is_draining()


@pytest.mark.usefixtures("drains")
def test_a_forked_worker_takes_its_own_sigterm_over(handler):
    on_load_in()
    child = os.fork()
    if child == 0:
        on_load_in()
        terminate()
        os._exit(0 if drain.is_draining() and handler == [] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert not drain.is_draining()


# Where it is installed


@pytest.mark.usefixtures("drains")
@pytest.mark.parametrize("when", [drain.on_load, drain.on_request])
def test_it_is_installed_once(handler, when):
    called_by("gunicorn.workers.sync", when)
    ours = signal.getsignal(signal.SIGTERM)
    assert ours is not handler
    called_by("gunicorn.workers.sync", when)
    assert signal.getsignal(signal.SIGTERM) is ours


@pytest.mark.usefixtures("drains")
def test_a_handler_that_replaced_ours_and_calls_it_comes_to_its_turn_once(handler):
    on_load_in("uvicorn.server")
    ours, theirs = signal.getsignal(signal.SIGTERM), []

    def chained(signum, frame):
        theirs.append(signum)
        ours(signum, frame)

    signal.signal(signal.SIGTERM, chained)
    called_by("uvicorn.server", drain.on_request)
    terminate()
    assert (theirs, handler) == ([], [])
    terminate()
    assert (theirs, handler) == ([signal.SIGTERM], [signal.SIGTERM])


@pytest.mark.parametrize("module", ["gunicorn.arbiter", "celery.worker", "django.core.management.base"])
@pytest.mark.parametrize("when", [drain.on_load, drain.on_request])
@pytest.mark.usefixtures("drains")
def test_nothing_but_a_serving_process_is_touched(handler, module, when):
    called_by(module, when)
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.usefixtures("drains")
def test_a_server_without_its_handler_yet_is_asked_again(handler):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    on_load_in("uvicorn.server")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    signal.signal(signal.SIGTERM, handler)
    called_by("uvicorn.server", drain.on_request)
    terminate()
    assert drain.is_draining()


@pytest.mark.parametrize("when", [drain.on_load, drain.on_request])
def test_it_is_off_by_default(handler, when):
    called_by("gunicorn.workers.sync", when)
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.usefixtures("drains")
def test_where_nothing_forks_nothing_is_installed(handler, monkeypatch):
    monkeypatch.delattr(os, "fork")
    on_load_in()
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.usefixtures("drains")
def test_calls_into_the_system_are_not_interrupted(handler, monkeypatch):
    asked = []
    monkeypatch.setattr(signal, "siginterrupt", lambda *arguments: asked.append(arguments))
    on_load_in()
    assert asked == [(signal.SIGTERM, False)]


@pytest.mark.usefixtures("drains")
def test_a_worker_that_takes_its_signals_from_an_event_loop():
    class LoopWorker:
        def __init__(self):
            self.loop = asyncio.new_event_loop()
            self.stopped = []

        def handle_exit_signal(self):
            self.stopped.append("stopped")

    worker = LoopWorker()
    worker.loop.add_signal_handler(signal.SIGTERM, worker.handle_exit_signal)
    try:
        on_load_in("gunicorn.workers.gasgi", worker)
        called_by("gunicorn.workers.gasgi", drain.on_request, worker)
        terminate()
        worker.loop.run_until_complete(asyncio.sleep(0.01))
        assert drain.is_draining()
        assert worker.stopped == []
        drain_signal._state.began_s -= GUNICORN_ECHO_S
        terminate()
        worker.loop.run_until_complete(asyncio.sleep(0.01))
        assert worker.stopped == ["stopped"]
    finally:
        worker.loop.remove_signal_handler(signal.SIGTERM)
        worker.loop.close()


# Threads that are not the main one


def in_thread(module, what=drain.on_request, times=1):
    def serve():
        for _ in range(times):
            called_by(module, what)

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()


@pytest.mark.usefixtures("drains")
def test_a_thread_says_once_that_it_is_too_late(handler, caplog):
    in_thread("gunicorn.workers.gthread", times=3)
    assert signal.getsignal(signal.SIGTERM) is handler
    (record,) = caplog.records
    assert (record.name, record.levelno) == (LOGGER, logging.WARNING)
    assert "post_worker_init" in record.getMessage()


@pytest.mark.usefixtures("drains")
def test_a_thread_beside_a_server_in_the_main_thread_says_so_too(handler, caplog):
    called_by("uvicorn.server", lambda: in_thread("asgiref.sync"))
    assert len(caplog.records) == 1


@pytest.mark.usefixtures("drains")
def test_a_thread_of_no_server_says_nothing(handler, caplog):
    in_thread("django.core.servers.basehttp")
    in_thread("gunicorn.workers.gthread", drain.on_load)
    assert caplog.records == []
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.usefixtures("drains")
def test_a_thread_says_nothing_when_all_is_well(handler, caplog):
    on_load_in("gunicorn.workers.gthread")
    in_thread("gunicorn.workers.gthread")
    assert caplog.records == []


# Which server


def server_below(*modules, worker=None):
    """Find the server of a stack, the outermost module first."""
    if not modules:
        return find_server(sys._getframe())
    return called_by(modules[0], lambda: server_below(*modules[1:], worker=worker), worker)


def test_servers_are_told_by_the_stack():
    assert server_below() is None
    assert server_below("uvicorn.server").echo_s == 0
    assert server_below("uvicorn._subprocess", "uvicorn.server").echo_s == UVICORN_ECHO_S
    assert server_below("gunicorn.arbiter", "gunicorn.workers.base").echo_s == GUNICORN_ECHO_S
    assert server_below("gunicorn.workers.base", "uvicorn.server", "project").echo_s == GUNICORN_ECHO_S
    assert server_below("daphne.management.commands.runserver", "uvicorn.server") is None


@pytest.mark.parametrize(("should_reload", "is_found"), [(True, False), (False, True)])
def test_a_server_that_a_reloader_restarts_does_not_drain(should_reload, is_found):
    worker = Worker()
    worker.config = types.SimpleNamespace(should_reload=should_reload)
    for below in ((), ("uvicorn._subprocess",)):
        assert (server_below(*below, "uvicorn.server", worker=worker) is not None) is is_found


# DRAIN_FILE


def test_a_file_means_draining_while_it_is_there(settings, tmp_path, caplog):
    path = tmp_path / "drain"
    settings.PRODREADY = {"DRAIN_FILE": path}
    assert not drain.is_draining()
    path.touch()
    assert drain.is_draining()
    path.unlink()
    assert not drain.is_draining()
    assert caplog.records == []


def test_a_directory_is_no_drain_file_and_is_named_once(settings, tmp_path, caplog):
    path = tmp_path / "drain"
    settings.PRODREADY = {"DRAIN_FILE": str(path)}
    path.mkdir()
    assert not drain.is_draining()
    assert not drain.is_draining()
    assert [record.getMessage() for record in caplog.records] == [
        "PRODREADY['DRAIN_FILE'] is a directory, and has to be a file. It is taken as absent."
    ]
    path.rmdir()
    path.touch()
    assert drain.is_draining()
    path.unlink()
    path.mkdir()
    assert not drain.is_draining()
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("place", "error"),
    [("file/drain", "NotADirectoryError"), ("x" * 300, "OSError"), ("nul\0nul", "ValueError")],
)
def test_a_path_that_cannot_be_read_is_named_without_the_path(settings, tmp_path, caplog, place, error):
    (tmp_path / "file").touch()
    settings.PRODREADY = {"DRAIN_FILE": tmp_path / place}
    assert not drain.is_draining()
    assert [record.getMessage() for record in caplog.records] == [
        f"PRODREADY['DRAIN_FILE'] cannot be read ({error}). It is taken as absent."
    ]
    assert caplog.records[0].levelno == logging.WARNING


# gunicorn's hook


def gunicorn_worker(graceful_timeout):
    return types.SimpleNamespace(cfg=types.SimpleNamespace(graceful_timeout=graceful_timeout))


@pytest.mark.usefixtures("drains")
def test_the_hook_installs_and_warns_of_a_short_grace(handler, caplog):
    called_by("gunicorn.workers.base", lambda: gunicorn_config.post_worker_init(gunicorn_worker(30)))
    assert signal.getsignal(signal.SIGTERM) is not handler
    (record,) = caplog.records
    assert (record.name, record.levelno) == (LOGGER, logging.WARNING)
    assert "graceful_timeout (30 s), before DRAIN_SECONDS (60 s)" in record.getMessage()


@pytest.mark.parametrize("options", [{}, {"DRAIN_SECONDS": 29}])
def test_the_hook_has_nothing_to_say_of_a_sufficient_grace(settings, handler, caplog, options):
    settings.PRODREADY = options
    called_by("gunicorn.workers.base", lambda: gunicorn_config.post_worker_init(gunicorn_worker(30)))
    assert caplog.records == []


BESIDE_NO_DJANGO = """
import sys
from django_prodready import gunicorn
assert "django" not in sys.modules
gunicorn.post_worker_init(None)
from django.conf import settings
assert not settings.configured
"""

WITHOUT_FORK = """
import logging, os, random, signal, threading
before = signal.getsignal(signal.SIGTERM)
del os.fork, os.register_at_fork, signal.siginterrupt
from django.conf import settings
settings.configure(PRODREADY={"DRAIN_SECONDS": 5, "DRAIN_FILE": __file__})
from django_prodready.health import drain
drain.on_load()
drain.on_request()
assert drain.is_draining()
assert signal.getsignal(signal.SIGTERM) is before
"""


def run_python(script, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(script)
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, path], check=False, env=environ, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_hook_lives_without_django_in_the_master_and_with_a_broken_application(tmp_path):
    run_python(BESIDE_NO_DJANGO, tmp_path)


def test_everything_imports_where_there_is_no_fork(tmp_path):
    run_python(WITHOUT_FORK, tmp_path)
