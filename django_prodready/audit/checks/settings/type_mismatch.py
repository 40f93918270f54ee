"""A setting holds a type that Django cannot use in its place.

What it checks
--------------
Every setting of the project whose default in Django is a list, a dict, a number or a string. The
value must be of a type that Django's code can use there: any list-like for a list, any mapping for
a dict, a path or lazy text for a string, `None` where Django takes it. Types that it does not know
are left alone, and so are settings that take several types.

Why it matters
--------------
A string in the place of a list is read character by character: with
`CSRF_TRUSTED_ORIGINS = "https://example.org"` no origin is trusted, and with
`SECURE_REDIRECT_EXEMPT = "health/"` nearly every page is exempt from the redirect. A number that
came as text from the environment raises at the first upload or login, not at start.

When it is wrong
----------------
A package that replaces the part of Django that reads the setting may take other types.

How to fix
----------
Split text from the environment, and convert numbers: `os.environ["X"].split(",")`,
`int(os.environ["X"])`. Look for a comma too many (`"/login/",` is a tuple) or too few (`("x")` is
a string).

Source
------
[Settings](https://docs.djangoproject.com/en/stable/ref/settings/)
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.django_settings import DEFAULTS
from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CSRF_TRUSTED_ORIGINS": "https://example.org"}),
    Case(settings={"SESSION_COOKIE_AGE": "1209600", "LOGIN_URL": ("/login/",)}, expect=2),
    Case(settings={"SECURE_REDIRECT_EXEMPT": r"^health/$", "MIGRATION_MODULES": ["app"]}, expect=2),
)
GOOD = (
    Case(settings={"CSRF_TRUSTED_ORIGINS": ("https://example.org",), "INTERNAL_IPS": {"127.0.0.1"}}),
    Case(settings={"SECURE_REFERRER_POLICY": ["same-origin"], "CSRF_COOKIE_SAMESITE": None, "ADMINS": None}),
    Case(
        settings={
            "DATA_UPLOAD_MAX_MEMORY_SIZE": None,
            "SECURE_HSTS_SECONDS": "3600",
            "SESSION_COOKIE_AGE": 1.5,
        }
    ),
    Case(settings={"SESSION_COOKIE_SECURE": "True", "MY_SETTING": object()}),
)

_NOTHING, _TEXT, _NUMBER = "None", "a string", "a number"
_DURATION, _LIST, _MAPPING = "a timedelta", "a list", "a dict"

# By the type of the default; a type that stands nowhere here is never judged.
_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((str, bytes, os.PathLike), _TEXT),
    ((bool, int, float), _NUMBER),
    ((datetime.timedelta,), _DURATION),
    ((list, tuple, set, frozenset), _LIST),
    ((Mapping,), _MAPPING),
)

_ALSO: Mapping[str, frozenset[str]] = {
    # Django asks `if not settings.ADMINS` and `x in settings.INTERNAL_IPS` before anything else.
    **dict.fromkeys(("ADMINS", "MANAGERS", "IGNORABLE_404_URLS", "FIXTURE_DIRS"), frozenset({_NOTHING})),
    **dict.fromkeys(("INTERNAL_IPS", "TEST_NON_SERIALIZED_APPS"), frozenset({_NOTHING, _TEXT})),
    # Any, when LOGGING_CONFIG names a function of the project's own.
    "LOGGING": frozenset({_NOTHING, _TEXT, _LIST}),
    **dict.fromkeys(("SECURE_CSP", "SECURE_CSP_REPORT_ONLY"), frozenset({_NOTHING})),
    **dict.fromkeys(
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "DATA_UPLOAD_MAX_NUMBER_FIELDS", "DATA_UPLOAD_MAX_NUMBER_FILES"),
        frozenset({_NOTHING}),
    ),
    **dict.fromkeys(("CACHE_MIDDLEWARE_SECONDS", "FILE_UPLOAD_PERMISSIONS"), frozenset({_NOTHING})),
    "CSRF_COOKIE_AGE": frozenset({_NOTHING, _DURATION}),
    # Written into text, or handed to the socket module, which resolves "587" as a service.
    **dict.fromkeys(("EMAIL_PORT", "FIRST_DAY_OF_WEEK", "SECURE_HSTS_SECONDS"), frozenset({_NOTHING, _TEXT})),
    "NUMBER_GROUPING": frozenset({_LIST}),
    **dict.fromkeys(("CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_SAMESITE"), frozenset({_NOTHING, _NUMBER})),
    **dict.fromkeys(
        ("SECURE_REFERRER_POLICY", "DEFAULT_FROM_EMAIL", "SERVER_EMAIL"), frozenset({_NOTHING, _LIST})
    ),
    # Switched off, or not in use, when they are None.
    **dict.fromkeys(
        (
            "CSRF_COOKIE_PATH",
            "DATETIME_FORMAT",
            "DATE_FORMAT",
            "DEFAULT_INDEX_TABLESPACE",
            "DEFAULT_TABLESPACE",
            "EMAIL_HOST",
            "EMAIL_HOST_PASSWORD",
            "EMAIL_HOST_USER",
            "EMAIL_SUBJECT_PREFIX",
            "LANGUAGE_COOKIE_PATH",
            "LOGGING_CONFIG",
            "LOGIN_REDIRECT_URL",
            "LOGIN_URL",
            "MEDIA_ROOT",
            "MEDIA_URL",
            "MONTH_DAY_FORMAT",
            "SECURE_CROSS_ORIGIN_OPENER_POLICY",
            "SESSION_COOKIE_PATH",
            "SHORT_DATETIME_FORMAT",
            "SHORT_DATE_FORMAT",
            "TIME_FORMAT",
            "TIME_ZONE",
            "YEAR_MONTH_FORMAT",
        ),
        frozenset({_NOTHING, _NUMBER}),
    ),
    "CACHE_MIDDLEWARE_KEY_PREFIX": frozenset({_NOTHING, _NUMBER}),
}

_EFFECTS: Mapping[tuple[str | None, str | None], str] = {
    (_LIST, _TEXT): " and so takes it character by character",
}
_HINTS: Mapping[tuple[str | None, str | None], str] = {
    (_LIST, _TEXT): "Make {name} a list; text from the environment is split at its commas.",
    (_TEXT, _LIST): "Make {name} a string; a comma at the end of its line makes it a tuple.",
    (_NUMBER, _TEXT): "Make {name} a number with int().",
    (_NUMBER, _DURATION): "Give {name} in seconds, with int(….total_seconds()).",
}


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each setting of a type that Django cannot use."""
    values = all_values(facts.settings)
    for name in sorted(facts.explicit & DEFAULTS.keys()):
        expected = _kind(DEFAULTS[name])
        actual = _kind(values[name])
        if None in (expected, actual) or expected == _NOTHING or isinstance(DEFAULTS[name], bool):
            continue
        if actual == expected or actual in _ALSO.get(name, ()):
            continue
        effect = _EFFECTS.get((expected, actual), "")
        yield Finding(
            message=f"{name} is {_shown(values[name])}, where Django uses {expected}{effect}.",
            hint=_HINTS.get((expected, actual), f"Make {{name}} {expected}.").format(name=name),
            subject=name,
            # Not facts.origin(): that reads the setting, and Django 6.1 warns of some.
            at=facts.chain.origin(name, value=values[name]),
        )


def _kind(value: object) -> str | None:
    """What ``value`` is, in words; None for what is not judged, lazy objects among them."""
    if value is None:
        return _NOTHING
    # Goes by type(): asking a lazy object for its class evaluates it.
    return next((kind for types, kind in _KINDS if issubclass(type(value), types)), None)


def _shown(value: object) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
