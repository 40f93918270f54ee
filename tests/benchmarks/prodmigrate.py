"""What prodmigrate costs, beside migrate, django-migration-linter and makemigrations on the same history.

    python benchmarks/prodmigrate.py [--rounds N] [--migrations N]

The project is written here: apps of two models each, and a history that adds, alters, indexes, constrains,
fills and removes. Every command runs in a process of its own, once in every round, in an order of its own;
a ratio is the median of those of the rounds. Start-up is what ``prodmigrate --help`` takes: users wait for
it too, and it is left out where that is said. What was promised stands beside a ratio, and nothing fails
when it is missed.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from prodready_services import postgres

APPS = 12
LIMIT_S = 900
VERDICTS = (0, 1)  # exit codes of what judges

SETTINGS = """\
import os

SECRET_KEY = "this project serves nobody"
INSTALLED_APPS = [{apps}, "django_migration_linter", "django_prodready"]
DATABASES = {{
    "default": {{"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB_NAME"]}} | {address!r}
}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PRODREADY = {{"LINT_NEW_MIGRATIONS": "LINT_NEW" in os.environ}}
"""
MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "shop_settings"
execute_from_command_line(sys.argv)
"""
MIGRATION = """\
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("{app}", "Item").objects.filter(pk__lt=100).update(title="filled")


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [
        {operations}
    ]
"""
KEY = "models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')"
SHELF = {"id": KEY, "code": "models.CharField(max_length=20, unique=True)"}
ITEM = {"id": KEY, "title": "models.CharField(max_length=50)", "count": "models.IntegerField(default=0)"}


@dataclass
class App:
    """An app: a model that stays, and one that its history changes."""

    label: str
    before: str | None  # the app that its own refers to
    item: dict[str, str] = field(default_factory=lambda: dict(ITEM))
    indexes: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)

    def write(self, folder: Path, length: int) -> None:
        """Write the app with a history of so many migrations, and the models that it comes to."""
        migrations = folder / self.label / "migrations"
        migrations.mkdir(parents=True)
        for package in (migrations, migrations.parent):
            (package / "__init__.py").touch()
        for number in range(1, length + 1):
            depends = [(self.label, _name(number - 1))] if number > 1 else []
            depends += [(self.before, _name(1))] if number == 1 and self.before else []
            operations = self.change(number) if number > 1 else self.first()
            text = MIGRATION.format(app=self.label, dependencies=depends, operations=operations)
            (migrations / f"{_name(number)}.py").write_text(text)
        (folder / self.label / "models.py").write_text(self.models())

    def first(self) -> str:
        """Make the tables."""
        shelf = f"{self.before or self.label}.shelf"
        self.item["shelf"] = f"models.ForeignKey('{shelf}', models.CASCADE, related_name='+')"
        made = {"Shelf": SHELF, "Item": self.item}
        fields = {
            name: ", ".join(f"({key!r}, {source})" for key, source in columns.items())
            for name, columns in made.items()
        }
        return "\n        ".join(f"migrations.CreateModel({name!r}, [{fields[name]}])," for name in made)

    def change(self, number: int) -> str:
        """Go on with another kind of change than in the migrations before."""
        start = number - (number - 2) % 9
        kinds: list[Callable[[], str]] = [
            lambda: self._field("AddField", f"note_{start}", "models.CharField(max_length=30, null=True)"),
            lambda: self._field("AddField", f"amount_{start}", "models.IntegerField(db_default=0)"),
            lambda: self._index(f"note_{start}"),
            lambda: self._field("AlterField", f"note_{start}", "models.CharField(max_length=60, null=True)"),
            lambda: "migrations.RunPython(fill, migrations.RunPython.noop),",
            lambda: self._constraint(f"amount_{start}"),
            lambda: self._field("AddField", f"shelf_{start}", self._reference()),
            lambda: f"migrations.RunSQL('COMMENT ON TABLE {self.label}_item IS $${start}$$', ''),",
            lambda: self._remove(f"shelf_{start}"),
        ]
        return kinds[number - start]()

    def models(self) -> str:
        """Write the models as the last migration leaves them, and one field more in the item."""
        item = self.item | {"later": "models.CharField(max_length=10, null=True)"}
        lines = ["from django.db import models", ""]
        for name, columns in {"Shelf": SHELF, "Item": item}.items():
            lines += ["", f"class {name}(models.Model):"]
            lines += [f"    {key} = {source}" for key, source in columns.items() if key != "id"]
        lines += ["    class Meta:", f"        indexes = [{', '.join(self.indexes)}]"]
        lines += [f"        constraints = [{', '.join(self.constraints)}]", ""]
        return "\n".join(lines)

    def _reference(self) -> str:
        return f"models.ForeignKey('{self.label}.shelf', models.SET_NULL, null=True, related_name='+')"

    def _field(self, operation: str, name: str, source: str) -> str:
        self.item[name] = source
        return f"migrations.{operation}('item', {name!r}, {source}),"

    def _remove(self, name: str) -> str:
        del self.item[name]
        return f"migrations.RemoveField('item', {name!r}),"

    def _index(self, name: str) -> str:
        self.indexes.append(f"models.Index(fields=[{name!r}], name='{self.label}_{name}')")
        return f"migrations.AddIndex('item', {self.indexes[-1]}),"

    def _constraint(self, name: str) -> str:
        condition = f"models.Q({name}__gte=0)"
        self.constraints.append(f"models.CheckConstraint(condition={condition}, name='{self.label}_{name}')")
        return f"migrations.AddConstraint('item', {self.constraints[-1]}),"


def _name(number: int) -> str:
    return f"{number:04}_change" if number > 1 else "0001_initial"


class Project:
    """The project, on a server of its own."""

    def __init__(self, folder: Path, url: str, migrations: int) -> None:
        """Write it, and apply its migrations to the database ``target``."""
        self.folder = folder
        self.url = url
        self.numbers = itertools.count()
        labels = [f"app_{number}" for number in range(APPS)]
        for before, label in zip([None, *labels], labels, strict=False):
            App(label, before).write(folder, migrations // APPS)
        parts = urlsplit(url)
        address = {
            "USER": parts.username,
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname,
            "PORT": parts.port,
        }
        apps = ", ".join(map(repr, labels))
        (folder / "shop_settings.py").write_text(SETTINGS.format(apps=apps, address=address))
        (folder / "manage.py").write_text(MANAGE)
        self.execute("CREATE DATABASE target")
        self.run("migrate")

    def execute(self, statement: str) -> None:
        """Run a statement on the server."""
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(statement)

    def run(
        self, *arguments: str, database: str = "target", codes: tuple[int, ...] = (0,), **environ: str
    ) -> tuple[float, str]:
        """Run a command that ends with one of the codes; return how long it took, and what it printed."""
        began_s = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.folder,
            env=os.environ | {"DB_NAME": database, "PRODREADY_SCRATCH_URL": self.url} | environ,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        seconds = time.perf_counter() - began_s
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return seconds, done.stdout

    def migrate(self) -> dict[str, float]:
        """Apply all migrations to an empty database."""
        name = f"fresh_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        seconds, _ = self.run("migrate", database=name)
        self.execute(f"DROP DATABASE {name}")
        return {"migrate": seconds}

    def trace(self) -> dict[str, float]:
        """Trace all migrations, and again with what is remembered then."""
        cache = self.folder / f"cache_{next(self.numbers)}"
        options = ("prodmigrate", "--lint", "--trace", "--all", "--format", "json", "--cache", str(cache))
        (first_s, first), (again_s, again) = (self.run(*options, codes=VERDICTS) for _ in range(2))
        if _verdicts(first) != _verdicts(again):
            raise SystemExit("What is remembered is not what was traced.")
        return {"trace": first_s, "remembered": again_s}

    def lint(self) -> dict[str, float]:
        """Judge all migrations from their operations."""
        return {"lint": self.run("prodmigrate", "--lint", "--all", "--format", "json", codes=VERDICTS)[0]}

    def linter(self) -> dict[str, float]:
        """Have django-migration-linter judge the same."""
        seconds, printed = self.run("lintmigrations", "--no-cache", codes=VERDICTS)
        if "*** Summary ***" not in printed:
            raise SystemExit(f"django-migration-linter did not come to its end:\n{printed[-3000:]}")
        return {"linter": seconds}

    def makemigrations(self) -> dict[str, float]:
        """Write a migration without and with a verdict on it."""
        taken = {}
        for name, environ in (("makemigrations", {}), ("with verdict", {"LINT_NEW": "1"})):
            folder = self.folder / "app_0" / "migrations"
            known = set(folder.glob("*.py"))
            taken[name], _ = self.run("makemigrations", "app_0", **environ)
            (written,) = set(folder.glob("*.py")) - known
            written.unlink()
        return taken

    def start(self) -> dict[str, float]:
        """Start, and do nothing."""
        return {"start": self.run("prodmigrate", "--help")[0]}


def _verdicts(printed: str) -> list[object]:
    return [one | {"duration_ms": None} for one in json.loads(printed)["migrations"]]


def measure(project: Project, rounds: int) -> list[dict[str, float]]:
    """Return the seconds of every command by round."""
    work = [
        project.migrate,
        project.trace,
        project.lint,
        project.linter,
        project.makemigrations,
        project.start,
    ]
    taken = []
    for number in range(rounds):
        seconds: dict[str, float] = {}
        for each in random.sample(work, len(work)):
            seconds |= each()
        taken.append(seconds)
        print(
            f"round {number + 1}: "
            + ", ".join(f"{name} {spent:.2f} s" for name, spent in sorted(seconds.items()))
        )
    return taken


def report(taken: list[dict[str, float]]) -> None:
    """Print the ratios."""

    def ratio(name: str, against: str, promised: str = "", *, without_start: bool = False) -> None:
        ratios = []
        for seconds in taken:
            start_s = seconds["start"] if without_start else 0.0
            ratios.append(max(seconds[name] - start_s, 0.0) / (seconds[against] - start_s))
        what = f"{name} / {against}{', start-up excluded' if without_start else ''}"
        spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
        print(f"  {what:56}{statistics.median(ratios):8.3f}   ({spread})  {promised}")

    print()
    ratio("trace", "migrate", "promised: at most 3")
    ratio("lint", "linter", "promised: below 1")
    ratio("lint", "linter", without_start=True)
    ratio("remembered", "trace", "promised: at most 0.1", without_start=True)
    ratio("remembered", "trace")
    ratio("with verdict", "makemigrations")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--migrations", type=int, default=360)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="prodready-bench-"))
    try:
        with postgres.serve() as url:
            project = Project(folder, url, options.migrations)
            print(f"{options.migrations // APPS * APPS} migrations in {APPS} apps")
            report(measure(project, options.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
