"""Secrets, and what only stands where one should be."""

import string
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import placeholder, secret


@pytest.mark.parametrize(
    "said",
    [
        "changeme",
        "CHANGEME",
        "change-me",
        "change_me",
        "Change Me!",
        "'changeme'",
        " changeme\n",
        "changeme123",
        "please-change-me-now",
        "secret-change-in-production",
        "changeit",
        "change-this",
        "replace-me",
        "REPLACE_ME",
        "your-secret-key-here",
        "your_password",
        "your api key",
        "<generate>",
        "<generate-with-openssl>",
        "<generate: openssl rand -hex 32>",
        "<50 random characters>",
        "!!!SET THIS!!!",
        "!!! SET a value of your own !!!",
        "fixme",
        "FIXME-before-launch",
        "fixme: ask ops",
        "todo",
        "TODO-rotate",
        "tbd",
        "placeholder",
        "xxx",
        "XXXXXXXXXXXX",
        "xxxx-xxxx-xxxx",
        "sk_live_xxxxxxxxxxxx",
        "{{ secret_key }}",
        "${SECRET_KEY}",
        "insert-your-key-here",
        "paste here",
    ],
)
def test_a_placeholder_is_seen(said):
    assert placeholder(said)
    with pytest.raises(Invalid):
        secret(said)


@pytest.mark.parametrize(
    "said",
    [
        "hunter2",
        "",
        "correct horse battery staple",
        "exchangement",
        "unchanged-message",
        "Kx9changemeansq71",
        "todoist-9f2c",
        "mastodon",
        "yourself",
        "7your-3",
        "xx",
        "axxxxb",
        "QxxXq9",
        "<3 you",
        "a<generate>b",
        "!!!",
        "!!!a",
        "django-insecure-4f7",
        "example.com",
        "$argon2id$v=19",
    ],
)
def test_what_is_no_placeholder(said):
    assert not placeholder(said)


def test_a_key_that_startproject_made_is_a_placeholder_for_secret_keys_alone():
    key = "django-insecure-" + "k3!x" * 12
    assert placeholder(key, secret_key=True)
    assert not placeholder("my-" + key, secret_key=True)
    assert secret(key) == key
    with pytest.raises(Invalid, match=r"^expected a secret, found a placeholder$"):
        secret(key, secret_key=True)


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("example.com", False),
        (".example.com", False),
        ("www.EXAMPLE.com", False),
        ("https://shop.example.com:8443/x", False),
        ("your-domain.com", True),
        ("https://yourdomain.org", True),
        ("your-app.fly.dev", True),
        ("changeme", True),
        ("<your host>", True),
        ("myexample.com", False),
        ("example.org", False),
        ("your-move.co.uk", False),
        ("yourdomains.org", False),
        ("todo-app.net", False),
        ("todo", False),
        ("xxxx.net", False),
    ],
)
def test_hosts_have_placeholders_of_their_own(host, is_one):
    assert placeholder(host, host=True) is is_one


@pytest.mark.parametrize(
    "alphabet",
    [string.ascii_letters + string.digits + "-_", string.ascii_letters + string.digits + string.punctuation],
)
def test_a_random_secret_is_none(alphabet):
    random = Random(20)
    for _ in range(2000):
        said = "".join(random.choices(alphabet, k=random.randint(16, 64)))
        assert not placeholder(said, secret_key=True)
        assert secret(said, secret_key=True, minimum_length=16) == said


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("", "expected a secret, found nothing but blanks"),
        (" \n", "expected a secret, found nothing but blanks"),
        ("hunter2\n", "expected a secret without a blank or line break before or after it"),
        ("hunter2 ", "expected a secret without a blank or line break before or after it"),
        ("\thunter2", "expected a secret without a blank or line break before or after it"),
        ("hun\x00ter2", "expected text without control characters"),
        ("hun\udcffter2", "expected text in UTF-8"),
        ("hunter2", "expected a secret of at least 8 characters"),
        ("change-me", "expected a secret, found a placeholder"),
    ],
)
def test_a_secret_that_is_wrong_is_refused(said, rule):
    with pytest.raises(Invalid) as raised:
        secret(said, minimum_length=8)
    assert raised.value.rule == rule
    assert raised.value.__context__ is None


def test_a_secret_may_have_lines():
    pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----"
    assert secret(pem) == pem


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_its_own_secret_or_invalid(said):
    try:
        found = secret(said)
    except Invalid:
        return
    assert found == said
