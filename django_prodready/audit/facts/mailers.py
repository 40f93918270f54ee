"""How the project sends mail: one shape for ``MAILERS`` of Django 6.1 and for ``EMAIL_*``.

https://docs.djangoproject.com/en/6.1/ref/settings/#mailers
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django
from django.core.mail.backends import console, dummy, filebased, locmem
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string

from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Mailer", "Transport", "find_mailers", "is_loopback", "is_private", "read_mailers"]

_SMTP = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"
_DEVELOPMENT = (
    console.EmailBackend, dummy.EmailBackend, filebased.EmailBackend, locmem.EmailBackend,
)  # fmt: skip
# A class that has these as its own connects by rules of its own.
_CONNECTS = ("__init__", "open", "connection_class")
_LEGACY = {
    "backend": "EMAIL_BACKEND",
    "host": "EMAIL_HOST",
    "password": "EMAIL_HOST_PASSWORD",
    "port": "EMAIL_PORT",
    "timeout": "EMAIL_TIMEOUT",
    "use_ssl": "EMAIL_USE_SSL",
    "use_tls": "EMAIL_USE_TLS",
    "username": "EMAIL_HOST_USER",
}
# Names that only a private resolver knows: Docker, Kubernetes, clouds, home and office networks.
_PRIVATE_SUFFIXES = (".corp", ".home.arpa", ".internal", ".intranet", ".lan", ".local", ".private", ".svc")


class Transport(enum.Enum):
    """What stands behind a mailer, as far as its class tells."""

    SMTP = "smtp"  # Django's own way to speak SMTP: host, port and the like are obeyed
    DEVELOPMENT = "development"  # Django's console, file, memory and dummy backends
    OTHER = "other"  # a provider's API, a queue, SMTP by rules of its own, or not to be imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """One way to send mail. ``host`` and what follows mean nothing unless ``transport`` is SMTP."""

    alias: str  # "default", or another key of MAILERS
    backend: str  # dotted path
    transport: Transport
    host: str  # empty where none is set
    port: int | None  # None where it is no number
    use_tls: bool  # STARTTLS
    use_ssl: bool  # TLS from the first byte
    timeout_s: float | None  # None waits for ever
    has_credentials: bool  # Django logs in only with both a user name and a password
    is_legacy: bool  # read from EMAIL_*, not from MAILERS

    def path(self, option: str) -> tuple[str, ...]:
        """Return the setting that ``option`` (of ``OPTIONS``, or ``backend``) is, and the keys into it."""
        if self.is_legacy:
            return (_LEGACY[option],)
        if option == "backend":
            return "MAILERS", self.alias, "BACKEND"
        return "MAILERS", self.alias, "OPTIONS", option

    def setting(self, option: str) -> str:
        """Write ``path(option)`` as code: ``EMAIL_HOST``, ``MAILERS['default']['OPTIONS']['host']``."""
        name, *keys = self.path(option)
        return name + "".join(f"[{key!r}]" for key in keys)


def find_mailers(facts: Facts) -> tuple[Mailer, ...]:
    """Read the mailers that the running Django obeys, in order; without ``MAILERS`` one, ``default``."""
    # Read past the lazy settings: on Django 6.1 they refuse EMAIL_* beside MAILERS, and warn without.
    values = all_values(facts.settings)
    if django.VERSION >= (6, 1) and "MAILERS" in values:
        return read_mailers(values["MAILERS"])
    options = {option: values.get(name) for option, name in _LEGACY.items()}
    return (_mailer("default", options.pop("backend"), options, is_legacy=True),)


def read_mailers(mailers: object) -> tuple[Mailer, ...]:
    """Read a value of ``MAILERS``, whether or not the running Django knows it."""
    return tuple(
        _mailer(str(alias), config.get("BACKEND", _SMTP), config.get("OPTIONS"), is_legacy=False)
        for alias, config in (mailers.items() if isinstance(mailers, Mapping) else ())
        if isinstance(config, Mapping)
    )


def is_loopback(host: str) -> bool:
    """Whether ``host`` is the machine, or the container, that Django runs on."""
    name = host.lower().rstrip(".")
    address = _address(name)
    if address is not None:
        return address.is_loopback or address.is_unspecified
    return name in ("", "localhost", "localhost.localdomain") or name.endswith(".localhost")


def is_private(host: str) -> bool:
    """Whether ``host`` lies in a network of its own: a container's name, a private address, or loopback."""
    name = host.lower().rstrip(".")
    address = _address(name)
    if address is not None:
        return address.is_private
    return "." not in name or is_loopback(name) or name.endswith(_PRIVATE_SUFFIXES)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


def _mailer(alias: str, backend: Any, options: Any, *, is_legacy: bool) -> Mailer:
    given: Mapping[str, Any] = options if isinstance(options, Mapping) else {}
    use_tls, use_ssl = bool(given.get("use_tls")), bool(given.get("use_ssl"))
    return Mailer(
        alias=alias,
        backend=str(backend),
        transport=_transport(backend),
        host=str(given.get("host") or ""),
        port=_port(given.get("port"), use_tls=use_tls, use_ssl=use_ssl),
        use_tls=use_tls,
        use_ssl=use_ssl,
        timeout_s=_seconds(given.get("timeout")),
        has_credentials=bool(given.get("username") and given.get("password")),
        is_legacy=is_legacy,
    )


def _transport(backend: Any) -> Transport:
    try:
        target = backend if isinstance(backend, type) else import_string(backend)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return Transport.OTHER
    if target in _DEVELOPMENT:
        return Transport.DEVELOPMENT
    is_smtp = isinstance(target, type) and issubclass(target, EmailBackend)
    if is_smtp and all(getattr(target, name) is getattr(EmailBackend, name) for name in _CONNECTS):
        return Transport.SMTP
    return Transport.OTHER


def _port(value: Any, *, use_tls: bool, use_ssl: bool) -> int | None:
    if value is None:  # only in MAILERS; EMAIL_PORT has a default
        return 465 if use_ssl else 587 if use_tls else 25
    text = str(value).strip()
    return int(text) if text.isdecimal() else None


def _seconds(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None
