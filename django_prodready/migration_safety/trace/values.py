"""Values for generated rows: the same ones in every run, and harmless to a data migration that reads them.

A field is known by the names of its classes, so that nothing of ``django.contrib.postgres`` has to be
imported; one that is not known by name is asked for its internal type, and then for its column's type.
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.trace.values_text import text, word
from django_prodready.migration_safety.trace.values_types import by_column_type, enum_labels

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Fields are Any: they are of the project's classes, and their attributes differ from class to class.
Maker = Callable[[Any, int], object]

FIRST_DAY = datetime.date(2024, 1, 1)
FIRST_MOMENT = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562, section 6.6
DIGITS_WITHOUT_LIMIT = 20  # of a DecimalField that does not say


class NoValueError(Exception):
    """No value is known for a field. The message says why."""


def sample(field: Any, number: int, connection: BaseDatabaseWrapper) -> object:
    """Return the ``number``-th value for a field: another number, another value, as far as the type has them.

    Later numbers give greater values where a type has an order. A relation gets what its target would have.
    Raises NoValueError.
    """
    choices = choices_of(field)
    if choices:
        return choices[number % len(choices)]
    target = target_of(field)
    if target is not field:
        return sample(target, number, connection)
    if "ArrayField" in class_names(field):
        return [sample(field.base_field, number, connection)] * (field.size or 1)
    maker = _maker(field)
    return maker(field, number) if maker else by_type(field, number, connection)


def by_type(field: Any, number: int, connection: BaseDatabaseWrapper) -> object:
    """Return a value for a field of which only the column's type is known, as text that the server reads.

    Raises NoValueError.
    """
    column_type = field.db_type(connection)
    if column_type is None:
        raise NoValueError("it has no column")
    value = by_column_type(column_type, number)
    if value is not None:
        return value
    labels = enum_labels(column_type, connection)
    if labels:
        return labels[number % len(labels)]
    raise NoValueError(f"no value of the type {column_type} is known")


def choices_of(field: Any) -> list[object]:
    """Return the values that a field may be given, out of its groups; none when it has no choices.

    The empty ones are left out: they stand for no choice. Text that Python 2 wrote down as bytes is text.
    """
    choices = getattr(field, "choices", None)
    found = [value for value in _flat(choices or ()) if value not in (None, "", b"")]
    if field.get_internal_type() == "BinaryField":
        return found
    return [value.decode(errors="replace") if isinstance(value, bytes) else value for value in found]


def target_of(field: Any) -> Any:
    """Return the field whose values a relation holds, however long the way; any other field itself."""
    seen: list[Any] = []
    while getattr(field, "is_relation", False) and hasattr(field, "target_field") and field not in seen:
        seen.append(field)
        field = field.target_field
    return field


def class_names(field: Any) -> Iterator[str]:
    """Yield the names that say what a field is, the most telling one first."""
    for kind in type(field).__mro__:
        yield kind.__name__
    yield field.get_internal_type()


def digits_of(field: Any) -> tuple[int, int]:
    """Return how many digits a DecimalField has before and behind the point."""
    behind = field.decimal_places or 0
    return (field.max_digits or DIGITS_WITHOUT_LIMIT) - behind, behind


def _flat(choices: Any) -> Iterator[object]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value


def _maker(field: Any) -> Maker | None:
    return next((MAKERS[name] for name in class_names(field) if name in MAKERS), None)


def _integer(_: Any, number: int) -> int:
    return number + 1


def _decimal(field: Any, number: int) -> decimal.Decimal:
    before, behind = digits_of(field)
    if before > 0:
        return decimal.Decimal((number + 1) % 10**before)
    return decimal.Decimal((number + 1) % 10**behind).scaleb(-behind)


def _float(_: Any, number: int) -> float:
    return float(number + 1)


def _boolean(_: Any, number: int) -> bool:
    return number % 3 == 0


def _date(_: Any, number: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=number)


def _moment(_: Any, number: int) -> datetime.datetime:
    return FIRST_MOMENT + datetime.timedelta(days=number)


def _time(_: Any, number: int) -> datetime.time:
    minutes = (6 * 60 + number) % (24 * 60)
    return datetime.time(minutes // 60, minutes % 60, number // (24 * 60) % 60)


def _duration(_: Any, number: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=number + 1)


def _binary(_: Any, number: int) -> bytes:
    return str(number + 1).encode()


def _uuid(_: Any, number: int) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, str(number))


def _json(_: Any, number: int) -> dict[str, object]:
    return {"number": number + 1}


def _hstore(_: Any, number: int) -> dict[str, str]:
    return {"number": str(number + 1)}


def _range(field: Any, number: int) -> tuple[object, object]:
    """Return a range that no other number's range overlaps."""
    maker = _RANGES.get(type(field.base_field).__name__, _integer)
    return maker(field.base_field, 2 * number), maker(field.base_field, 2 * number + 1)


def _range_decimal(_: Any, number: int) -> decimal.Decimal:
    return decimal.Decimal(number + 1)


def _search_vector(_: Any, number: int) -> str:
    return word(number)


_RANGES: dict[str, Maker] = {"DecimalField": _range_decimal, "DateField": _date, "DateTimeField": _moment}

MAKERS: dict[str, Maker] = {
    "BinaryField": _binary,
    "BooleanField": _boolean,
    "CharField": text,
    "DateField": _date,
    "DateTimeField": _moment,
    "DecimalField": _decimal,
    "DurationField": _duration,
    "EmailField": text,
    "FileField": text,
    "FilePathField": text,
    "FloatField": _float,
    "GenericIPAddressField": text,
    "HStoreField": _hstore,
    "IPAddressField": text,
    "IntegerField": _integer,
    "JSONField": _json,
    "NullBooleanField": _boolean,
    "RangeField": _range,
    "SearchVectorField": _search_vector,
    "TextField": text,
    "TimeField": _time,
    "URLField": text,
    "UUIDField": _uuid,
}
