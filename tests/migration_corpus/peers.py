"""What other linters say of the judged migrations: run in the materialised project; prints JSON.

    python peers.py APP.MIGRATION...

The database must be at the state before them: django-migration-linter and sqlmigrate look names up there.
"""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

Said = dict[str, list[str]]  # names of rules, by how bad they are

# About style and habits, and about how a release is run: not what one migration does.
HABITS = (
    "prefer-",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
    "identifier-too-long",
    "ban-char-field",
)
# What the peers' rules speak of, by how their names begin, in the categories of the labels. One that speaks
# of several is taken to mean the right one. Those that are not here are habits, or speak of code.
MEANT = {
    # https://github.com/3YOURMIND/django-migration-linter/blob/main/docs/incompatibilities.md
    "ADD_UNIQUE": ("blocking", "fails"),
    "ALTER_COLUMN": ("blocking", "incompatible"),
    "CREATE_INDEX": ("blocking",),
    "DROP_COLUMN": ("incompatible", "destructive"),
    "DROP_INDEX": ("blocking",),
    "DROP_TABLE": ("incompatible", "destructive"),
    "NOT_NULL": ("incompatible", "blocking", "fails"),
    "REINDEX": ("blocking",),
    "RENAME_COLUMN": ("incompatible",),
    "RENAME_TABLE": ("incompatible",),
    # https://squawkhq.com/docs/rules
    "adding-field-with-default": ("blocking",),
    "adding-foreign-key-constraint": ("blocking",),
    "adding-not-nullable-field": ("blocking", "incompatible", "fails"),
    "adding-primary-key-constraint": ("blocking",),
    "adding-required-field": ("incompatible", "fails"),
    "adding-serial-primary-key-field": ("blocking",),
    "ban-alter-domain-with-add-constraint": ("blocking",),
    "ban-concurrent-index-creation-in-transaction": ("fails",),
    "ban-create-domain-with-constraint": ("blocking",),
    "ban-drop-column": ("incompatible", "destructive"),
    "ban-drop-database": ("destructive",),
    "ban-drop-not-null": ("incompatible",),
    "ban-drop-table": ("incompatible", "destructive"),
    "ban-truncate-cascade": ("destructive",),
    "changing-column-type": ("blocking", "incompatible"),
    "constraint-missing-not-valid": ("blocking",),
    "disallowed-unique-constraint": ("blocking", "fails"),
    "renaming-column": ("incompatible",),
    "renaming-table": ("incompatible",),
    "require-concurrent-": ("blocking",),
}


def meant(rules: Iterable[str], labelled: Collection[str]) -> frozenset[str]:
    """Say which categories rules speak of; of several, those that the label has too."""
    found: set[str] = set()
    for rule in rules:
        known = max((begin for begin in MEANT if rule.startswith(begin)), key=len, default=None)
        categories = MEANT[known] if known is not None else ()
        found.update({*categories} & {*labelled} or categories[:1])
    return frozenset(found)


def ask_linter(migrations: list[tuple[str, str]]) -> dict[str, Said | None]:
    """Ask django-migration-linter: errors and warnings by app; None where it crashes."""
    from django_migration_linter import MigrationLinter

    class Linter(MigrationLinter):  # type: ignore[misc] # it is typed where it is installed
        """Keeps what it would print."""

        def lint(self, app: str, name: str) -> Said:
            self.said: Said = {"errors": [], "warnings": []}
            self.reset_counters()
            self.lint_migration(self.migration_loader.get_migration(app, name))
            return self.said

        def print_errors(self, errors: Iterable[Any]) -> None:
            self.said["errors"] += [issue.code for issue in errors]

        def print_warnings(self, warnings: Iterable[Any]) -> None:
            self.said["warnings"] += [issue.code for issue in warnings]

    linter = Linter(no_cache=True, no_output=True)
    said: dict[str, Said | None] = {}
    for app, name in migrations:
        try:
            said[app] = linter.lint(app, name)
        except BaseException as error:  # noqa: BLE001 - it ends with SystemExit too
            said[app] = None
            print(f"django-migration-linter on {app}: {type(error).__name__}", file=sys.stderr)
    return said


def sql_of(migrations: list[tuple[str, str]]) -> dict[str, str | None]:
    """Give the SQL of each migration by app; None where sqlmigrate fails."""
    from django.core.management import call_command

    texts: dict[str, str | None] = {}
    for app, name in migrations:
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                call_command("sqlmigrate", app, name, stdout=out, no_color=True)
        except Exception:  # noqa: BLE001 - a migration's own code may raise anything
            texts[app] = None
        else:
            texts[app] = out.getvalue()
    return texts


def ask_squawk(texts: dict[str, str | None], version: str) -> dict[str, list[str] | None]:
    """Ask squawk: the rules that fire by app; None where there is no SQL."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for app, text in texts.items():
            if text is not None:
                path = Path(folder, f"{app}.sql")
                path.write_text(text)
                paths.append(str(path))
        done = subprocess.run(
            ["squawk", "--reporter", "json", f"--pg-version={version}", *paths],
            capture_output=True,
            text=True,
            check=False,
        )
    said: dict[str, list[str] | None] = {app: None if text is None else [] for app, text in texts.items()}
    for finding in json.loads(done.stdout or "[]"):
        rules = said[Path(finding["file"]).stem]
        assert rules is not None
        rules.append(finding["rule_name"])
    return said


def main(arguments: list[str]) -> None:
    """Print what each says, and how long it took."""
    import django
    from django.db import connection

    django.setup()
    migrations = [(app, name) for app, _, name in (argument.partition(".") for argument in arguments)]
    began_s = time.perf_counter()
    linter = ask_linter(migrations)
    linter_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    squawk = ask_squawk(sql_of(migrations), f"{connection.pg_version // 10000}.0")
    squawk_s = time.perf_counter() - began_s
    json.dump(
        {"linter": linter, "linter_s": linter_s, "squawk": squawk, "squawk_s": squawk_s},
        sys.stdout,
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(sys.argv[1:])
