import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(hosts, **kwargs):
    return run_check("hosts.empty", settings={"ALLOWED_HOSTS": hosts, **kwargs.pop("settings", {})}, **kwargs)


@pytest.mark.parametrize("hosts", [[], (), None])
def test_fires(hosts):
    (finding,) = judge(hosts).findings
    assert finding.message == "ALLOWED_HOSTS is empty: every request gets 400."
    assert (finding.subject, finding.severity) == ("ALLOWED_HOSTS", Severity.ERROR)


def test_says_that_debug_hides_it():
    (finding,) = judge([], settings={"DEBUG": True}).findings
    assert finding.message == "ALLOWED_HOSTS is empty: once DEBUG is off, every request gets 400."


@pytest.mark.parametrize(
    "hosts", [["example.org"], ("10.0.0.7",), ["*"], ["localhost"], [""], [" example.org"]]
)
def test_is_silent(hosts):
    assert judge(hosts).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "DEBUG = False\nALLOWED_HOSTS = []\n"}
    (finding,) = judge([], files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"


def test_silencing_django_silences_it():
    (finding,) = judge([], settings={"SILENCED_SYSTEM_CHECKS": ["security.W020"]}).findings
    assert finding.suppressed.by == "silenced"
