"""The extreme values that code may write through a field: what its class, choices and validators allow."""

from __future__ import annotations

import datetime
import decimal
import enum
import ipaddress
import uuid
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator

from django_prodready.migration_safety.trace import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.base.base import BaseDatabaseWrapper

# Beyond every varchar(n) of sense; compresses well, since an index takes no more than 2704 bytes of a value.
NO_LIMIT = 12_000


class End(enum.Enum):
    """Which extreme."""

    GREATEST = "greatest"  # the longest text, the largest number
    LEAST = "least"


def extreme(field: Any, end: End, connection: BaseDatabaseWrapper) -> object:
    """Return an extreme value of a field. Raises values.NoValueError.

    A field with choices is held to them, one with validators to their limits.
    """
    choices = values.choices_of(field)
    if choices:
        return _of_choices(field, choices, end)
    target = values.target_of(field)
    if target is not field:
        return extreme(target, end, connection)
    names = tuple(values.class_names(field))
    if "ArrayField" in names:
        return [] if end is End.LEAST else [extreme(field.base_field, end, connection)] * (field.size or 2)
    integer = any(name.endswith(("IntegerField", "AutoField")) for name in names)
    if integer:
        return _integer(field, end, connection)
    maker = next((_MAKERS[name] for name in names if name in _MAKERS), None)
    return maker(field, end) if maker else values.sample(field, 0 if end is End.LEAST else 1, connection)


def _of_choices(field: Any, choices: list[object], end: End) -> object:
    if end is End.LEAST and field.blank and field.empty_strings_allowed and isinstance(choices[0], str):
        return ""
    pick: Callable[..., Any] = max if end is End.GREATEST else min
    if all(isinstance(choice, int | float | decimal.Decimal) for choice in choices):
        return pick(choices)
    return pick(choices, key=lambda choice: len(str(choice)))


def _integer(field: Any, end: End, connection: BaseDatabaseWrapper) -> int:
    lowest, highest = connection.ops.integer_field_range(field.get_internal_type())
    if end is End.GREATEST:
        return int(min([highest, *_limits(field, MaxValueValidator)]))
    return int(max([lowest, *_limits(field, MinValueValidator)]))


def _limits(field: Any, kind: type[Any]) -> list[Any]:
    """Return the limits that a field's validators set: not those that Django derives from the column."""
    limits = []
    for validator in field._validators:
        if isinstance(validator, kind):
            limit = validator.limit_value
            limits.append(limit() if callable(limit) else limit)
    return limits


def _decimal(field: Any, end: End) -> decimal.Decimal:
    if end is End.GREATEST:
        return decimal.Decimal(min([_nines(field, 0), *_limits(field, MaxValueValidator)]))
    return decimal.Decimal(max([_nines(field, 1), *_limits(field, MinValueValidator)]))


def _nines(field: Any, sign: int) -> decimal.Decimal:
    """Return all digits of a field as nines, put together: what is computed is rounded to 28 of them."""
    before, behind = values.digits_of(field)
    return decimal.Decimal((sign, (9,) * (before + behind), -behind))


def _float(field: Any, end: End) -> float:
    if end is End.GREATEST:
        return float(min([1e300, *_limits(field, MaxValueValidator)]))
    return float(max([-1e300, *_limits(field, MinValueValidator)]))


def _text(field: Any, end: End) -> str:
    if end is End.LEAST:
        return "" if field.blank else "a"
    return "x" * _length(field)


def _length(field: Any) -> int:
    return int(min([field.max_length or NO_LIMIT, *_limits(field, MaxLengthValidator)]))


def _mail(field: Any, end: End) -> str:
    if end is End.LEAST:
        return _text(field, end)
    name = "@example.com"
    return "x" * max(1, _length(field) - len(name)) + name


def _url(field: Any, end: End) -> str:
    if end is End.LEAST:
        return _text(field, end)
    start = "https://example.com/"
    return start + "x" * max(1, _length(field) - len(start))


def _address(field: Any, end: End) -> str:
    if end is End.LEAST or getattr(field, "protocol", "ipv4").lower() == "ipv4":
        return "2001:db8::1" if getattr(field, "protocol", "").lower() == "ipv6" else "10.0.0.1"
    return str(ipaddress.IPv6Address(2**128 - 1))


def _date(_: Any, end: End) -> datetime.date:
    return datetime.date(9999, 12, 31) if end is End.GREATEST else datetime.date(1, 1, 1)


def _moment(_: Any, end: End) -> datetime.datetime:
    # Off the ends of the calendar by more than any time zone.
    if end is End.GREATEST:
        return datetime.datetime(9999, 12, 30, 23, 59, 59, 999999, datetime.UTC)
    return datetime.datetime(1, 1, 3, tzinfo=datetime.UTC)


def _time(_: Any, end: End) -> datetime.time:
    return datetime.time.max if end is End.GREATEST else datetime.time.min


def _duration(_: Any, end: End) -> datetime.timedelta:
    return datetime.timedelta(days=36_500) * (1 if end is End.GREATEST else -1)


def _binary(field: Any, end: End) -> bytes:
    return b"x" * _length(field) if end is End.GREATEST else b""


def _uuid(_: Any, end: End) -> uuid.UUID:
    return uuid.UUID(int=2**128 - 1 if end is End.GREATEST else 0)


def _json(_: Any, end: End) -> object:
    return {"text": "x" * NO_LIMIT, "list": [1, None, {}]} if end is End.GREATEST else []


def _hstore(_: Any, end: End) -> dict[str, str | None]:
    return {"text": "x" * NO_LIMIT, "none": None} if end is End.GREATEST else {}


def _boolean(_: Any, end: End) -> bool:
    return end is End.GREATEST


_MAKERS: dict[str, Callable[[Any, End], object]] = {
    "BinaryField": _binary,
    "BooleanField": _boolean,
    "CharField": _text,
    "DateField": _date,
    "DateTimeField": _moment,
    "DecimalField": _decimal,
    "DurationField": _duration,
    "EmailField": _mail,
    "FileField": _text,
    "FilePathField": _text,
    "FloatField": _float,
    "GenericIPAddressField": _address,
    "HStoreField": _hstore,
    "IPAddressField": _address,
    "JSONField": _json,
    "NullBooleanField": _boolean,
    "TextField": _text,
    "TimeField": _time,
    "URLField": _url,
    "UUIDField": _uuid,
}
