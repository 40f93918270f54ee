"""The baseline file: read, or refused with what to change."""

from __future__ import annotations

import datetime
import json

import pytest

from django_prodready.reporting.baseline import BaselineEntry, read_baseline
from django_prodready.reporting.errors import ConfigurationError

FINGERPRINT = "0123456789abcdef"
ENTRY = {"fingerprint": FINGERPRINT, "check": "hosts.wildcard", "reason": "Known.", "since": "2026-11-01"}


@pytest.fixture
def baseline(tmp_path):
    def write(document: object):
        path = tmp_path / "baseline.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return write


def problems(path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read_baseline(path)
    return caught.value.problems


def test_entries_are_read_by_fingerprint(baseline):
    entries = read_baseline(baseline({"schema": 1, "findings": [ENTRY]}))

    assert entries == {FINGERPRINT: BaselineEntry("hosts.wildcard", "Known.", datetime.date(2026, 11, 1))}
    with pytest.raises(TypeError):
        entries["x"] = None  # type: ignore[index]


def test_an_empty_baseline_accepts_nothing(baseline):
    assert read_baseline(baseline({"schema": 1, "findings": []})) == {}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{", "baseline.json is not valid JSON: Expecting property name enclosed in double quotes"),
        ([], 'baseline.json: must be an object with a list "findings". Write it again.'),
        ({"schema": 1}, 'baseline.json: must be an object with a list "findings". Write it again.'),
        (
            {"schema": 2, "findings": []},
            'baseline.json: "schema" must be 1. Write it again with this version.',
        ),
        (
            {"schema": 1, "findings": ["x"]},
            "baseline.json: findings entry 1: must be an object with fingerprint, check, reason, since.",
        ),
        (
            {"schema": 1, "findings": [ENTRY, ENTRY]},
            f"baseline.json: findings entry 2: fingerprint {FINGERPRINT} is there twice; remove one.",
        ),
    ],
)
def test_a_malformed_file_is_refused(baseline, document, expected):
    (problem,) = problems(baseline(document))

    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"fingerprint": "xyz"}, "fingerprint must be 16 hexadecimal digits"),
        ({"fingerprint": 7}, "fingerprint must be 16 hexadecimal digits"),
        ({"check": " "}, "check must be a text that is not blank"),
        ({"reason": None}, "reason must be a text that is not blank"),
        ({"since": "yesterday"}, "since must be a day, such as 2026-11-01"),
        ({"note": "x"}, "unknown key 'note'; known are fingerprint, check, reason, since"),
    ],
)
def test_a_malformed_entry_is_named_with_what_to_change(baseline, change, expected):
    path = baseline({"schema": 1, "findings": [ENTRY, ENTRY | {"fingerprint": "f" * 16} | change]})

    assert problems(path) == (f"baseline.json: findings entry 2: {expected}.",)


def test_all_mistakes_are_named_at_once(baseline):
    assert len(problems(baseline({"schema": 1, "findings": [{}, {}]}))) == 8


def test_a_missing_file_is_refused(tmp_path):
    assert problems(tmp_path / "baseline.json") == (
        (
            "The baseline baseline.json cannot be read: No such file or directory. "
            "Write it first, or name another."
        ),
    )


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_bytes(b"\xff\xfe")

    assert problems(path) == ("baseline.json is not UTF-8 text. Save it as UTF-8.",)
