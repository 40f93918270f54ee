"""What is hidden of a value, and what stays readable."""

import pytest

from django_prodready.management.prodsettings.fingerprint import fingerprint_with
from django_prodready.management.prodsettings.hiding import Hider
from django_prodready.reporting.redaction import Redactor

SECRET = "kn0wn/thing"


@pytest.fixture
def hider():
    return Hider(Redactor([SECRET]))


class TestByName:
    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("DB_PASSWORD", "x", "set"),
            ("DB_PASSWORD", "password", "set"),
            ("DB_PASSWORD", "", "not set"),
            ("DB_PASSWORD", None, "not set"),
            ("DB_PASSWORD", "b''", "not set"),
            ("DB_PASSWORD", 4711, "set"),
            ("MAX_TOKENS", 4096, 4096),
            ("API_TOKEN", 123456, "set"),
            ("USE_PASSWORD", True, True),
            ("SECRET_KEY_FALLBACKS", ["one", "two"], ["set", "set"]),
            ("SECRET_KEY_FALLBACKS", [], []),
            (
                "API_KEYS",
                {"k9-partner-key": "name", "default": "x1y2z3w4"},
                {"set": "name", "default": "set"},
            ),
            ("API_KEYS", {"k9-partner-key": "a", "k8-partner-key": "b"}, {"set": "a", "set'": "b"}),
            (
                "REST",
                {"token": "rest_framework.authtoken.Token"},
                {"token": "rest_framework.authtoken.Token"},
            ),
            ("OAUTH_TOKEN", "https://login.example/token", "https://login.example/token"),
            ("SECRET_NOTE", f"ask for {SECRET} there", "ask for [set] there"),
            ("NOTE", SECRET, "set"),
            ("NOTE", {SECRET: 1}, {"[set]": 1}),
            ("NOTE", 1.5, 1.5),
        ],
    )
    def test_values(self, hider, name, value, expected):
        assert hider.hide(name, value, is_secret=False).value == expected

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"]),
            (
                "AUTH_PASSWORD_VALIDATORS",
                [{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}],
            ),
            ("AUTH_USER_MODEL", "auth.User"),
            ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.Argon2PasswordHasher"]),
            ("PASSWORD_RESET_TIMEOUT", 259200),
            ("CSRF_COOKIE_NAME", "csrftoken"),
            ("CSRF_HEADER_NAME", "HTTP_X_CSRFTOKEN"),
            ("CSRF_TRUSTED_ORIGINS", ["https://example.org"]),
            ("SESSION_COOKIE_NAME", "sessionid"),
            ("SESSION_COOKIE_AGE", 1209600),
            ("CACHE_MIDDLEWARE_KEY_PREFIX", "shop"),
            ("SECURE_PROXY_SSL_HEADER", ["HTTP_X_FORWARDED_PROTO", "https"]),
        ],
    )
    def test_harmless_names_stay_readable(self, hider, name, value):
        shown = hider.hide(name, value, is_secret=False)
        assert (shown.value, shown.is_secret) == (value, False)


class TestWhole:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("x", "set"),
            (5, "set"),
            ({"a": 1}, "set"),
            (["a", ""], ["set", "not set"]),
            (None, "not set"),
            (" ", "not set"),
            ({}, "not set"),
            ("b''", "not set"),
        ],
    )
    def test_all_of_it_is_hidden(self, hider, value, expected):
        shown = hider.hide("HARMLESS", value, is_secret=True)
        assert (shown.value, shown.is_secret) == (expected, True)

    def test_what_was_hidden_is_remembered(self, hider):
        hider.hide("HARMLESS", "abc", is_secret=True)
        hider.hide("HARMLESS", "https://user:pw@example.org", is_secret=True)
        hider.hide("HARMLESS", 5, is_secret=True)
        assert hider.hidden == {"abc"}


class TestFingerprints:
    @pytest.fixture
    def hider(self):
        return Hider(Redactor(["p@ss"]), fingerprint_with(b"0123456789abcdef"))

    def test_places(self, hider):
        value = {"default": {"PASSWORD": "p@ss", "HOSTS": [{"token": "other"}], "PORT": ""}}
        shown = hider.hide("DATABASES", value, is_secret=False)
        assert list(shown.fingerprints) == [
            "DATABASES['default']['PASSWORD']",
            "DATABASES['default']['HOSTS'][0]['token']",
        ]
        assert all(len(fingerprint) == 16 for fingerprint in shown.fingerprints.values())

    def test_a_password_has_one_wherever_it_stands(self, hider):
        alone = hider.hide("DB_PASSWORD", "p@ss", is_secret=False).fingerprints["DB_PASSWORD"]
        for url in ("redis://:p%40ss@one:6379/0", "redis://:p%40ss@two:6379/1"):
            shown = hider.hide("CACHE_URL", url, is_secret=False)
            assert shown.value == url.replace("p%40ss", "[set]")
            assert shown.fingerprints == {"CACHE_URL": alone}

    def test_several_secrets_in_one_text(self, hider):
        one = hider.hide("URLS", "redis://:p%40ss@one,redis://:0ther@two", is_secret=False)
        other = hider.hide("URLS", "redis://:p%40ss@one,redis://:an0ther@two", is_secret=False)
        assert one.fingerprints != other.fingerprints

    def test_nothing_is_no_secret(self, hider):
        assert hider.hide("DB_PASSWORD", "", is_secret=False).fingerprints == {}

    def test_the_key_matters(self):
        assert fingerprint_with(b"0123456789abcdef")("x") != fingerprint_with(b"0123456789abcdeg")("x")
