import pytest
from django.utils.functional import lazystr

from django_prodready.audit import Case
from django_prodready.audit.facts.secret_values import (
    held_secrets,
    held_texts,
    is_true_secret,
    literals_in,
    url_password,
)
from django_prodready.audit.testing import project

SECRET = "q8Wm2Xc7Vb4Nz9"


def secrets_of(**settings):
    with project(Case(settings=settings)) as facts:
        return {held.subject: held.secret for held in held_secrets(facts) if held.name in settings}


@pytest.mark.parametrize(
    ("settings", "subject"),
    [
        ({"EMAIL_HOST_PASSWORD": SECRET}, "EMAIL_HOST_PASSWORD"),
        ({"MAIL_TOKEN": SECRET.encode()}, "MAIL_TOKEN"),
        ({"DATABASES": {"default": {"ENGINE": "x", "PASSWORD": SECRET}}}, "DATABASES['default']['PASSWORD']"),
        ({"FERNET_KEYS": [SECRET]}, "FERNET_KEYS[0]"),
        ({"SIMPLE_JWT": {"SIGNING_KEY": SECRET}}, "SIMPLE_JWT['SIGNING_KEY']"),
        ({"REDIS_URL": f"redis://:{SECRET}@cache/0"}, "REDIS_URL"),
        (
            {"CACHES": {"default": {"LOCATION": [f"redis://a:{SECRET}@b"]}}},
            "CACHES['default']['LOCATION'][0]",
        ),
    ],
)
def test_secrets(settings, subject):
    assert secrets_of(**settings) == {subject: SECRET}


@pytest.mark.parametrize(
    "settings",
    [
        {"EMAIL_HOST_PASSWORD": ""},
        {"EMAIL_HOST_PASSWORD": lazystr(SECRET)},
        {"SITE_NAME": SECRET},
        {"CELERY_BROKER_URL": "amqp://guest:guest@rabbit//"},
        {"REDIS_URL": "redis://cache/0"},
        {"AUTH_KEYS": {"salt": "a"}},
        {"PASSWORD_HASHERS": ["a.b.C"]},
        {"MAIL_TOKEN": None},
        {"MAIL_TOKENS": {("a", 1): SECRET}},
    ],
)
def test_no_secrets(settings):
    assert secrets_of(**settings) == {}


def test_depth_is_bounded():
    value = SECRET
    for _ in range(20):
        value = {"token": value}
    assert secrets_of(MAIL=value) == {}


def test_texts_are_never_shown():
    with project(Case(settings={"MAIL_TOKEN": SECRET})) as facts:
        assert SECRET not in repr(list(held_texts(facts)))


@pytest.mark.parametrize(
    "text",
    ["", "short", "changeme", "postgres", "django-insecure-q8Wm2Xc7", "not-a-secret-q8", "test-q8Wm2Xc7"],
)
def test_no_true_secret(text):
    assert not is_true_secret(text)


def test_password_of_a_url():
    assert url_password("redis://:a%23b@cache/0") == "a#b"
    assert url_password("https://example.org/a:b@c") == ""


def test_literals():
    source = f"A = '{SECRET}'\nB: str = b'x'\nC = [1, 'y']\nd['e'] = 'z'\n"
    with project(Case(files={"conf.py": source, "bad.py": "("})) as facts:
        found = {literal.text: (literal.name, literal.at.line) for literal in literals_in(facts, "conf.py")}
        assert found == {SECRET: ("A", 1), "x": ("B", 2), "y": ("", 3), "e": ("", 4), "z": ("", 4)}
        assert SECRET not in repr(list(literals_in(facts, "conf.py")))
        assert list(literals_in(facts, "bad.py")) == []
