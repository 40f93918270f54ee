import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

BAD_HOST = {"ALLOWED_HOSTS": ["example.org", "*.example.org"]}


def judge(*entries, **settings):
    text = f"ignore = [{', '.join(entries)}]"
    return run_check("ignores.unused", settings=settings, files={"prodready.toml": text})


def test_fires():
    (finding,) = judge('{check = "hosts.unmatchable", reason = "an old proxy"}').findings
    assert finding.message == "The ignore of hosts.unmatchable matches no finding: an old proxy."
    assert finding.subject == "prodready.toml: ignore entry 1"


def test_fires_for_another_subject():
    entry = '{check = "hosts.unmatchable", subject = "ALLOWED_HOSTS[0]", reason = "an old proxy"}'
    assert judge(entry, **BAD_HOST).outcome is Outcome.FAIL


def test_each_entry_is_its_own_finding():
    first, second = (
        '{check = "hosts.unmatchable", subject = "ALLOWED_HOSTS[0]", reason = "one"}',
        '{check = "hosts.unmatchable", subject = "ALLOWED_HOSTS[7]", reason = "two"}',
    )
    findings = judge(first, second).findings
    assert len({finding.fingerprint for finding in findings}) == 2


@pytest.mark.parametrize(
    "entry",
    [
        '{check = "hosts.unmatchable", reason = "an old proxy"}',
        '{check = "hosts.unmatchable", subject = "ALLOWED_HOSTS[1]", reason = "an old proxy"}',
        '{check = "hosts.unmatchable", subject = "*", reason = "an old proxy"}',
    ],
)
def test_is_silent_when_it_matches(entry):
    assert judge(entry, **BAD_HOST).outcome is Outcome.PASS


def test_is_silent_for_an_expired_one():
    assert judge('{check = "hosts.unmatchable", reason = "x", until = 2020-01-01}').outcome is Outcome.PASS


def test_is_silent_without_ignores():
    assert run_check("ignores.unused").outcome is Outcome.PASS
