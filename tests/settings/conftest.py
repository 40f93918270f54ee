"""Applies settings classes to modules that are only dicts, under environments that are only dicts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from django_prodready.settings import SettingsError, SettingsMixin

KEY = "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn"

Applied = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the entries of sites that other tests have imported: a process with one builds nothing."""
    for entry in ("django.core.wsgi", "django.core.asgi"):
        monkeypatch.delitem(sys.modules, entry, raising=False)


@pytest.fixture
def sound() -> dict[str, str]:
    """What Production needs of the environment."""
    return {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "site.example"}


@pytest.fixture
def applied() -> Applied:
    """Apply a class, or bases and attributes of one, and return the module that it makes."""

    def apply(
        *bases: type[SettingsMixin],
        environ: Mapping[str, str] | None = None,
        module: Mapping[str, Any] | None = None,
        **attributes: Any,
    ) -> dict[str, Any]:
        cls = type("Settings", bases or (SettingsMixin,), attributes)
        namespace = dict(module or {})
        cls.apply(namespace, environ or {})
        return namespace

    return apply


@pytest.fixture
def problems(applied: Applied) -> Callable[..., list[tuple[str, str]]]:
    """Return variable and rule of each problem that applying a class gives."""

    def told(*bases: type[SettingsMixin], **more: Any) -> list[tuple[str, str]]:
        with pytest.raises(SettingsError) as caught:
            applied(*bases, **more)
        return [(problem.variable, problem.rule) for problem in caught.value.problems]

    return told
