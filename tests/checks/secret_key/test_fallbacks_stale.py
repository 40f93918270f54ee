import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

CHECK = "secret-key.fallbacks-stale"
KEYS = [letter + "b8K2xQ9mL4" * 5 for letter in "abcdef"]


def test_too_many():
    files = {"conf.py": "\nSECRET_KEY_FALLBACKS = read()\n"}
    result = run_check(CHECK, settings={"SECRET_KEY_FALLBACKS": KEYS}, files=files, settings_module="conf")
    (finding,) = result.findings
    assert finding.message == "SECRET_KEY_FALLBACKS has 6 keys: each of them forges logins once it is found."
    assert finding.hint == "Remove from SECRET_KEY_FALLBACKS the keys whose signatures have run out."
    assert finding.severity is Severity.INFO
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize("keys", [KEYS[:1], tuple(KEYS[:3]), KEYS[:3] * 2])
def test_few(keys):
    assert run_check(CHECK, settings={"SECRET_KEY_FALLBACKS": keys}).outcome is Outcome.PASS


def test_none():
    assert run_check(CHECK).outcome is Outcome.NOT_APPLICABLE
