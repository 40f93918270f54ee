import pytest
from django.utils.functional import SimpleLazyObject

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(debug, **kwargs):
    return run_check("settings.debug", settings={"DEBUG": debug}, **kwargs)


def test_fires_on_true():
    (finding,) = judge(True).findings
    assert finding.message == (
        "DEBUG is True: error pages show source code, local variables and settings to every visitor."
    )
    assert finding.severity is Severity.CRITICAL
    assert finding.subject == "DEBUG"


@pytest.mark.parametrize("debug", ["False", "hunter2", 1, SimpleLazyObject(lambda: [1])])
def test_fires_on_what_django_takes_for_true_without_showing_it(debug):
    (finding,) = judge(debug).findings
    assert finding.message.startswith("DEBUG is on, being a ")
    assert "hunter2" not in finding.message


@pytest.mark.parametrize("debug", [False, "", 0, None, SimpleLazyObject(list)])
def test_is_silent(debug):
    assert judge(debug).outcome is Outcome.PASS


def test_says_where():
    files = {"base.py": "DEBUG = False\n", "local.py": "from base import *\n\nDEBUG = True\n"}
    (finding,) = judge(True, files=files, settings_module="local").findings
    assert str(finding.at) == "local.py:3"
