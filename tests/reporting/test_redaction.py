"""The secret and its spellings never survive, and what is no secret does."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from django_prodready.reporting.finding import Finding, Location
from django_prodready.reporting.redaction import REDACTED, Redactor
from django_prodready.reporting.secret_names import WELL_KNOWN, may_be_secret


def parts_of(url: str) -> tuple[str, ...]:
    try:
        return urlsplit(url)[1:]
    except ValueError as error:  # shows the network location when its normal form is ambiguous
        return (str(error),)


CHARACTERS = st.one_of(
    st.sampled_from("#@:/?%'\"\\&<>+ =\n"), st.sampled_from("abcXYZ019_-"), st.characters(codec="utf-8")
)
SECRETS = st.text(CHARACTERS, min_size=3, max_size=40).filter(may_be_secret)

SPELLINGS = {
    "plain": lambda secret: secret,
    "repr": repr,
    "json": json.dumps,
    "unicode json": lambda secret: json.dumps(secret, ensure_ascii=False),
    "repr in json": lambda secret: json.dumps(repr(secret)),
    "json in html": lambda secret: html.escape(json.dumps(secret)),
    "html": html.escape,
    "bytes": lambda secret: repr(secret.encode()),
    "escaped url": lambda secret: f"postgres://us:{quote(secret, safe='')}@db/x",
    "path-quoted url": lambda secret: f"postgres://us:{quote(secret)}@db/x",
    "query": lambda secret: f"redis://db/0?auth={quote_plus(secret)}",
    "whole url escaped": lambda secret: quote(f"redis://us:{secret}@db", safe=""),
    "raw url": lambda secret: f"postgres://us:{secret}@db/x",
    "settings": lambda secret: repr({"default": {"PASSWORD": secret}}),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
}


def assert_hidden(spelled: str, secret: str) -> None:
    out = Redactor([secret]).scrub(f"({spelled})")

    assert REDACTED in out
    assert secret not in out
    assert spelled not in out


@settings(deadline=None, max_examples=100)
@given(spelling=st.sampled_from(sorted(SPELLINGS)), secret=SECRETS)
def test_a_secret_survives_in_no_spelling(spelling, secret):
    spelled = SPELLINGS[spelling](secret)
    around = SPELLINGS[spelling]("\0")
    assume(secret not in REDACTED and secret.strip() not in around)
    assume(spelled.strip("'\"b") not in around)

    assert_hidden(spelled, secret)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "secret", ["p#ss@w0rd", "a%b+c d", 'it\'s "quoted"\\', "пароль№1", "hunter2", "a\nb\tc"]
)
def test_a_hard_secret_survives_in_no_spelling(spelling, secret):
    assert_hidden(SPELLINGS[spelling](secret), secret)


@settings(deadline=None)
# A secret that is a URL itself is told from its host.
@given(secret=SECRETS.filter(lambda secret: not re.search(r"[][]|://", secret)))
@example(secret="pass/w0rd#x")
def test_what_a_parser_leaves_of_an_unescaped_password_is_hidden(secret):
    redactor = Redactor([secret])
    left = [part for part in re.split("[#@:/?%]", secret) if may_be_secret(part) and part not in WELL_KNOWN]
    for piece in left:
        assert not re.search(
            rf"(?<!\w){re.escape(piece)}(?!\w)", redactor.scrub(f"as {piece!r}").replace(REDACTED, "")
        )
    for part in parts_of(f"postgres://us:{secret}@db/x"):
        out = redactor.scrub(part).replace(REDACTED, " ")
        assert not any(re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", out) for piece in left)


def test_pieces_reach_the_messages_of_url_parsers():
    url = "postgres://us:s3cr/t#pa55@db/x"
    redactor = Redactor.from_settings({}, {"DATABASE_URL": url})

    with pytest.raises(ValueError, match="s3cr") as caught:
        _ = urlsplit(url).port

    assert redactor.scrub(str(caught.value)) == "Port could not be cast to integer value as '[redacted]'"
    assert redactor.scrub(f"fragment {urlsplit(url).fragment}") == "fragment [redacted]@db/x"


def test_a_host_name_made_of_a_password_is_hidden_in_lower_case():
    assert Redactor(["p@SSw0rd#x"]).scrub("host ssw0rd") == "host [redacted]"


def test_lines_of_a_key_block_are_hidden_alone():
    line = "MIIEowIBAAKCAQEAx8pZ"

    redactor = Redactor([f"-----BEGIN PRIVATE KEY-----\\n{line}\\n-----END PRIVATE KEY-----"])

    assert redactor.scrub(f"near {line!r}") == "near '[redacted]'"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("postgres", "django.db.backends.postgresql, django.contrib.postgres, postgres://db/x"),
        ("db", "the db is up"),
        ("django", "django.middleware.security.SecurityMiddleware"),
        ("host", "no host"),
        ("abc", "abcdef xabc abc_d"),
        ("", "anything"),
        ("***", "*** stands for a value"),
        ("django-insecure-@x1y2", "begins with 'django-insecure-'"),
    ],
)
def test_a_short_secret_destroys_no_words(secret, text):
    assert Redactor([secret]).scrub(text) == text


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("postgres", "'postgres'", "'[redacted]'"),
        ("abc", "abc-def (abc)", "[redacted]-def ([redacted])"),
        (
            "abc",
            r"\nabc %3Aabc%40 \x1fabc \u00e9abc",
            rf"\n{REDACTED} %3A{REDACTED}%40 \x1f{REDACTED} \u00e9{REDACTED}",
        ),
        ("0123456789abcdef", "x0123456789abcdefx", "x[redacted]x"),
    ],
)
def test_a_short_secret_is_hidden_as_a_whole_word(secret, text, expected):
    assert Redactor([secret]).scrub(text) == expected


def test_the_longest_secret_wins():
    redactor = Redactor(["abc", "abc#def", "abc#def-ghi"])

    assert redactor.scrub("abc#def-ghi abc#def abc") == "[redacted] [redacted] [redacted]"


def test_what_is_not_known_is_hidden_by_its_shape():
    assert Redactor().scrub("redis://:hunter2@cache") == "redis://:[redacted]@cache"


def test_a_lone_surrogate_is_hidden():
    assert Redactor(["caf\udce9-9"]).scrub("say caf\udce9-9") == "say [redacted]"


def test_a_finding_is_scrubbed_in_all_its_texts():
    redactor = Redactor.from_settings({"SECRET_KEY": "hunter2"}, {})
    finding = Finding(
        message="It is hunter2.",
        hint="Replace hunter2.",
        subject="X['hunter2']",
        identity="hunter2",
        evidence=("a hunter2", "b"),
        at=Location("hunter2/settings.py", 3),
    )

    assert redactor.scrub_finding(finding) == Finding(
        message="It is [redacted].",
        hint="Replace [redacted].",
        subject="X['[redacted]']",
        identity="[redacted]",
        evidence=("a [redacted]", "b"),
        at=Location("hunter2/settings.py", 3),
    )
    assert redactor.scrub_finding(Finding(message="m", hint="h")) == Finding(message="m", hint="h")


def test_a_redactor_shows_nothing_of_itself():
    assert repr(Redactor(["hunter2"])) == "<Redactor>"


def test_nothing_of_a_project_full_of_secrets_is_left_in_its_own_dump():
    values = {
        "SECRET_KEY": "k3y#of@the/site%25",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "p#ss@w0rd"}},
        "CACHES": {"default": {"LOCATION": "redis://:r3d1s@cache:6379/0"}},
        "SENTRY_DSN": "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.example/4",
    }
    environ = {"DATABASE_URL": "postgres://shop:un#esc@ped@db:5432/shop", "PATH": "/usr/bin"}
    redactor = Redactor.from_settings(values, environ)
    dumps = [repr(values), json.dumps(values), html.escape(repr(values)), repr(environ), quote(repr(values))]

    for out in map(redactor.scrub, dumps):
        for secret in ("k3y", "site%25", "w0rd", "r3d1s", "0123456789abcdef", "esc", "ped"):
            assert not re.search(rf"(?<!\w){secret}(?!\w)", out)
    assert redactor.scrub(repr(values)).count("django.db.backends.postgresql") == 1
    assert redactor.scrub(repr(environ)) == (
        "{'DATABASE_URL': 'postgres://shop:[redacted]@db:5432/shop', 'PATH': '/usr/bin'}"
    )
