"""The same classes beside configurations.Configuration: equal values; only the chosen one reads anything."""

import os
import sys

import pytest
from configurations import importer, values
from configurations.utils import uppercase_attributes
from django.conf import global_settings

from django_prodready.settings import (
    Health,
    PermissionsPolicy,
    Production,
    Proxy,
    Security,
    Sessions,
    SettingsError,
    WhiteNoise,
    env,
    option,
)

KEY = "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn"
MIXINS = (WhiteNoise, Proxy, Security, Health, Sessions)
BASE = {
    "INSTALLED_APPS": ["django.contrib.sessions"],
    "MIDDLEWARE": ["django.middleware.security.SecurityMiddleware"],
    "STATIC_ROOT": "/app/static",
    "SECURE_HSTS_SECONDS": 60,
    "USE_TZ": False,
    "SHELVES": 3,
    "CACHES": {"default": {"BACKEND": "django_redis.cache.RedisCache"}},
}
OWN = {"HSTS_STAGE": "day", "PROXY": "nginx", "X_FRAME_OPTIONS": "SAMEORIGIN", "PLAN": env.str("PLAN")}


@pytest.fixture
def configuration(monkeypatch):
    """django-configurations's base class, as if its importer had been installed."""
    monkeypatch.setattr(importer, "installed", True)
    from configurations import Configuration

    return type("Base", (Configuration,), dict(BASE))


@pytest.fixture
def environment(monkeypatch):
    for name, value in {
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "site.example",
        "TRUSTED_PROXIES": "10.0.0.5",
        "PLAN": "large",
    }.items():
        monkeypatch.setenv(name, value)


def taken(cls):
    """What the importer puts into the module."""
    cls.pre_setup()
    cls.setup()
    return uppercase_attributes(cls())


@pytest.mark.usefixtures("environment")
def test_the_values_equal_those_of_a_plain_module(applied, configuration):
    found = taken(type("Prod", (*MIXINS, configuration), dict(OWN)))
    plain = applied(*MIXINS, environ=os.environ, module=BASE, **OWN)

    defaults = uppercase_attributes(global_settings)
    assert {**defaults, **found} == {**defaults, **plain}
    assert (found["PLAN"], found["SECURE_HSTS_SECONDS"], found["USE_TZ"]) == ("large", 86_400, False)


@pytest.mark.usefixtures("environment")
def test_defaults_of_django_are_not_copied_so_none_of_them_warns(configuration):
    found = taken(type("Prod", (*MIXINS, configuration), dict(OWN)))

    assert not {"EMAIL_HOST", "LANGUAGES", "DOTENV_LOADED", "DEFAULT_CHARSET"} & found.keys()


def test_a_class_that_is_not_chosen_reads_no_environment(configuration):
    prod = type("Prod", (*MIXINS, configuration), dict(OWN))
    dev = type("Dev", (configuration,), {"DEBUG": True})

    prod.setup()

    assert taken(dev)["DEBUG"] is True


def test_all_problems_are_told_at_once(configuration):
    prod = type("Prod", (*MIXINS, configuration), dict(OWN))

    with pytest.raises(SettingsError) as caught:
        taken(prod)

    assert {problem.variable: problem.mixin for problem in caught.value.problems} == {
        "SECRET_KEY": "Security",
        "ALLOWED_HOSTS": "Security",
        "PLAN": "Prod",
        "TRUSTED_PROXIES": "Proxy",
    }


@pytest.mark.usefixtures("environment")
def test_a_class_below_the_chosen_one_may_override_again(configuration):
    prod = type("Prod", (*MIXINS, configuration), dict(OWN))
    staging = type("Staging", (prod,), {"HSTS_STAGE": "hour", "ALLOWED_HOSTS": ["staging.example"]})

    found = taken(staging)

    assert (found["SECURE_HSTS_SECONDS"], found["ALLOWED_HOSTS"]) == (3600, ["staging.example"])
    assert "HSTS_STAGE" not in found


class Ways:
    """The ways of django-configurations to give a setting, of which a transform changes some."""

    SHELVES = values.IntegerValue(3, environ_prefix=None)
    ROOM = option("hall", help="Which.")

    @property
    def MIDDLEWARE(self):  # noqa: N802 - a setting
        return ["django.middleware.security.SecurityMiddleware"]

    def LOGGING(self):  # noqa: N802 - a setting
        return {"version": 1, "loggers": {"shop": {"level": self.ROOM}}}

    @property
    def PRODREADY(self):  # noqa: N802 - a setting
        return {"VERSION": "1"}


@pytest.mark.usefixtures("environment")
def test_properties_methods_and_values_are_transformed_as_in_a_plain_module(
    applied, configuration, monkeypatch
):
    monkeypatch.setenv("SHELVES", "30")
    found = taken(type("Prod", (Production, Ways, configuration), {"ROOM": "attic"}))
    plain = applied(Production, Ways, environ=os.environ, module=BASE, ROOM="attic", SHELVES=30)

    defaults = uppercase_attributes(global_settings)
    assert {**defaults, **found} == {**defaults, **plain}
    assert len(found["MIDDLEWARE"]) == 4
    assert found["LOGGING"]["loggers"]["shop"]["level"] == "attic"
    assert (found["SHELVES"], found["PRODREADY"]["VERSION"]) == (30, "1")


def test_the_file_of_dotenv_is_read_first(configuration, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", {})
    (tmp_path / ".env").write_text(f"SECRET_KEY={KEY}\nALLOWED_HOSTS=site.example\n")

    found = taken(type("Prod", (Security, configuration), {"DOTENV": str(tmp_path / ".env")}))

    assert (found["SECRET_KEY"], found["ALLOWED_HOSTS"]) == (KEY, ["site.example"])


@pytest.mark.usefixtures("environment")
class TestOrder:
    """Behind a class that has Django's defaults, a mixin would set nothing: SESSION_COOKIE_SECURE, say."""

    def test_mixins_behind_the_base_class_are_refused(self, configuration):
        with pytest.raises(SettingsError) as caught:
            taken(type("Prod", (configuration, Security, PermissionsPolicy), {}))

        assert [(problem.variable, problem.rule) for problem in caught.value.problems] == [
            ("Prod", "expected Security, PermissionsPolicy before Base, which copies Django's defaults")
        ]

    def test_so_are_those_behind_a_class_with_mixins_of_its_own(self, configuration):
        healthy = type("Healthy", (Health, configuration), {})
        prod = type("Prod", (healthy, Security), {})

        with pytest.raises(SettingsError, match="Prod  expected Security before Healthy, which copies"):
            taken(type("Staging", (prod,), {}))

    def test_what_the_class_in_front_has_already_is_fine(self, configuration):
        healthy = type("Healthy", (Production, configuration), {})

        assert taken(type("Prod", (healthy, Security), {}))["SESSION_COOKIE_SECURE"] is True


def test_a_module_that_was_refused_is_not_found_again_half_made(configuration, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "half_made")
    monkeypatch.setitem(sys.modules, "half_made", object())

    with pytest.raises(SettingsError):
        taken(type("Prod", (*MIXINS, configuration), dict(OWN)))

    assert "half_made" not in sys.modules
