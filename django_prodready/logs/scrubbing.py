"""The secrets of the running project, taken out of any text: collected when the first record is logged.

Most of what is logged holds none, and is only tested for that. The settings and the environment are read once
in a process: what changes later, as in tests, is not known by its value, but still by its shape.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django.conf import settings

from django_prodready.logs.log_shapes import may_hold_shape, scrub_all_shapes
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.secret_values import secrets_in
from django_prodready.reporting.secret_variants import variants

__all__ = ["Scrubber", "scrub"]


class Scrubber:
    """Replaces the secrets it was built from, and whatever looks like one, by ``[redacted]``."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self._redactor = Redactor(secrets)
        self._cores = _cores(spelling for secret in secrets for spelling in variants(secret))

    def __repr__(self) -> str:
        return "<Scrubber>"

    def scrub(self, text: str) -> str:
        """Replace every secret in ``text``; return the same object where there is none."""
        for core in self._cores:
            if core in text:
                return scrub_all_shapes(self._redactor.scrub(text))
        return scrub_all_shapes(text) if may_hold_shape(text) else text


def _cores(spellings: Iterable[str]) -> tuple[str, ...]:
    """Return the spellings that hold no other one: a text without any of them holds none of all."""
    cores: list[str] = []
    for spelling in sorted(set(spellings), key=lambda spelling: (len(spelling), spelling)):
        if not any(core in spelling for core in cores):
            cores.append(spelling)
    return tuple(cores)


_BY_SHAPE = Scrubber()
_project: Scrubber | None = None
_collecting = threading.local()


def scrub(text: str) -> str:
    """Replace every secret of the project in ``text``, and whatever looks like one.

    Before the settings are there, as while they are loaded, secrets are known by their shape alone.
    """
    return (_project or _of_project()).scrub(text)


def _of_project() -> Scrubber:
    """Return the scrubber of the project, made now if it can be. Two threads may make it twice."""
    global _project  # noqa: PLW0603 - one of a process
    # What is logged while the secrets are collected comes here again.
    if not settings.configured or getattr(_collecting, "is_running", False):
        return _BY_SHAPE
    _collecting.is_running = True
    try:
        _project = Scrubber(_secrets())
    finally:
        _collecting.is_running = False
    return _project


def _secrets() -> frozenset[str]:
    try:
        return secrets_in(_all_values(), os.environ)
    except Exception:  # noqa: BLE001 - a project's own settings object may do anything; the environment stays
        return secrets_in({}, os.environ)


def _all_values() -> Mapping[str, object]:
    """Read from behind the lazy object, which warns, or raises, for deprecated names and an empty key."""
    holder = cast("Any", settings)._wrapped
    return {name: getattr(holder, name) for name in dir(holder) if name.isupper()}
