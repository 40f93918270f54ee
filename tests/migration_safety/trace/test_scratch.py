"""Scratch databases: made, marked, dropped, and those of dead runs dropped by the next."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.db import Error
from prodready_databases import eventually, postgres_entry
from prodready_databases.pgbouncer import pgbouncer_before
from prodready_peers.sockets import LOOPBACK, serving
from prodready_services import postgres

from django_prodready.migration_safety.trace import scratch, scratch_ends, scratch_server
from django_prodready.migration_safety.trace.protocol import TraceError
from django_prodready.migration_safety.trace.scratch import ScratchError, created, from_target, from_url

PASSWORD = "pass word#1"


def ask(url: str, sql: str, *params: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def scratches(url: str) -> set[str]:
    found = ask(url, "SELECT datname FROM pg_database WHERE starts_with(datname, 'prodready_scratch_')")
    return {name for (name,) in found}


def fail_connected(url: str, stack: contextlib.ExitStack) -> None:
    with created(from_url(url)) as database:
        address = urlsplit(url)._replace(path=f"/{database.name}").geturl()
        stack.enter_context(contextlib.closing(psycopg.connect(address)))
        raise KeyError


@pytest.fixture
def plain_role(postgres_url: str) -> Iterator[str]:
    """Address of the server for a role that may do nothing special."""
    ask(postgres_url, f"CREATE ROLE scratch_plain LOGIN PASSWORD '{PASSWORD}'")
    try:
        parts = urlsplit(postgres_url)
        place = parts.netloc.rpartition("@")[2]
        yield parts._replace(netloc=f"scratch_plain:{quote(PASSWORD)}@{place}").geturl()
    finally:
        for name in scratches(postgres_url):
            ask(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')
        ask(postgres_url, "DROP ROLE scratch_plain")


class TestAddress:
    def test_a_url_is_read_with_its_options(self) -> None:
        server = from_url(
            "postgresql://me:p%40ss%2Fword@db.example.org:5433/work?sslmode=require&connect_timeout=3"
        )
        assert server.maintenance == ("work",)
        entry = server.named("scratch")
        assert entry["OPTIONS"].items() >= {"sslmode": "require", "connect_timeout": 3}.items()
        assert {key: entry[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "scratch",
            "USER": "me",
            "PASSWORD": "p@ss/word",
            "HOST": "db.example.org",
            "PORT": "5433",
        }
        assert server.place == "db.example.org:5433"
        assert "p@ss" not in repr(server)
        json.dumps(entry)

    @pytest.mark.parametrize("end", ["", "/", "?sslmode=disable", "/?sslmode=disable"])
    def test_a_url_without_a_database_means_postgres(self, end: str) -> None:
        assert from_url(f"postgres://me@localhost{end}").maintenance == ("postgres",)

    def test_a_socket_is_named_in_the_query(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PGPORT", raising=False)
        server = from_url("postgresql:///work?host=/run/postgresql")
        assert server.entry["OPTIONS"]["host"] == "/run/postgresql"
        assert server.place == "/run/postgresql:5432"

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("mysql://me:secret@localhost/work", "expected a postgresql:// URL"),
            ("nothing", "--scratch-url: expected a URL that begins with a scheme"),
            ("postgresql://me:sec#ret@localhost/work", "percent-encoded"),
            ("postgresql://me:secret@[::1/work", "--scratch-url: expected"),
        ],
    )
    def test_another_url_is_refused_without_its_secrets(self, url: str, says: str) -> None:
        with pytest.raises(ScratchError) as caught:
            from_url(url)
        assert says in str(caught.value)
        assert "sec" not in str(caught.value).replace("second", "")

    def test_the_target_itself_is_refused(self) -> None:
        target = postgres_entry("postgresql://me:pw@127.0.0.1/shop")
        with pytest.raises(ScratchError, match="names the target database itself"):
            from_url("postgresql://other:pw@localhost:5432/shop", target)
        assert from_url("postgresql://me:pw@localhost/postgres", target)

    def test_the_target_gives_its_server_and_nothing_that_limits(self) -> None:
        options = {
            "pool": {"min_size": 1},
            "options": r"-c statement_timeout=30000 -csearch_path=a\ b --lock_timeout=1s endpoint=quiet",
            "sslmode": "verify-full",
            "sslrootcert": Path("/etc/ca.pem"),
            "isolation_level": 2,
            "assume_role": "owner",
            "sslpassword": "key-secret",
            "keepalives": 0,
        }
        entry = postgres_entry("postgresql://me:entry-secret@db:5432/shop", OPTIONS=options, CONN_MAX_AGE=60)
        server = from_target("default", entry)
        assert server.maintenance == ("postgres", "shop")
        given = dict(server.entry["OPTIONS"])
        assert given.pop("keepalives") == 0
        assert {key: given[key] for key in given if not key.startswith(("keepalives", "tcp_"))} == {
            "application_name": "django-prodready trace",
            "connect_timeout": 10,
            "options": "endpoint=quiet",
            "sslmode": "verify-full",
            "sslrootcert": "/etc/ca.pem",
            "sslpassword": "key-secret",
        }
        assert server.scrub(ValueError("entry-secret and key-secret\nmore")) == "[redacted] and [redacted]"
        assert server.scrub(ValueError()) == "ValueError"

    def test_a_service_is_kept(self) -> None:
        server = from_target(
            "default", {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"service": "shop"}}
        )
        assert server.entry["OPTIONS"]["service"] == "shop"
        assert server.maintenance == ("postgres", "")
        assert server.place == "the service shop"

    def test_another_target_is_refused(self) -> None:
        with pytest.raises(ScratchError, match=r"DATABASES\['default'\] is no PostgreSQL"):
            from_target("default", {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"})


class TestLife:
    def test_it_is_there_for_the_length_of_the_block(self, postgres_url: str) -> None:
        with created(from_url(postgres_url)) as database:
            assert scratches(postgres_url) == {database.name}
            ((comment, encoding),) = ask(
                postgres_url,
                "SELECT shobj_description(oid, 'pg_database'), pg_encoding_to_char(encoding)"
                " FROM pg_database WHERE datname = %s",
                database.name,
            )
            assert json.loads(comment).items() >= {"made_by": "django-prodready", "pid": os.getpid()}.items()
            assert encoding == "UTF8"
            assert database.entry["NAME"] == database.name
        assert scratches(postgres_url) == set()

    def test_it_goes_with_an_exception_and_whoever_is_connected(self, postgres_url: str) -> None:
        with contextlib.ExitStack() as stack, pytest.raises(KeyError):
            fail_connected(postgres_url, stack)
        assert scratches(postgres_url) == set()

    def test_a_copy_goes_along_or_before(self, postgres_url: str) -> None:
        with created(from_url(postgres_url)) as database:
            address = urlsplit(postgres_url)._replace(path=f"/{database.name}").geturl()
            ask(address, "CREATE TABLE book ()")
            first = database.copy(database.name, "a")
            second = database.copy(first, "b")
            assert scratches(postgres_url) == {database.name, first, second}
            copy = urlsplit(postgres_url)._replace(path=f"/{second}").geturl()
            assert ask(copy, "SELECT 1 FROM pg_tables WHERE tablename = 'book'") == [(1,)]
            database.drop(first)
            assert scratches(postgres_url) == {database.name, second}
        assert scratches(postgres_url) == set()

    def test_only_its_own_are_copied_and_dropped(self, postgres_url: str) -> None:
        with created(from_url(postgres_url)) as database:
            with pytest.raises(ScratchError, match="postgres is not copied"):
                database.copy("postgres", "a")
            with pytest.raises(ScratchError, match=" is not copied"):
                database.copy(database.name, 'a"; DROP')
            with pytest.raises(ScratchError, match="postgres is not dropped"):
                database.drop("postgres")
            with pytest.raises(ScratchError, match=r"could not be copied: .*does not exist"):
                database.copy(f"{database.name}_gone", "a")

    def test_a_template_in_use_is_done_without(self, postgres_url: str) -> None:
        template = urlsplit(postgres_url)._replace(path="/template1").geturl()
        with psycopg.connect(template), created(from_url(postgres_url)) as database:
            assert scratches(postgres_url) == {database.name}

    def test_the_targets_server_is_used_when_told(self, postgres_database: str) -> None:
        with created(from_target("default", postgres_entry(postgres_database))) as database:
            assert scratches(postgres_database) == {database.name}

    def test_the_targets_database_leads_there_when_there_is_no_other(self, postgres_database: str) -> None:
        server = from_target("default", postgres_entry(postgres_database))
        other = scratch_server.Server(server.entry, ("no_such_database", *server.maintenance[1:]))
        with created(other) as database:
            assert scratches(postgres_database) == {database.name}


class TestCleanUp:
    def test_two_runs_leave_each_other_alone(self, postgres_url: str, postgres_database: str) -> None:
        with created(from_url(postgres_url)) as one, created(from_url(postgres_database)) as other:
            with created(from_url(postgres_url)) as third:
                assert scratches(postgres_url) == {one.name, other.name, third.name}
            assert scratches(postgres_url) == {one.name, other.name}
        assert scratches(postgres_url) == set()

    def test_what_dead_runs_left_behind_goes_and_nothing_else(self, postgres_url: str) -> None:
        dead = "prodready_scratch_0123456789abcdef"
        kept = {
            "prodready_scratch_of_mine": None,
            "prodready_scratch_0123456789abcdee": "made by hand",
            "prodready_scratch_0123456789abcdeff": None,
        }
        for name in (dead, f"{dead}_copy", *kept):
            ask(postgres_url, f"CREATE DATABASE {name}")
        for name, comment in kept.items():
            if comment:
                ask(postgres_url, f"COMMENT ON DATABASE {name} IS '{comment}'")
        try:
            with created(from_url(postgres_url)) as database:
                assert scratches(postgres_url) == {database.name, *kept}
        finally:
            for name in kept:
                ask(postgres_url, f"DROP DATABASE {name}")

    def test_what_another_role_made_is_left_to_it(self, postgres_url: str, plain_role: str) -> None:
        ask(postgres_url, "ALTER ROLE scratch_plain CREATEDB")
        left = "prodready_scratch_0123456789abcdef"
        ask(postgres_url, f"CREATE DATABASE {left}")
        told: list[str] = []
        with created(from_url(plain_role), told.append) as database:
            assert scratches(postgres_url) == {database.name, left}
        assert told == []
        with created(from_url(postgres_url)):
            assert left not in scratches(postgres_url)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_it_in_order(self, postgres_url: str, number: int) -> None:
        with running_parent(postgres_url) as (parent, name, worker):
            assert scratches(postgres_url) == {name}
            parent.send_signal(number)
            parent.wait(20)
        assert scratches(postgres_url) == set()
        assert eventually(lambda: not is_alive(worker))

    def test_the_database_of_a_killed_run_goes_with_the_next(self, postgres_url: str) -> None:
        with running_parent(postgres_url) as (parent, name, worker):
            parent.kill()
            parent.wait(20)
            assert eventually(lambda: not is_alive(worker))
            assert scratches(postgres_url) == {name}
        with created(from_url(postgres_url)) as database:
            assert scratches(postgres_url) == {database.name}


@contextlib.contextmanager
def running_parent(url: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Run a trace that hangs; yield its process, its database, and the process of the migrations."""
    import prodready_traced

    folder = Path(prodready_traced.__path__[0]).parent
    environ = {
        **os.environ,
        "TRACED_SCRATCH": url,
        "PYTHONPATH": os.pathsep.join([str(folder), str(folder.parent), os.environ.get("PYTHONPATH", "")]),
    }
    parent = subprocess.Popen(
        [sys.executable, "-m", "prodready_traced.parent"], env=environ, stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        name, worker = parent.stdout.readline().split()
        yield parent, name, int(worker)
    finally:
        parent.kill()
        parent.communicate()


def is_alive(pid: int) -> bool:
    """Tell whether there is such a process that has not ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class TestTrouble:
    def test_a_role_that_may_not_is_told_the_ways_out(self, plain_role: str) -> None:
        with pytest.raises(ScratchError) as caught, created(from_url(plain_role)):
            pass
        place = urlsplit(plain_role).netloc.rpartition("@")[2]
        assert str(caught.value) == (
            f"The role scratch_plain may not create databases on {place}: allow it (ALTER ROLE "
            '"scratch_plain" CREATEDB), give --scratch-url of another PostgreSQL, such as one that CI starts '
            "for this job, or leave out --trace."
        )

    def test_a_wrong_password_is_not_shown(self, postgres_url: str) -> None:
        parts = urlsplit(postgres_url)
        place = parts.netloc.rpartition("@")[2]
        url = parts._replace(netloc=f"prodready:not-the-password@{place}").geturl()
        with pytest.raises(TraceError) as caught, created(from_url(url)):
            pass
        assert f"({place}) cannot be used" in str(caught.value)
        assert "not-the-password" not in str(caught.value)

    def test_behind_pgbouncer_the_direct_address_is_asked_for(self, postgres_url: str) -> None:
        with pgbouncer_before(postgres_url) as pooled:
            for server in (from_url(pooled), from_target("default", postgres_entry(pooled))):
                with pytest.raises(ScratchError) as caught, created(server):
                    pass
                assert "give the server's own address by --scratch-url" in str(caught.value)
        assert scratches(postgres_url) == set()

    def test_a_pooler_that_does_not_know_the_database_is_known_by_its_words(self) -> None:
        def refuse(near: Any, _ended: threading.Event) -> None:
            near.recv(1024)
            near.sendall(b"N")
            near.recv(1024)
            text = b"SFATAL\0C08P01\0Mno such database: postgres\0\0"
            near.sendall(b"E" + (len(text) + 4).to_bytes(4, "big") + text)

        with serving(refuse) as port:
            url = f"postgresql://me:pw@{LOOPBACK}:{port}?gssencmode=disable"
            with (
                pytest.raises(ScratchError, match="Behind a pooler such as PgBouncer"),
                created(from_url(url)),
            ):
                pass

    def test_an_old_server_is_refused(self, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scratch_server, "_OLDEST", 99)
        with (
            pytest.raises(ScratchError, match=r"runs PostgreSQL 1\d, and Django needs 99 or newer"),
            created(from_url(postgres_url)),
        ):
            pass

    def test_a_driver_that_is_missing_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [*sys.modules]:
            if name.startswith(("psycopg", "django.db.backends.postgresql")):
                monkeypatch.delitem(sys.modules, name)
        for name in ("psycopg", "psycopg2"):
            monkeypatch.setitem(sys.modules, name, None)
        with (
            pytest.raises(
                ScratchError, match=r"cannot be used: Error loading psycopg2 or psycopg module .*pip install"
            ),
            created(from_url("postgresql://me:pw@localhost/work")),
        ):
            pass

    def test_a_server_that_is_read_only_says_so(self, postgres_url: str, plain_role: str) -> None:
        ask(postgres_url, "ALTER ROLE scratch_plain CREATEDB")
        ask(postgres_url, "ALTER ROLE scratch_plain SET default_transaction_read_only = on")
        with pytest.raises(ScratchError) as caught, created(from_url(plain_role)):
            pass
        assert "could not be made on" in str(caught.value)
        assert "cannot execute CREATE DATABASE in a read-only transaction" in str(caught.value)

    def test_a_session_that_the_server_ended_is_made_again(self, postgres_url: str) -> None:
        told: list[str] = []
        with created(from_url(postgres_url), told.append):
            ask(
                postgres_url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'django-prodready trace'",
            )
        assert told == []
        assert scratches(postgres_url) == set()

    def test_nothing_more_is_tried_in_a_session_that_has_ended(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, tried = scratch.Scratch._create, []

        def create(self: scratch.Scratch, name: str, how: str) -> None:
            tried.append(how)
            with contextlib.suppress(Error):
                self.session.rows("SELECT pg_terminate_backend(pg_backend_pid())")
            real(self, name, how)

        monkeypatch.setattr(scratch.Scratch, "_create", create)
        with pytest.raises(ScratchError, match="could not be made on"), created(from_url(postgres_url)):
            pass
        assert len(tried) == 1
        assert scratches(postgres_url) == set()

    def test_a_server_without_a_word_for_lost_clients_is_used(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = scratch_server.Session._set

        def put(self: scratch_server.Session, name: str, value: str) -> None:
            real(self, name, "no time at all" if name.startswith("client_connection") else value)

        monkeypatch.setattr(scratch_server.Session, "_set", put)
        with created(from_url(postgres_url)) as database:
            assert scratches(postgres_url) == {database.name}

    def test_a_server_that_is_gone_is_told(self) -> None:
        told: list[str] = []
        with contextlib.ExitStack() as stack:
            url = stack.enter_context(postgres.serve())
            with created(from_url(url), told.append) as database:
                stack.close()
        (sentence,) = told
        assert sentence.startswith(f"The scratch database {database.name} could not be dropped: The server")
        assert sentence.endswith("The next run with --trace tries again.")

    def test_who_may_not_be_sent_away_keeps_a_database_for_now(
        self, postgres_url: str, plain_role: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask(postgres_url, "ALTER ROLE scratch_plain CREATEDB")
        monkeypatch.setattr(scratch, "_BETWEEN_TRIES_S", 0.01)
        told: list[str] = []
        with contextlib.ExitStack() as stack:
            with created(from_url(plain_role), told.append) as database:
                copy = database.copy(database.name, "watched")
                address = urlsplit(postgres_url)._replace(path=f"/{copy}").geturl()
                stack.enter_context(psycopg.connect(address))  # a superuser's
                with pytest.raises(ScratchError, match=f"{copy} could not be dropped: "):
                    database.drop(copy)
            with created(from_url(plain_role), told.append):
                pass
        assert [sentence.partition(":")[0] for sentence in told] == [
            f"The scratch database {database.name} could not be dropped",
            f"The scratch database {copy} could not be dropped",
        ]
        with created(from_url(plain_role), told.append) as database:
            assert scratches(postgres_url) == {database.name}
        assert len(told) == 2

    def test_an_error_before_the_database_is_made_says_where(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(scratch, "_OURS", "SELECT nothing WHERE %s AND %s")
        with (
            pytest.raises(ScratchError, match=r"No scratch database can be made on 127\.0\.0\.1:\d+: "),
            created(from_url(postgres_url)),
        ):
            pass


class TestEnds:
    def test_a_signal_raises_and_the_handlers_come_back(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit) as caught, scratch_ends.ended_by_signals():
            signal.raise_signal(signal.SIGTERM)
        assert caught.value.code == 143
        assert signal.getsignal(signal.SIGTERM) is before

    def test_what_is_ignored_stays_ignored(self) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with scratch_ends.ended_by_signals():
                signal.raise_signal(signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, before)

    def test_nothing_disturbs_what_tidies_up(self) -> None:
        with scratch_ends.undisturbed():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.raise_signal(number)

    def test_another_thread_sets_no_handlers(self) -> None:
        found = []

        def look() -> None:
            with scratch_ends.undisturbed():
                found.append(signal.getsignal(signal.SIGINT))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert found == [signal.getsignal(signal.SIGINT)]
