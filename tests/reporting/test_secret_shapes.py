"""Secrets by shape: hidden where nothing is known of the project, and prose left alone."""

from __future__ import annotations

import pytest

from django_prodready.reporting.secret_shapes import named_values_in, scrub_shapes, tokens_in

KEY_BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("redis://:hunter2@cache:6379/0", "redis://:[redacted]@cache:6379/0"),
        ("at postgres://us:h#nt@er/2@db/x, sir", "at postgres://us:[redacted]@db/x, sir"),
        ("['redis://:one@a', 'redis://:two@b']", "['redis://:[redacted]@a', 'redis://:[redacted]@b']"),
        ("https://0123456789abcdef@sentry.example/4", "https://[redacted]@sentry.example/4"),
        (f"key {KEY_BLOCK}.", "key [redacted]."),
        ("-----BEGIN PRIVATE KEY-----\\nMIIE", "[redacted]"),
        (f"got {JWT}", "got [redacted]"),
        ("AKIAIOSFODNN7EXAMPLE", "[redacted]"),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "[redacted]"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "[redacted]"),
        ("https://hooks.slack.com/services/T0/B0/x1", "https://[redacted]"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("AUTHORIZATION: Bearer abc.def", "AUTHORIZATION: Bearer [redacted]"),
        ("host=db password=hunter2 user=x", "host=db password=[redacted] user=x"),
        ("redis://h/0?password=hunter2&db=1", "redis://h/0?password=[redacted]&db=1"),
        ("pwd='hunter2'", "pwd='[redacted]'"),
        ("{'PASSWORD': 'hunter2', 'HOST': 'db'}", "{'PASSWORD': '[redacted]', 'HOST': 'db'}"),
        ('{"api_key": "a\\"b", "x": "y"}', '{"api_key": "[redacted]", "x": "y"}'),
        ("connect(password='hunter2', host='db')", "connect(password='[redacted]', host='db')"),
        ("    SECRET_KEY = 'hunter2'  # mine", "    SECRET_KEY = '[redacted]'  # mine"),
        ("SECRET_KEY: str = f'hunter2'", "SECRET_KEY: str = f'[redacted]'"),
        ('SECRET_KEY = env("SECRET_KEY", "hunter2")', 'SECRET_KEY = env("SECRET_KEY", "[redacted]")'),
        ('os.environ["DB_PASSWORD"] = "hunter2"', 'os.environ["DB_PASSWORD"] = "[redacted]"'),
        ("settings.SECRET_KEY = '' or 'hunter2'", "settings.SECRET_KEY = '' or '[redacted]'"),
        ("a/settings.py:14  DB_PASSWORD = 'hunter2'", "a/settings.py:14  DB_PASSWORD = '[redacted]'"),
        ("TOKEN = '''first line", "TOKEN = '''[redacted]"),
        ("SECRET_KEY = ('one' 'two')", "SECRET_KEY = ('[redacted]' '[redacted]')"),
    ],
)
def test_hides(text, expected):
    assert scrub_shapes(text) == expected
    assert scrub_shapes(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Set ALLOWED_HOSTS to the hosts that the site answers for.",
        "http://localhost:8000/users/@me",
        "AUTH_USER_MODEL = 'accounts.User'",
        "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']",
        "CSRF_COOKIE_NAME = 'csrftoken'",
        "SECRET_KEY=$(python -c 'import secrets')",
        "DB_PASSWORD=<yours>",
        "SECRET_KEY=env('SECRET_KEY')",
        "password=None",
        "EMAIL_HOST = 'smtp.example'",
        "EMAIL_HOST_PASSWORD = env('EMAIL_HOST_PASSWORD')",
        "SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True",
        "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
        "Host: 10.42.0.7:8000        400 DisallowedHost",
        "the basic task of a token: be short",
    ],
)
def test_leaves_alone(text):
    assert scrub_shapes(text) == text


def test_tokens_are_found_in_a_value():
    assert list(tokens_in(f"{KEY_BLOCK} {JWT}")) == [KEY_BLOCK, JWT]


def test_named_values_are_found_in_a_dsn():
    assert list(named_values_in("host=db password=hunter2 token='abc' user=x")) == ["hunter2", "abc"]
