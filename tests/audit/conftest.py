"""Projects for the command to judge: one in this process, one as `startproject` makes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import django_prodready

PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent


@pytest.fixture
def python():
    """Run python with arguments in a folder, in an environment that names no settings.

    Keywords are variables of its environment; None takes one away.
    """

    def run(*arguments, cwd, **environ):
        env = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        paths = [environ.pop("PYTHONPATH", ""), str(PACKAGE_ROOT), env.get("PYTHONPATH", "")]
        env = {**env, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environ}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={name: value for name, value in env.items() if value is not None},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def new_project(tmp_path, python):
    """A fresh `startproject` named site with django_prodready installed; its folder."""
    made = python("-m", "django", "startproject", "mysite", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "mysite"
    settings = folder / "mysite" / "settings.py"
    settings.write_text(
        settings.read_text().replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'django_prodready',")
    )
    return folder
