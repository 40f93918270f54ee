"""The same classes beside configurations.Configuration: equal values; only the chosen one reads anything."""

import os

import pytest
from configurations import importer
from configurations.utils import uppercase_attributes
from django.conf import global_settings

from django_prodready.settings import Health, Proxy, Security, Sessions, SettingsError, WhiteNoise, env

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
