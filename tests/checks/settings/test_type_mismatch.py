import datetime
from collections import OrderedDict, deque
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(settings, **kwargs):
    return run_check("settings.type-mismatch", settings=settings, **kwargs)


class Everything:
    """What projects put into MIGRATION_MODULES to switch migrations off."""

    def __contains__(self, item):
        return True


def test_message():
    (finding,) = judge({"CSRF_TRUSTED_ORIGINS": "https://user:hunter2@example.org"}).findings
    assert finding.message == (
        "CSRF_TRUSTED_ORIGINS is a str, where Django uses a list and so takes it character by character."
    )
    assert finding.hint == (
        "Make CSRF_TRUSTED_ORIGINS a list; text from the environment is split at its commas."
    )
    assert finding.subject == "CSRF_TRUSTED_ORIGINS"
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECURE_REDIRECT_EXEMPT", "^health/$", "a str, where Django uses a list"),
        ("AUTHENTICATION_BACKENDS", "app.Backend", "a str, where Django uses a list"),
        ("DISALLOWED_USER_AGENTS", None, "None, where Django uses a list"),
        ("LANGUAGES", {"de": "Deutsch"}, "a dict, where Django uses a list"),
        ("PASSWORD_HASHERS", 1, "an int, where Django uses a list"),
        ("CACHES", ["default"], "a list, where Django uses a dict"),
        ("MIGRATION_MODULES", None, "None, where Django uses a dict"),
        ("SESSION_COOKIE_AGE", "1209600", "a str, where Django uses a number"),
        ("SESSION_COOKIE_AGE", datetime.timedelta(days=1), "a timedelta, where Django uses a number"),
        ("SECURE_HSTS_SECONDS", datetime.timedelta(days=1), "a timedelta, where Django uses a number"),
        ("FILE_UPLOAD_PERMISSIONS", "0o644", "a str, where Django uses a number"),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "5242880", "a str, where Django uses a number"),
        ("LOGIN_URL", ("/login/",), "a tuple, where Django uses a string"),
        ("EMAIL_HOST", ["mail.example.org"], "a list, where Django uses a string"),
        ("X_FRAME_OPTIONS", False, "a bool, where Django uses a string"),
        ("LANGUAGE_CODE", None, "None, where Django uses a string"),
    ],
)
def test_fires(name, value, words):
    (finding,) = judge({name: value}).findings
    assert words in finding.message
    assert finding.hint.startswith(("Make ", "Give "))
    assert finding.hint.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSRF_TRUSTED_ORIGINS", ("https://example.org",)),
        ("CSRF_TRUSTED_ORIGINS", {"https://example.org"}),
        ("CSRF_TRUSTED_ORIGINS", deque(["https://example.org"])),
        ("ADMINS", (("Ada", "ada@example.org"),)),
        ("ADMINS", ["ada@example.org"]),
        ("ADMINS", None),
        ("INTERNAL_IPS", "127.0.0.1"),
        ("LANGUAGES", (("de", gettext_lazy("German")),)),
        ("CACHES", OrderedDict(default={"BACKEND": "django.core.cache.backends.locmem.LocMemCache"})),
        ("MIGRATION_MODULES", Everything()),
        ("LOGGING", None),
        ("LOGGING_CONFIG", None),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", None),
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 10.0),
        ("FILE_UPLOAD_MAX_MEMORY_SIZE", Decimal(5)),
        ("FILE_UPLOAD_PERMISSIONS", None),
        ("CACHE_MIDDLEWARE_SECONDS", None),
        ("CSRF_COOKIE_AGE", None),
        ("CSRF_COOKIE_AGE", datetime.timedelta(days=1)),
        ("CSRF_COOKIE_DOMAIN", ".example.org"),
        ("EMAIL_PORT", "587"),
        ("EMAIL_TIMEOUT", 5),
        ("EMAIL_HOST_USER", None),
        ("NUMBER_GROUPING", (3, 2, 0)),
        ("SECURE_HSTS_SECONDS", "3600"),
        ("SECURE_REFERRER_POLICY", ("no-referrer", "same-origin")),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
        ("SESSION_COOKIE_SAMESITE", False),
        ("CSRF_COOKIE_SAMESITE", None),
        ("LOGIN_URL", gettext_lazy("/login/")),
        ("LOGIN_REDIRECT_URL", None),
        ("CSRF_FAILURE_VIEW", lambda request, reason="": None),
        ("MEDIA_ROOT", Path("media")),
        ("STATIC_ROOT", Path("static")),
        ("FORMAT_MODULE_PATH", ["shop.formats"]),
        ("SECRET_KEY", b"k9Qz7xWv3Lm5Rb1Tn8Yc2Hd6Jf4Gp0Sa"),
        ("CACHE_MIDDLEWARE_KEY_PREFIX", 1),
        ("TIME_FORMAT", None),
        ("DEBUG", "False"),
        ("MY_SETTING", "text"),
    ],
)
def test_is_silent(name, value):
    assert judge({name: value}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"LOGGING": "logging.ini", "LOGGING_CONFIG": None},
        {"CSRF_TRUSTED_ORIGINS": SimpleLazyObject(lambda: "https://example.org")},
    ],
)
def test_leaves_custom_readers_and_lazy_objects_alone(settings):
    assert judge(settings).outcome is Outcome.PASS


def test_says_where():
    files = {"base.py": "LOGIN_URL = '/login/'\n", "conf.py": "from base import *\n\nLOGIN_URL = '/in/',\n"}
    (finding,) = judge({"LOGIN_URL": ("/in/",)}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
