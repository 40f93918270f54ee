"""The class that keeps sessions, of whatever package."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase

from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.model import NotRun

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["session_store"]


def session_store(facts: Facts) -> type[SessionBase]:
    """Return ``SessionStore`` of the module that SESSION_ENGINE names.

    Raises :class:`NotRun` when there is none that can be imported.
    """
    engine = value_of(facts.settings, "SESSION_ENGINE")
    try:
        store = importlib.import_module(engine).SessionStore
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        store = None
    if not isinstance(store, type) or not issubclass(store, SessionBase):
        raise NotRun(f"SESSION_ENGINE {engine!r} has no SessionStore that can be imported")
    return store
