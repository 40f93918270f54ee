"""What suppresses a finding, in which order, and what has become stale."""

from __future__ import annotations

import datetime

import pytest

from django_prodready.reporting.baseline import BaselineEntry
from django_prodready.reporting.finding import Finding, Suppression
from django_prodready.reporting.ignores import Suppressions
from django_prodready.reporting.project_config import Ignore

TODAY = datetime.date(2026, 11, 20)
DAY = datetime.timedelta(days=1)
FINDING = Finding(message="m", hint="h", subject="ALLOWED_HOSTS[1]", fingerprint="f" * 16)
KNOWN = {"f" * 16: BaselineEntry("hosts.wildcard", "Old.", TODAY)}


def suppressions(*ignores: Ignore, baseline=None, silenced=None) -> Suppressions:
    return Suppressions(ignores, baseline or {}, silenced or {}, TODAY)


def test_nothing_is_suppressed_without_a_decision():
    assert suppressions().apply("hosts.wildcard", FINDING) is FINDING


def test_an_ignore_suppresses_up_to_its_last_day():
    decided = suppressions(Ignore(check="hosts.wildcard", reason="Fine.", until=TODAY))

    assert decided.apply("hosts.wildcard", FINDING).suppressed == Suppression("ignore", "Fine.", TODAY)
    assert decided.expired() == ()


def test_an_expired_ignore_suppresses_nothing_and_is_named_once():
    ignore = Ignore(check="hosts.wildcard", reason="Fine.", until=TODAY - DAY)
    decided = suppressions(ignore)

    assert decided.apply("hosts.wildcard", FINDING) is FINDING
    assert decided.expired() == (ignore,)
    assert decided.unused({"hosts.wildcard"}) == ()


def test_an_ignore_of_another_check_suppresses_nothing():
    assert suppressions(Ignore(check="hosts.empty", reason="x")).apply("hosts.wildcard", FINDING) is FINDING


@pytest.mark.parametrize(
    ("pattern", "subject", "matches"),
    [
        ("ALLOWED_HOSTS[1]", "ALLOWED_HOSTS[1]", True),
        ("ALLOWED_HOSTS[*]", "ALLOWED_HOSTS[1]", True),
        ("ALLOWED_HOSTS[?]", "ALLOWED_HOSTS[1]", True),
        ("*", "ALLOWED_HOSTS[1]", True),
        ("*", None, True),
        ("ALLOWED_HOSTS[12]", "ALLOWED_HOSTS[1]", False),
        ("ALLOWED_HOSTS", "ALLOWED_HOSTS[1]", False),
        ("allowed_hosts[1]", "ALLOWED_HOSTS[1]", False),
        ("X", None, False),
    ],
)
def test_a_subject_narrows_an_ignore(pattern, subject, matches):
    decided = suppressions(Ignore(check="hosts.wildcard", reason="x", subject=pattern))

    found = decided.apply("hosts.wildcard", Finding(message="m", hint="h", subject=subject))

    assert (found.suppressed is not None) is matches


def test_the_baseline_suppresses_the_finding_of_its_check_alone():
    decided = suppressions(baseline=KNOWN)

    assert decided.apply("hosts.wildcard", FINDING).suppressed == Suppression("baseline", "Old.")
    assert decided.apply("hosts.empty", FINDING) is FINDING


def test_a_silenced_id_suppresses_all_findings_of_its_check():
    decided = suppressions(silenced={"hosts.wildcard": "security.W020"})

    assert decided.apply("hosts.wildcard", FINDING).suppressed == Suppression(
        "silenced", "SILENCED_SYSTEM_CHECKS lists security.W020"
    )


def test_the_decision_with_the_most_to_say_wins():
    silenced = {"hosts.wildcard": "security.W020"}
    first = Ignore(check="hosts.wildcard", reason="First.")
    second = Ignore(check="hosts.wildcard", reason="Second.")
    decided = suppressions(first, second, baseline=KNOWN, silenced=silenced)

    assert decided.apply("hosts.wildcard", FINDING).suppressed == Suppression("ignore", "First.")
    assert decided.unused({"hosts.wildcard"}) == ()
    by_id = suppressions(baseline=KNOWN, silenced=silenced).apply("hosts.wildcard", FINDING).suppressed
    assert by_id is not None
    assert by_id.by == "silenced"


def test_an_ignore_that_matched_nothing_is_unused_if_its_check_was_judged():
    used = Ignore(check="hosts.wildcard", reason="x")
    narrow = Ignore(check="hosts.wildcard", reason="x", subject="nothing")
    elsewhere = Ignore(check="site.headers", reason="x")
    decided = suppressions(used, narrow, elsewhere)
    decided.apply("hosts.wildcard", FINDING)

    assert decided.unused({"hosts.wildcard", "hosts.empty"}) == (narrow,)


def test_an_ignore_of_a_check_that_does_not_exist_is_unknown():
    misspelt = Ignore(check="hosts.wildcards", reason="x")

    assert suppressions(misspelt, Ignore(check="hosts.wildcard", reason="x")).unknown({"hosts.wildcard"}) == (
        misspelt,
    )
