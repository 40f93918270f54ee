"""Mail by SMTP, encrypted, and never waited for without end."""

from __future__ import annotations

import re
from typing import Any

import django.conf
from django.conf import global_settings

from django_prodready.settings import env
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Email"]

_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_IMPLICIT_TLS = 465

# Django's legacy settings, each with the option of MAILERS that took its place in 6.1.
# https://docs.djangoproject.com/en/stable/ref/settings/#mailers
_OPTIONS = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
    "EMAIL_TIMEOUT": "timeout",
}
_LEGACY = ("EMAIL_BACKEND", "EMAIL_FILE_PATH", "EMAIL_SSL_CERTFILE", "EMAIL_SSL_KEYFILE", *_OPTIONS)

_ADDRESS = re.compile(r"[^@<>\s]+@[^@<>\s]+|[^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text.strip()):
        raise Invalid("expected an address: name@example.org, or Name <name@example.org>")
    return text.strip()


class Email(SettingsMixin):
    """EMAIL_* of the environment, as legacy settings or as Django 6.1's MAILERS."""

    EMAIL_HOST: str = env.str(
        "EMAIL_HOST", setting=False, help="The mail server.", example="smtp.example.org"
    )
    EMAIL_PORT: int = env.int("EMAIL_PORT", default=587, minimum=1, maximum=65_535, setting=False)
    EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", default="", setting=False)
    EMAIL_HOST_PASSWORD: str = env.secret("EMAIL_HOST_PASSWORD", default="", setting=False)
    EMAIL_USE_TLS: bool | None = env.bool(
        "EMAIL_USE_TLS", default=None, setting=False, help="STARTTLS. On unless the port is 465."
    )
    EMAIL_USE_SSL: bool | None = env.bool(
        "EMAIL_USE_SSL",
        default=None,
        setting=False,
        help="TLS from the first byte. On where the port is 465.",
    )
    # Mail is often sent within a request: a mail server that does not answer must not hold a worker for long.
    EMAIL_TIMEOUT: float = env.float("EMAIL_TIMEOUT", default=10.0, minimum=0.1, setting=False)

    DEFAULT_FROM_EMAIL: str = env.custom(
        "DEFAULT_FROM_EMAIL",
        parse=_address,
        kind="address",
        placeholder=lambda: "nobody@prodready-build-placeholder.invalid",
        help="Whom mail to users is from.",
        example="Shop <shop@example.org>",
    )
    SERVER_MAIL: str | None = env.custom(
        "SERVER_EMAIL",
        parse=_address,
        default=None,
        kind="address",
        setting=False,
        help="Whom mail to ADMINS is from: DEFAULT_FROM_EMAIL unless set.",
    )

    def transform(self, draft: Draft) -> None:
        """Set what the running Django reads: MAILERS alone, or the legacy settings alone."""
        values = self._values(draft)
        if has_mailers():
            self._as_mailer(draft, values)
        else:
            draft.set("EMAIL_BACKEND", _BACKEND)
            for name, value in values.items():
                draft.set(name, value)
        draft.set("SERVER_EMAIL", self.SERVER_MAIL or self.DEFAULT_FROM_EMAIL)

    def _values(self, draft: Draft) -> dict[str, Any]:
        is_implicit = self.EMAIL_PORT == _IMPLICIT_TLS
        use_ssl = is_implicit and not self.EMAIL_USE_TLS if self.EMAIL_USE_SSL is None else self.EMAIL_USE_SSL
        use_tls = not use_ssl if self.EMAIL_USE_TLS is None else self.EMAIL_USE_TLS
        if use_ssl and use_tls:
            raise draft.refuse(
                "EMAIL_USE_TLS", "set together with EMAIL_USE_SSL: a connection is one or the other"
            )
        if self.EMAIL_HOST_USER and not self.EMAIL_HOST_PASSWORD:
            raise draft.missing("EMAIL_HOST_PASSWORD")
        if self.EMAIL_HOST_PASSWORD and not (use_tls or use_ssl):
            raise draft.refuse("EMAIL_USE_TLS", "off, so the password would be sent in clear")
        return {
            "EMAIL_HOST": self.EMAIL_HOST,
            "EMAIL_PORT": self.EMAIL_PORT,
            "EMAIL_HOST_USER": self.EMAIL_HOST_USER,
            "EMAIL_HOST_PASSWORD": self.EMAIL_HOST_PASSWORD,
            "EMAIL_USE_TLS": use_tls,
            "EMAIL_USE_SSL": use_ssl,
            "EMAIL_TIMEOUT": self.EMAIL_TIMEOUT,
        }

    def _as_mailer(self, draft: Draft, values: dict[str, Any]) -> None:
        """Make the default mailer. Django refuses MAILERS beside a legacy setting, so those go."""
        for name in _LEGACY:
            draft.remove(name)
        options = {_OPTIONS[name]: value for name, value in values.items()}
        draft.change("MAILERS", {"default": {"BACKEND": _BACKEND, "OPTIONS": options}})


def has_mailers() -> bool:
    """Tell whether the running Django has MAILERS, which is in no table of defaults."""
    return hasattr(django.conf, "DEPRECATED_EMAIL_SETTINGS") or not hasattr(global_settings, "EMAIL_HOST")
