"""Values as JSON has them: the same in every process, and nothing evaluated that should not be."""

import dataclasses
import datetime
import decimal
import enum
import functools
import ipaddress
import json
import os
import re
import uuid
from collections import OrderedDict, deque, namedtuple
from pathlib import Path

import pytest
from django.utils.functional import SimpleLazyObject, lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from django_prodready.management.prodsettings.plain_values import canonical, plain

Pair = namedtuple("Pair", ["host", "password"])


class Level(enum.StrEnum):
    HIGH = "high"


class Opaque:
    def __repr__(self):
        return "pl4nted"

    def method(self):
        """Is something to call."""


@dataclasses.dataclass
class Connection:
    host: str
    password: str = dataclasses.field(repr=False, default="pl4nted")


class Broken(dict):
    def items(self):
        raise RuntimeError("pl4nted")


def refuse(*_):
    raise AssertionError("it was evaluated")


VALUES = [
    (None, None),
    (True, True),
    (7, 7),
    (0.5, 0.5),
    (float("inf"), "inf"),
    ("text", "text"),
    (mark_safe("safe"), "safe"),
    (Level.HIGH, "high"),
    (Path("/srv/site"), "/srv/site"),
    (b"bytes", "b'bytes'"),
    (("a", ["b"]), ["a", ["b"]]),
    (deque([1]), [1]),
    ({"b", "a"}, ["a", "b"]),
    (frozenset({2, 1}), [1, 2]),
    (OrderedDict(a=1), {"a": 1}),
    ({1: "a", None: "b", Level.HIGH: "c"}, {"1": "a", "null": "b", "high": "c"}),
    (Pair("h", "p"), {"host": "h", "password": "p"}),
    (Connection("h"), {"host": "h"}),
    (Connection, f"{__name__}.Connection"),
    (len, "builtins.len"),
    (refuse, f"{__name__}.refuse"),
    (
        functools.partial(int, base=2),
        {"functools.partial": "builtins.int", "args": [], "keywords": {"base": 2}},
    ),
    (re.compile("a+"), "re.compile('a+')"),
    (re.compile("a+", re.IGNORECASE), "re.compile('a+', re.IGNORECASE)"),
    (json, "<module json>"),
    (datetime.timedelta(minutes=5), "datetime.timedelta(seconds=300)"),
    (decimal.Decimal("1.5"), "Decimal('1.5')"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (ipaddress.ip_network("10.0.0.0/8"), "IPv4Network('10.0.0.0/8')"),
    (Opaque(), f"<{__name__}.Opaque>"),
    (Opaque().method, f"{__name__}.Opaque.method"),
    (os.environ, "<os.environ>"),
    (gettext_lazy("English"), "English"),
    (lazy(refuse, str)(), "<lazy text: AssertionError when it is read>"),
    (SimpleLazyObject(refuse), "<django.utils.functional.SimpleLazyObject>"),
    (Broken(), f"<{__name__}.Broken: RuntimeError when it is read>"),
]


@pytest.mark.parametrize(
    ("value", "expected"), VALUES, ids=[f"{n}-{type(pair[0]).__name__}" for n, pair in enumerate(VALUES)]
)
def test_each_kind(value, expected):
    assert canonical(plain(value)) == canonical(expected)


def test_no_address():
    assert plain(iter([])) == "<list_iterator object>"


def test_lazy_texts_are_not_translated(settings):
    settings.LANGUAGE_CODE = "de"
    assert plain([gettext_lazy("English")]) == ["English"]


def test_what_holds_itself():
    value = []
    value.append(value)
    assert "…" in canonical(plain(value))
