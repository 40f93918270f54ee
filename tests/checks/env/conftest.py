"""The command as a user calls it without a manage.py, in an environment that is given whole."""

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import django_prodready
from django_prodready.settings import records


@pytest.fixture
def run_without_manage_py():
    """Run ``python -m django_prodready`` with arguments in a folder; keywords are its environment."""

    def run(*arguments, cwd, **environ):
        package = Path(django_prodready.__file__).resolve().parent.parent
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "COVERAGE"))}
        return subprocess.run(
            [sys.executable, "-m", "django_prodready", *arguments],
            cwd=cwd,
            env={**kept, "PYTHONPATH": str(package), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def loaded(monkeypatch):
    """Pretend that a settings module of this name was loaded, and has applied a class."""
    before = list(records._latest)

    def load(cls, module="conf"):
        monkeypatch.setitem(sys.modules, module, types.ModuleType(module))
        records.remember(records.Record(cls=cls, module=module))

    yield load
    records._latest[:] = before
