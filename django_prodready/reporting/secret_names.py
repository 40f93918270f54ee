"""Which names hold secrets, and which of their values can be one.

Too little and a secret leaks; too much and a report is unreadable, because ``AUTH_USER_MODEL`` and
``PASSWORD_HASHERS`` are no secrets. So a name that *ends* in a word for a secret is believed almost
whatever its value, and one that merely *contains* such a word only for a value that looks the part.
"""

from __future__ import annotations

import enum
import re


class Secrecy(enum.IntEnum):
    """How much a name says about its value."""

    NONE = 0
    LIKELY = 1
    SURE = 2


_SURE = re.compile(
    r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|AUTHORIZATION"
    r"|(?:API|ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION|FERNET)_?KEY"
    r"|(?:^|_)(?:PASS|PWD|DSN))S?$"
    r"|^SECRET_KEY_FALLBACKS$"
)
_LIKELY = re.compile(
    r"PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(?:API|ACCESS)_?KEY"
    r"|(?:^|_)(?:PASS|PWD|DSN|PRIVATE|SIGNING|AUTH|SALT)(?:_|$)"
    r"|(?:^|_)KEYS?$"
)
_NEVER = re.compile(
    r"(?:^|_)(?:PUBLIC|PUBLISHABLE)(?:_|$)"
    r"|_(?:AGE|ALGORITHM|AUDIENCE|BACKENDS?|CHANGED|CLAIM|CLASS|CLASSES|CONTEXT|COOKIE|COUNT|DAYS|DIR|DOMAIN"
    r"|EMAIL|ENABLED|ENDPOINT|EXPIRY|EXPIRES?|FIELDS?|FILE|FORMS?|GENERATOR|HANDLER|HASHERS?|HEADERS?|HOST"
    r"|HOURS|HTTPONLY|ISSUER|LEEWAY|LENGTH|LIFETIME|LIMIT|METHODS?|MINUTES|MODE|MODELS?|MODULE|NAMES?|ORIGINS?"
    r"|PATH|PERIOD|PORT|PREFIX|REGEX|REQUIRED|SAMESITE|SCHEME|SCOPES?|SECONDS|SECURE|SERIALIZERS?|SOCK|STORE"
    r"|SUFFIX|TEMPLATES?|TIMEOUT|TTL|TYPES?|URI|URLS?|USER|USERNAME|VALIDATORS?|VERSION|VIEWS?)$"
)

_WORKING_DIRECTORY = {"PWD", "OLDPWD"}  # the shell's variables; in a DSN, PWD is a password

_CAMEL_STEP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_TOO_COMMON = {
    *(
        "",
        "true",
        "false",
        "none",
        "null",
        "nil",
        "yes",
        "off",
        "undefined",
        "default",
        "required",
        "optional",
    ),
    *("localhost", "127.0.0.1", "0.0.0.0", "host", "user", "name", "value", "test", "prompt"),  # noqa: S104 - a word
    *("password", "passwd", "secret", "token", "key", "django-insecure-", "[redacted]"),
}

# Passwords out of the manuals. They are still hidden, but not where they are part of a dotted path or
# the scheme of a URL: `django.contrib.postgres` says nothing of a password.
WELL_KNOWN = {
    *(
        "admin",
        "amqp",
        "celery",
        "database",
        "django",
        "guest",
        "memcached",
        "mysql",
        "postgres",
        "postgresql",
    ),
    *("rabbitmq", "redis", "root", "sentry", "server", "settings", "smtp"),
}

_DOTTED_PATH = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*\.[A-Za-z_]\w*")
_FILE_PATH = re.compile(r"(?:~|\.{1,2})?/[\w.@ -]*(?:/[\w.@ -]*)*")
_PLAIN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^@]*", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z]{1,15}|[A-Z]+(?:[_-][A-Z]+)+|(?=.{1,15}$)[A-Za-z]+(?:[_-][A-Za-z]+)+")

_MIN_SECRET = 3
_MIN_PUNCTUATION = 8  # shorter runs of punctuation, such as *** and ..., stand for a value
_MIN_LIKELY_SECRET = 6


def secrecy(name: str) -> Secrecy:
    """Judge a setting's, variable's or dictionary key's name: ``DB_PASSWORD``, ``apiKey``, ``auth-token``."""
    upper = re.sub(r"[^A-Z0-9]+", "_", _CAMEL_STEP.sub("_", name).upper()).strip("_")
    if _NEVER.search(upper):
        return Secrecy.NONE
    if _SURE.search(upper):
        return Secrecy.SURE
    return Secrecy.LIKELY if _LIKELY.search(upper) else Secrecy.NONE


def may_be_secret(value: str) -> bool:
    """Say whether hiding ``value`` wherever it stands protects anything; short and common words do not."""
    bare = value.strip()
    is_placeholder = len(bare) < _MIN_PUNCTUATION and not any(character.isalnum() for character in bare)
    return len(bare) >= _MIN_SECRET and not is_placeholder and bare.casefold() not in _TOO_COMMON


def holds_secret(name: str, value: str, inherited: Secrecy = Secrecy.NONE) -> bool:
    """Say whether ``value`` under ``name`` is a secret. ``inherited`` is what the name around it said."""
    level = max(secrecy(name), inherited)
    if name in _WORKING_DIRECTORY and _FILE_PATH.fullmatch(value):
        return False
    if level is Secrecy.NONE or not may_be_secret(value) or _PLAIN_URL.fullmatch(value):
        return False
    if level is Secrecy.LIKELY:
        return _looks_like_secret(value)
    # Libraries name classes under keys such as "token"; upper-case names of settings hold the secret itself.
    return name.isupper() or not _DOTTED_PATH.fullmatch(value)


def _looks_like_secret(value: str) -> bool:
    if len(value) < _MIN_LIKELY_SECRET or any(character.isspace() for character in value):
        return False
    harmless = (_DOTTED_PATH, _FILE_PATH, _WORDS)
    return not value.isdigit() and not any(shape.fullmatch(value) for shape in harmless)
