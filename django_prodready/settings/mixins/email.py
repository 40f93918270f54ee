"""Mail by SMTP, encrypted, and never waited for without end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

import django.conf
from django.conf import global_settings

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.problems import MISSING
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Email", "has_mailers"]

_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_IMPLICIT_TLS = 465  # RFC 8314, section 3.3

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
# Those that the project may have and that no variable speaks of.
_KEPT_OPTIONS = {"EMAIL_SSL_CERTFILE": "ssl_certfile", "EMAIL_SSL_KEYFILE": "ssl_keyfile"}
_LEGACY = ("EMAIL_BACKEND", "EMAIL_FILE_PATH", *_OPTIONS, *_KEPT_OPTIONS)

_ADDRESS = re.compile(r"[^@<>\s]+@[^@<>\s]+|[^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>")


def _address(text: str) -> str:
    address = text.strip()
    # A comma in a name without quotes would make two addresses of it.
    if not _ADDRESS.fullmatch(address) or "@" not in parseaddr(address)[1]:
        raise Invalid("expected an address: name@example.org, or Name <name@example.org>")
    return address


class Email(SettingsMixin):
    """EMAIL_* of the environment, as legacy settings or as Django 6.1's MAILERS."""

    EMAIL_BACKEND: str = option(_BACKEND, help="What sends: Django's class for SMTP, or one derived from it.")

    EMAIL_HOST: str = env.str(
        "EMAIL_HOST", setting=False, help="The mail server.", example="smtp.example.org"
    )
    EMAIL_PORT: int = env.int(
        "EMAIL_PORT",
        default=587,
        minimum=1,
        maximum=65_535,
        setting=False,
        help="587 for STARTTLS, 465 for TLS from the first byte.",
    )
    EMAIL_HOST_USER: str = env.str(
        "EMAIL_HOST_USER", default="", setting=False, help="Together with EMAIL_HOST_PASSWORD, or neither."
    )
    EMAIL_HOST_PASSWORD: str = env.secret(
        "EMAIL_HOST_PASSWORD", default="", setting=False, help="Sent only when the connection is encrypted."
    )
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
    EMAIL_TIMEOUT: float = env.float(
        "EMAIL_TIMEOUT",
        default=10.0,
        minimum=0.1,
        setting=False,
        help="Seconds, for connecting and for each answer.",
    )

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
        # django-configurations copies Django's default, root@localhost, into the class.
        if self.SERVER_MAIL or draft.get("SERVER_EMAIL") == global_settings.SERVER_EMAIL:
            draft.set("SERVER_EMAIL", self.SERVER_MAIL or self.DEFAULT_FROM_EMAIL)
        values = self._mail_values(draft)
        if has_mailers():
            self._as_mailer(draft, values)
            return
        draft.set("EMAIL_BACKEND", self.EMAIL_BACKEND)
        for name, value in values.items():
            draft.set(name, value)

    def _mail_values(self, draft: Draft) -> dict[str, Any]:
        use_tls, use_ssl = self._mail_encryption(draft)
        self._refuse_half_a_login(draft)
        if self.EMAIL_HOST_PASSWORD and not (use_tls or use_ssl):
            draft.refuse("EMAIL_USE_TLS", "off, so the password would be sent in clear")
        return {
            "EMAIL_HOST": self.EMAIL_HOST,
            "EMAIL_PORT": self.EMAIL_PORT,
            "EMAIL_HOST_USER": self.EMAIL_HOST_USER,
            "EMAIL_HOST_PASSWORD": self.EMAIL_HOST_PASSWORD,
            "EMAIL_USE_TLS": use_tls,
            "EMAIL_USE_SSL": use_ssl,
            "EMAIL_TIMEOUT": self.EMAIL_TIMEOUT,
        }

    def _mail_encryption(self, draft: Draft) -> tuple[bool, bool]:
        """Return whether STARTTLS is used, and whether TLS from the first byte."""
        is_implicit = self.EMAIL_PORT == _IMPLICIT_TLS
        use_ssl = is_implicit and not self.EMAIL_USE_TLS if self.EMAIL_USE_SSL is None else self.EMAIL_USE_SSL
        use_tls = not use_ssl if self.EMAIL_USE_TLS is None else self.EMAIL_USE_TLS
        if use_ssl and use_tls:
            raise draft.refuse(
                "EMAIL_USE_TLS", "set together with EMAIL_USE_SSL: a connection is one or the other"
            )
        return use_tls, use_ssl

    def _refuse_half_a_login(self, draft: Draft) -> None:
        """Refuse a user without a password, or the reverse: Django would not log in, and not say so."""
        one, other = "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"
        for name, beside in ((one, other), (other, one)):
            if getattr(self, beside) and not getattr(self, name) and not draft.is_build:
                draft.refuse(name, f"{MISSING}, while {beside} is")

    def _as_mailer(self, draft: Draft, values: dict[str, Any]) -> None:
        """Make the default mailer. Django refuses MAILERS beside a legacy setting, so those go."""
        kept = {option: draft.get(name) for name, option in _KEPT_OPTIONS.items() if draft.get(name)}
        for name in _LEGACY:
            draft.remove(name)
        before = draft.mapping("MAILERS").get("default")
        if isinstance(before, Mapping) and before.get("BACKEND", _BACKEND) == self.EMAIL_BACKEND:
            kept |= before.get("OPTIONS", {})
        options = kept | {_OPTIONS[name]: value for name, value in values.items()}
        draft.change("MAILERS", {"default": {"BACKEND": self.EMAIL_BACKEND, "OPTIONS": options}})


def has_mailers() -> bool:
    """Tell whether the running Django has MAILERS, which is in no table of defaults."""
    return hasattr(django.conf, "DEPRECATED_EMAIL_SETTINGS") or not hasattr(global_settings, "EMAIL_HOST")
