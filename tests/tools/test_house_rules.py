import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def house_rules() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_rules", Path(__file__).with_name("house_rules.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project that keeps all rules."""
    (tmp_path / "django_prodready").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.coverage.report]\nexclude_also = ["if TYPE_CHECKING:", "raise AssertionError"]\n'
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def write(project: Path, text: str, name: str = "django_prodready/module.py") -> None:
    (project / name).write_text(text)


@pytest.mark.parametrize(("lines", "breaches"), [(300, 0), (301, 1)])
def test_a_module_has_at_most_300_lines(house_rules, project, lines, breaches):
    write(project, "x = 1\n" * lines)
    assert len(list(house_rules.long_modules(project))) == breaches


@pytest.mark.parametrize(
    "line",
    [
        "open('/ro" + "ot/settings')",
        "cd /wo" + "rk/main",
        "see /Use" + "rs/ann/x",
        "HOME=/ho" + "me/ann",
        "C:\\Use" + "rs\\ann",
    ],
)
def test_a_path_of_one_machine_is_a_breach(house_rules, project, line):
    write(project, line, "notes.md")
    assert list(house_rules.machine_paths(project)) == [f"notes.md:1: names a path of one machine: {line}"]


@pytest.mark.parametrize(
    "line",
    ["https://example.org/wo" + "rk/main", "COPY . /ho" + "me/app/", "docs/wo" + "rk/plan", "/srv/www"],
)
def test_other_paths_are_fine(house_rules, project, line):
    write(project, line, "notes.md")
    assert list(house_rules.machine_paths(project)) == []


def test_projects_under_audit_and_binary_files_may_hold_any_path(house_rules, project):
    (project / "tests/projects").mkdir(parents=True)
    write(project, "/ro" + "ot/x", "tests/projects/Dockerfile")
    (project / "logo.png").write_bytes(b"\xff\xfe /ro" + b"ot/x")
    assert list(house_rules.machine_paths(project)) == []


@pytest.mark.parametrize(
    ("comment", "breaches"),
    [
        ("# pragma: no cover - only on Windows", 0),
        ("# pragma: no branch - the loop never ends by itself", 0),
        ("# pragma: no cover", 1),
        ("# pragma: no cover -", 1),
        ("#pragma: no branch", 1),
    ],
)
def test_an_exclusion_says_why(house_rules, project, comment, breaches):
    write(project, f"x = 1  {comment}\n")
    assert len(list(house_rules.exclusions_without_reason(project))) == breaches


def test_an_excluded_function_counts_with_its_body_and_type_checking_does_not(house_rules, project):
    write(
        project,
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    import os\n"
        "def f():  # pragma: no cover - reason enough\n"
        "    return 1\n"
        "def g():\n"
        "    raise AssertionError\n",
    )
    excluded, statements = house_rules.count_exclusions(project)
    assert (excluded, statements) == (3, 7)


@pytest.mark.parametrize(
    ("text", "code"), [("x = 1\n", 0), ("x = 1  # pragma: no cover - reason enough\n", 1)]
)
def test_main_fails_on_a_breach(house_rules, project, monkeypatch, capsys, text, code):
    monkeypatch.setattr(house_rules, "ROOT", project)
    write(project, text)
    assert house_rules.main() == code
    assert ("all kept" in capsys.readouterr().out) is (code == 0)
