import django
import pytest

from django_prodready.audit.facts.mailers import (
    Transport,
    find_mailers,
    is_loopback,
    is_private,
    read_mailers,
)
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CODE = """
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.smtp import EmailBackend
class Logged(EmailBackend):
    def send_messages(self, messages): return super().send_messages(messages)
class Implicit(EmailBackend):
    def open(self): return None
class Fixed(EmailBackend):
    def __init__(self, *args, **kwargs): super().__init__(host="relay", **kwargs)
class Provider(BaseEmailBackend): pass
class Printed(Console): pass
def make(**options): return EmailBackend(**options)
"""

with_mailers = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")


def find(**settings):
    with project(Case(settings=settings, files={"post.py": CODE})) as facts:
        return find_mailers(facts)


def test_reads_the_defaults_of_django():
    (mailer,) = find()
    assert (mailer.alias, mailer.backend, mailer.transport) == ("default", SMTP, Transport.SMTP)
    assert (mailer.host, mailer.port, mailer.timeout_s) == ("localhost", 25, None)
    assert [mailer.use_tls, mailer.use_ssl, mailer.has_credentials] == [False, False, False]
    assert mailer.setting("host") == "EMAIL_HOST"
    assert mailer.path("backend") == ("EMAIL_BACKEND",)


def test_reads_legacy_settings():
    (mailer,) = find(
        EMAIL_HOST="smtp.example.org",
        EMAIL_PORT="587",
        EMAIL_USE_TLS=True,
        EMAIL_TIMEOUT="2.5",
        EMAIL_HOST_USER="shop",
        EMAIL_HOST_PASSWORD="not to be shown",
    )
    assert (mailer.host, mailer.port, mailer.timeout_s) == ("smtp.example.org", 587, 2.5)
    assert mailer.use_tls
    assert mailer.has_credentials
    assert "not to be shown" not in repr(mailer)


@pytest.mark.parametrize(
    ("settings", "attribute", "value"),
    [
        ({"EMAIL_PORT": "smtp"}, "port", None),
        ({"EMAIL_TIMEOUT": "soon"}, "timeout_s", None),
        ({"EMAIL_TIMEOUT": object()}, "timeout_s", None),
        ({"EMAIL_HOST": None}, "host", ""),
        ({"EMAIL_HOST_USER": "shop"}, "has_credentials", False),
    ],
)
def test_reads_odd_values(settings, attribute, value):
    (mailer,) = find(**settings)
    assert getattr(mailer, attribute) == value


@pytest.mark.parametrize(
    ("backend", "transport"),
    [
        (SMTP, Transport.SMTP),
        ("post.Logged", Transport.SMTP),
        ("post.Implicit", Transport.OTHER),
        ("post.Fixed", Transport.OTHER),
        ("post.Provider", Transport.OTHER),
        ("post.Printed", Transport.OTHER),
        ("post.make", Transport.OTHER),
        ("nowhere.Backend", Transport.OTHER),
        (None, Transport.OTHER),
        (type("Provider", (), {}), Transport.OTHER),
        ("django.core.mail.backends.console.EmailBackend", Transport.DEVELOPMENT),
        ("django.core.mail.backends.filebased.EmailBackend", Transport.DEVELOPMENT),
        ("django.core.mail.backends.locmem.EmailBackend", Transport.DEVELOPMENT),
        ("django.core.mail.backends.dummy.EmailBackend", Transport.DEVELOPMENT),
    ],
)
def test_tells_smtp_from_the_rest(backend, transport):
    (mailer,) = find(EMAIL_BACKEND=backend)
    assert mailer.transport is transport


@pytest.mark.parametrize(
    ("options", "port"),
    [
        ({}, 25),
        ({"use_tls": True}, 587),
        ({"use_ssl": True}, 465),
        ({"use_tls": True, "port": 2525}, 2525),
    ],
)
def test_mailers_choose_the_port_as_django_does(options, port):
    (mailer,) = read_mailers({"default": {"OPTIONS": {"host": "smtp.example.org", **options}}})
    assert (mailer.backend, mailer.port) == (SMTP, port)


def test_mailers_have_settings_of_their_own():
    (mailer,) = read_mailers({"bulk": {"BACKEND": SMTP, "OPTIONS": None}})
    assert mailer.setting("host") == "MAILERS['bulk']['OPTIONS']['host']"
    assert mailer.setting("backend") == "MAILERS['bulk']['BACKEND']"


@pytest.mark.parametrize("mailers", [None, [], {}, {"default": None}])
def test_odd_mailers_are_none(mailers):
    assert read_mailers(mailers) == ()


@with_mailers
def test_mailers_take_the_place_of_legacy_settings():
    (mailer,) = find(MAILERS={"bulk": {"OPTIONS": {"host": "smtp.example.org"}}})
    assert (mailer.alias, mailer.host, mailer.is_legacy) == ("bulk", "smtp.example.org", False)


@pytest.mark.skipif(django.VERSION >= (6, 1), reason="Django 6.1 brought MAILERS")
def test_mailers_mean_nothing_to_an_older_django():
    (mailer,) = find(MAILERS={"bulk": {"OPTIONS": {"host": "smtp.example.org"}}})
    assert (mailer.alias, mailer.host, mailer.is_legacy) == ("default", "localhost", True)


@pytest.mark.parametrize("host", ["", "localhost", "LOCALHOST.", "127.0.0.5", "::1", "[::1]", "a.localhost"])
def test_loopback(host):
    assert is_loopback(host)
    assert is_private(host)


@pytest.mark.parametrize(
    "host", ["postfix", "10.0.0.7", "smtp.mail.svc", "relay.internal", "host.docker.internal", "fd00::1"]
)
def test_private(host):
    assert is_private(host)
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["smtp.example.org", "8.8.8.8", "mail.localhost.example.org"])
def test_public(host):
    assert not is_private(host)
    assert not is_loopback(host)
