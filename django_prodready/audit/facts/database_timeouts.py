"""For how long Django waits for a database server: to connect, and for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.database import has_pool
from django_prodready.audit.facts.database_pooler import find_pooler
from django_prodready.audit.facts.libpq import has_service, libpq_parameter
from django_prodready.statement_limit import KEY as STATEMENT_LIMIT

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["is_connect_limited", "is_query_limited"]

_STATEMENT = ("statement_time", "transaction_time", "max_execution_time")
# Where a role, the server or a signal's receiver may be given one.
_FILES = (
    "*.sql",
    "*.sh",
    "*.conf",
    "*.ini",
    "*.yml",
    "*.yaml",
    "*.tf",
    "*.toml",
    "*.env",
    ".env*",
    "Procfile*",
)
# Their drivers wait for 10 s by themselves.
# https://pymysql.readthedocs.io/en/latest/modules/connections.html
# https://dev.mysql.com/doc/connector-python/en/connector-python-connectargs.html
_PATIENT = ("pymysql",)
_CONNECTOR = "mysql.connector"


def is_connect_limited(server: DatabaseServer) -> bool:
    """Whether opening a connection ends after a while, as far as can be told: yes when in doubt."""
    if has_pool(server.entry):  # a request waits for the pool, 30 s by its default
        return True
    if server.is_postgres:
        found = libpq_parameter(server, "connect_timeout").value
        return _is_limit(found) if found else has_service(server)
    if server.options.get("read_default_file") or _CONNECTOR in str(server.entry["ENGINE"]):
        return True
    if any(map(server.facts.source.imports, _PATIENT)):
        return True
    return _is_limit(server.options.get("connect_timeout"))


def is_query_limited(server: DatabaseServer) -> bool:
    """Whether a statement ends after a while, as far as can be told: yes when in doubt.

    A pooler refuses the options by which a client would ask for it.
    """
    if server.is_postgres:
        options = libpq_parameter(server, "options").value
        # The last is our own: the client keeps the time where no server can.
        is_limited = (
            has_service(server) or find_pooler(server) is not None or bool(server.entry.get(STATEMENT_LIMIT))
        )
    else:
        options = str(server.options.get("init_command", ""))
        is_limited = any(map(server.options.get, ("read_timeout", "read_default_file")))
    return is_limited or _names_limit(options) or _is_named(server.facts)


def _is_limit(value: Any) -> bool:
    """Whether ``value`` is a number of seconds; 0 and less is for ever."""
    try:
        return float(value) > 0
    except (TypeError, ValueError):
        return False


def _is_named(facts: Facts) -> bool:
    paths = (*facts.files.served, *facts.files.matching(*_FILES))
    return any(_names_limit(facts.files.read(path) or "") for path in paths)


def _names_limit(text: str) -> bool:
    lowered = text.lower()
    return any(name in lowered for name in _STATEMENT)
