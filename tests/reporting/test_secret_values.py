"""Collecting the secrets that settings and environment hold."""

from __future__ import annotations

import pytest
from django.utils.functional import SimpleLazyObject, lazystr

from django_prodready.reporting.secret_values import secrets_in


def collected(**settings: object) -> set[str]:
    return set(secrets_in(settings, {}))


def test_secrets_of_a_usual_project():
    settings = {
        "SECRET_KEY": "k3y-of-the-site",
        "SECRET_KEY_FALLBACKS": ["0ld-key", b"bytes-key"],
        "DATABASES": {
            "default": {"ENGINE": "django.db.backends.postgresql", "USER": "shop", "PASSWORD": "h#nt@r"}
        },
        "CACHES": {
            "default": {"LOCATION": ["redis://:r3dis@cache:6379/0"], "OPTIONS": {"PASSWORD": "0ther"}}
        },
        "EMAIL_HOST_PASSWORD": "m4il",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_USER_MODEL": "accounts.User",
        "PASSWORD_RESET_TIMEOUT": 259200,
        "CSRF_HEADER_NAME": "HTTP_X_CSRFTOKEN",
        "DEBUG": False,
    }

    assert secrets_in(settings, {"DATABASE_URL": "postgres://u:3nv@db/x", "PWD": "/srv/shop"}) == {
        "k3y-of-the-site", "0ld-key", "bytes-key", "h#nt@r", "r3dis", "0ther", "m4il", "3nv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("postgres://u:p@ss#w@h/db", {"p@ss#w"}),
        ("redis://:1234/ab@h:6379/0", {"1234/ab"}),
        ("amqp://u:one@a//;amqp://u:two@b//", {"one", "two"}),
        ("https://h:8000/users/@me", set()),
        ("redis://cache:6379/0 ask me@example.com", set()),
        ("https://example.com/", set()),
        ("redis://h/0?password=hunter2", {"hunter2"}),
        ("https://ghp0123456789abcdefg@git.example/x", {"ghp0123456789abcdefg"}),
        ("https://shop@git.example/x", set()),
        ("postgres://u:@h/db", set()),
    ],
)
def test_passwords_of_urls(url, secrets):
    assert collected(SOME_URL=url) == secrets


def test_a_dsn_gives_itself_and_its_public_key():
    dsn = "https://pub1ic@sentry.example/4"

    assert collected(SENTRY_DSN=dsn) == {dsn, "pub1ic"}


def test_key_blocks_and_dsn_parts_are_found_under_any_name():
    block = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"

    assert collected(FIREBASE={"cert": block}, CONN="host=db password=hunter2") == {block, "hunter2"}


def test_a_name_passes_on_what_it_says():
    settings = {
        "HEALTH_TOKENS": {"t0ken-a", "t0ken-b"},
        "CREDENTIALS": {"user": "shop", 7: "Zx91bq77", "path": "/run/x/y"},
        "API_KEYS": ("k-1-x", ["k-2-x"]),
        "FROZEN_TOKENS": frozenset({"t0ken-c"}),
    }

    assert collected(**settings) == {"t0ken-a", "t0ken-b", "Zx91bq77", "k-1-x", "k-2-x", "t0ken-c"}


def test_long_numbers_are_passwords_and_short_ones_counts():
    assert collected(DB_PASSWORD=12345678, EMAIL_PASSWORD=4711, USE_TOKEN=True, NUMBER=12345678) == {
        "12345678"
    }


def test_nothing_lazy_is_evaluated():
    def explode() -> str:
        pytest.fail("evaluated")

    class Callable:
        def __call__(self) -> str:
            return explode()

    settings = {
        "SECRET_KEY": SimpleLazyObject(explode),
        "PASSWORD": Callable(),
        "TOKEN": lazystr("x"),
        "API_KEYS": [explode, SimpleLazyObject(explode)],
    }

    assert collected(**settings) == set()


def test_subclasses_of_plain_types_are_read_without_their_methods():
    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "disguise"

    class Lazy(dict[str, object]):
        def items(self):
            pytest.fail("evaluated")

    assert collected(SECRET_KEY=Text("hunter2"), OPTIONS=Lazy(password="0ther")) == {"hunter2", "0ther"}


def test_a_structure_that_holds_itself_ends():
    ring: dict[str, object] = {"PASSWORD": "hunter2"}
    ring["again"] = [ring, ring]
    ring["TOKENS"] = ring

    assert collected(RING=ring) == {"hunter2"}


def test_depth_is_bounded():
    deep: object = {"PASSWORD": "hunter2"}
    for _ in range(20):
        deep = [deep]

    assert collected(DEEP=deep) == set()
