"""Which class of settings this process has applied, or has tried to."""

from __future__ import annotations

import os

from django.conf import settings

from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.management.prodsettings.known_secrets import redactor
from django_prodready.reporting.safe_errors import safe_exception_text
from django_prodready.settings.records import Record, latest

__all__ = ["cannot_load", "record_of_class", "settings_module"]


def settings_module() -> str | None:
    """Return the name of the settings module."""
    found = getattr(settings, "SETTINGS_MODULE", None) if settings.configured else None
    return found or os.environ.get("DJANGO_SETTINGS_MODULE")


def record_of_class(load_failure: BaseException | None = None) -> Record:
    """Return the record of the class, settled or refused. Raises :class:`UsageError` when there is none."""
    record = latest()
    if record is not None:
        return record
    if load_failure is not None and not settings.configured:
        raise cannot_load(load_failure)
    raise UsageError(
        f"{settings_module()} applies no class of django_prodready.settings, which would say what it reads: "
        "end it with Settings.apply(globals())."
    )


def cannot_load(load_failure: BaseException) -> UsageError:
    """Say why there are no settings."""
    said = safe_exception_text(load_failure, redactor(load_failure))
    return UsageError(f"The settings cannot be loaded. {said}")
