import pytest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(settings, **kwargs):
    return run_check("settings.bool-not-bool", settings=settings, **kwargs)


@pytest.mark.parametrize("word", ["False", "false", "0", "no", "off", " FALSE\n", "None"])
def test_a_word_that_says_no_is_true(word):
    (finding,) = judge({"DEBUG": word}).findings
    assert finding.message == (
        f"DEBUG is the string {word!r}, which Django takes for True: every string that is not empty is."
    )
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("word", ["True", "1", "yes", "ON "])
def test_a_word_that_says_yes_works_by_luck(word):
    (finding,) = judge({"SECURE_SSL_REDIRECT": word}).findings
    assert finding.severity is Severity.WARNING


def test_an_empty_string_works_by_luck():
    (finding,) = judge({"DEBUG": ""}).findings
    assert finding.message == "DEBUG is the string '', which Django takes for False: it is empty."
    assert finding.severity is Severity.WARNING


def test_other_text_is_not_shown():
    (finding,) = judge({"SESSION_COOKIE_SECURE": "hunter2"}).findings
    assert "hunter2" not in repr(finding)
    assert finding.message.startswith("SESSION_COOKIE_SECURE is a string (not shown here),")
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "settings",
    [
        {"DEBUG": False},
        {"DEBUG": None},
        {"SESSION_COOKIE_SECURE": 1},
        {"APPEND_SLASH": []},
        {"DEBUG": gettext_lazy("False")},
        {"DEBUG": SimpleLazyObject(lambda: "False")},
        {"LANGUAGE_CODE": "False"},
        {"SESSION_COOKIE_SAMESITE": "False"},
        {"MY_FLAG": "False"},
        {"CORS_ALLOW_CREDENTIALS": "False"},
    ],
)
def test_is_silent(settings):
    assert judge(settings).outcome is Outcome.PASS


def test_says_where_even_of_a_deprecated_setting():
    files = {"conf.py": 'DEBUG = False\nEMAIL_USE_TLS = "False"\n'}
    (finding,) = judge({"EMAIL_USE_TLS": "False"}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
