"""Write cases as a Django project: one app a case, one file a migration, as their author would have them.

    python tests/migration_corpus/materialise.py FOLDER [CASE...]

The label stays behind, so that nothing under FOLDER tells the answer. Of the database the environment tells
DB_NAME, DB_USER, DB_PASSWORD, DB_HOST, DB_PORT.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from migration_corpus.label import Case, find_cases

PROJECT = "corpus_project"
SEED = "seed"
MANAGE = f'''"""Run the commands of this project."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{PROJECT}.settings")
    execute_from_command_line(sys.argv)
'''
SETTINGS = '''"""Settings of a project whose apps hold migrations alone."""

import os

SECRET_KEY = "this project serves nobody"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
{apps}
]
DATABASES = {{
    "default": {{
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("DB_NAME", "corpus"),
        "USER": os.environ.get("DB_USER", ""),
        "PASSWORD": os.environ.get("DB_PASSWORD", ""),
        "HOST": os.environ.get("DB_HOST", ""),
        "PORT": os.environ.get("DB_PORT", ""),
    }}
}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
'''


@dataclass(frozen=True)
class Part:
    """A statement of a case's top level with the comments and empty lines above it."""

    node: ast.stmt
    text: str

    @property
    def is_migration(self) -> bool:
        """Whether it is a class that derives from migrations.Migration itself."""
        bases = self.node.bases if isinstance(self.node, ast.ClassDef) else []
        return any(ast.unparse(base) in ("migrations.Migration", "Migration") for base in bases)

    @property
    def names(self) -> set[str]:
        """What the statement gives a name to; empty for one that is there for its effect."""
        if isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return {self.node.name}
        if isinstance(self.node, ast.Import | ast.ImportFrom):
            return {alias.asname or alias.name.partition(".")[0] for alias in self.node.names}
        stored = (node for node in ast.walk(self.node) if isinstance(node, ast.Name))
        return {node.id for node in stored if isinstance(node.ctx, ast.Store)}

    @property
    def uses(self) -> set[str]:
        """The names that it reads."""
        return {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}


def migration_files(case: Case) -> dict[str, str]:
    """Return the text of each migration by its name, in order; ValueError when the case has less than one."""
    parts = list(split(case))
    classes = [part for part in parts if part.is_migration]
    if not classes:
        raise ValueError(f"{case.name} has no class that derives from migrations.Migration.")
    helpers = [part for part in parts if not part.is_migration and part.names != {SEED}]
    return {
        f"{number:04}_{_snake(part.node.name)}": _file(part, helpers)
        for number, part in enumerate(classes, start=1)
        if isinstance(part.node, ast.ClassDef)
    }


def split(case: Case) -> Iterator[Part]:
    """Cut the text behind the docstring into statements, each with the comments and decorators above it."""
    lines = case.source.splitlines(keepends=True)
    body = case.tree.body
    start = 0
    if ast.get_docstring(case.tree) is not None:
        start = body[0].end_lineno or 0
        body = body[1:]
    for node in body:
        end = node.end_lineno or node.lineno
        yield Part(node, "".join(lines[start:end]))
        start = end


def seed_source(case: Case) -> str | None:
    """Return the case's top level without its migrations when it has a function `seed`, else None."""
    parts = [part for part in split(case) if not part.is_migration]
    if not any(part.names == {SEED} for part in parts):
        return None
    return "".join(part.text for part in parts)


def materialise(folder: Path, cases: list[Case]) -> list[str]:
    """Write the project into `folder`; return the names of all migrations as app.name."""
    _write(folder / "manage.py", MANAGE)
    _write(folder / PROJECT / "__init__.py", "")
    apps = "\n".join(f'    "{case.name}",' for case in cases)
    _write(folder / PROJECT / "settings.py", SETTINGS.format(apps=apps))
    written = []
    for case in cases:
        _write(folder / case.name / "__init__.py", "")
        _write(folder / case.name / "migrations" / "__init__.py", "")
        for name, text in migration_files(case).items():
            _write(folder / case.name / "migrations" / f"{name}.py", text)
            written.append(f"{case.name}.{name}")
    return written


def _file(migration: Part, helpers: list[Part]) -> str:
    """Put in front of the class what it needs, directly or not, and rename it to Migration."""
    needed = _needed(migration, helpers)
    source = "".join(part.text for part in [*(part for part in helpers if part in needed), migration])
    assert isinstance(migration.node, ast.ClassDef)
    head = re.compile(rf"^class {migration.node.name}\(", re.MULTILINE)
    return head.sub("class Migration(", source.lstrip("\n"), count=1)


def _needed(migration: Part, helpers: list[Part]) -> list[Part]:
    wanted = set(migration.uses)
    needed: list[Part] = []
    grows = True
    while grows:
        found = [part for part in helpers if part not in needed and (part.names & wanted or not part.names)]
        needed += found
        wanted = wanted.union(*(part.uses for part in found))
        grows = bool(found)
    return needed


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main(arguments: list[str] | None = None) -> int:
    """Write the project; return the exit status."""
    parser = argparse.ArgumentParser(description="Write cases as a runnable Django project.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    options = parser.parse_args(arguments)
    try:
        cases = find_cases(options.cases)
    except LookupError as error:
        parser.error(str(error))
    written = materialise(options.folder, cases)
    sys.stdout.write(f"{len(written)} migrations in {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
