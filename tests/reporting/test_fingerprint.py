"""Fingerprints stay while lines move and differ where findings differ."""

from __future__ import annotations

import re

import pytest

from django_prodready.reporting.finding import Finding
from django_prodready.reporting.fingerprint import fingerprint, with_fingerprints


def finding(**fields: object) -> Finding:
    return Finding(message="Something is wrong.", hint="Mend it.", **fields)  # type: ignore[arg-type]


def test_a_fingerprint_is_sixteen_hexadecimal_digits_and_never_changes():
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint("hosts.wildcard", "ALLOWED_HOSTS[0]"))
    # A literal: a different value here invalidates every baseline out there.
    assert fingerprint("hosts.wildcard", "ALLOWED_HOSTS[0]") == "3ce9d98b5d5ab3ab"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("settings/base.py:14 SECRET", "settings/base.py:99 SECRET"),
        ("settings/base.py:14:3 SECRET", "settings/base.py:15:1 SECRET"),
        ("a  b\n c", "a b c"),
        (" a ", "a"),
        ("settings\\base.py", "settings/base.py"),
        (None, ""),
    ],
)
def test_what_only_moved_keeps_its_fingerprint(one, other):
    assert fingerprint("family.slug", one) == fingerprint("family.slug", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a.b", "x", 0), ("a.c", "x", 0)),
        (("a.b", "x", 0), ("a.b", "y", 0)),
        (("a.b", "x", 0), ("a.b", "x", 1)),
        (("a.b", "https://shop.example:8000", 0), ("a.b", "https://shop.example:9000", 0)),
        (("a.b", "x1", 0), ("a.b", "x", 10)),
    ],
)
def test_what_differs_has_another_fingerprint(one, other):
    assert fingerprint(*one) != fingerprint(*other)


def test_a_lone_surrogate_is_no_obstacle():
    assert len(fingerprint("a.b", "caf\udce9")) == 16


def test_findings_are_named_by_identity_then_subject_then_nothing():
    named = with_fingerprints(
        "a.b", [finding(subject="X[0]", identity="entry x"), finding(subject="X[1]"), finding()]
    )

    assert [one.fingerprint for one in named] == [
        fingerprint("a.b", "entry x"),
        fingerprint("a.b", "X[1]"),
        fingerprint("a.b", None),
    ]


def test_duplicates_are_kept_apart_by_their_order():
    named = with_fingerprints("a.b", [finding(subject="X"), finding(subject=" X "), finding(subject="Y")])

    assert [one.fingerprint for one in named] == [
        fingerprint("a.b", "X", 0),
        fingerprint("a.b", "X", 1),
        fingerprint("a.b", "Y", 0),
    ]
