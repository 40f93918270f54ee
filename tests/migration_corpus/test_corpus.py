"""The corpus is well formed. That its labels are true is proven by verify.py, which takes minutes."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from migration_corpus.label import CASES, LabelError, find_cases, parse_label
from migration_corpus.materialise import main, materialise, migration_files, seed_source

LEAST_CASES = 120
LEAST_SAFE_SHARE = 0.4
GRAPH = """
import django
from django.db.migrations.loader import MigrationLoader

django.setup()
loader = MigrationLoader(None)
conflicts = loader.detect_conflicts()
assert not conflicts, conflicts
loader.project_state().apps
for node in loader.graph.leaf_nodes():
    print(*node)
"""


@pytest.fixture(scope="module")
def cases():
    return find_cases()


class TestCases:
    def test_stems_are_labels_that_nobody_else_has(self, cases):
        paths = [path for path in CASES.glob("*/*.py") if path.stem != "__init__"]

        assert len({path.stem for path in paths}) == len(paths) == len(cases)
        assert [case.name for case in cases if not re.fullmatch(r"[a-z][a-z0-9_]*", case.name)] == []
        assert [case.name for case in cases if find_spec(case.name)] == []

    def test_every_label_is_well_formed(self, cases):
        assert all(case.label.reason.endswith(".") for case in cases)

    def test_there_are_enough_of_each_kind(self, cases):
        safe = [case for case in cases if case.label.verdict == "safe"]

        assert len(cases) >= LEAST_CASES
        assert len(safe) / len(cases) >= LEAST_SAFE_SHARE

    def test_nothing_imports_the_product(self):
        sources = [path for path in Path(__file__).parent.rglob("*.py") if path != Path(__file__)]

        assert [
            path
            for path in sources
            if re.search(r"^\s*(from|import) django_prodready", path.read_text(), re.M)
        ] == []

    def test_all_are_apps_of_one_project(self, cases, tmp_path):
        written = materialise(tmp_path, cases)

        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", GRAPH],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "corpus_project.settings",
                "PYTHONPATH": str(tmp_path),
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        leaves = {tuple(line.split()) for line in done.stdout.splitlines()}
        judged = {(case.name, list(migration_files(case))[-1]) for case in cases}
        assert judged <= leaves
        assert len(written) == sum(len(migration_files(case)) for case in cases)


class TestFiles:
    SOURCE = '''"""Two migrations.

verdict: safe
reason: Nothing is done.
"""

from django.db import migrations, models  # both

# Where we begin.
START = 1


def noop(apps, schema_editor):
    """Begin."""
    return START


def seed(cursor, rows):
    cursor.execute("SELECT 1")


class Initial(migrations.Migration):
    # The first.
    operations = [migrations.RunPython(noop)]


class AddHTTPStatus2(migrations.Migration):
    operations = []
'''

    @pytest.fixture
    def case(self, tmp_path, monkeypatch):
        (tmp_path / "group").mkdir()
        (tmp_path / "group" / "two.py").write_text(self.SOURCE)
        monkeypatch.setattr("migration_corpus.label.CASES", tmp_path)
        return find_cases(["two"])[0]

    def test_each_migration_has_what_it_uses_and_no_label(self, case):
        files = migration_files(case)

        assert list(files) == ["0001_initial", "0002_add_http_status2"]
        assert files["0001_initial"] == (
            "from django.db import migrations, models  # both\n\n# Where we begin.\nSTART = 1\n\n\n"
            'def noop(apps, schema_editor):\n    """Begin."""\n    return START\n\n\n'
            "class Migration(migrations.Migration):\n    # The first.\n"
            "    operations = [migrations.RunPython(noop)]\n"
        )
        assert files["0002_add_http_status2"].count("def ") == 0

    def test_the_seed_comes_without_the_migrations(self, case):
        names = {}
        exec(seed_source(case), names)

        assert names["noop"](None, None) == 1
        assert "Initial" not in names

    def test_the_command_says_what_it_wrote(self, case, tmp_path, capsys):
        assert main([str(tmp_path / "out"), "two"]) == 0

        assert capsys.readouterr().out == f"2 migrations in {tmp_path / 'out'}\n"
        assert (tmp_path / "out" / "manage.py").exists()

    def test_a_case_that_is_not_there_is_named(self, case):
        with pytest.raises(LookupError, match="three"):
            find_cases(["three"])


class TestLabels:
    @pytest.mark.parametrize(
        ("docstring", "problem"),
        [
            ("Nothing else.", "is not"),
            ("A.\n\nverdict: unsafe\nreason: R.", "at least one"),
            ("A.\n\nverdict: safe\ncategories: fails\nreason: R.", "with none"),
            ("A.\n\nverdict: unsafe\ncategories: slow\nreason: R.", "slow is none of"),
            ("A.\n\nverdict: unsafe\ncategories: fails, fails\nreason: R.", "named twice"),
        ],
    )
    def test_what_is_no_label_is_refused_by_name(self, docstring, problem):
        with pytest.raises(LabelError, match=f"some_case: .*{problem}"):
            parse_label("some_case", docstring)
