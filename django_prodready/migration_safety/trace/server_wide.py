"""Statements that reach beyond the scratch database: roles, databases and settings are the whole server's.

They are refused, for nobody would take them back, and the server may be production's.
"""

from __future__ import annotations

import re

__all__ = ["ServerWideError", "check", "is_server_wide"]

_LITERALS = re.compile(r"\"[^\"]*\"|'[^']*'")
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_SERVER_WIDE = re.compile(
    r"\b(?:(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION)|"
    r"ALTER\s+SYSTEM|ON\s+(?:DATABASE|TABLESPACE|PARAMETER|ROLE)|"
    r"pg_(?:create|drop|copy)_(?:physical|logical)?_?replication_slot|"
    r"pg_(?:reload_conf|terminate_backend|cancel_backend|promote|rotate_logfile))\b"
    # Who is a member of which role: without ON.
    r"|^\s*(?:GRANT|REVOKE)\s+(?:(?!\bON\b)[^;])*\s(?:TO|FROM)\s",
    re.IGNORECASE,
)


class ServerWideError(Exception):
    """A migration would change what is not the scratch database's."""


def check(sql: str) -> None:
    """Raise ServerWideError for a text that changes roles, databases or settings of the server."""
    if is_server_wide(sql):
        raise ServerWideError


def is_server_wide(sql: str) -> bool:
    """Whether a text changes roles, databases or settings of the server."""
    return _SERVER_WIDE.search(_LITERALS.sub("''", _COMMENTS.sub(" ", sql))) is not None
