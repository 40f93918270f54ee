"""Models were changed without a migration.

What it checks
--------------
Django's autodetector compares the models with what the migrations build, as `makemigrations --check` does;
it asks no question, writes no file and opens no database. The project's own makemigrations command, when it
has one, says which autodetector that is.

Only apps whose migrations are the project's own files are judged: those that `makemigrations` would write
into the project, and not into `site-packages` or a vendored copy.

Why it matters
--------------
`migrate` applies migrations, not models. The code is deployed, the column is not there, and every query of
that model fails: "column … does not exist". The next `makemigrations`, run for something else, then carries
the forgotten change.

When it is wrong
----------------
A model that depends on the environment (choices from a setting, a storage, `DEFAULT_AUTO_FIELD`) differs
from one settings module to the other: run prodcheck with those of production. Installed apps are left out,
because your settings can make them differ from their own migrations, and no file of yours can mend that.
Models with `managed = False` and models that are swapped out count as Django counts them.

How to fix
----------
Run `manage.py makemigrations`, read what it wrote, and commit it with the change of the models. In CI,
`manage.py makemigrations --check` keeps it so.

Source
------
[makemigrations
--check](https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-makemigrations-check)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.migration_drift import find_drift
from django_prodready.audit.facts.migration_graph import names

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_MODELS = """
from django.db import models

class Shelf(models.Model):
    id = models.BigAutoField(primary_key=True)
    width = models.IntegerField()
"""
_MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Shelf",
            [("id", models.BigAutoField(primary_key=True, serialize=False)), ("width", models.IntegerField())]
        ),
    ]
"""
_APP = {
    "shelves/__init__.py": "",
    "shelves/models.py": _MODELS,
    "shelves/migrations/__init__.py": "",
    "shelves/migrations/0001_initial.py": _MIGRATION,
}
_SETTINGS = {"INSTALLED_APPS": ["django.contrib.contenttypes", "shelves"]}
BAD = (
    Case(
        settings=_SETTINGS,
        files=_APP | {"shelves/models.py": f"{_MODELS}    height = models.IntegerField()\n"},
    ),
)
GOOD = (
    Case(settings=_SETTINGS, files=_APP),
    Case(settings=_SETTINGS | {"DEFAULT_AUTO_FIELD": "django.db.models.AutoField"}, files=_APP),
)


# The comparison of a large project's models takes seconds: it has the time of a check with a process.
@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.PROCESS), requires=("migrations.conflict",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each app that makemigrations would write a migration for."""
    for label, missing in find_drift(facts).items():
        yield Finding(
            message=f"The models of {label} are not those that its migrations make; "
            f"makemigrations would write: {names(missing)}.",
            hint=f"Run manage.py makemigrations {label} and commit the file.",
            subject=label,
        )
