import pytest

from django_prodready.audit import Outcome
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


def test_says_where():
    files = {"conf.py": 'DEBUG = False\nSECRET_KEY = "b8K2xQ9mL4"\n'}
    (finding,) = judge("b8K2xQ9mL4", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
