"""A key of a DATABASES entry stands at module level, where nothing reads it.

What it checks
--------------
`CONN_MAX_AGE`, `CONN_HEALTH_CHECKS`, `DISABLE_SERVER_SIDE_CURSORS`, `ATOMIC_REQUESTS`, `AUTOCOMMIT`
and `DATABASE_POOL_SIZE` as settings of their own. Silent when a connection has that very value, and
when the project's own code makes use of the name.

Why it matters
--------------
Django reads these from each entry of `DATABASES` only. `CONN_MAX_AGE = 600` at module level looks
like persistent connections; every request still opens a new one. `ATOMIC_REQUESTS = True` looks
like transactions; a request that fails half-way keeps the half that it wrote.

When it is wrong
----------------
When code outside of the project reads the name as a setting.

How to fix
----------
Write it into the entry: `DATABASES["default"]["CONN_MAX_AGE"] = 600`. A pool is
`DATABASES["default"]["OPTIONS"]["pool"] = {"max_size": 10}`, for psycopg 3.

Source
------
[DATABASES](https://docs.djangoproject.com/en/stable/ref/settings/#databases),
[connection pool](https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_DATABASE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
_MERGED = (
    'CONN_MAX_AGE = 60\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n'
    'DATABASES["default"]["CONN_MAX_AGE"] = min(CONN_MAX_AGE, 30)\n'
)

BAD = (
    Case(settings={"CONN_MAX_AGE": 600}),
    Case(settings={"ATOMIC_REQUESTS": True, "CONN_HEALTH_CHECKS": True, "DATABASE_POOL_SIZE": 10}, expect=3),
    Case(settings={"CONN_MAX_AGE": 600, "DATABASES": {"default": {**_DATABASE, "CONN_MAX_AGE": 60}}}),
)
GOOD = (
    Case(settings={"DATABASES": {"default": {**_DATABASE, "CONN_MAX_AGE": 600}}}),
    Case(settings={"CONN_MAX_AGE": 600, "DATABASES": {"default": {**_DATABASE, "CONN_MAX_AGE": 600}}}),
    Case(settings={"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True}),
    Case(settings={"CONN_MAX_AGE": 60}, files={"conf.py": _MERGED}, settings_module="conf"),
    Case(
        settings={"DATABASE_POOL_SIZE": 4},
        files={"shop/pool.py": "from django.conf import settings\n\nSIZE = settings.DATABASE_POOL_SIZE\n"},
    ),
)

_POOL_SIZE = "DATABASE_POOL_SIZE"
_KEYS = (
    "ATOMIC_REQUESTS",
    "AUTOCOMMIT",
    "CONN_HEALTH_CHECKS",
    "CONN_MAX_AGE",
    _POOL_SIZE,
    "DISABLE_SERVER_SIDE_CURSORS",
)
_COMMENT = re.compile(r"#.*")


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each key that no connection got."""
    databases = facts.effective.databases
    if not any(_is_real(database) for database in databases.values()):
        raise NotApplicable("no database is configured")
    for name in _KEYS:
        if name not in facts.explicit:
            continue
        value = getattr(facts.settings, name)
        in_force = any(_holds(database, name, value) for database in databases.values())
        if not in_force and not _is_used(facts, name):
            yield Finding(
                message=f"{_shown(name, value)} at module level does nothing: {_effective(databases, name)}.",
                hint=_hint(name),
                subject=name,
                at=facts.origin(name),
            )


def _is_real(database: Mapping[str, Any]) -> bool:
    return bool(database["ENGINE"] != "django.db.backends.dummy")


def _holds(database: Mapping[str, Any], name: str, value: object) -> bool:
    if name == _POOL_SIZE:
        return any(value in sizes for sizes in _pool_sizes(database))
    # DISABLE_SERVER_SIDE_CURSORS alone has no default in ConnectionHandler: it is read with get(…, False).
    return bool(database.get(name, False) == value)


def _pool_sizes(database: Mapping[str, Any]) -> Iterator[list[object]]:
    """Psycopg's pool in OPTIONS, and the keys that packages with pools of their own read."""
    for pool in (database["OPTIONS"].get("pool"), database.get("POOL_OPTIONS"), database["OPTIONS"]):
        if isinstance(pool, Mapping):
            yield list(pool.values())


def _is_used(facts: Facts, name: str) -> bool:
    """Whether the project's own code makes use of ``name``.

    Not ``facts.source.reads()``: packages that build DATABASES entries mention these names as keys.
    """
    if name in facts.chain.loads:
        return True
    use = re.compile(
        rf"""\.{name}\b(?!\s*=(?!=)) | getattr\(\s*\w+\s*,\s*["']{name}["']
          | (?<![\w.'"]){name}\b(?!['"])(?!\s*(?::[^=\n]*)?=(?!=))""",
        re.VERBOSE,
    )
    others = (path for path in facts.files.served if path not in facts.chain.files)
    texts = (facts.files.read(path) or "" for path in others)
    return any(name in text and use.search(_COMMENT.sub("", text)) is not None for text in texts)


def _shown(name: str, value: object) -> str:
    return f"{name} = {value!r}" if isinstance(value, bool | int | float) or value is None else name


def _effective(databases: Mapping[str, Mapping[str, Any]], name: str) -> str:
    default = databases["default"]
    if name == _POOL_SIZE:
        pool = "a pool that is set up elsewhere" if default["OPTIONS"].get("pool") else "no pool"
        return f"the default connection uses {pool}"
    return f"the default connection uses {_shown(name, default.get(name, False))}"


def _hint(name: str) -> str:
    if name == _POOL_SIZE:
        return "Set DATABASES['default']['OPTIONS']['pool'] (psycopg 3), or delete DATABASE_POOL_SIZE."
    return f"Move it into the entry: DATABASES['default']['{name}']."
