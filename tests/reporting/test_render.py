"""A finding as JSON, as a block of text and as one line."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest

from django_prodready.reporting.finding import Finding, Location, Severity, Suppression
from django_prodready.reporting.render import finding_as_dict, finding_block, finding_line
from django_prodready.reporting.terminal import Style

PLAIN = Style(colour=False)
BARE = Finding(message="It is wrong.", hint="Mend it.")
FULL = Finding(
    message='"*.sevalla.app" in ALLOWED_HOSTS can never match, as only a leading dot stands for subdomains.',
    hint='Write ".sevalla.app" in ALLOWED_HOSTS of settings/production.py, or the name of the very host.',
    subject="ALLOWED_HOSTS[2]",
    at=Location("settings/production.py", 14),
    evidence=(
        "kubelet  Host: 10.42.0.7:8000   400",
        "docker   Host: localhost:8000   400 " + "DisallowedHost " * 4,
    ),
    severity=Severity.ERROR,
    fingerprint="0123456789abcdef",
)
UNTIL = datetime.date(2027, 3, 1)


def test_json_has_exactly_the_public_keys():
    assert finding_as_dict(FULL) == {
        "severity": "error",
        "message": FULL.message,
        "hint": FULL.hint,
        "subject": "ALLOWED_HOSTS[2]",
        "file": "settings/production.py",
        "line": 14,
        "fingerprint": "0123456789abcdef",
        "suppressed": None,
    }


def test_json_says_null_for_what_is_unknown():
    shape = finding_as_dict(BARE)

    assert (shape["subject"], shape["file"], shape["line"]) == (None, None, None)
    json.dumps(shape)


@pytest.mark.parametrize(("until", "shown"), [(UNTIL, "2027-03-01"), (None, None)])
def test_json_says_why_a_finding_does_not_count(until, shown):
    finding = dataclasses.replace(BARE, suppressed=Suppression("ignore", "Fine.", until))

    assert finding_as_dict(finding)["suppressed"] == {"by": "ignore", "reason": "Fine.", "until": shown}


def test_a_block_shows_what_evidence_where_and_fix():
    assert finding_block(FULL, "hosts.unmatchable", PLAIN) == [
        "ERROR    hosts.unmatchable  ALLOWED_HOSTS[2]",
        '  "*.sevalla.app" in ALLOWED_HOSTS can never match, as only a leading dot stands',
        "  for subdomains.",
        "     kubelet  Host: 10.42.0.7:8000   400",
        "     docker   Host: localhost:8000   400 DisallowedHost DisallowedHost",
        "       DisallowedHost DisallowedHost",
        "  settings/production.py:14",
        '  fix  Write ".sevalla.app" in ALLOWED_HOSTS of settings/production.py, or the',
        "       name of the very host.",
    ]


def test_a_block_of_little_is_short():
    assert finding_block(BARE, "a.b", PLAIN) == ["CRITICAL a.b", "  It is wrong.", "  fix  Mend it."]


def test_a_long_subject_stands_on_its_own_line():
    finding = dataclasses.replace(
        BARE, subject="DATABASES['default']['OPTIONS']['pool']['max_size'] and so on"
    )

    assert finding_block(finding, "settings.misplaced-db-key", PLAIN, width=70)[:2] == [
        "CRITICAL settings.misplaced-db-key",
        "  DATABASES['default']['OPTIONS']['pool']['max_size'] and so on",
    ]


@pytest.mark.parametrize(
    ("suppression", "line"),
    [
        (Suppression("ignore", "Fine.", UNTIL), "  ignored until 2027-03-01: Fine."),
        (Suppression("baseline", "Old."), "  in the baseline: Old."),
        (Suppression("silenced", "W004"), "  silenced: W004"),
        (Suppression("other", "x"), "  other: x"),
    ],
)
def test_a_block_says_why_a_finding_does_not_count(suppression, line):
    finding = dataclasses.replace(BARE, suppressed=suppression)

    assert finding_block(finding, "a.b", PLAIN)[-1] == line
    assert finding_line(finding, "a.b") == f"-: critical a.b: It is wrong. ({line.strip()})"


def test_colour_adds_nothing_but_colour():
    finding = dataclasses.replace(FULL, suppressed=Suppression("baseline", "Old."))
    coloured = finding_block(finding, "a.b", Style(colour=True))

    assert coloured[0].startswith("\x1b[31mERROR   \x1b[0m ")
    for code in ("\x1b[31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        coloured = [line.replace(code, "") for line in coloured]
    assert coloured == finding_block(finding, "a.b", PLAIN)


def test_what_a_terminal_would_obey_is_not_printed():
    evil = "\x1b[2J\x07evil"
    finding = Finding(
        message=evil,
        hint=evil,
        subject=evil,
        evidence=(evil,),
        at=Location(evil, 1),
        suppressed=Suppression("ignore", evil),
    )

    for line in (*finding_block(finding, "a.b", PLAIN), finding_line(finding, "a.b")):
        assert "\x1b" not in line
        assert "\x07" not in line


def test_one_line_stays_one_line():
    assert finding_line(FULL, "hosts.unmatchable") == (
        f"settings/production.py:14: error hosts.unmatchable: {FULL.message}"
    )
    assert finding_line(dataclasses.replace(BARE, message="a\nb"), "a.b") == "-: critical a.b: a b"
