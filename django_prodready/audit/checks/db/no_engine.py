"""An entry of DATABASES names no ENGINE, so there is no database.

What it checks
--------------
Each entry of `DATABASES` as Django completes it: `ENGINE` is missing or empty. Silent for a project that
sets no `DATABASES`, or an empty one, or the dummy engine, in so many words: it has no database. An empty
`default` beside others is what Django asks for where `DATABASE_ROUTERS` chooses one for each query.

Why it matters
--------------
`dj_database_url.config()` and django-environ's `env.db(default="")` return `{}` when the variable is not set.
The settings load, the server starts and answers, and every page that asks the database is an error 500.

When it is wrong
----------------
When the entry is completed after the settings were loaded.

How to fix
----------
Set `DATABASE_URL` in the environment of the server. Let the settings insist on it: `env.db("DATABASE_URL")`
without default, or `dj_database_url.parse(os.environ["DATABASE_URL"])`.

Source
------
[DATABASES](https://docs.djangoproject.com/en/stable/ref/settings/#databases),
[defining your databases](https://docs.djangoproject.com/en/stable/topics/db/multi-db/#defining-your-databases)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db"}

BAD = (
    Case(settings={"DATABASES": {"default": {}}}),
    Case(settings={"DATABASES": {"default": {"NAME": "shop", "HOST": "db"}}}),
    Case(settings={"DATABASES": {"default": _POSTGRES, "replica": {}}}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": {}}, files={"conf.py": "DATABASES = {}\n"}, settings_module="conf"),
    Case(settings={"DATABASES": {"default": _POSTGRES}}),
    Case(settings={"DATABASES": {"default": {}, "main": _POSTGRES}, "DATABASE_ROUTERS": ["shop.Router"]}),
    Case(
        settings={"DATABASES": {"default": {"ENGINE": "django.db.backends.dummy"}}},
        files={"conf.py": 'DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}\n'},
        settings_module="conf",
    ),
)

_DUMMY = "django.db.backends.dummy"


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry without an engine."""
    if _is_without_database(facts):
        raise NotApplicable("the project has no database")
    databases = facts.effective.databases
    is_routed = len(databases) > 1 and bool(facts.settings.DATABASE_ROUTERS)
    for alias, entry in databases.items():
        if entry["ENGINE"] == _DUMMY and not (is_routed and alias == "default" and _is_blank(entry)):
            yield _finding(facts, alias)


def _is_without_database(facts: Facts) -> bool:
    """Whether the settings say so: Django has filled in the dictionary that they left empty."""
    if "DATABASES" not in facts.explicit:
        return True
    if any(_DUMMY in (facts.files.read(path) or "") for path in facts.chain.files):
        return True
    written = facts.chain.expression("DATABASES")
    at = facts.origin("DATABASES")  # a later line that fills it is another one
    if at is None or not isinstance(written, ast.Dict):
        return False
    return not written.keys and at.line == written.lineno


def _is_blank(entry: Mapping[str, Any]) -> bool:
    """Whether nobody has written anything into it."""
    return not any(entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"))


def _finding(facts: Facts, alias: str) -> Finding:
    return Finding(
        message=f"DATABASES[{alias!r}] names no ENGINE, so every query sent there fails.",
        hint="Set the variable that it is made of, such as DATABASE_URL, in the environment of the server"
        " or write its ENGINE.",
        subject=f"DATABASES[{alias!r}]",
        at=facts.origin("DATABASES", alias),
        severity=Severity.CRITICAL if alias == "default" else Severity.ERROR,
    )
