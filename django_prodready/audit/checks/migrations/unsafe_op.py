"""A pending migration would take the running site down.

What it checks
--------------
Under `--live`, the pending migrations of the project's own apps are judged from their operations, as
`manage.py prodmigrate --lint` judges them, with the ignores in the files and the project's baseline. This
is one row: the worst verdict. Nothing is run.

Why it matters
--------------
A migration runs while the release before it serves. One that builds an index while writers wait, drops a
column that the old code still reads, or fails on rows that exist, is an outage as long as the table is
large.

When it is wrong
----------------
`--lint` says of each finding why it fires, and takes `# prodready: ignore[rule] -- reason` beside an
operation; this row follows it. It judges as if on PostgreSQL. A migration that cannot be read, such as a
RunPython whose code is not to be found, is unknown and a warning here; `--trace` runs it on a scratch
database and knows.

How to fix
----------
Run `manage.py prodmigrate --lint`: it names the operation, the lock and whom it blocks, and the safe way as
operations with your own names.

Source
------
[PostgreSQL: explicit locking](https://www.postgresql.org/docs/current/explicit-locking.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.migration_graph import names
from django_prodready.audit.facts.migration_pending import find_pending, migrated_aliases, require_known
from django_prodready.audit.facts.migration_verdicts import Judged, judge_pending
from django_prodready.migration_safety.model import Verdict

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_FILE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "a-file-that-is-not-there.sqlite3"}}
_SETTINGS = {"INSTALLED_APPS": ["shelves"], "DATABASES": _FILE}
_MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    {attribute}
    operations = [migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]), {more}]
"""
_INDEX = 'migrations.RunSQL("CREATE INDEX CONCURRENTLY shelf ON shelves_shelf (id)", migrations.RunSQL.noop)'


def _app(attribute: str = "initial = True", more: str = "") -> dict[str, str]:
    return {
        "shelves/__init__.py": "",
        "shelves/migrations/__init__.py": "",
        "shelves/migrations/0001_initial.py": _MIGRATION.format(attribute=attribute, more=more),
    }


BAD = (Case(settings=_SETTINGS, files=_app(more=_INDEX)),)
GOOD = (
    Case(settings=_SETTINGS, files=_app()),
    Case(settings=_SETTINGS, files=_app(attribute="atomic = False", more=_INDEX)),
    Case(settings={"DATABASES": _FILE}),
    Case(),
)

_SAID = {
    Verdict.UNSAFE: (Severity.ERROR, "would take the running site down", "--lint, which names the safe way"),
    Verdict.UNKNOWN: (
        Severity.WARNING,
        "cannot be judged without running",
        "--lint --trace, which runs them on a scratch database",
    ),
}


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.LIVE, Need.PROCESS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield one finding when a pending migration is not safe."""
    if not migrated_aliases(facts):
        raise NotApplicable("no database that lasts takes migrations")
    found = find_pending(facts)
    judged = [one for pending in found if pending.keys for one in judge_pending(facts, pending.alias)]
    for verdict in _SAID:
        of_verdict = [one for one in judged if one.verdict is verdict]
        if of_verdict:
            yield _finding(verdict, of_verdict, len({one.key for one in judged}))
            break
    require_known(found)


def _finding(verdict: Verdict, found: list[Judged], pending: int) -> Finding:
    severity, consequence, how = _SAID[verdict]
    texts = list(dict.fromkeys(one.text for one in found))
    option = "" if found[0].alias == DEFAULT_DB_ALIAS else f" --database {found[0].alias}"
    return Finding(
        message=f"{len(texts)} of {pending} pending migrations {consequence}: {names(texts)}.",
        hint=f"Run manage.py prodmigrate{option} {how}.",
        subject="pending migrations",
        severity=severity,
        at=found[0].at,
    )
