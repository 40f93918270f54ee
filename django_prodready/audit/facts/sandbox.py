"""Run a piece of the user's project with network, databases, mail, subprocesses and its output out of reach.

Whatever the piece attempts is refused with the kind of error that user code expects there, and noted in
words: code that swallows the error cannot hide the attempt. The piece runs in a thread of its own, so it
starts like a new worker: no open connection, no active language, URLconf or time zone. Functions are
replaced for the whole process, one piece at a time, and put back afterwards.

Out of our hands: what a C extension does without its Python entry points, and what a background thread
of the project (a metrics exporter) sends later from a queue.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Generic, TextIO, TypeVar

from django.contrib.sessions.backends.file import SessionStore
from django.core import signals
from django.core.cache.backends.filebased import FileBasedCache
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")
Words = Callable[..., str | None]  # what a call attempts; None when it may go on

_ABSENT = object()
_SOCKET_METHODS = ("connect", "connect_ex", "send", "sendall", "sendfile", "sendmsg", "sendto")
_LOOKUPS = ("getaddrinfo", "gethostbyaddr", "gethostbyname", "gethostbyname_ex", "getnameinfo")
_DATABASE_METHODS = (
    "connect",
    "ensure_connection",
    "cursor",
    "chunked_cursor",
    "commit",
    "rollback",
    "is_usable",
)
# Drivers connect in C, past Python's sockets. Only those already imported are of interest.
_DRIVERS = (
    ("MySQLdb", "connect"),
    ("oracledb", "connect"),
    ("psycopg", "connect"),
    ("psycopg", "Connection.connect"),
    ("psycopg", "AsyncConnection.connect"),
    ("psycopg2", "connect"),
    ("pyodbc", "connect"),
    ("sqlite3", "connect"),
)
# redis-py and kombu wait between their attempts to connect, for seconds.
_SLEEPS = (("time", "sleep"), ("redis.retry", "sleep"), ("kombu.utils.functional", "sleep"))


class Blocked(Exception):  # noqa: N818 - says what happened to the caller
    """What was attempted is out of reach here."""


class BlockedSystemCall(Blocked, OSError):
    """Network, mail, file or subprocess; an OSError, as libraries expect of those."""


class BlockedDatabase(Blocked, OperationalError):
    """A database, in the form of a server that is down."""


class StillRunning(Exception):  # noqa: N818 - the piece may yet end
    """The piece did not end in time. It stays blocked for as long as it runs."""


class _Watch:
    """What one piece attempted, and which of its threads were refused something."""

    def __init__(self) -> None:
        self.attempts: dict[str, None] = {}  # in order, each once
        self.refused: set[int] = set()

    def refuse(self, words: str, error: type[Blocked]) -> None:
        """Note the attempt and raise ``error``."""
        self.attempts.setdefault(words)
        self.refused.add(threading.get_ident())
        raise error(f"{words} is out of reach in a request that prodcheck makes")


class _State:
    """Whose attempts are refused: everybody's while a piece runs, and those of pieces that did not end."""

    lock = threading.Lock()
    current: _Watch | None = None
    stuck: ClassVar[dict[int, _Watch]] = {}
    kept: ClassVar[list[contextlib.ExitStack]] = []  # guards that stay, because somebody is stuck

    @classmethod
    def watch(cls) -> _Watch | None:
        """The watch that the calling thread is under."""
        return cls.stuck.get(threading.get_ident(), cls.current)


def run(piece: Callable[[], T], *, limit_s: float) -> tuple[T, tuple[str, ...]]:
    """Run ``piece`` confined; return its value and what was attempted and refused, in words.

    Raises what ``piece`` raises, and :class:`StillRunning` after ``limit_s``.
    """
    with _State.lock, contextlib.ExitStack() as guards, contextlib.ExitStack() as quiet:
        watch = _Watch()
        worker = _Worker(piece)
        _silence(quiet)
        _block(guards)
        quiet.callback(setattr, _State, "current", None)
        _State.current = watch
        worker.start()
        try:
            worker.join(limit_s)
        finally:
            if not worker.done:
                # Dropping the stack would put everything back: its generators end when they are collected.
                _State.kept.append(guards.pop_all())
                worker.abandon(watch)
    return worker.result(limit_s), tuple(watch.attempts)


class _Worker(threading.Thread, Generic[T]):
    """Daemonic: a piece that never ends must not keep the process from ending."""

    def __init__(self, piece: Callable[[], T]) -> None:
        super().__init__(name="prodcheck sandbox", daemon=True)
        self._piece = piece
        self._values: list[T] = []
        self._error: BaseException | None = None
        self.done = False

    def run(self) -> None:
        try:
            self._values.append(self._piece())
        except BaseException as error:  # noqa: BLE001 - raised again by result()
            self._error = error
        finally:
            self.done = True
            _State.stuck.pop(threading.get_ident(), None)

    def abandon(self, watch: _Watch) -> None:
        """Keep this thread, alone, refused until it ends."""
        ident = self.ident or 0
        _State.stuck[ident] = watch
        if self.done:  # it ended in between, and looked before it was listed
            _State.stuck.pop(ident, None)

    def result(self, limit_s: float) -> T:
        """The piece's value, or its error."""
        if self._error is not None:
            raise self._error
        if not self._values:
            raise StillRunning(f"it did not end within {limit_s:g} s")
        return self._values[0]


@contextlib.contextmanager
def replaced(owner: object, name: str, new: object) -> Iterator[None]:
    """Replace an attribute of a class, module or instance; afterwards it is as it was, or absent again."""
    old = vars(owner).get(name, _ABSENT)
    setattr(owner, name, new)
    try:
        yield
    finally:
        if old is _ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, old)


def _silence(stack: contextlib.ExitStack) -> None:
    """Keep logs, warnings, prints and Django's signals from being seen."""
    stack.callback(logging.disable, logging.root.manager.disable)
    logging.disable(sys.maxsize)
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")
    others = frozenset(thread.ident for thread in threading.enumerate())
    for name in ("stdout", "stderr"):
        stack.enter_context(replaced(sys, name, _Muted(getattr(sys, name), others)))
    # Receivers close database connections, and report to services such as Sentry.
    for signal in (signals.request_started, signals.request_finished, signals.got_request_exception):
        for name in ("send", "send_robust"):
            stack.enter_context(replaced(signal, name, _no_receivers))


class _Muted:
    """A stream that swallows what threads write that are not among ``others``."""

    def __init__(self, stream: TextIO, others: frozenset[int | None]) -> None:
        self._stream = stream
        self._others = others

    def write(self, text: str) -> int:
        return self._stream.write(text) if threading.get_ident() in self._others else len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _no_receivers(*_args: object, **_named: object) -> list[Any]:
    return []


def _block(stack: contextlib.ExitStack) -> None:
    for owner, name, words, error in _refused():
        original = vars(owner).get(name, _ABSENT)
        if isinstance(original, classmethod):
            guard: object = classmethod(_guard(original.__func__, words, error))
        else:
            guard = _guard(getattr(owner, name), words, error)
        stack.enter_context(replaced(owner, name, guard))
    for owner, name in _ignored():
        stack.enter_context(replaced(owner, name, _skip(getattr(owner, name))))
    for module, name in _SLEEPS:
        if module in sys.modules:
            owner = sys.modules[module]
            stack.enter_context(replaced(owner, name, _impatient(getattr(owner, name))))


def _refused() -> Iterator[tuple[Any, str, Words, type[Blocked]]]:
    for name in _SOCKET_METHODS:
        yield socket.socket, name, _network, BlockedSystemCall
    for name in _LOOKUPS:
        yield socket, name, _network, BlockedSystemCall
    for owner, name in _defined(BaseDatabaseWrapper, _DATABASE_METHODS):
        yield owner, name, _database, BlockedDatabase
    for module, dotted in _DRIVERS:
        if module in sys.modules:
            *parents, name = dotted.split(".")
            yield functools.reduce(getattr, parents, sys.modules[module]), name, _driver, BlockedDatabase
    yield EmailMessage, "send", _mail, BlockedSystemCall
    yield BaseEmailBackend, "__init__", _mail, BlockedSystemCall
    for owner, name in _defined(BaseEmailBackend, ("open", "send_messages")):
        yield owner, name, _mail, BlockedSystemCall
    for owner, name in _defined(FileBasedCache, ("add", "set", "touch", "delete", "clear")):
        yield owner, name, lambda *_a, **_k: "the file cache", BlockedSystemCall
    for owner, name in _defined(SessionStore, ("save", "delete", "clear_expired")):
        yield owner, name, lambda *_a, **_k: "a session file", BlockedSystemCall
    for owner, name in ((subprocess.Popen, "__init__"), (os, "system")):
        yield owner, name, lambda *_a, **_k: "a subprocess", BlockedSystemCall


def _ignored() -> Iterator[tuple[Any, str]]:
    """Side effects that nobody waits for: closing connections, making and tidying a cache's folder."""
    yield from _defined(BaseDatabaseWrapper, ("close",))
    yield from _defined(FileBasedCache, ("_createdir", "_delete"))


def _defined(base: type, names: tuple[str, ...]) -> Iterator[tuple[type, str]]:
    """Every method of ``names`` that ``base`` or a subclass of it, at any depth, defines itself."""
    classes = [base]
    for owner in classes:
        classes.extend(cls for cls in owner.__subclasses__() if cls not in classes)
        yield from ((owner, name) for name in names if name in vars(owner))


def _guard(original: Callable[..., Any], words: Words, error: type[Blocked]) -> Callable[..., Any]:
    # A module that is imported meanwhile may keep the guard by `from socket import ...`, so outside
    # of a run it must do what the original does.
    @functools.wraps(original)
    def guarded(*args: Any, **named: Any) -> Any:
        watch = _State.watch()
        attempted = words(*args, **named) if watch else None
        if watch and attempted:
            watch.refuse(attempted, error)
        return original(*args, **named)

    return guarded


def _skip(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def skipped(*args: Any, **named: Any) -> Any:
        return None if _State.watch() else original(*args, **named)

    return skipped


def _impatient(original: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to wait once something was refused: what follows would only be another attempt."""

    @functools.wraps(original)
    def sleep(*args: Any) -> Any:
        watch = _State.watch()
        if watch and threading.get_ident() in watch.refused:
            raise BlockedSystemCall("waiting for what is out of reach would be in vain")
        return original(*args)

    return sleep


def _network(*args: Any, **_named: Any) -> str | None:
    is_private = bool(args) and isinstance(args[0], socket.socket) and _is_pair(args[0])
    return None if is_private else "a network connection"


def _is_pair(sock: socket.socket) -> bool:
    """Whether it is one end of ``socketpair()``, by which an event loop wakes itself."""
    try:
        return sock.family == getattr(socket, "AF_UNIX", None) and not sock.getpeername()
    except OSError:
        return False


def _database(connection: Any, *_args: Any, **_named: Any) -> str:
    return f"the database ({connection.alias})"


def _driver(*_args: Any, **_named: Any) -> str:
    return "a database"


def _mail(*_args: Any, **_named: Any) -> str:
    return "mail"
