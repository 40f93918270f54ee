"""Whether PgBouncer, or a pooler like it, stands between Django and PostgreSQL, and what it hands out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.libpq import libpq_parameter
from django_prodready.audit.facts.proxy import is_elsewhere, without_comments

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["Pooler", "find_pooler", "pooler_in_files"]

_PORT = "6432"  # https://www.pgbouncer.org/config.html#listen_port
_NAME = re.compile(r"bouncer|pgcat|(?<![a-z])pooler(?![a-z])", re.IGNORECASE)
# https://supabase.com/docs/guides/database/connecting-to-postgres, https://neon.com/docs/connect/connection-pooling
_SUPABASE = re.compile(r"\.supabase\.(?:com|co)$", re.IGNORECASE)
_SUPABASE_PORT = "6543"
_NEON = re.compile(r"-pooler\..*\.neon\.tech$", re.IGNORECASE)
_MODE = re.compile(r"(?:\bpool_?mode|_POOL_MODE)[\"']?[ \t]*[=:][ \t]*[\"']?(?P<mode>[a-z]+)", re.IGNORECASE)
_MAY_NAME = re.compile(r"pool|bouncer|pgcat|odyssey", re.IGNORECASE)
_IMAGE = re.compile(r"^[ \t]*-?[ \t]*image:[^\n]*(?:pgbouncer|pgcat|odyssey|pgpool)", re.MULTILINE)
_FILES = (
    "*bouncer*",
    "*bouncer*/**",
    "**/*bouncer*/**",
    "*.yml",
    "*.yaml",
    "*.ini",
    "*.toml",
    "*.env",
    ".env*",
)


@dataclass(frozen=True, slots=True)
class Pooler:
    """A pooler, and how it is known."""

    sign: str  # completes "… stands in front of it", without the host
    hands_out_transactions: bool | None  # a server connection for each transaction; None when unknown


_SUPABASES = Pooler(f"port {_SUPABASE_PORT}, Supabase's pooler", hands_out_transactions=True)


def find_pooler(server: DatabaseServer) -> Pooler | None:
    """Return the pooler that ``server`` is reached through; None when its address names none."""
    host = libpq_parameter(server, "host").value
    port = libpq_parameter(server, "port").value
    if _SUPABASE.search(host):
        # The direct connection has port 5432 as well, and so has the pooler that keeps sessions.
        return _SUPABASES if port == _SUPABASE_PORT else None
    if _NEON.search(host):
        return Pooler("the host, Neon's pooler", hands_out_transactions=True)
    sign = _sign(host, port, str(server.options.get("service", "")))
    return Pooler(sign, _mode_in_files(server.facts)) if sign is not None else None


def pooler_in_files(facts: Facts) -> str | None:
    """Return the file of the repository that configures or starts a pooler; None when none does."""
    paths = (path for path in facts.files.matching(*_FILES) if not is_elsewhere(path))
    return next((path for path in paths if _starts_pooler(facts.files.read(path) or "")), None)


def _starts_pooler(text: str) -> bool:
    bare = without_comments(text) if _MAY_NAME.search(text) else ""
    return _MODE.search(bare) is not None or _IMAGE.search(bare) is not None


def _sign(host: str, port: str, service: str) -> str | None:
    if port == _PORT:
        return f"port {_PORT}, PgBouncer's"
    if _NAME.search(host):
        return "the name of its host, a pooler's"
    return "the name of its service, a pooler's" if _NAME.search(service) else None


def _mode_in_files(facts: Facts) -> bool | None:
    texts = [facts.files.read(path) or "" for path in facts.files.matching(*_FILES) if not is_elsewhere(path)]
    modes = {match["mode"].lower() for text in texts for match in _MODE.finditer(without_comments(text))}
    if modes & {"transaction", "statement"}:
        return True
    return False if "session" in modes else None
