"""Precision and recall over the corpus: this package without and with a trace, and its peers side by side.

    python tests/migration_corpus/score.py [--newest] [CASE...]

Imports nothing of the package: it is asked by its command, as its users ask it, and its seconds are those of
the command. The peers are asked in a process that has begun. `unknown` counts as wrong.

The exit status is 1 when the package misses what it promises: see STATIC and TRACED_F1.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from migration_corpus.label import Case, find_cases
from migration_corpus.materialise import materialise
from migration_corpus.peers import HABITS, meant
from migration_corpus.proof.server import serve

CATEGORIES = ("blocking", "bulk_write", "destructive", "fails", "incompatible")
OURS = ("--lint", "--lint --trace")
LIMIT_S = 1800
STATIC = (0.95, 0.85)  # precision and recall without a trace, which is to be ahead of every peer too
TRACED_F1 = 0.98  # and no false alarm


@dataclass(frozen=True)
class Answer:
    """What a tool says of one migration."""

    verdict: str  # safe, unsafe, or anything else, which is wrong
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Score:
    """How often a tool is right. What is neither safe nor unsafe is a miss, or a false alarm."""

    hits: int
    alarms: int
    misses: int
    silences: int
    undecided: int

    @property
    def precision(self) -> float:
        """The share of alarms that are true."""
        return self.hits / (self.hits + self.alarms or 1)

    @property
    def recall(self) -> float:
        """The share of unsafe migrations that are told."""
        return self.hits / (self.hits + self.misses or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


Answers = dict[str, Answer]


def score(cases: list[Case], answers: Answers) -> Score:
    """Hold answers against labels."""
    hits = alarms = misses = silences = undecided = 0
    for case in cases:
        verdict = answers[case.name].verdict
        undecided += verdict not in ("safe", "unsafe")
        if case.label.verdict == "unsafe":
            hits += verdict == "unsafe"
            misses += verdict != "unsafe"
        else:
            silences += verdict == "safe"
            alarms += verdict != "safe"
    return Score(hits, alarms, misses, silences, undecided)


def by_category(cases: list[Case], answers: Answers) -> dict[str, tuple[int, int, int]]:
    """Count by category: told rightly, told wrongly, not told."""
    counts = {}
    for category in CATEGORIES:
        labelled = {case.name for case in cases if category in case.label.categories}
        told = {case.name for case in cases if category in answers[case.name].categories}
        counts[category] = (len(labelled & told), len(told - labelled), len(labelled - told))
    return counts


class Project:
    """The corpus as a project on a server."""

    def __init__(self, folder: Path, url: str, cases: list[Case]) -> None:
        self.folder = folder
        self.url = url
        self.cases = cases
        written = materialise(folder, cases)
        self.judged = {name.partition(".")[0]: name for name in written}  # the last of each app
        self.parents = written
        settings = folder / "corpus_project" / "settings.py"
        settings.write_text(
            settings.read_text().replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "django_prodready",')
        )

    def run(self, *command: str, database: str, **environ: str) -> tuple[str, float]:
        """Run Python in the project; return what it prints and how long it took."""
        parts = urlsplit(self.url)
        began_s = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=os.environ
            | {
                "DB_NAME": database,
                "DB_USER": parts.username or "",
                "DB_PASSWORD": unquote(parts.password or ""),
                "DB_HOST": parts.hostname or "",
                "DB_PORT": str(parts.port),
                "DJANGO_SETTINGS_MODULE": "corpus_project.settings",
            }
            | environ,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        if done.returncode not in (0, 1) or not done.stdout:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout, time.perf_counter() - began_s

    def lint(self, *options: str) -> tuple[Answers, float]:
        """Ask this package's command of all migrations at once."""
        output, seconds = self.run(
            "manage.py",
            "prodmigrate",
            "--lint",
            "--all",
            "--format",
            "json",
            *options,
            database="nowhere",
            PRODREADY_SCRATCH_URL=self.url,
        )
        answers = {}
        for migration in json.loads(output)["migrations"]:
            if self.judged.get(migration["app"]) == f"{migration['app']}.{migration['name']}":
                found = {finding["category"] for finding in migration["findings"]} - {None}
                answers[migration["app"]] = Answer(migration["verdict"], frozenset(found))
        return answers, seconds

    def ask_peers(self) -> dict[str, tuple[Answers, float]]:
        """Ask the others, on a database that has all but the judged migrations."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE before")
        self.run("-c", _MIGRATE, *self.judged.values(), database="before")
        script = str(Path(__file__).with_name("peers.py"))
        output, _ = self.run(script, *self.judged.values(), database="before")
        said = json.loads(output)
        linter, squawk = said["linter"], said["squawk"]
        rules = {
            "django-migration-linter, errors": {app: one and one["errors"] for app, one in linter.items()},
            "django-migration-linter, warnings too": {
                app: one and one["errors"] + one["warnings"] for app, one in linter.items()
            },
            "squawk, all rules": squawk,
            "squawk, without habits": {
                app: one and [rule for rule in one if not rule.startswith(HABITS)]
                for app, one in squawk.items()
            },
        }
        return {
            name: (self.answers(fired), said["squawk_s" if name.startswith("squawk") else "linter_s"])
            for name, fired in rules.items()
        }

    def answers(self, fired: dict[str, list[str] | None]) -> Answers:
        """Take the rules that fire as an answer: None for a crash."""
        labelled = {case.name: case.label.categories for case in self.cases}
        return {
            app: Answer(
                "crash" if rules is None else "unsafe" if rules else "safe", meant(rules or (), labelled[app])
            )
            for app, rules in fired.items()
        }


# All but the migrations named, each app to its last one before.
_MIGRATE = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
judged = {tuple(name.split(".", 1)) for name in sys.argv[1:]}
executor = MigrationExecutor(connection)
plan = [(one, back) for one, back in executor.migration_plan(executor.loader.graph.leaf_nodes())
        if (one.app_label, one.name) not in judged]
executor.migrate(None, plan=plan)
print("migrated")
"""


def main() -> int:
    """Print the tables; 1 when this package misses what it promises."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--newest", action="store_true", help="on the newest PostgreSQL in a wheel")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    cases = [case for case in find_cases() if not options.cases or case.name in options.cases]
    with tempfile.TemporaryDirectory() as folder, serve(newest=options.newest) as url:
        project = Project(Path(folder), url, cases)
        rows: dict[str, tuple[Answers, float]] = {
            OURS[0]: project.lint(),
            OURS[1]: project.lint("--trace"),
        }
        if not options.no_peers:
            rows |= project.ask_peers()
    show(cases, rows)
    return misses({name: score(cases, answers) for name, (answers, _) in rows.items()})


def show(cases: list[Case], rows: dict[str, tuple[Answers, float]]) -> None:
    """Print the tables, and where this package is not of the labels' opinion."""
    unsafe = sum(case.label.verdict == "unsafe" for case in cases)
    print(f"{len(cases)} migrations: {unsafe} unsafe, {len(cases) - unsafe} safe\n")
    print(f"{'':38} hits alarms misses silent  none  precision recall     F1  seconds")
    for name, (answers, seconds) in rows.items():
        one = score(cases, answers)
        print(
            f"{name:38} {one.hits:4} {one.alarms:6} {one.misses:6} {one.silences:6} {one.undecided:5}"
            f" {one.precision:9.1%} {one.recall:6.1%} {one.f1:6.1%} {seconds:8.1f}"
        )
    print("\nprecision and recall by category; a peer's rule of several is taken to mean the right one\n")
    print(f"{'':38}" + "".join(f"{category:>15}" for category in CATEGORIES))
    labelled = [sum(category in case.label.categories for case in cases) for category in CATEGORIES]
    print(f"{'migrations':38}" + "".join(f"{number:15}" for number in labelled))
    for name, (answers, _) in rows.items():
        counts = by_category(cases, answers).values()
        print(
            f"{name:38}"
            + "".join(
                f"{_share(right, wrong):>9}{_share(right, missed):>6}" for right, wrong, missed in counts
            )
        )
    print()
    for name in OURS:
        for case in cases:
            said = rows[name][0][case.name]
            if (said.verdict, said.categories) != (case.label.verdict, case.label.categories):
                told = ", ".join(sorted(said.categories)) or "-"
                wanted = ", ".join(sorted(case.label.categories)) or "-"
                print(
                    f"{name}: {case.name}: {said.verdict} ({told}), labelled {case.label.verdict} ({wanted})"
                )


def _share(right: int, wrong: int) -> str:
    return f"{right / (right + wrong):.0%}" if right + wrong else "-"


def misses(scores: dict[str, Score]) -> int:
    """Tell which promises are broken; 1 when one is."""
    static, traced = (scores.pop(name) for name in OURS)
    problems = []
    if traced.f1 < TRACED_F1 or traced.alarms:
        problems.append(f"--trace: F1 {traced.f1:.3f} with {traced.alarms} false alarms")
    if static.precision < STATIC[0] or static.recall < STATIC[1]:
        problems.append(f"--lint: precision {static.precision:.3f}, recall {static.recall:.3f}")
    problems += [f"{name} is ahead of --lint" for name, peer in scores.items() if peer.f1 >= static.f1]
    for problem in problems:
        print(f"missed: {problem}", file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
