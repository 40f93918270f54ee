"""Email: legacy settings before Django 6.1, MAILERS from there on; encrypted, with a time-out."""

import sys

import django.conf
import pytest
from django.conf import global_settings

from django_prodready.settings.mixins import email
from django_prodready.settings.mixins.email import Email

ENVIRON = {"EMAIL_HOST": "smtp.example.org", "DEFAULT_FROM_EMAIL": "Shop <shop@example.org>"}
LOGIN = {"EMAIL_HOST_USER": "shop", "EMAIL_HOST_PASSWORD": "ncVwSEYbC6PZ0kCx"}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAILER = {
    "host": "smtp.example.org",
    "port": 587,
    "username": "",
    "password": "",
    "use_tls": True,
    "use_ssl": False,
    "timeout": 10.0,
}


@pytest.fixture
def _legacy(monkeypatch):
    monkeypatch.setattr(email, "has_mailers", lambda: False)


@pytest.fixture
def _mailers(monkeypatch):
    monkeypatch.setattr(email, "has_mailers", lambda: True)


@pytest.mark.usefixtures("_legacy")
class TestLegacySettings:
    def test_all_are_set_and_mailers_are_not(self, applied):
        found = applied(Email, environ=ENVIRON | LOGIN)

        assert {name: value for name, value in found.items() if "MAIL" in name} == {
            "EMAIL_BACKEND": SMTP,
            "EMAIL_HOST": "smtp.example.org",
            "EMAIL_PORT": 587,
            "EMAIL_HOST_USER": "shop",
            "EMAIL_HOST_PASSWORD": "ncVwSEYbC6PZ0kCx",
            "EMAIL_USE_TLS": True,
            "EMAIL_USE_SSL": False,
            "EMAIL_TIMEOUT": 10.0,
            "DEFAULT_FROM_EMAIL": "Shop <shop@example.org>",
            "SERVER_EMAIL": "Shop <shop@example.org>",
        }

    @pytest.mark.parametrize(
        ("environ", "tls", "ssl"),
        [
            ({}, True, False),
            ({"EMAIL_PORT": "465"}, False, True),
            ({"EMAIL_PORT": "465", "EMAIL_USE_TLS": "true"}, True, False),
            ({"EMAIL_PORT": "465", "EMAIL_USE_SSL": "false"}, True, False),
            ({"EMAIL_USE_SSL": "true"}, False, True),
            ({"EMAIL_USE_TLS": "false"}, False, False),
        ],
    )
    def test_encryption_follows_from_the_port_unless_it_is_said(self, applied, environ, tls, ssl):
        found = applied(Email, environ=ENVIRON | environ)

        assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)

    def test_a_backend_of_its_own(self, applied):
        found = applied(Email, environ=ENVIRON, EMAIL_BACKEND="shop.mail.Backend")

        assert found["EMAIL_BACKEND"] == "shop.mail.Backend"

    def test_what_the_base_has_besides_stays(self, applied):
        module = {
            "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
            "EMAIL_SSL_KEYFILE": "/k",
        }

        found = applied(Email, environ=ENVIRON, module=module)

        assert (found["EMAIL_BACKEND"], found["EMAIL_SSL_KEYFILE"]) == (SMTP, "/k")


@pytest.mark.usefixtures("_mailers")
class TestMailers:
    def test_no_legacy_setting_is_left(self, applied):
        module = {
            "EMAIL_HOST": "localhost",
            "EMAIL_FILE_PATH": "/tmp/mail",
            "EMAIL_SSL_CERTFILE": "/etc/shop.pem",
            "EMAIL_SUBJECT_PREFIX": "[shop] ",
        }

        found = applied(Email, environ=ENVIRON, module=module)

        options = MAILER | {"ssl_certfile": "/etc/shop.pem"}
        assert found["MAILERS"] == {"default": {"BACKEND": SMTP, "OPTIONS": options}}
        assert {name for name in found if name.startswith("EMAIL_")} == {"EMAIL_SUBJECT_PREFIX"}

    def test_other_mailers_stay_and_so_do_other_options(self, applied):
        bulk = {"BACKEND": "anymail.backends.ses.EmailBackend"}
        default = {"OPTIONS": {"host": "localhost", "ssl_keyfile": "/etc/shop.key"}}

        found = applied(Email, environ=ENVIRON, module={"MAILERS": {"bulk": bulk, "default": default}})

        assert found["MAILERS"]["bulk"] == bulk
        assert found["MAILERS"]["default"]["OPTIONS"] == MAILER | {"ssl_keyfile": "/etc/shop.key"}

    def test_options_of_another_backend_go(self, applied):
        console = {"BACKEND": "django.core.mail.backends.console.EmailBackend", "OPTIONS": {"stream": None}}

        found = applied(Email, environ=ENVIRON, module={"MAILERS": {"default": console}})

        assert found["MAILERS"]["default"] == {"BACKEND": SMTP, "OPTIONS": MAILER}

    def test_again_is_once(self, applied):
        once = applied(Email, environ=ENVIRON)

        assert applied(Email, environ=ENVIRON, module=once) == once


def test_mailers_are_known_by_what_django_has(monkeypatch):
    monkeypatch.delattr(django.conf, "DEPRECATED_EMAIL_SETTINGS", raising=False)
    monkeypatch.setattr(global_settings, "EMAIL_HOST", "localhost", raising=False)
    assert not email.has_mailers()

    monkeypatch.setattr(django.conf, "DEPRECATED_EMAIL_SETTINGS", {"EMAIL_HOST"}, raising=False)
    assert email.has_mailers()

    monkeypatch.delattr(django.conf, "DEPRECATED_EMAIL_SETTINGS")
    monkeypatch.delattr(global_settings, "EMAIL_HOST")
    assert email.has_mailers()


class TestSenders:
    @pytest.mark.parametrize(
        ("environ", "module", "sender"),
        [
            ({}, {}, "Shop <shop@example.org>"),
            ({"SERVER_EMAIL": "ops@example.org"}, {}, "ops@example.org"),
            ({}, {"SERVER_EMAIL": "root@localhost"}, "Shop <shop@example.org>"),
            ({}, {"SERVER_EMAIL": "web1@example.org"}, "web1@example.org"),
        ],
    )
    def test_of_mail_to_admins(self, applied, environ, module, sender):
        assert applied(Email, environ=ENVIRON | environ, module=module)["SERVER_EMAIL"] == sender

    @pytest.mark.parametrize(
        "text", ["shop", "shop@", "Shop shop@example.org", "Shop, Ltd <shop@example.org>", "a@b <c@d"]
    )
    def test_what_is_no_address_is_refused(self, problems, text):
        [(name, rule)] = problems(Email, environ=ENVIRON | {"DEFAULT_FROM_EMAIL": text})

        assert name == "DEFAULT_FROM_EMAIL"
        assert text not in rule

    def test_a_quoted_name_may_have_a_comma(self, applied):
        sender = '"Shop, Ltd" <shop@example.org>'

        assert (
            applied(Email, environ=ENVIRON | {"DEFAULT_FROM_EMAIL": sender})["DEFAULT_FROM_EMAIL"] == sender
        )


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"EMAIL_HOST": ""}, ["EMAIL_HOST"]),
        ({"EMAIL_HOST_USER": "shop"}, ["EMAIL_HOST_PASSWORD"]),
        ({"EMAIL_HOST_PASSWORD": "ncVwSEYbC6PZ0kCx"}, ["EMAIL_HOST_USER"]),
        ({"EMAIL_USE_TLS": "true", "EMAIL_USE_SSL": "true"}, ["EMAIL_USE_TLS"]),
        (LOGIN | {"EMAIL_USE_TLS": "false"}, ["EMAIL_USE_TLS"]),
        ({"EMAIL_TIMEOUT": "0"}, ["EMAIL_TIMEOUT"]),
        ({"EMAIL_PORT": "0"}, ["EMAIL_PORT"]),
    ],
)
def test_what_cannot_be_is_named(problems, environ, told):
    assert [name for name, _ in problems(Email, environ=ENVIRON | environ)] == told


def test_the_build_needs_nothing(applied, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic"])
    for entry in ("django.core.wsgi", "django.core.asgi"):  # where they are imported, a site is served
        monkeypatch.delitem(sys.modules, entry, raising=False)

    found = applied(Email, environ={"PRODREADY_BUILD": "1", "EMAIL_HOST_USER": "shop"})

    assert found["DEFAULT_FROM_EMAIL"].endswith(".invalid")
