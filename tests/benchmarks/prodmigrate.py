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
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from migrate_bench.history import App
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
