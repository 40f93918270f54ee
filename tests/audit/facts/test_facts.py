"""The facts as a whole: what is read, and without a warning."""

import sys

import django
import pytest

from django_prodready.audit.facts import Facts
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


@pytest.mark.skipif(django.VERSION < (6, 1), reason="only Django 6.1 knows MAILERS")
@pytest.mark.parametrize(
    "settings",
    [{"EMAIL_HOST": "smtp.example.org"}, {"MAILERS": {"default": {"BACKEND": "x"}}, "EMAIL_HOST": "y"}],
)
def test_deprecated_names_are_read_in_silence(settings):
    with project(
        Case(settings=settings, files={"conf.py": "EMAIL_HOST = 'y'\n"}, settings_module="conf")
    ) as facts:
        facts.origin("EMAIL_HOST")
        assert facts.source.reads("EMAIL_HOTS") is False


def test_origin_of_a_setting_that_is_not_there():
    with project(Case()) as facts:
        assert facts.origin("NO_SUCH_THING") is None


@pytest.mark.parametrize(
    ("module", "there"),
    [
        ("django", True),
        ("django.conf", True),
        ("nothing_of_that_name", False),
        ("sys.path", False),
        ("", False),
    ],
)
def test_is_installed(tmp_path, module, there):
    facts = Facts(root=tmp_path, settings_module=None)
    assert facts.is_installed(module) is there


def test_is_installed_imports_nothing(tmp_path):
    assert Facts(root=tmp_path, settings_module=None).is_installed("this") is True
    assert "this" not in sys.modules


@pytest.mark.parametrize(
    ("app", "there"),
    [
        ("django.contrib.admin", True),
        ("django.contrib.auth", True),
        ("django.contrib", False),
        ("django", False),
    ],
)
def test_has_app(app, there):
    apps = ["django.contrib.admin.apps.AdminConfig", "django.contrib.auth", "django.contrib.contenttypes"]
    settings = {"INSTALLED_APPS": [*apps, "django.contrib.messages", "django.contrib.sessions"]}
    with project(Case(settings=settings)) as facts:
        assert facts.has_app(app) is there


def test_environment_is_the_real_one_unless_given(tmp_path, monkeypatch):
    monkeypatch.setenv("ACME", "1")
    assert Facts(root=tmp_path, settings_module=None).environ["ACME"] == "1"
    assert "ACME" not in Facts(root=tmp_path, settings_module=None, environ={}).environ
