"""Finds a default for the database that does what a field's default in Python does."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import NOT_PROVIDED
from django.db.models.functions import Now
from django.utils import timezone

_PLAIN = (str, int, float, bool, Decimal, datetime.date, datetime.time, datetime.timedelta)
_NOW = (timezone.now, datetime.datetime.now)


def database_default(field: Any, former: Any = None) -> Any:
    """Return what to give as ``db_default``; NOT_PROVIDED where the value is Python's to compute.

    ``former``: the field before, whose default in the database may be kept.
    """
    kept = getattr(former, "db_default", NOT_PROVIDED)
    if kept is not NOT_PROVIDED:
        return kept
    if field.has_default():
        value = field.default
        if value in _NOW:
            return Now()
        return value if isinstance(value, _PLAIN) else NOT_PROVIDED
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return Now() if field.get_internal_type() == "DateTimeField" else NOT_PROVIDED
    # What Django adds a column with then.
    return "" if field.blank and field.empty_strings_allowed else NOT_PROVIDED
