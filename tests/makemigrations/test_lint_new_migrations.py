"""makemigrations: what it tells of the files that it has just written, and whose command it stands on."""

import io
import itertools
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from prodready_shelves import INITIAL, SHELF, app, migration

from django_prodready.management.new_migrations import next_command

numbers = itertools.count()
INDEXED = f"""{SHELF}
    class Meta:
        indexes = [models.Index(fields=["width"], name="shelf_width")]
"""
OTHER = """
from django.core.management.commands.makemigrations import Command as Base

class Command(Base):
    help = "Of another app."
"""


@pytest.fixture
def write(tmp_path, monkeypatch, settings, django_db_blocker):
    """Install an app with these models, whose first migration makes a shelf; run makemigrations there."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    (tmp_path / "pyproject.toml").touch()
    label = f"written_{next(numbers)}"

    def install(models, *, first=INITIAL, is_on=True):
        for path, text in app(models, name=label, m0001_initial=migration(first, app=label)).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        settings.INSTALLED_APPS = [label, "django_prodready"]
        settings.PRODREADY = {"LINT_NEW_MIGRATIONS": is_on}

    def run(models, *arguments, **options):
        install(models, **options)
        out, err = io.StringIO(), io.StringIO()
        with django_db_blocker.unblock():
            call_command("makemigrations", label, *arguments, stdout=out, stderr=err, interactive=False)
        names = sorted(path.stem for path in (tmp_path / label / "migrations").glob("0*.py"))
        return names, out.getvalue(), err.getvalue()

    run.label = label
    return run


def test_what_is_not_safe_is_told(write):
    names, out, err = write(INDEXED)
    assert names == ["0001_initial", "0002_shelf_shelf_width"]
    assert f"UNSAFE   {write.label}.0002_shelf_shelf_width" in err
    assert "AddIndexConcurrently" in err
    assert "UNSAFE" not in out


def test_a_field_that_was_renamed_is_told(write, monkeypatch):
    """Django's autodetector gives fields of the migrations that it has loaded their new names."""
    monkeypatch.setattr(NonInteractiveMigrationQuestioner, "ask_rename", lambda *_: True)
    names, _, err = write(SHELF.replace("width", "breadth"))
    assert "rename" in names[1]
    assert "column-renamed" in err


@pytest.mark.parametrize(
    ("models", "arguments", "is_on"),
    [
        (INDEXED, (), False),
        (INDEXED, ("--dry-run",), True),
        (f"{SHELF}    depth = models.IntegerField(null=True)\n", (), True),
        (SHELF, (), True),
    ],
)
def test_nothing_is_told(write, models, arguments, is_on):
    assert write(models, *arguments, is_on=is_on)[2] == ""


def test_an_updated_migration_is_found_under_its_new_name(write):
    names, _, err = write(INDEXED, "--update")
    assert names == ["0001_shelf"]
    assert err == ""


@pytest.mark.parametrize("error", [CommandError("no"), SystemExit(3), ValueError("pl4nted-password")])
def test_what_goes_wrong_does_not_end_it(write, monkeypatch, error):
    def fail(request):
        raise error

    monkeypatch.setattr("django_prodready.migration_safety.lint.lint", fail)
    names, _, err = write(INDEXED)
    assert len(names) == 2
    assert err.startswith(f"The new migrations could not be judged: {type(error).__name__} (message withheld")
    assert "pl4nted" not in err


def test_paths_of_scriptable_stand_alone(write):
    first = f"{INITIAL} migrations.RunPython(print('loud') or migrations.RunPython.noop),"
    _, out, err = write(INDEXED, "--scriptable", first=first)
    assert out.splitlines()[-1].endswith("0002_shelf_shelf_width.py")
    assert "UNSAFE" in err


@pytest.mark.parametrize(
    ("apps", "text"),
    [
        (["django_prodready", "other"], "Of another app."),
        (["other", "django_prodready"], "Creates new migration(s) for apps."),
        (["django_prodready"], "Creates new migration(s) for apps."),
        (["other"], "Creates new migration(s) for apps."),
    ],
)
def test_the_next_command_in_line(tmp_path, monkeypatch, settings, apps, text):
    monkeypatch.syspath_prepend(str(tmp_path))
    other = f"overriding_{next(numbers)}"
    folder = tmp_path / other / "management" / "commands"
    folder.mkdir(parents=True)
    for place in (folder, folder.parent, folder.parent.parent):
        (place / "__init__.py").touch()
    (folder / "makemigrations.py").write_text(OTHER)
    settings.INSTALLED_APPS = [other if each == "other" else each for each in apps]
    assert next_command("makemigrations").help == text


def test_what_judges_is_imported_when_it_is_asked():
    names = (
        "django_prodready.management.new_migrations",
        "django_prodready.audit.checks.migrations.unsafe_op",
    )
    script = f"import sys, {', '.join(names)}; print('django_prodready.migration_safety.lint' in sys.modules)"
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
