"""An app has several last migrations, so migrate refuses to run.

What it checks
--------------
The migrations of all installed apps are loaded as `migrate` loads them, without a database. Of each app
exactly one migration may be the last: one that no other migration of the app depends on.

Why it matters
--------------
`manage.py migrate` ends with "Conflicting migrations detected" before it applies anything, in any app. It
happens when two branches that each add a migration are merged: both are green, and the deploy of the two
together fails.

When it is wrong
----------------
It asks Django's own loader, so `migrate` fails whenever this does. A migration that cannot be imported at
all is no conflict; the check then says why it did not run.

How to fix
----------
Run `manage.py makemigrations --merge` and commit the file, or let the younger of the two depend on the
other. In an installed app nothing of yours is wrong, unless one of its migrations was written on this
machine: install another version of it.

Source
------
[Version control and
migrations](https://docs.djangoproject.com/en/stable/topics/migrations/#version-control)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.migration_graph import load_graph, own_migrated

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_MIGRATION = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
_APP = {
    "shelves/__init__.py": "",
    "shelves/migrations/__init__.py": "",
    "shelves/migrations/0001_initial.py": f"{_MIGRATION}    pass\n",
    "shelves/migrations/0002_left.py": f"{_MIGRATION}    dependencies = [('shelves', '0001_initial')]\n",
}
_ALONGSIDE = {"shelves/migrations/0002_right.py": _APP["shelves/migrations/0002_left.py"]}
_MERGED = {
    "shelves/migrations/0003_merge.py": f"{_MIGRATION}"
    "    dependencies = [('shelves', '0002_left'), ('shelves', '0002_right')]\n"
}
BAD = (Case(settings={"INSTALLED_APPS": ["shelves"]}, files=_APP | _ALONGSIDE),)
GOOD = (
    Case(settings={"INSTALLED_APPS": ["shelves"]}, files=_APP),
    Case(settings={"INSTALLED_APPS": ["shelves"]}, files=_APP | _ALONGSIDE | _MERGED),
)


# A large project has thousands of migrations to import: it has the time of a check with a process.
@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.PROCESS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each app with several last migrations."""
    conflicts = load_graph(facts).detect_conflicts()
    own = {config.label for config in own_migrated(facts)}
    for label, last in sorted(conflicts.items()):
        hint = (
            "Run manage.py makemigrations --merge and commit the file."
            if label in own
            else f"Install another version of the package that has the app {label}."
        )
        yield Finding(
            message=f"The app {label} has {len(last)} last migrations ({', '.join(sorted(last))}): "
            "migrate refuses to run, in all apps.",
            hint=hint,
            subject=label,
        )
