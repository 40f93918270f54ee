import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

STRONG = "b8K2xQ9mL4" * 5


def judge(*keys, **kwargs):
    return run_check("secret-key.fallbacks-weak", settings={"SECRET_KEY_FALLBACKS": list(keys)}, **kwargs)


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("", "is empty"),
        (None, "is empty"),
        ("b8K2xQ9mL4", "fewer than 50 characters"),
        ("abcd" * 20, "fewer than 5 different characters"),
        ("django-insecure-" + STRONG, "starts with django-insecure-"),
    ],
)
def test_names_the_entry_and_the_rule(key, rule):
    (finding,) = judge(STRONG, key).findings
    assert finding.message.startswith("SECRET_KEY_FALLBACKS[1] ")
    assert rule in finding.message
    assert finding.hint == "Remove SECRET_KEY_FALLBACKS[1]."


@pytest.mark.parametrize("keys", [[STRONG], [STRONG, STRONG[::-1]], [STRONG.encode()]])
def test_is_silent(keys):
    assert judge(*keys).outcome is Outcome.PASS


def test_is_not_applicable_without_fallbacks():
    assert judge().outcome is Outcome.NOT_APPLICABLE


def test_does_not_judge_the_key_itself():
    settings = {"SECRET_KEY": "short", "SECRET_KEY_FALLBACKS": [STRONG]}
    assert run_check("secret-key.fallbacks-weak", settings=settings).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": f'SECRET_KEY_FALLBACKS = [\n    "{STRONG}",\n    "b8K2xQ9mL4",\n]\n'}
    (finding,) = judge(STRONG, "b8K2xQ9mL4", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"


def test_is_information_when_a_random_key_is_merely_short():
    result = run_check(
        "secret-key.fallbacks-weak",
        settings={"SECRET_KEY_FALLBACKS": ["9f2c7b1e4d8a03566e5f1a2b9c8d7e40", "short"]},
    )
    assert [finding.severity for finding in result.findings] == [Severity.INFO, Severity.WARNING]
