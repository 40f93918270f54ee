"""Secrets in what stands beside the message."""

from collections import namedtuple

import pytest
from django.utils.functional import SimpleLazyObject

from django_prodready.logs.values import safe_repr, shortened, without_secrets

HIDDEN = "[redacted]"
Pair = namedtuple("Pair", "user password")


class Broken:
    def __repr__(self):
        raise ValueError


def refuse():
    raise AssertionError("a lazy object was evaluated")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("api_key", "x1y2z3", HIDDEN),
        ("url", "redis://:s3cret@h", f"redis://:{HIDDEN}@h"),
        ("sessionid", "abc", HIDDEN),
        ("Cookie", "theme=dark", HIDDEN),
        ("token", b"x1y2z3", HIDDEN),
        ("body", b"password=x1y2z3", HIDDEN),
        ("pin_password", 123456, HIDDEN),
        ("headers", {"Authorization": "abc", "Host": "h"}, {"Authorization": HIDDEN, "Host": "h"}),
        ("data", {"a": [{"password": "x1y2z3"}, 1]}, {"a": [{"password": HIDDEN}, 1]}),
        ("tokens", ["x1y2z3", None], [HIDDEN, None]),
        ("data", ("password=x1y2z3", 5), (f"password={HIDDEN}", 5)),
        ("data", {"password=x1y2z3"}, {f"password={HIDDEN}"}),
        ("data", frozenset({"password=x1y2z3"}), frozenset({f"password={HIDDEN}"})),
        ("data", {("redis://:s3cret@h", 1): 2}, {(f"redis://:{HIDDEN}@h", 1): 2}),
        ("data", Pair("bob", "password=x1y2z3"), ("bob", f"password={HIDDEN}")),
    ],
)
def test_secrets_are_replaced(name, value, shown):
    cleaned = without_secrets(name, value)
    assert cleaned == shown
    assert without_secrets(name, cleaned) == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("a", "plain"),
            ("a", b"bytes"),
            ("sessionid", ""),
            ("a", 5),
            ("a", 123456),
            ("a", True),
            ("a", None),
        ),
        *(("password", 8), ("token_count", 123456), ("a", 1.5), ("a", [1, {"b": (2,)}])),
        *(("a", Pair(1, 2)), ("a", {1: 2, "b": set()}), ("a", Broken())),
    ],
)
def test_what_holds_none_is_the_same_object(name, value):
    assert without_secrets(name, value) is value


def test_a_lazy_object_stays_lazy():
    given = SimpleLazyObject(refuse)
    assert without_secrets("a", given) is given
    given = {"lazy": given}
    assert without_secrets("a", given) is given


def test_a_number_that_cannot_be_written_is_left():
    huge = 10**5000
    assert without_secrets("password", huge) is huge


def test_a_number_that_is_a_known_secret_is_replaced(monkeypatch):
    monkeypatch.setenv("VAULT_PASSWORD", "73519264")
    assert without_secrets("a", 73519264) == HIDDEN


def test_what_holds_itself_or_is_very_deep_ends():
    loop = {"password": "x1y2z3"}
    loop["self"] = loop
    assert without_secrets("a", loop) == {"password": HIDDEN, "self": "..."}
    deep = []
    for _ in range(50):
        deep = [deep, deep]
    assert "..." in repr(without_secrets("a", deep))


def test_reprs_never_raise_and_are_not_long():
    assert safe_repr(Broken()) == "<Broken without repr>"
    assert shortened("a" * 1000) == "a" * 1000
    assert shortened("a" * 1001) == "a" * 1000 + "..."
