import django
import pytest
from django.conf import global_settings

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts.django_settings import REMOVED
from django_prodready.audit.testing import run_check

MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": MANIFEST},
}


def judge(settings, **kwargs):
    return run_check("settings.dead", settings=settings, **kwargs)


def test_is_an_error_while_the_successor_is_untouched():
    (finding,) = judge({"STATICFILES_STORAGE": MANIFEST}).findings
    running = ".".join(map(str, django.VERSION[:2]))
    assert finding.message == (
        f"STATICFILES_STORAGE does nothing: Django {running} ignores it, as does every one since 5.1. "
        "STORAGES decides now, and has its default."
    )
    assert finding.hint == "Write it as STORAGES['staticfiles']['BACKEND'] and delete STATICFILES_STORAGE."
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "settings",
    [
        {"STATICFILES_STORAGE": MANIFEST, "STORAGES": STORAGES},
        {"STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        {"PASSWORD_RESET_TIMEOUT_DAYS": 3},
        {"TEMPLATE_DIRS": ["templates"]},  # beside the TEMPLATES of the bare project
        {"MIDDLEWARE_CLASSES": ["app.First"]},
        {"TEMPLATE_DEBUG": False},
        {"SECURE_BROWSER_XSS_FILTER": True},
        {"USE_L10N": True},
    ],
)
def test_is_a_warning_when_nothing_is_lost(settings):
    (finding,) = judge(settings).findings
    assert finding.severity is Severity.WARNING
    assert "decides now" not in finding.message


def test_a_successor_that_only_repeats_the_default_counts_as_untouched():
    (finding,) = judge({"STATICFILES_STORAGE": MANIFEST, "STORAGES": dict(global_settings.STORAGES)}).findings
    assert finding.severity is Severity.ERROR


def test_every_removed_name_is_one_finding():
    result = judge(dict.fromkeys(REMOVED, "x"))
    dead = [name for name, removed in REMOVED.items() if removed.version <= django.VERSION[:2]]
    assert [finding.subject for finding in result.findings] == sorted(dead)
    for finding in result.findings:
        assert finding.subject in finding.hint
        assert finding.hint.endswith(".")


def test_a_setting_that_the_running_django_honours_is_not_dead():
    honoured = hasattr(global_settings, "FORMS_URLFIELD_ASSUME_HTTPS")
    result = judge({"FORMS_URLFIELD_ASSUME_HTTPS": True})
    assert result.outcome is (Outcome.PASS if honoured else Outcome.FAIL)
    assert honoured == (django.VERSION < (6, 0))


def test_goes_by_the_running_version(monkeypatch):
    monkeypatch.setattr(django, "VERSION", (4, 2, 0, "final", 0))
    assert judge({"STATICFILES_STORAGE": MANIFEST}).outcome is Outcome.PASS
    assert judge({"SECURE_BROWSER_XSS_FILTER": True}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "files",
    [
        {"shop/views.py": "from django.conf import settings\n\nKIND = settings.TEMPLATE_DIRS\n"},
        {"shop/views.py": "KIND = getattr(settings, 'TEMPLATE_DIRS', ())\n"},
        {"conf.py": "TEMPLATE_DIRS = ['a']\nTEMPLATES = [{'DIRS': TEMPLATE_DIRS}]\n"},
    ],
)
def test_is_silent_when_something_reads_it(files):
    assert judge({"TEMPLATE_DIRS": ["a"]}, files=files, settings_module="conf").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [{}, {"STORAGES": STORAGES}, {"USE_TZ": True}, {"DATABASE_NAME": "shop"}, {"MY_TEMPLATE_DIRS": []}],
)
def test_is_silent(settings):
    assert judge(settings).outcome is Outcome.PASS


def test_says_where():
    files = {"base.py": "DEBUG = False\n", "conf.py": "from base import *\n\nTEMPLATE_DEBUG = DEBUG\n"}
    (finding,) = judge({"TEMPLATE_DEBUG": False}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"


@pytest.mark.parametrize("path", ["tests/test_a.py", "shop/tests.py", "docs/conf.py", "other/views.py"])
def test_code_that_the_site_never_runs_proves_nothing(path):
    files = {path: "from django.conf import settings\n\nprint(settings.USE_L10N)\n", "other/manage.py": ""}
    result = run_check("settings.dead", settings={"USE_L10N": True}, files=files)
    assert len(result.findings) == 1
