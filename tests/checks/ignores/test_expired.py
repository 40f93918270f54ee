import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check


def judge(until):
    text = f'ignore = [{{check = "hosts.unmatchable", reason = "an old proxy"{until}}}]'
    settings = {"ALLOWED_HOSTS": ["*.example.org"]}
    return run_check("ignores.expired", settings=settings, files={"prodready.toml": text})


def test_fires():
    (finding,) = judge(", until = 2020-01-31").findings
    assert finding.message == "The ignore of hosts.unmatchable ended on 2020-01-31: an old proxy."


@pytest.mark.parametrize("until", ["", ", until = 2999-12-31", ', until = "2999-12-31"'])
def test_is_silent(until):
    assert judge(until).outcome is Outcome.PASS


def test_is_silent_without_ignores():
    assert run_check("ignores.expired").outcome is Outcome.PASS


def test_ends_with_one_full_stop():
    text = 'ignore = [{check = "hosts.unmatchable", reason = "An old proxy.", until = 2020-01-31}]'
    (finding,) = run_check("ignores.expired", files={"prodready.toml": text}).findings
    assert finding.message.endswith(": An old proxy.")
