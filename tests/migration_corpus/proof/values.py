"""Values that a release writes to a field: a plain one, the longest or largest, none."""

import datetime
import decimal
import itertools
import uuid
from typing import Any

from django.db import connection, models
from django.db.models import fields

_numbers = itertools.count(20_000)
MOMENT = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)
LONG_TEXT = 3000


def plain(field: Any) -> Any:
    """Return a value that is ordinary for the field and new to its table; for a foreign key one of no row."""
    if field.choices:
        return choices_of(field)[0]
    if field.is_relation:
        return plain(field.target_field)
    number = next(_numbers)
    kind = field.get_internal_type()
    if kind in (
        "CharField",
        "SlugField",
        "TextField",
        "FileField",
        "FilePathField",
        "EmailField",
        "URLField",
    ):
        return (
            f"q{number}"[: field.max_length or None]
            if (field.max_length or 9) > 5
            else _short(number, field.max_length)
        )
    return _makers(number).get(kind, lambda: _by_class(field, number))()


def _makers(number: int) -> dict[str, Any]:
    date = MOMENT.date() + datetime.timedelta(days=number)
    return {
        "BooleanField": lambda: True,
        "DateField": lambda: date,
        "DateTimeField": lambda: MOMENT + datetime.timedelta(minutes=number),
        "TimeField": MOMENT.time,
        "DurationField": lambda: datetime.timedelta(seconds=number),
        "DecimalField": lambda: decimal.Decimal(1),
        "FloatField": lambda: number + 0.5,
        "UUIDField": uuid.uuid4,
        "JSONField": lambda: {"q": number},
        "BinaryField": lambda: b"q",
        "GenericIPAddressField": lambda: f"10.9.{number // 256 % 256}.{number % 256}",
        "SmallIntegerField": lambda: number % 10_000 + 20_000,
        "PositiveSmallIntegerField": lambda: number % 10_000 + 20_000,
    }


def _by_class(field: Any, number: int) -> Any:
    if base := getattr(field, "base_field", None):
        if hasattr(field, "range_type"):
            low = plain(base)
            return field.range_type(
                low,
                low + (low - low or datetime.timedelta(days=1))
                if isinstance(low, datetime.date)
                else low + 1,
            )
        return [plain(base)]
    if isinstance(field, models.IntegerField):
        return number
    if field.__class__.__name__ == "HStoreField":
        return {"q": str(number)}
    return f"q{number}"


def _short(number: int, length: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[number // 26**place % 26] for place in range(length))


def boundaries(field: Any) -> list[Any]:
    """Return the extreme values that the field allows, or all of its choices."""
    if field.choices:
        return choices_of(field)[:12]
    if field.is_relation:
        return []
    kind = field.get_internal_type()
    if isinstance(field, models.DecimalField) and field.max_digits:
        return [decimal.Decimal("9" * field.max_digits).scaleb(-field.decimal_places)]
    if isinstance(field, models.IntegerField) and not isinstance(field, fields.AutoFieldMixin):
        return [connection.ops.integer_field_range(kind)[1]]
    if isinstance(field, models.CharField):
        return ["x" * (field.max_length or LONG_TEXT)]
    return ["x" * LONG_TEXT] if kind == "TextField" else []


def choices_of(field: Any) -> list[Any]:
    """Return the values to choose from, groups taken apart."""
    return [value for value, _ in field.flatchoices if value is not None] or [None]
