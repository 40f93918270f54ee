"""Which names hold secrets: enough of them, and not more."""

from __future__ import annotations

import pytest

from django_prodready.reporting.secret_names import Secrecy, holds_secret, may_be_secret, secrecy


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DJANGO_SECRET_KEY", "secretKey", "PASSWORD",
        "password", "DB_PASSWD", "EMAIL_HOST_PASSWORD", "PGPASSWORD", "MYSQL_PWD",
        "DB_PASS", "GITHUB_TOKEN", "HEALTH_TOKENS", "apiKey", "MAILGUN_API_KEY",
        "APIKEY", "x-api-key", "AWS_SECRET_ACCESS_KEY", "SENTRY_DSN", "JWT_SIGNING_KEY",
        "GITHUB_APP_PRIVATE_KEY", "CLOUDFLARE_SECRETS", "Authorization", "passphrase", "FERNET_KEYS",
    ],
)  # fmt: skip
def test_names_that_end_in_a_word_for_a_secret_are_sure(name):
    assert secrecy(name) is Secrecy.SURE


@pytest.mark.parametrize(
    "name",
    [
        "STRIPE_KEY",
        "REDIS_AUTH",
        "CREDENTIALS",
        "SECRETS_V2",
        "AWS_ACCESS_KEY_ID",
        "TOKEN_FOR_CI",
        "HASH_SALT",
    ],
)
def test_names_that_contain_one_are_likely(name):
    assert secrecy(name) is Secrecy.LIKELY


@pytest.mark.parametrize(
    "name",
    [
        "AUTH_USER_MODEL", "AUTHENTICATION_BACKENDS", "AUTH_PASSWORD_VALIDATORS", "PASSWORD_HASHERS",
        "PASSWORD_RESET_TIMEOUT", "CSRF_COOKIE_NAME", "CSRF_HEADER_NAME", "SESSION_COOKIE_SECURE",
        "SSH_AUTH_SOCK", "TOKEN_URL", "STRIPE_PUBLIC_KEY", "DEFAULT_AUTHENTICATION_CLASSES",
        "CLOUDFLARE_SECRET_HEADER",
        "SECRET_KEY_FILE", "KEY_PREFIX", "HOST", "MONKEY", "BYPASS", "",
    ],
)  # fmt: skip
def test_names_that_only_look_like_it_are_not(name):
    assert secrecy(name) is Secrecy.NONE


@pytest.mark.parametrize("value", ["", "  ", "ab", "true", "None", " localhost ", "PASSWORD", "***", "..."])
def test_common_and_short_words_are_no_secrets(value):
    assert not may_be_secret(value)


@pytest.mark.parametrize("value", ["abc", "postgres", "a-b", "!$%&/()=?", "пароль"])
def test_anything_else_may_be_one(value):
    assert may_be_secret(value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PASSWORD", "hunter", True),
        ("PASSWORD", "a.password.Too", True),
        ("token", "djoser.serializers.TokenSerializer", False),
        ("TOKEN", "https://login.example/oauth/token", False),
        ("SENTRY_DSN", "https://public@sentry.example/1", True),
        ("HOST", "Zx91bq77", False),
        ("STRIPE_KEY", "Zx91bq77", True),
        ("STRIPE_KEY", "Zx9", False),
        ("STRIPE_KEY", "two words9", False),
        ("CACHE_KEY", "myapp", False),
        ("TOKEN_CLAIM_OF_USER", "token_type", False),
        ("AUTH_RULE", "HTTP_X_FORWARDED_AUTHORIZATION", False),
        ("AUTH_RULE", "shop.auth.rule", False),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/google.json", False),
        ("AUTH_RATE", "1000000", False),
        ("PASSWORD", "true", False),
        ("PWD", "/srv/shop", False),
        ("OLDPWD", "/srv", False),
        ("PWD", "hunter2", True),
    ],
)
def test_a_value_is_judged_with_its_name(name, value, expected):
    assert holds_secret(name, value) is expected


def test_what_the_name_around_it_said_is_inherited():
    assert holds_secret("github", "Zx91bq77", Secrecy.LIKELY)
    assert holds_secret("", "hunter", Secrecy.SURE)
