"""Texts without secrets, and the cheap test that is never wrong when it says that there is none."""

import re

import pytest
from django.conf import settings as django_settings
from hypothesis import assume, given
from hypothesis import strategies as st

from django_prodready.logs import scrubbing
from django_prodready.logs.log_shapes import may_hold_shape, scrub_all_shapes
from django_prodready.logs.scrubbing import Scrubber, scrub
from django_prodready.reporting import secret_names, secret_shapes
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.secret_variants import variants

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("redis://:s3cret@cache:6379/0", "redis://:[redacted]@cache:6379/0"),
        ("https://0123456789abcdef0123@o1.ingest.sentry.io/1", "https://[redacted]@o1.ingest.sentry.io/1"),
        ("host=db user=u password=s3cret", "host=db user=u password=[redacted]"),
        (f"got {JWT}, then", "got [redacted], then"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "[redacted]"),
        ("key ghp_" + "a1B2" * 6, "key [redacted]"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("authorization=abcdef", "authorization=[redacted]"),
        ("AUTHORIZATION: Basic dXNlcjpwYXNz", "AUTHORIZATION: Basic [redacted]"),
        ("Authorization: ApiKey 33x, then", "Authorization: [redacted] [redacted], then"),
        ("Proxy-Authorization: Bearer abc", "Proxy-Authorization: Bearer [redacted]"),
        ("sent bearer abc.123.def", "sent bearer [redacted]"),
        ("Cookie: sessionid=1; theme=dark", "Cookie: [redacted]"),
        ("{'Cookie': 'a=b'}", "{'Cookie': '[redacted]'}"),
        ("Set-Cookie: sessionid=1; Path=/\nnext", "Set-Cookie: [redacted]\nnext"),
        ("sessionid=abcdefgh1 is old", "sessionid=[redacted] is old"),
        ("session_key: abcdefgh1", "session_key: [redacted]"),
        ("password: correct horse", "password: [redacted] horse"),
        ('{"api_key": 12345678, "a": 1}', '{"api_key": [redacted], "a": 1}'),
        ("token: abcdefghijklmnop", "token: [redacted]"),
    ],
)
def test_what_looks_like_a_secret_is_replaced(text, shown):
    assert Scrubber().scrub(text) == shown
    assert Scrubber().scrub(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "Not Found: /favicon.ico", "token: expired", "Invalid key: it has a blank", "a basic course"),
        *("https://www.example.org/?page=2", "bob@example.org", "Task auth.send[1] succeeded in 0.1s: None"),
        *("Forbidden (CSRF token missing.): /login/", "bearer of news", "cookie: none", "session: 5 pages"),
        *("AUTH_USER_MODEL: accounts.User1", "ratio 3:4", "key: 12", "KeyError: 'name'"),
    ],
)
def test_what_is_none_is_returned_as_it_is(text):
    assert Scrubber().scrub(text) is text or Scrubber().scrub(text) == text


def test_the_projects_own_secrets_are_known(password):
    key = django_settings.SECRET_KEY
    assert scrub(f"{key} and {password}") == "[redacted] and [redacted]"
    assert scrub(f"{password.lower()} {key[:9]}") == f"[redacted] {key[:9]}"


def test_they_are_collected_once(password, monkeypatch):
    assert scrub(password) == "[redacted]"
    monkeypatch.setenv("OTHER_PASSWORD", "of-a-later-time")
    assert scrub("of-a-later-time") == "of-a-later-time"


def test_without_settings_only_shapes_are_known(password, monkeypatch):
    class Unset:
        configured = False

    monkeypatch.setattr(scrubbing, "settings", Unset)
    assert scrub(f"{password} redis://:x1y2z3@h") == f"{password} redis://:[redacted]@h"
    monkeypatch.undo()


def test_settings_that_cannot_be_read_leave_the_environment(password, monkeypatch):
    class Odd:
        configured = True

        @property
        def _wrapped(self):
            raise RuntimeError(scrub(f"{password} is not known yet"))

    monkeypatch.setattr(scrubbing, "settings", Odd())
    assert scrub(password) == "[redacted]"


def test_a_scrubber_tells_nothing_of_what_it_knows():
    assert repr(Scrubber(["s3cret-s3cret"])) == "<Scrubber>"


SECRET = "Kq7#x/Lm2@r ä"


@given(st.text(max_size=20), st.sampled_from(sorted(variants(SECRET))), st.text(max_size=20))
def test_every_spelling_is_noticed(before, spelling, after):
    text = f"{before}{spelling}{after}"
    known = Redactor([SECRET])
    assert Scrubber([SECRET]).scrub(text) == scrub_all_shapes(known.scrub(text))


@given(st.from_regex(secret_shapes._TOKEN))
def test_every_token_is_noticed(text):
    assert may_hold_shape(text)


NAMES = re.compile(f"(?:{secret_names._SURE.pattern})|(?:{secret_names._LIKELY.pattern})")


@given(st.from_regex(NAMES), st.sampled_from(["=", ": ", "='", '": "']))
def test_every_name_of_a_secret_is_noticed(name, between):
    name = re.sub(r"[^\w-]", "", name)
    for spelled in (name, name.lower(), name.title()):
        assume(secret_names.secrecy(spelled))
        assert may_hold_shape(f"{spelled}{between}x")


@pytest.mark.parametrize(
    "text",
    [
        'DATABASES["default"]["PASSWORD"] = "x1y2z3"',
        'os.environ["API_TOKEN"] += "x1y2z3"',
        'db_password: str = "x1y2z3"',
        "self.password = 'x1y2z3'",
        "{'password' : 'x1y2z3'}",
        "?a=b&access_key=x1y2z3",
        "password-of-" + "a" * 300 + "-secret=x1y2z3",
    ],
)
def test_a_name_may_stand_in_code_or_in_a_query(text):
    assert "x1y2z3" not in Scrubber().scrub(text)


LIKE_LOGS = st.lists(
    st.sampled_from(
        [
            *(
                "password",
                "apiKey",
                "pa\u017f\u017fword",
                "Authorization",
                "bearer",
                "basic",
                "cookie",
                "sessionid",
                "x",
            ),
            *(
                "=",
                ": ",
                "'",
                '"',
                "://",
                "@",
                "a1b2c3d4e5",
                " ",
                "\n",
                JWT,
                "AKIA0123456789ABCDEF",
                "[",
                "]",
            ),
        ]
    ),
    max_size=12,
).map("".join)


@given(LIKE_LOGS)
def test_what_is_not_searched_holds_nothing(text):
    if not may_hold_shape(text):
        assert scrub_all_shapes(text) == text
