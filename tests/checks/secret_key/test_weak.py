import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

STRONG = "b8K2xQ9mL4" * 5


class Lazy:
    def __str__(self):
        return STRONG


def judge(key, **kwargs):
    return run_check("secret-key.weak", settings={"SECRET_KEY": key}, **kwargs)


@pytest.mark.parametrize(
    ("key", "rules"),
    [
        pytest.param("b8K2xQ9mL4", ["fewer than 50 characters"], id="short"),
        pytest.param(b"b8K2xQ9mL4", ["fewer than 50 characters"], id="short bytes"),
        pytest.param(STRONG[:49], ["fewer than 50 characters"], id="49"),
        pytest.param("abcd" * 20, ["fewer than 5 different"], id="uniform"),
        pytest.param("django-insecure-" + STRONG, ["starts with django-insecure-"], id="startproject"),
        pytest.param("---", ["fewer than 50 characters", "fewer than 5 different"], id="dashes"),
        pytest.param("django-insecure-x", ["fewer than 50", "starts with django-insecure-"], id="both"),
        pytest.param("", ["is empty"], id="empty"),
        pytest.param(None, ["is empty"], id="none"),
    ],
)
def test_names_the_rules_that_are_broken(key, rules):
    (finding,) = judge(key).findings
    assert all(rule in finding.message for rule in rules)
    assert finding.message.count(" and ") == len(rules)
    if key and len(key) > 5:
        assert str(key) not in repr(finding)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(STRONG, id="strong"),
        pytest.param(STRONG.encode(), id="bytes"),
        pytest.param("ö" * 46 + "abcd", id="five"),
        pytest.param("x-django-insecure-" + STRONG, id="prefix inside"),
        pytest.param(Lazy(), id="lazy"),
    ],
)
def test_is_silent(key):
    assert judge(key).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("9f2c7b1e4d8a03566e5f1a2b9c8d7e40", id="openssl rand -hex 16"),
        pytest.param("mZ4v0Qk7Yt1LrXc9uBf3Hs8Nw2Pa6Jd5Ge+IoT/Ky=", id="openssl rand -base64 32"),
        pytest.param("%W3A?t/Blw8_)^_7ZS-DK<4P[H$#*-G.JnepVTMU", id="40 with punctuation"),
    ],
)
def test_is_information_when_a_random_key_is_merely_short(key):
    (finding,) = judge(key).findings
    assert finding.severity is Severity.INFO
    assert "fewer than 50 characters" in finding.message


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("9f2c7b1e4d8a03566e5f1a2b9c8d7e4", id="31"),
        pytest.param("our-library-lends-to-everybody-in-town", id="words"),
        pytest.param("0123456780123456701234567012345670123", id="few different"),
        pytest.param("django-insecure-9F2C7B1E4D8A03566E5F1A2B", id="startproject"),
        pytest.param("CHANGE-ME-TO-SOMETHING-SECRET-2024-1234", id="placeholder"),
    ],
)
def test_is_critical_when_it_may_be_guessed(key):
    (finding,) = judge(key).findings
    assert finding.severity is Severity.CRITICAL


def test_says_where():
    files = {"conf.py": 'DEBUG = False\nSECRET_KEY = "b8K2xQ9mL4"\n'}
    (finding,) = judge("b8K2xQ9mL4", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("a1" * 24 + "a", id="two characters"),
        pytest.param("1234567890" * 4, id="digits in order"),
        pytest.param("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", id="alphabet"),
        pytest.param("THIS-IS-OUR-COMPANY-SECRET-2024-PRODUCTION", id="words in capitals"),
        pytest.param("QWERTYUIOPASDFGHJKLZXCVBNM1029384756", id="rows of keys"),
        pytest.param("b8K2xQ9mL4" * 4, id="repeated"),
        pytest.param("a" * 24 + "ABCDEF1324657980", id="padded"),
    ],
)
def test_what_only_looks_mixed_is_critical(key):
    (finding,) = judge(key).findings
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "key",
    [
        "9f86d081884c7d659a2feaa0c55ad015",
        "3f1d6f0e-6b1a-4f0c-9f6e-0b8d6c2a7e11",
        "xQ3vT8mZr6KpW2nYc5LbD9sGh4JfA7eU",
    ],
)
def test_a_random_key_that_is_short_is_information(key):
    (finding,) = judge(key).findings
    assert finding.severity is Severity.INFO
