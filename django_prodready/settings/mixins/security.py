"""What every site needs against stolen sessions and forged requests. DEBUG is off, whatever is set."""

from __future__ import annotations

import re
from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.declared import computed, fixed, option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.build import MARK, placeholder
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.middleware_order import SECURITY
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["STAGES", "Security"]

Stage = Literal["hour", "day", "month", "year", "preload"]

# A browser keeps to HSTS for this long, whatever becomes of the certificate: it is lengthened step by step.
STAGES: dict[Stage, int] = {
    "hour": 3600,
    "day": 86_400,
    "month": 2_592_000,
    "year": 31_536_000,
    # The least that browsers' preload lists ask for. https://hstspreload.org/
    "preload": 31_536_000,
}

# Django's own rules for a key that is not guessed. https://docs.djangoproject.com/en/stable/ref/checks/#security
KEY_LENGTH = 50
KEY_CHARACTERS = 5
KEY_EXAMPLE = "the output of: python -m django_prodready settings --secret-key"

_HOST = re.compile(r"\.?(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
_ORIGIN = re.compile(
    r"https://(\*\.)?(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)


def secret_key(text: str) -> str:
    """Return a key that Django's check takes for strong."""
    # A file with one former key a line would be one long key that nothing was signed with.
    key = kinds.secret(kinds.text(text), minimum_length=KEY_LENGTH, secret_key=True)
    if len(set(key)) < KEY_CHARACTERS:
        raise Invalid(f"expected at least {KEY_CHARACTERS} different characters")
    return key


def secret_keys(text: str) -> list[str]:
    """Return keys between commas, each as strong as :func:`secret_key` asks for."""
    return kinds.items(text, secret_key)


def hosts(text: str) -> list[str]:
    """Return host names that can match: ``example.org``, or ``.example.org`` with all below it."""
    found = kinds.items(text, _host)
    if not found:
        raise Invalid("expected at least one host name")
    return found


def _host(text: str) -> str:
    if text == "*":
        raise Invalid("expected the names of the site: '*' accepts every host")
    if kinds.placeholder(text, host=True) or not _HOST.fullmatch(text):
        raise Invalid("expected host names such as example.org, without scheme, port, path or '*'")
    return text


def origins(text: str) -> list[str]:
    """Return origins as browsers send them: ``https://example.org``, ``https://*.example.org``."""
    return kinds.items(text, _origin)


def _origin(text: str) -> str:
    if kinds.placeholder(text, host=True) or not _ORIGIN.fullmatch(text):
        raise Invalid("expected origins such as https://example.org: with https://, without a path")
    return text


def _hsts_seconds(settings: Any) -> int:
    return STAGES[settings.HSTS_STAGE]


def _is_preload(settings: Any) -> bool:
    return bool(settings.HSTS_STAGE == "preload")


class Security(SettingsMixin):
    """Hosts, keys, cookies and headers, as strict as works for every site; HSTS by stages."""

    HSTS_STAGE: Stage = option(
        "hour",
        choices=tuple[Stage, ...](STAGES),
        help="How long browsers refuse plain HTTP: lengthen it when the last stage made no trouble. "
        "'preload' takes all subdomains in, and months to leave.",
    )
    HSTS_SUBDOMAINS: bool = option(False, help="HSTS for all subdomains too; 'preload' implies it.")

    DEBUG: bool = fixed(False)
    SECRET_KEY: str = env.custom(
        "SECRET_KEY",
        kind="secret",
        parse=secret_key,
        secret=True,
        help="Signs sessions, password resets and messages. At least 50 random characters.",
        example=KEY_EXAMPLE,
        placeholder=placeholder,
    )
    SECRET_KEY_FALLBACKS: list[str] = env.custom(
        "SECRET_KEY_FALLBACKS",
        kind="list of secrets",
        parse=secret_keys,
        default=[],
        secret=True,
        help="Former keys that still verify what they signed, while a new one takes over.",
    )
    ALLOWED_HOSTS: list[str] = env.custom(
        "ALLOWED_HOSTS",
        kind="list of hosts",
        parse=hosts,
        help="The names that the site answers to.",
        example="example.org,www.example.org",
        placeholder=lambda: [f"{MARK}.invalid"],
    )
    CSRF_TRUSTED_ORIGINS: list[str] = env.custom(
        "CSRF_TRUSTED_ORIGINS",
        kind="list of origins",
        parse=origins,
        default=[],
        help="Other origins that may post forms, or the site's own where a proxy hides its scheme or host.",
        example="https://example.org",
    )

    SECURE_SSL_REDIRECT: bool = env.bool(
        "SECURE_SSL_REDIRECT", default=True, help="Redirect plain HTTP to HTTPS."
    )
    SECURE_HSTS_SECONDS: int = computed(_hsts_seconds)
    SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = computed(
        lambda settings: settings.HSTS_SUBDOMAINS or _is_preload(settings)
    )
    SECURE_HSTS_PRELOAD: bool = computed(_is_preload)
    SECURE_CONTENT_TYPE_NOSNIFF: bool = fixed(True)
    SECURE_REFERRER_POLICY: str = fixed("same-origin")
    SECURE_CROSS_ORIGIN_OPENER_POLICY: str = fixed("same-origin")
    X_FRAME_OPTIONS: str = fixed("DENY")

    SESSION_COOKIE_SECURE: bool = fixed(True)
    SESSION_COOKIE_HTTPONLY: bool = fixed(True)
    SESSION_COOKIE_SAMESITE: str = fixed("Lax")
    CSRF_COOKIE_SECURE: bool = fixed(True)
    CSRF_COOKIE_SAMESITE: str = fixed("Lax")
    LANGUAGE_COOKIE_SECURE: bool = fixed(True)

    def transform(self, draft: Draft) -> None:
        """Put SecurityMiddleware in, without which none of it takes effect."""
        draft.place_middleware(SECURITY, same=self.SAME_MIDDLEWARE)

    def conclude(self, draft: Draft) -> None:
        """Refuse DEBUG, whichever class set it."""
        if draft.get("DEBUG") is not False:
            draft.refuse("DEBUG", "is False where Security is used: leave it to the settings for development")
