"""The scratch database: made for one run, dropped at its end, and by the next run if this one was killed.

A database of ours is known by its name, its comment and its owner. That its run still lives is known by an
advisory lock: its session holds the lock from before the database is there until after it is gone. Locks
of all databases show in ``pg_locks``, so runs may be connected to different ones.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import Error

from django_prodready.migration_safety.trace.scratch_ends import ended_by_signals, undisturbed
from django_prodready.migration_safety.trace.scratch_server import (
    DIRECT,
    ScratchError,
    Server,
    Session,
    from_target,
    from_url,
    state_of,
)

__all__ = ["Scratch", "ScratchError", "Server", "created", "from_target", "from_url"]

PREFIX = "prodready_scratch_"
_NAME = re.compile(rf"({PREFIX}[0-9a-f]{{16}})(?:_[a-z0-9_]{{1,24}})?")
_SUFFIX = re.compile(r"[a-z0-9_]{1,24}")
_MADE_BY = "django-prodready"

# SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html
_NOT_ALLOWED = "42501"
_IN_USE = "55006"
_LOST = ("", "57P01", "57P02")  # the session is, and nobody or the server has said so
# Monitoring connects to every database, and somebody else's session may not be ended by us.
_TRIES = 4
_BETWEEN_TRIES_S = 0.5

_ELSEWHERE = (
    "give --scratch-url of another PostgreSQL, such as one that CI starts for this job, or leave out --trace."
)

_OURS = """
SELECT datname FROM pg_database
WHERE datname ~ %s AND pg_has_role(datdba, 'USAGE')
AND coalesce(shobj_description(oid, 'pg_database') LIKE %s, true)
"""
# A key of 64 bits shows as two halves.
_HELD = """
SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
"""

Tell = Callable[[str], object]

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Scratch:
    """The scratch database of one run, and its copies. For one thread."""

    server: Server
    name: str
    session: Session = field(repr=False)

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of DATABASES, as JSON can say it. It holds the password."""
        return self.server.named(self.name)

    def copy(self, source: str, suffix: str) -> str:
        """Copy this database or a copy of it; return the copy's name.

        Nobody may be connected to ``source``. Raises ScratchError.
        """
        name = f"{self.name}_{suffix}"
        if not _SUFFIX.fullmatch(suffix) or not self._is_own(source):
            raise ScratchError(f"{source} is not copied to {name}: only the scratch database is.")
        try:
            self._create(name, f"TEMPLATE {self.session.quote(source)}")
        except Error as error:
            reason = self.server.scrub(error)
            raise ScratchError(f"The scratch database could not be copied: {reason}.") from error
        return name

    def drop(self, name: str) -> None:
        """Drop a copy, also when somebody is connected to it. Raises ScratchError."""
        if not self._is_own(name):
            raise ScratchError(f"{name} is not dropped: only the scratch database is.")
        try:
            _drop(self.session, name)
        except Error as error:
            raise _left_behind(self.server, name, error) from error

    def check(self) -> None:
        """See that the session is there that tells other runs to leave this database alone.

        It goes when the server crashes, is stopped, or is told to end it. Raises ScratchError.
        """
        try:
            self.session.rows("SELECT 1")
        except Error as error:
            raise ScratchError(
                f"The server for the scratch database ({self.server.place}) is lost: "
                f"{self.server.scrub(error)}. Run it again when the server is well."
            ) from error

    def create(self) -> None:
        """Make the database, encoded in UTF-8. Raises ScratchError."""
        try:
            try:
                # Has the extensions that all databases of this server get.
                self._create(self.name, "TEMPLATE template1 ENCODING 'UTF8'")
            except Error as error:
                if state_of(error) in (_NOT_ALLOWED, *_LOST):
                    raise
                # In use, or of another encoding. Nothing here depends on how letters are sorted.
                self._create(self.name, "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        except Error as error:
            raise self._refusal(error) from error

    def drop_all(self) -> None:
        """Drop the database and its copies. Raises errors of django.db."""
        found = self.session.rows(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.name]
        )
        for (name,) in found:
            _drop(self.session, str(name))

    def _is_own(self, name: str) -> bool:
        match = _NAME.fullmatch(name)
        return match is not None and match[1] == self.name

    def _create(self, name: str, how: str) -> None:
        quoted = self.session.quote(name)
        self.session.change(f"CREATE DATABASE {quoted} {how}")
        about = {
            "made_by": _MADE_BY,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "host": socket.gethostname(),
            "pid": os.getpid(),
        }
        comment = json.dumps(about).replace("'", "")
        self.session.rows(f"COMMENT ON DATABASE {quoted} IS '{comment}'")

    def _refusal(self, error: Error) -> ScratchError:
        place = self.server.place
        if state_of(error) != _NOT_ALLOWED:
            reason = self.server.scrub(error)
            return ScratchError(f"The scratch database could not be made on {place} ({reason}): {_ELSEWHERE}")
        ((role,),) = self.session.rows("SELECT current_user")
        return ScratchError(
            f"The role {role} may not create databases on {place}: allow it (ALTER ROLE "
            f"{self.session.quote(role)} CREATEDB), {_ELSEWHERE}"
        )


@contextlib.contextmanager
def created(server: Server, tell: Tell = logger.warning) -> Iterator[Scratch]:
    """Make a scratch database for the length of the block; first drop those of runs that were killed.

    SIGTERM and SIGHUP end the block like an exception. ``tell`` gets a sentence on each database that could
    not be dropped. Raises ScratchError when there can be no scratch database.
    """
    with ended_by_signals():
        scratch = _begin(server, tell)
        try:
            scratch.create()
            yield scratch
        finally:
            with undisturbed():
                _finish(scratch, tell)


def key_of(name: str) -> int:
    """Return the key of the lock that tells that a database's run lives."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def clean_up(session: Session) -> Iterator[str]:
    """Drop what killed runs left behind; yield a sentence on each database that could not be dropped."""
    # First the databases: whoever makes one has its lock before it is there.
    names = [
        str(name) for (name,) in session.rows(_OURS, [f"^{_NAME.pattern}$", f'%"made_by": "{_MADE_BY}"%'])
    ]
    held = {key for (key,) in session.rows(_HELD)} if names else set()
    for name in _dead(names, held):
        try:
            _drop(session, name)
        except Error as error:
            yield str(_left_behind(session.server, name, error))


def _dead(names: Iterable[str], held: set[int]) -> Iterator[str]:
    for name in names:
        match = _NAME.fullmatch(name)
        if match is not None and key_of(match[1]) not in held:
            yield name


def _begin(server: Server, tell: Tell) -> Scratch:
    """Connect, clean up, and take the lock for a new name."""
    session = Session(server)
    try:
        _check(session)
        for sentence in clean_up(session):
            tell(sentence)
        scratch = Scratch(server, PREFIX + secrets.token_hex(8), session)
        session.rows("SELECT pg_advisory_lock(%s)", [key_of(scratch.name)])
    except Error as error:
        session.close()
        reason = server.scrub(error)
        raise ScratchError(f"No scratch database can be made on {server.place}: {reason}.") from error
    except BaseException:
        session.close()
        raise
    return scratch


def _check(session: Session) -> None:
    oldest = session.oldest_version
    if session.version < oldest * 1_00_00:
        major = session.version // 1_00_00
        raise ScratchError(
            f"The server for the scratch database ({session.server.place}) runs PostgreSQL {major}, and "
            f"Django needs {oldest} or newer: give --scratch-url of a newer one."
        )
    if session.is_pooled:
        raise ScratchError(f"{DIRECT} ({session.server.place} is a pooler.)")


def _drop(session: Session, name: str) -> None:
    tries = _TRIES
    while True:
        tries -= 1
        try:
            session.change(f"DROP DATABASE IF EXISTS {session.quote(name)} WITH (FORCE)")
        except Error as error:
            if not tries or state_of(error) not in (_IN_USE, _NOT_ALLOWED):
                raise
            time.sleep(_BETWEEN_TRIES_S)
        else:
            return


def _finish(scratch: Scratch, tell: Tell) -> None:
    try:
        try:
            scratch.drop_all()
        except Error:
            # The server has ended our session, or a signal has, in the middle of a statement.
            scratch.session.close()
            scratch.session = Session(scratch.server)
            scratch.drop_all()
    except (Error, ScratchError) as error:
        tell(str(_left_behind(scratch.server, scratch.name, error)))
    finally:
        scratch.session.close()


def _left_behind(server: Server, name: str, error: BaseException) -> ScratchError:
    reason = server.scrub(error)
    return ScratchError(
        f"The scratch database {name} could not be dropped: {reason}. The next run with --trace tries again."
    )
