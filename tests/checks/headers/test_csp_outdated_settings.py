import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

PACKAGE = "csp.middleware.CSPMiddleware"
NEW = {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]}}}


def judge(*, files=None, settings_module=None, **settings):
    settings = {"MIDDLEWARE": [PACKAGE], **settings}
    return run_check(
        "headers.csp-outdated-settings", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    "name",
    [
        "CSP_DEFAULT_SRC", "CSP_SCRIPT_SRC", "CSP_STYLE_SRC_ELEM", "CSP_IMG_SRC", "CSP_REPORT_URI",
        "CSP_FRAME_ANCESTORS", "CSP_REPORT_ONLY", "CSP_INCLUDE_NONCE_IN", "CSP_EXCLUDE_URL_PREFIXES",
    ],
)  # fmt: skip
def test_fires(name):
    (finding,) = judge(**{name: ("'self'",)}).findings
    assert finding.severity is Severity.ERROR
    assert finding.message == (f"{name} is ignored by django-csp 4, and no Content-Security-Policy is sent.")


def test_is_a_warning_beside_the_new_setting():
    (finding,) = judge(CSP_IMG_SRC=("*",), **NEW).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == "CSP_IMG_SRC is ignored by django-csp 4."
    assert finding.hint.startswith("Delete CSP_IMG_SRC:")


def test_several_names_are_one_finding_with_their_places():
    text = "CSP_SCRIPT_SRC = (\"'self'\",)\nCSP_REPORT_ONLY = True\n"
    settings = {"CSP_SCRIPT_SRC": ("'self'",), "CSP_REPORT_ONLY": True}
    (finding,) = judge(files={"conf.py": text}, settings_module="conf", **settings).findings
    assert finding.message.startswith("CSP_REPORT_ONLY, CSP_SCRIPT_SRC are ignored by django-csp 4, and ")
    assert str(finding.at) == "conf.py:2"
    assert finding.evidence == ("conf.py:2  CSP_REPORT_ONLY", "conf.py:1  CSP_SCRIPT_SRC")


@pytest.mark.parametrize("settings", [NEW, {}, {"CSP_OF_OUR_SHOP": 1, "CSP_SRC": 2, "MY_CSP_IMG_SRC": 3}])
def test_is_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        "from django.conf import settings\n\nhosts = settings.CSP_IMG_SRC\n",
        "from django.conf import settings\n\nhosts = getattr(settings, 'CSP_IMG_SRC', ())\n",
    ],
)
def test_is_silent_for_a_name_that_code_reads(text):
    assert judge(files={"shop/views.py": text}, CSP_IMG_SRC=("*",)).outcome is Outcome.PASS


def test_is_silent_for_a_name_that_the_settings_use():
    text = "CSP_IMG_SRC = ('*',)\nCONTENT_SECURITY_POLICY = {'DIRECTIVES': {'img-src': CSP_IMG_SRC}}\n"
    result = judge(files={"conf.py": text}, settings_module="conf", CSP_IMG_SRC=("*",), **NEW)
    assert result.outcome is Outcome.PASS


def test_is_not_applicable_without_the_middleware():
    assert judge(MIDDLEWARE=[], CSP_IMG_SRC=("*",)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("installed", [(), ("csp",)])
def test_is_not_applicable_without_version_4(monkeypatch, installed):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module in installed)
    assert judge(CSP_IMG_SRC=("*",)).outcome is Outcome.NOT_APPLICABLE
