import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HOST = "smtp.example.org"
USER = {"EMAIL_HOST_USER": "shop-mailer", "EMAIL_HOST_PASSWORD": "pa55-word-of-mail"}

with_mailers = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")


def judge(host=HOST, port=587, *, tls=False, ssl=False, files=None, **settings):
    server = {"EMAIL_HOST": host, "EMAIL_PORT": port, "EMAIL_USE_TLS": tls, "EMAIL_USE_SSL": ssl}
    return run_check(
        "email.tls",
        settings={**server, **settings},
        files=files,
        settings_module="conf" if files else None,
    )


@pytest.mark.parametrize(
    ("kwargs", "message", "hint"),
    [
        ({}, f"Mail to {HOST}:587 goes out in clear, or is refused: port 587", "Set EMAIL_USE_TLS to True."),
        (USER, f"Mail to {HOST}:587 sends its user name and password in clear", "Set EMAIL_USE_TLS to True."),
        ({"port": 25, **USER}, "in clear: EMAIL_USE_TLS is off", "Set EMAIL_USE_TLS to True."),
        ({"tls": True, "ssl": True}, "is never sent", "Set EMAIL_USE_SSL to False for port 587"),
        ({"host": "localhost", "tls": True, "ssl": True}, "is never sent", "Set EMAIL_USE_SSL to False"),
        ({"port": 465}, "waits for a greeting", "Set EMAIL_USE_SSL to True and EMAIL_USE_TLS to False."),
        ({"port": 465, "tls": True}, "waits for a greeting", "Set EMAIL_USE_SSL to True"),
        ({"ssl": True}, "begins in clear", "Set EMAIL_USE_TLS to True and EMAIL_USE_SSL to False."),
        ({"host": "postfix", "ssl": True}, "begins in clear", "Set EMAIL_USE_TLS to True"),
    ],
)
def test_fires(kwargs, message, hint):
    (finding,) = judge(**kwargs).findings
    assert finding.severity is Severity.ERROR
    assert message in finding.message
    assert finding.hint.startswith(hint)
    assert "pa55-word" not in repr(finding)
    assert "shop-mailer" not in repr(finding)


def test_only_mentions_a_password_in_a_private_network():
    (finding,) = judge("postfix", 25, **USER).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "kwargs",
    [
        {"tls": True},
        {"tls": True, **USER},
        {"port": 465, "ssl": True, **USER},
        {"port": 25},
        {"port": 25, "tls": True},
        {"port": 2525, "EMAIL_HOST_USER": "shop"},
        {"host": "postfix"},
        {"host": "10.0.0.5"},
        {"host": "localhost", **USER},
        {"host": "127.0.0.1", "port": 465},
        {"host": "mailpit", "port": 1025},
        {"port": "smtp"},
    ],
)
def test_is_silent(kwargs):
    assert judge(**kwargs).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "backend",
    [
        "anymail.backends.mailgun.EmailBackend",
        "djcelery_email.backends.CeleryEmailBackend",
        "post_office.EmailBackend",
        "django.core.mail.backends.console.EmailBackend",
    ],
)
def test_other_backends_have_rules_of_their_own(backend):
    assert judge(**USER, EMAIL_BACKEND=backend).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_by_default():
    assert run_check("email.tls").outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": f'EMAIL_HOST = "{HOST}"\nEMAIL_PORT = 587\nEMAIL_USE_TLS = False\n'}
    (finding,) = judge(files=files).findings
    assert str(finding.at) == "conf.py:3"


@with_mailers
def test_judges_every_mailer():
    mailers = {
        "default": {"OPTIONS": {"host": HOST, "use_tls": True}},
        "bulk": {"OPTIONS": {"host": HOST, "port": 587}},
        "alerts": {"OPTIONS": {"host": HOST, "port": 465, "use_tls": True}},
        "odd": {"OPTIONS": {"use_tls": True, "use_ssl": True}},
    }
    findings = run_check("email.tls", settings={"MAILERS": mailers}).findings
    assert [finding.subject for finding in findings] == [
        "MAILERS['bulk']['OPTIONS']['use_tls']",
        "MAILERS['alerts']['OPTIONS']['use_ssl']",
        "MAILERS['odd']['OPTIONS']['use_ssl']",
    ]
    assert findings[2].message.startswith("Mail to its server:465 ")
    assert len({finding.fingerprint for finding in findings}) == 3
