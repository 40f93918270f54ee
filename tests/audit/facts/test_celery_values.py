import ast
import datetime

import pytest

from django_prodready.audit.facts.celery_values import COMPUTED, evaluate, last_name, seconds


def value(text):
    return evaluate(ast.parse(text, mode="eval").body, {"LIMIT": 30})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'json'", "json"),
        ("['json', 'yaml']", ["json", "yaml"]),
        ("('json',)", ["json"]),
        ("{'json'}", ["json"]),
        ("60 * 60", 3600),
        ("2 + 1 - 1", 2),
        ("settings.LIMIT * 2", 60),
        ("{'a': 1, 'b': unknown}", {"a": 1, "b": COMPUTED}),
        ("timedelta(hours=1)", datetime.timedelta(hours=1)),
        ("datetime.timedelta(minutes=2) * 2", datetime.timedelta(minutes=4)),
    ],
)
def test_what_is_written_out(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "[unknown]",
        "{**unknown}",
        "settings.OTHER",
        "call()",
        "timedelta(1)",
        "timedelta(years=1)",
        "timedelta(hours=unknown)",
        "1 / 0",
        "2 ** 3",
        "'a' + 'b'",
        "1 + timedelta(hours=1)",
    ],
)
def test_what_is_not(text):
    assert value(text) is COMPUTED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (5, 5.0),
        (2.5, 2.5),
        (datetime.timedelta(minutes=1), 60.0),
        (True, None),
        ("5", None),
        (None, None),
        (10**400, None),
    ],
)
def test_seconds(given, expected):
    assert seconds(given) == expected


def test_last_name():
    names = [last_name(ast.parse(text, mode="eval").body) for text in ("a.b.c", "c", "c()")]
    assert names == ["c", "c", ""]
