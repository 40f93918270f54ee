"""Where operations are written, and what is said where nobody can tell."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import django.contrib.sites
import pytest
from django.db import migrations
from prodready_linted import Project, make_project

from django_prodready.migration_safety.locations import Span, name_of, source_of

INITIAL = "0001_initial"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.syspath_prepend(str(tmp_path))
    return make_project(tmp_path)


def module_of(project: Project) -> ModuleType:
    return importlib.import_module(f"{project.package}.shop.migrations.{INITIAL}")


def migration_of(project: Project) -> migrations.Migration:
    made: migrations.Migration = module_of(project).Migration(INITIAL, "shop")
    return made


def test_each_operation_has_its_lines(project: Project) -> None:
    line = project.migration(INITIAL, 'migrations.RunSQL(\n    "A",\n),\nmigrations.RunSQL("B"),')
    source = source_of(migration_of(project), project.root)
    assert source is not None
    assert source.operations == (Span(line, line + 2), Span(line + 3, line + 3))
    assert (str(source.at(1)), str(source.at(None))) == (
        f"{project.file(INITIAL)}:{line + 3}",
        f"{project.file(INITIAL)}:5",
    )
    assert "5" not in source.operations[0]


def test_operations_that_are_made_have_the_place_of_their_list(project: Project) -> None:
    line = project.migration(INITIAL, '*[migrations.RunSQL("A")] * 3,')
    source = source_of(migration_of(project), project.root)
    assert source is not None
    assert source.at(2).line == line - 1


def test_operations_that_are_inherited_have_the_place_of_the_class(project: Project) -> None:
    text = (
        "from django.db import migrations\n\n\nclass Base(migrations.Migration):\n"
        '    operations = [migrations.RunSQL("A")]\n\n\nclass Migration(Base):\n    pass\n'
    )
    (project.migrations / f"{INITIAL}.py").write_text(text)
    source = source_of(migration_of(project), project.root)
    assert source is not None
    assert (source.assignment, source.at(0).line) == (None, 8)


def test_operations_that_are_called_for_have_the_place_of_the_call(project: Project) -> None:
    text = (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        '    operations = list([migrations.RunSQL("A")])\n'
    )
    (project.migrations / f"{INITIAL}.py").write_text(text)
    source = source_of(migration_of(project), project.root)
    assert source is not None
    assert source.at(0).line == 5


@pytest.mark.parametrize(
    "text", [None, b"class Migration(:", b"# -*- coding: utf-8 -*-\nX = '\xff'", b"Migration = object"]
)
def test_a_file_that_does_not_tell_is_none(project: Project, text: bytes | None) -> None:
    migration = migration_of(project)
    path = project.migrations / f"{INITIAL}.py"
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text)
    assert source_of(migration, project.root) is None


def test_a_migration_without_a_file_is_none() -> None:
    made = type("Migration", (migrations.Migration,), {"__module__": "no_such_module"})
    assert source_of(made("0001_initial", "shop"), Path("/")) is None


def test_installed_files_are_named_by_their_package(tmp_path: Path) -> None:
    installed = Path(django.contrib.sites.__file__)
    assert name_of(installed, tmp_path) == "django/contrib/sites/__init__.py"
    assert name_of(installed, Path(installed.anchor)) == "django/contrib/sites/__init__.py"
    assert name_of(tmp_path / "a" / "b.py", tmp_path) == "a/b.py"
    assert name_of(tmp_path / "b.py", tmp_path / "a") == (tmp_path / "b.py").resolve().as_posix()
