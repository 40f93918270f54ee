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
from pathlib import Path

# About style and habits, and about how a release is run: not what one migration does.
HABITS = (
    "prefer-",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
    "identifier-too-long",
    "ban-char-field",
)


def ask_linter(migrations: list[tuple[str, str]]) -> dict[str, str]:
    """Ask django-migration-linter: ok, warning, error or crash by app."""
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(no_cache=True, no_output=True)
    said = {}
    for app, name in migrations:
        linter.reset_counters()
        try:
            linter.lint_migration(linter.migration_loader.get_migration(app, name))
        except BaseException as error:  # noqa: BLE001 - it ends with SystemExit too
            said[app] = "crash"
            print(f"django-migration-linter on {app}: {type(error).__name__}", file=sys.stderr)
            continue
        said[app] = "error" if linter.nb_erroneous else "warning" if linter.nb_warnings else "ok"
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
    texts = sql_of(migrations)
    began_s = time.perf_counter()
    squawk = ask_squawk(texts, f"{connection.pg_version // 10000}.0")
    squawk_s = time.perf_counter() - began_s
    safety = {
        app: None if rules is None else [rule for rule in rules if not rule.startswith(HABITS)]
        for app, rules in squawk.items()
    }
    json.dump(
        {
            "linter": linter,
            "linter_s": linter_s,
            "squawk": squawk,
            "squawk_safety": safety,
            "squawk_s": squawk_s,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(sys.argv[1:])
