"""What is out of reach in the sandbox: every place that is guarded, and the guards.

A guard refuses with the kind of error that user code expects there, and notes the attempt in words:
code that swallows the error cannot hide it. For files see :mod:`~django_prodready.audit.facts.guards_files`.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from django.contrib.sessions.backends.file import SessionStore
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.memcached import BaseMemcachedCache
from django.core.files.storage import FileSystemStorage
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

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
    ("sqlite3.dbapi2", "connect"),
)
# redis-py and kombu wait between their attempts to connect, for seconds.
SLEEPS = (
    ("time", "sleep"),
    ("redis.retry", "sleep"),
    ("redis.asyncio.retry", "sleep"),
    ("kombu.utils.functional", "sleep"),
)


# In the text of every refusal, so that it can be found again in an answer.
MARK = "is out of reach in a request that prodcheck makes"
_CACHE_METHODS = (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "incr",
    "clear",
)


class Blocked(Exception):  # noqa: N818 - says what happened to the caller
    """What was attempted is out of reach here."""


class BlockedSystemCall(Blocked, OSError):  # noqa: N818 - as Blocked
    """Network, mail, file or subprocess; an OSError, as libraries expect of those."""


class BlockedDatabase(Blocked, OperationalError):  # noqa: N818 - as Blocked
    """A database, in the form of a server that is down."""


class Watch:
    """What one piece attempted, and which of its threads were refused something."""

    def __init__(self) -> None:
        self.attempts: dict[str, None] = {}  # in order, each once
        self.refused: set[int] = set()

    def refuse(self, words: str, error: type[Blocked]) -> None:
        """Note the attempt and raise ``error``."""
        self.attempts.setdefault(words)
        self.refused.add(threading.get_ident())
        raise error(f"{words} {MARK}")


class State:
    """Whose attempts are refused: everybody's while a piece runs, and those of pieces that did not end."""

    lock = threading.Lock()
    current: Watch | None = None
    stuck: ClassVar[dict[int, Watch]] = {}
    kept: ClassVar[list[contextlib.ExitStack]] = []  # guards that stay, because somebody is stuck

    @classmethod
    def watch(cls) -> Watch | None:
        """The watch that the calling thread is under."""
        return cls.stuck.get(threading.get_ident(), cls.current)


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


def block(stack: contextlib.ExitStack) -> None:
    """Put a guard in every place until ``stack`` is closed."""
    for owner, name, words, error in refused():
        original = vars(owner).get(name, _ABSENT)
        if isinstance(original, classmethod):
            guard: object = classmethod(_guard(original.__func__, words, error))
        else:
            guard = _guard(getattr(owner, name), words, error)
        stack.enter_context(replaced(owner, name, guard))
    for owner, name in ignored():
        stack.enter_context(replaced(owner, name, _skip(getattr(owner, name))))
    for owner, name in loaded(SLEEPS):
        stack.enter_context(replaced(owner, name, _impatient(getattr(owner, name))))


def refused() -> Iterator[tuple[Any, str, Words, type[Blocked]]]:
    """Every attribute whose call is refused: its owner, its name, what to say, what to raise."""
    network = [(socket.socket, name) for name in _SOCKET_METHODS] + [(socket, name) for name in _LOOKUPS]
    mail = [(EmailMessage, "send"), (BaseEmailBackend, "__init__")]
    mail += _defined(BaseEmailBackend, ("open", "send_messages"))
    cache = _defined(FileBasedCache, ("add", "set", "touch", "delete", "clear"))
    sessions = _defined(SessionStore, ("save", "delete", "clear_expired"))
    # Some of their clients are written in C, past Python's sockets.
    memcached = _defined(BaseMemcachedCache, _CACHE_METHODS)
    uploads = _defined(FileSystemStorage, ("_save", "delete"))
    processes = [(subprocess.Popen, "__init__"), (os, "system")]
    places: list[tuple[Iterable[tuple[Any, str]], Words, type[Blocked]]] = [
        (network, _network, BlockedSystemCall),
        (_defined(BaseDatabaseWrapper, _DATABASE_METHODS), _database, BlockedDatabase),
        (loaded(_DRIVERS), _always("a database"), BlockedDatabase),
        (mail, _always("mail"), BlockedSystemCall),
        (cache, _always("the file cache"), BlockedSystemCall),
        (sessions, _always("a session file"), BlockedSystemCall),
        (memcached, _always("the cache"), BlockedSystemCall),
        (uploads, _always("the storage"), BlockedSystemCall),
        (processes, _always("a subprocess"), BlockedSystemCall),
    ]
    for attributes, words, error in places:
        yield from ((owner, name, words, error) for owner, name in attributes)


def ignored() -> Iterator[tuple[Any, str]]:
    """Every attribute whose call does nothing: closing connections, making and tidying a cache's folder."""
    yield from _defined(BaseDatabaseWrapper, ("close",))
    yield from _defined(FileBasedCache, ("_createdir", "_delete"))


def _defined(base: type, names: tuple[str, ...]) -> Iterator[tuple[type, str]]:
    """Every method of ``names`` that ``base`` or a subclass of it, at any depth, defines itself."""
    classes: list[type] = [base]
    for owner in classes:
        subclasses: list[type] = owner.__subclasses__()
        classes += [found for found in subclasses if found not in classes]
        yield from ((owner, name) for name in names if name in vars(owner))


def loaded(places: Iterable[tuple[str, str]]) -> Iterator[tuple[Any, str]]:
    """Find the places in modules that somebody imported: their owner, and the last part of the name."""
    for module, dotted in places:
        parent, _, name = dotted.rpartition(".")
        owner = sys.modules.get(module)
        owner = getattr(owner, parent, None) if parent else owner
        if hasattr(owner, name):
            yield owner, name


def _guard(original: Callable[..., Any], words: Words, error: type[Blocked]) -> Callable[..., Any]:
    # A module that is imported meanwhile may keep the guard by `from socket import ...`, so outside
    # of a run it must do what the original does.
    @functools.wraps(original)
    def guarded(*args: Any, **named: Any) -> Any:
        watch = State.watch()
        attempted = words(*args, **named) if watch else None
        if watch and attempted:
            watch.refuse(attempted, error)
        return original(*args, **named)

    return guarded


def _skip(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def skipped(*args: Any, **named: Any) -> Any:
        return None if State.watch() else original(*args, **named)

    return skipped


def _impatient(original: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to wait once something was refused: what follows would only be another attempt."""

    @functools.wraps(original)
    def sleep(*args: Any) -> Any:
        watch = State.watch()
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


def _always(words: str) -> Words:
    return lambda *_args, **_named: words
