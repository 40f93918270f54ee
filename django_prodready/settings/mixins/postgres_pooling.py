"""Who keeps connections to PostgreSQL open, and which other choices that excludes.

https://docs.djangoproject.com/en/stable/ref/databases/#connection-management
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["POOLINGS", "Choice", "Pooling", "apply_pooling", "is_pooler"]

Pooling = Literal["persistent", "psycopg", "pgbouncer"]
POOLINGS: tuple[Pooling, ...] = ("persistent", "psycopg", "pgbouncer")

Entry = dict[str, Any]
Refuse = Callable[[str, str], object]

# Long enough that busy threads connect seldom, short enough that idle ones give the server its slot back.
_KEPT_S = 60
# A request that found no free connection for so long is answered with an error rather than given up on.
_POOL_TIMEOUT_S = 10

# https://www.pgbouncer.org/config.html#listen_port
_POOLER_PORT = "6432"
# https://neon.com/docs/connect/connection-pooling, https://supabase.com/docs/guides/database/connecting-to-postgres
_NEON = re.compile(r"-pooler\..*\.neon\.tech$")
_SUPABASE = re.compile(r"\.supabase\.(?:com|co)$")
_SUPABASE_PORT = "6543"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: by the class, and by the query of the URL (None where that says nothing)."""

    pooling: Pooling
    is_asgi: bool
    pool_size: int
    conn_max_age_s: Any = None
    server_side_cursors_off: Any = None


def is_pooler(host: str, port: object) -> bool:
    """Tell whether the address is known to be a pooler's."""
    if _SUPABASE.search(host):
        return str(port) == _SUPABASE_PORT
    return str(port) == _POOLER_PORT or _NEON.search(host) is not None


def apply_pooling(entry: Entry, kept: Mapping[str, Any], choice: Choice, refuse: Refuse) -> None:
    """Put into ``entry`` who keeps the connection. ``kept`` is the project's own entry.

    ``refuse`` is called with a name and a rule for each choice that contradicts another.
    """
    if is_pooler(str(entry["HOST"]), entry["PORT"]) and choice.pooling != "pgbouncer":
        refuse(
            "POOLING",
            f"is {choice.pooling!r}, and the database's address is that of a pooler such as PgBouncer, "
            "which refuses what this choice sends: set POOLING = 'pgbouncer'",
        )
    entry["CONN_MAX_AGE"] = _conn_max_age(kept, choice, refuse)
    # One question before the first query of a request, so that a restart of the server costs none of them.
    entry["CONN_HEALTH_CHECKS"] = True
    entry["DISABLE_SERVER_SIDE_CURSORS"] = _cursors_off(kept, choice, refuse)
    if choice.pooling == "psycopg":
        asked = entry["OPTIONS"].get("pool")
        own = asked if isinstance(asked, Mapping) else {}
        # It starts with one, so that a command that asks once does not open a whole pool.
        entry["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": choice.pool_size,
            "timeout": _POOL_TIMEOUT_S,
            **own,
        }
    elif entry["OPTIONS"].get("pool"):
        refuse("POOLING", f"is {choice.pooling!r}, and OPTIONS['pool'] is set: remove one of the two")
    if choice.pooling == "pgbouncer":
        _suit_pgbouncer(entry["OPTIONS"], refuse)


def _conn_max_age(kept: Mapping[str, Any], choice: Choice, refuse: Refuse) -> Any:
    """Return for how many seconds a thread keeps its connection."""
    asked = choice.conn_max_age_s if choice.conn_max_age_s is not None else kept.get("CONN_MAX_AGE", 0)
    if choice.pooling == "psycopg":
        reason = "the pool keeps connections, and Django refuses both"
    elif choice.is_asgi:
        reason = "under ASGI it belongs to a thread that no request comes back to"
    else:
        return _KEPT_S if asked == 0 else asked
    if asked != 0:
        refuse("CONN_MAX_AGE", f"keeps a connection of DATABASES['default'], and {reason}: remove it")
    return 0


def _cursors_off(kept: Mapping[str, Any], choice: Choice, refuse: Refuse) -> bool:
    asked = choice.server_side_cursors_off
    if choice.pooling != "pgbouncer":
        return bool(kept.get("DISABLE_SERVER_SIDE_CURSORS") if asked is None else asked)
    if asked is False:
        refuse(
            "POOLING",
            "is 'pgbouncer', and disable_server_side_cursors=false is in the URL: a cursor is left behind "
            "on another connection, so remove it",
        )
    return True


def _suit_pgbouncer(options: Entry, refuse: Refuse) -> None:
    if options.get("options"):
        refuse(
            "POOLING",
            "is 'pgbouncer', which refuses startup options (OPTIONS['options'], PGOPTIONS, currentSchema): "
            "set them for the role, as in ALTER ROLE shop SET search_path = shop",
        )
    # Prepared statements stay on one of the server's connections, and the next transaction may get another:
    # "prepared statement already exists". https://www.pgbouncer.org/config.html#max_prepared_statements
    options.setdefault("prepare_threshold", None)
