"""What holds for every mixin, whatever it is for: a new one is held to it by being exported."""

import random

import pytest

from django_prodready import settings
from django_prodready.settings import SettingsMixin
from django_prodready.settings.declared import Declared, Option
from django_prodready.settings.settling import declared_in, fields_of

MIXINS = [
    mixin
    for name in settings.__all__
    if isinstance(mixin := getattr(settings, name), type) and issubclass(mixin, SettingsMixin)
]
SHARED = {"transform", "conclude"}
# All that they ask for, with as many choices made as go together.
ENVIRON = {
    "ALLOWED_HOSTS": "site.example",
    "AWS_STORAGE_BUCKET_NAME": "site-media",
    "CELERY_BROKER_URL": "redis://broker.example/0",
    "CELERY_RESULT_BACKEND": "redis://broker.example/1",
    "DATABASE_URL": "postgresql://site:a-password-of-some-length@db.example/site",
    "DEFAULT_FROM_EMAIL": "desk@site.example",
    "EMAIL_HOST": "smtp.site.example",
    "HEALTH_TOKENS": "abcdefgh12345678",
    "REDIS_URL": "redis://cache.example",
    "SECRET_KEY": "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn",
    "STATIC_ROOT": "/app/static",
    "TRUSTED_PROXIES": "10.0.1.5",
}
MODULE = {
    "INSTALLED_APPS": ["django.contrib.sessions", "django.contrib.staticfiles"],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
    ],
    "ROOT_URLCONF": "site.urls",
}
CHOICES = {"PROXY": "cloudflare+traefik", "TASKS_IN_REQUESTS": True}


def applied(mixins, module):
    namespace = dict(module)
    type("Settings", tuple(mixins), dict(CHOICES)).apply(namespace, ENVIRON)
    return namespace


def plain(value):
    """A value that can be compared: botocore's Config compares by identity alone."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return vars(value) if type(value).__name__ == "Config" else value


def alone():
    """Those that are no sum of others, nor the base of all."""
    return [mixin for mixin in MIXINS if mixin not in (SettingsMixin, settings.Production)]


def test_their_order_does_not_matter_and_twice_is_once():
    mixins = alone()
    first = applied(mixins, MODULE)

    for seed in range(10):
        random.Random(seed).shuffle(mixins)
        assert plain(applied(mixins, MODULE)) == plain(first)
    assert plain(applied(mixins, first)) == plain(first)


def test_no_two_have_a_helper_of_one_name():
    owners: dict[str, list[str]] = {}
    for mixin in MIXINS:
        for name, value in vars(mixin).items():
            if not name.isupper() and not name.startswith("__") and name not in SHARED:
                owners.setdefault(name, []).append(mixin.__name__)
            assert not (name.isupper() and callable(value)), name

    assert {name: who for name, who in owners.items() if len(who) > 1} == {}


@pytest.mark.parametrize("mixin", MIXINS, ids=lambda mixin: mixin.__name__)
class TestEach:
    def test_reading_its_class_reads_nothing(self, mixin):
        assert all(isinstance(attribute, Declared) for attribute in declared_in(mixin).values())

    def test_every_variable_and_option_says_what_it_is_for(self, mixin):
        asked = [*fields_of(mixin), *(one for one in declared_in(mixin).values() if isinstance(one, Option))]

        assert [one.name for one in asked if not one.help.endswith((".", "?"))] == []

    def test_a_variable_that_is_needed_has_an_example(self, mixin):
        assert [field.variable for field in fields_of(mixin) if field.is_required and not field.example] == []

    def test_it_has_a_docstring_for_its_reader(self, mixin):
        assert mixin.__doc__
