"""ENGINE of a database names nothing that can be imported.

What it checks
--------------
Each entry of `DATABASES`: the module `base` of its `ENGINE`, which Django imports at the first query, is
found. Nothing is imported but the packages that it lies in.

Why it matters
--------------
django-environ takes the scheme of a URL that it does not know for an engine: `postgers://…` gives the engine
`postgers`. The settings load; the first query, in the first request or in `migrate`, fails.

When it is wrong
----------------
When it ran where the engine's package is not installed, and the server has it.

How to fix
----------
Correct the scheme of the URL: `postgres://`, `mysql://`, `sqlite:///`. Or write one of Django's engines,
such as `django.db.backends.postgresql`, or install the package that has the engine.

Source
------
[ENGINE](https://docs.djangoproject.com/en/stable/ref/settings/#engine),
[django-environ's URLs](https://django-environ.readthedocs.io/en/latest/types.html)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"DATABASES": {"default": {"ENGINE": "postgers", "NAME": "shop", "HOST": "db"}}}),
    Case(settings={"DATABASES": {"default": {"ENGINE": "django.db.backends.postgres", "NAME": "shop"}}}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": {"default": {}}}),
    Case(settings={"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}}),
    Case(
        settings={
            "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql_psycopg2", "NAME": "shop"}}
        }
    ),
    Case(
        settings={"DATABASES": {"default": {"ENGINE": "shop_engine", "NAME": "shop"}}},
        files={"shop_engine/__init__.py": "", "shop_engine/base.py": "import a_driver\n"},
    ),
)

_DJANGOS = "django.db.backends."
_KNOWN = {
    "cockroachdb": "django_cockroachdb",
    "mysql": "django.db.backends.mysql",
    "oracle": "django.db.backends.oracle",
    "pgsql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "psql": "django.db.backends.postgresql",
    "sqlite": "django.db.backends.sqlite3",
    "sqlite3": "django.db.backends.sqlite3",
}
# Renamed long ago, and still read by Django.
_RENAMED = {"django.db.backends.postgresql_psycopg2"}


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each engine that is not there."""
    engines = {
        alias: str(entry["ENGINE"])
        for alias, entry in facts.effective.databases.items()
        if entry["ENGINE"] != f"{_DJANGOS}dummy"
    }
    if not engines:
        raise NotApplicable("no database has an ENGINE")
    for alias, engine in engines.items():
        if engine not in _RENAMED and not facts.is_installed(f"{engine}.base"):
            yield _finding(facts, alias, engine)


def _finding(facts: Facts, alias: str, engine: str) -> Finding:
    meant = difflib.get_close_matches(engine.lower().rpartition(".")[2], _KNOWN, n=1)
    # A word that is none of an engine's may be the beginning of a URL without a scheme.
    shown = f" {engine!r}" if meant or "." in engine else ""
    hint = (
        f"Write {_KNOWN[meant[0]]!r}"
        if meant
        else "Write 'django.db.backends.postgresql', or what it is to be"
    )
    return Finding(
        message=f"The ENGINE{shown} of the database {alias!r} cannot be imported, so every query fails.",
        hint=f"{hint}, into DATABASES[{alias!r}]['ENGINE'], correct the scheme of its URL, or install its"
        " package.",
        subject=f"DATABASES[{alias!r}]['ENGINE']",
        at=facts.origin("DATABASES", alias, "ENGINE"),
    )
