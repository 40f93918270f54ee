"""Texts for generated rows: what the class or the name of a field leads its readers to expect."""

from __future__ import annotations

import json
import re
import string
from typing import Any

LETTERS = string.ascii_lowercase
ALPHABET = string.digits + LETTERS
NO_LIMIT = 200  # characters are enough for every text below

# How the texts of a class of field look; the number makes each another.
_BY_CLASS = {
    "EmailField": "person{0}@example.com",
    "URLField": "https://example.com/page/{0}",
    "SlugField": "entry-{0}",
    "ImageField": "pictures/{0}.png",
    "FileField": "files/{0}.txt",
    "FilePathField": "/srv/files/{0}.txt",
}
# What the name of a field suggests, in words of it; the first that fits.
_BY_NAME = (
    (r"e?mail", "person{0}@example.com"),
    (r"url|link|website|homepage", "https://example.com/page/{0}"),
    (r"slug", "entry-{0}"),
    (r"json|payload|settings|metadata", '{{"number": {0}}}'),
    (r"phone|mobile|fax", "+4930{0:07d}"),
    (r"uuid|guid", "00000000-0000-4000-8000-{0:012d}"),
    (r"ip", "10.0.{1}.{2}"),
    (r"date|day", "2024-01-{3:02d}"),
    (r"time|timestamp", "2024-01-{3:02d}T12:00:00+00:00"),
    (r"time_?zone|tz", "UTC"),
    (r"lang|language|locale", "en"),
    (r"currency", "EUR"),
    (r"country", "DE"),
    (r"colou?r", "#{0:06x}"),
    (r"name|title|author", "Name {0}"),
)
_PATTERNS = tuple((re.compile(rf"(?:^|_)(?:{words})(?:_|$)"), form) for words, form in _BY_NAME)


def text(field: Any, number: int) -> str:
    """Return the ``number``-th text of a field, never longer than its column."""
    limit = field.max_length or NO_LIMIT
    if getattr(field, "width_field", None) or getattr(field, "height_field", None):
        return ""  # an instance with a picture opens the file to measure it
    if _is_address(field):
        return _address(field, number)
    if _holds_documents(field):
        return str(field.default)
    form = _form(field)
    if form:
        value = form.format(number + 1, number // 256 % 256, number % 256, number % 28 + 1)
        varies = "{" in form.replace("{{", "") or not _is_unique(field)
        if len(value) <= limit and varies:
            return value
    return short(number, limit)


def short(number: int, limit: int) -> str:
    """Return a text of at most ``limit`` characters: a number, and letters once the numbers are used up."""
    width = max(1, min(3, limit))
    value = str(10 ** (width - 1) + number)
    if len(value) <= limit:
        return value
    beyond = number - 9 * 10 ** (width - 1)
    tail = ""
    for _ in range(width - 1):
        beyond, rest = divmod(beyond, len(ALPHABET))
        tail = ALPHABET[rest] + tail
    return LETTERS[beyond % len(LETTERS)] + tail


def word(number: int) -> str:
    """Return a word of a search vector."""
    return f"word{number + 1}"


def _form(field: Any) -> str | None:
    for kind in type(field).__mro__:
        if kind.__name__ in _BY_CLASS:
            return _BY_CLASS[kind.__name__]
    name = str(getattr(field, "name", "") or "")
    return next((form for pattern, form in _PATTERNS if pattern.search(name)), None)


def _holds_documents(field: Any) -> bool:
    """Whether the default says that the text is JSON, which its readers will parse."""
    default = field.default
    if not isinstance(default, str) or not default.lstrip().startswith(("{", "[")) or _is_unique(field):
        return False
    try:
        json.loads(default)
    except ValueError:
        return False
    return True


def _is_unique(field: Any) -> bool:
    return bool(getattr(field, "unique", False))


def _is_address(field: Any) -> bool:
    return field.get_internal_type() in ("GenericIPAddressField", "IPAddressField")


def _address(field: Any, number: int) -> str:
    if getattr(field, "protocol", "ipv4").lower() == "ipv6":
        return f"2001:db8::{number + 1:x}"
    return f"10.0.{number // 256 % 256}.{number % 256}"
