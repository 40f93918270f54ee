"""Security: what it asks of the environment, what it sets, and that DEBUG stays off."""

import pytest

from django_prodready.settings import Security
from django_prodready.settings.middleware_order import SECURITY

KEY = "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn"


def test_the_cookies_and_headers(applied, sound):
    found = applied(Security, environ=sound)

    assert found == {
        "INSTALLED_APPS": ["django_prodready"],
        "MIDDLEWARE": [SECURITY],
        "DEBUG": False,
        "SECRET_KEY": KEY,
        "SECRET_KEY_FALLBACKS": [],
        "ALLOWED_HOSTS": ["site.example"],
        "CSRF_TRUSTED_ORIGINS": [],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 3600,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SECURE_HSTS_PRELOAD": False,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "LANGUAGE_COOKIE_SECURE": True,
    }


@pytest.mark.parametrize(
    ("stage", "subdomains", "expected"),
    [
        ("hour", False, (3600, False, False)),
        ("day", False, (86_400, False, False)),
        ("month", True, (2_592_000, True, False)),
        ("year", False, (31_536_000, False, False)),
        ("preload", False, (31_536_000, True, True)),
    ],
)
def test_hsts_by_stages(applied, sound, stage, subdomains, expected):
    found = applied(Security, environ=sound, HSTS_STAGE=stage, HSTS_SUBDOMAINS=subdomains)

    assert expected == (
        found["SECURE_HSTS_SECONDS"],
        found["SECURE_HSTS_INCLUDE_SUBDOMAINS"],
        found["SECURE_HSTS_PRELOAD"],
    )


def test_an_unknown_stage_is_told(problems, sound):
    assert problems(Security, environ=sound, HSTS_STAGE="week") == [
        ("HSTS_STAGE", "expected one of 'hour', 'day', 'month', 'year', 'preload'")
    ]


class TestDebug:
    def test_the_module_s_is_turned_off(self, applied, sound):
        assert applied(Security, environ={**sound, "DEBUG": "1"}, module={"DEBUG": True})["DEBUG"] is False

    def test_the_class_s_is_refused(self, problems, sound):
        assert problems(Security, environ=sound, DEBUG=True) == [
            ("DEBUG", "is False where Security is used: leave it to the settings for development")
        ]

    def test_a_transform_s_is_refused(self, problems, sound):
        class Debugging(Security):
            def transform(self, draft):
                draft.set("DEBUG", True)

        assert [name for name, _ in problems(Debugging, environ=sound)] == ["DEBUG"]

    def test_saying_it_again_is_fine(self, applied, sound):
        assert applied(Security, environ=sound, DEBUG=False)["DEBUG"] is False


class TestSecretKey:
    @pytest.mark.parametrize(
        "key",
        [
            "short",
            "a" * 60,
            "django-insecure-" + KEY,
            "changeme",
            "<generate with: openssl rand -hex 32, and keep it for good and all>",
        ],
    )
    def test_what_django_or_anybody_takes_for_weak_is_refused(self, problems, sound, key):
        [(variable, rule)] = problems(Security, environ={**sound, "SECRET_KEY": key})

        assert variable == "SECRET_KEY"
        assert key not in rule

    def test_former_keys_are_a_list(self, applied, sound):
        former = KEY[::-1]

        found = applied(Security, environ={**sound, "SECRET_KEY_FALLBACKS": f"{former}, {KEY}"})

        assert found["SECRET_KEY_FALLBACKS"] == [former, KEY]

    def test_keys_in_lines_are_not_one_key(self, problems, sound, tmp_path):
        (tmp_path / "keys").write_text(f"{KEY}\n{KEY[::-1]}\n")
        environ = {**sound, "SECRET_KEY_FALLBACKS_FILE": str(tmp_path / "keys")}

        assert problems(Security, environ=environ) == [
            (
                "SECRET_KEY_FALLBACKS_FILE",
                "item 1: expected text without control characters, tabs and line breaks among them",
            )
        ]

    def test_a_weak_former_key_is_refused(self, problems, sound):
        [(variable, _)] = problems(Security, environ={**sound, "SECRET_KEY_FALLBACKS": "short"})

        assert variable == "SECRET_KEY_FALLBACKS"


class TestHosts:
    @pytest.mark.parametrize(
        ("text", "hosts"),
        [
            ("site.example", ["site.example"]),
            (" site.example , www.site.example,", ["site.example", "www.site.example"]),
            (".site.example", [".site.example"]),
            ("localhost,127.0.0.1,[::1]", ["localhost", "127.0.0.1", "[::1]"]),
            ("xn--bcher-kva.example", ["xn--bcher-kva.example"]),
            ("web_1", ["web_1"]),
        ],
    )
    def test_names_that_can_match(self, applied, sound, text, hosts):
        assert applied(Security, environ={**sound, "ALLOWED_HOSTS": text})["ALLOWED_HOSTS"] == hosts

    @pytest.mark.parametrize(
        "text",
        [
            "*",
            "site.example,*",
            "*.site.example",
            "https://site.example",
            "site.example:8000",
            "site.example/x",
            "a b.example",
            "your-domain.com",
            "site..example",
            ",",
            "::1",
        ],
    )
    def test_names_that_cannot_or_match_everything(self, problems, sound, text):
        [(variable, _)] = problems(Security, environ={**sound, "ALLOWED_HOSTS": text})

        assert variable == "ALLOWED_HOSTS"


class TestOrigins:
    @pytest.mark.parametrize(
        "text",
        ["https://site.example", "https://*.site.example", "https://site.example:8443", "https://[::1]"],
    )
    def test_origins_as_browsers_send_them(self, applied, sound, text):
        found = applied(Security, environ={**sound, "CSRF_TRUSTED_ORIGINS": text})

        assert found["CSRF_TRUSTED_ORIGINS"] == [text]

    @pytest.mark.parametrize(
        "text",
        [
            "site.example",
            "http://site.example",
            "https://site.example/",
            "https://*",
            "https://your-domain.com",
        ],
    )
    def test_what_no_browser_sends_or_plain_http_lets_anybody_send(self, problems, sound, text):
        [(variable, _)] = problems(Security, environ={**sound, "CSRF_TRUSTED_ORIGINS": text})

        assert variable == "CSRF_TRUSTED_ORIGINS"


def test_the_redirect_can_be_turned_off(applied, sound):
    found = applied(Security, environ={**sound, "SECURE_SSL_REDIRECT": "off"})

    assert found["SECURE_SSL_REDIRECT"] is False
