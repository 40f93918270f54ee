"""Effective values, and which names a project set."""

from django.conf import LazySettings, settings
from django.test import override_settings

from django_prodready.audit.facts.effective import Effective, all_values, explicit_names
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


def test_names_of_a_settings_module():
    names = explicit_names(settings)
    assert "SECRET_KEY" in names
    assert "SECURE_HSTS_SECONDS" not in names


def test_names_that_were_configured_by_hand():
    lazy = LazySettings()
    lazy.configure(ACME=1)
    assert explicit_names(lazy) == {"ACME"}


def test_overridden_and_deleted_names():
    with override_settings(ACME=1):
        assert {"ACME", "SECRET_KEY"} <= explicit_names(settings)
        del settings.SECRET_KEY
        assert "SECRET_KEY" not in explicit_names(settings)
    assert "SECRET_KEY" in explicit_names(settings)


def test_all_values_hold_defaults():
    values = all_values(settings)
    assert values["SECURE_HSTS_SECONDS"] == 0
    assert values["ROOT_URLCONF"] == "testproject.urls"


def test_databases_have_djangos_defaults():
    with project(
        Case(settings={"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}})
    ) as facts:
        assert facts.effective.databases["default"]["CONN_MAX_AGE"] == 0


def test_no_database_is_the_dummy():
    with project(Case(settings={"DATABASES": {}})) as facts:
        assert facts.effective.databases["default"]["ENGINE"] == "django.db.backends.dummy"


def test_classes_of_caches_and_storages():
    caches = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "gone": {"BACKEND": "nowhere.Cache"},
        "function": {"BACKEND": "os.getcwd"},
        "none": {},
    }
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "class": {"BACKEND": Effective},
    }
    with project(Case(settings={"CACHES": caches, "STORAGES": storages})) as facts:
        assert facts.effective.cache_class("default").__name__ == "LocMemCache"
        assert facts.effective.cache_class("gone") is None
        assert facts.effective.cache_class("function") is None
        assert facts.effective.cache_class("none") is None
        assert facts.effective.cache_class("absent") is None
        assert facts.effective.storage_class("default").__name__ == "FileSystemStorage"
        assert facts.effective.storage_class("class") is Effective
        assert facts.effective.storage_class("staticfiles") is None
