"""Small projects with migrations, written to a folder, for prodmigrate to judge."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS = """
SECRET_KEY = "a-key-of-a-project-in-a-test-" + "q7" * 20
INSTALLED_APPS = ["django.contrib.contenttypes", "{app}", "django_prodready"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {{"default": {database!r}}}
"""
MANAGE = """
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
INITIAL = """
migrations.CreateModel(
    "Author",
    [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=100, null=True))],
),
migrations.CreateModel(
    "Book",
    [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=100))],
),
"""
SAFE = 'migrations.AddField("book", "subtitle", models.CharField(max_length=100, null=True)),'
INDEX = 'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title")),'
UNREAD = "migrations.RunPython(forwards, migrations.RunPython.noop),"
# What forwards may be: it reaches for another host, and goes on without.
CALLS_QUIETLY = """
import socket


def forwards(apps, schema_editor):
    try:
        socket.create_connection(("203.0.113.10", 80))
    except OSError:
        pass
"""

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose only app is ``shop``."""

    root: Path
    package: str  # its name differs from project to project, as modules stay loaded

    @property
    def app(self) -> str:
        return f"{self.package}.shop"

    @property
    def migrations(self) -> Path:
        return self.root / self.package / "shop" / "migrations"

    def file(self, name: str) -> str:
        """Name the file of a migration as a report does."""
        return f"{self.package}/shop/migrations/{name}.py"

    def migration(
        self, name: str, operations: str, after: str = "", *, head: str = "", body: str = ""
    ) -> int:
        """Write a migration; return the line of its first operation."""
        depends = f'("shop", "{after}")' if after else ""
        parts = [
            "from django.contrib.postgres import operations as postgres",
            "from django.db import migrations, models",
            "",
            *textwrap.dedent(head).strip().splitlines(),
            "",
            "class Migration(migrations.Migration):",
            f"    dependencies = [{depends}]",
            *textwrap.indent(textwrap.dedent(body).strip(), "    ").splitlines(),
            "    operations = [",
        ]
        inner = textwrap.indent(textwrap.dedent(operations).strip(), " " * 8)
        text = "\n".join([*parts, inner, "    ]", ""])
        (self.migrations / f"{name}.py").write_text(text)
        return len(parts) + 1


def make_project(root: Path, database: Mapping[str, object] = SQLITE) -> Project:
    """Make a project with one migration, which makes authors and books. ``database``: of DATABASES."""
    project = Project(root, f"linted_{next(_numbers)}")
    project.migrations.mkdir(parents=True)
    for folder in (project.migrations, project.migrations.parent, project.migrations.parent.parent):
        (folder / "__init__.py").touch()
    (root / "pyproject.toml").touch()
    settings = SETTINGS.format(app=project.app, database=dict(database))
    (root / project.package / "settings.py").write_text(settings)
    (root / "manage.py").write_text(MANAGE.format(settings=f"{project.package}.settings"))
    project.migration("0001_initial", INITIAL)
    return project
