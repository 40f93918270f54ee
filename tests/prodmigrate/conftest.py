"""A project in this process, and the command that judges it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prodready_commands import run_command
from prodready_linted import Project, make_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Project:
    """A project that is installed in this process."""
    made = make_project(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    monkeypatch.delenv("PRODREADY_SCRATCH_URL", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", f"{made.package}.settings")
    settings.INSTALLED_APPS = ["django.contrib.contenttypes", made.app, "django_prodready"]
    return made


@pytest.fixture
def lint(project: Project) -> Callable[..., tuple[object, str]]:
    """Run prodmigrate --lint; its exit code and what it printed."""

    def run(*arguments: str, **options: object) -> tuple[object, str]:
        return run_command("prodmigrate", "--lint", *arguments, **options)

    return run


@pytest.fixture
def judged(lint: Callable[..., tuple[object, str]]) -> Callable[..., dict[str, Any]]:
    """Run prodmigrate --lint --format json; what it told."""

    def run(*arguments: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(lint(*arguments, "--format", "json")[1])
        return told

    return run
