"""Probes of a test that names no time-out have the longest: a busy machine is no component that hangs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.module_loading import import_string

from django_prodready.health.probe_set import BUILT_IN

PATIENT_S = 1.9  # an option must be below 2


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise the default of every option that is a time-out."""
    for defaults, option in _timeouts():
        monkeypatch.setitem(defaults, option, PATIENT_S)


def _timeouts() -> Iterator[tuple[dict[str, object], str]]:
    for path in BUILT_IN.values():
        defaults = getattr(import_string(path).__init__, "__kwdefaults__", None) or {}
        for option in defaults:
            if option in ("timeout_s", "socket_timeout_s", "budget_s"):
                yield defaults, option
