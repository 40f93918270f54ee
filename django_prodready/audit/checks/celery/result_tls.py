"""Celery talks TLS to its results or its broker and does not look at the certificate.

What it checks
--------------
`ssl_cert_reqs` of the result backend: in its address (`rediss://…?ssl_cert_reqs=none`) and in
`redis_backend_use_ssl`; and the same of the broker, in its address and in `broker_use_ssl`.

Why it matters
--------------
Without a look at the certificate, TLS hides the traffic from nobody who stands in between: whoever can answer
for the server's address gets the password, reads the results and writes tasks of their own.

When it is wrong
----------------
A provider with self-signed certificates, such as Heroku's Redis, leaves no other way within a private
network. Say so in an ignore, with the reason.

How to fix
----------
Ask for the certificate, and name the authority where it is a private one:
`rediss://…?ssl_cert_reqs=required&ssl_ca_certs=/etc/ssl/redis-ca.pem`.

Source
------
[Redis with TLS](https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-use-ssl),
[broker_use_ssl](https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-use-ssl)
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CELERY_RESULT_BACKEND": "rediss://:s3cr3t-pw@redis:6379/1?ssl_cert_reqs=CERT_NONE"}),
    Case(
        settings={
            "CELERY_RESULT_BACKEND": "rediss://redis/1",
            "CELERY_REDIS_BACKEND_USE_SSL": {"ssl_cert_reqs": ssl.CERT_NONE},
        }
    ),
)
GOOD = (
    Case(settings={"CELERY_RESULT_BACKEND": "redis://redis:6379/1"}),
    Case(settings={"CELERY_RESULT_BACKEND": "rediss://redis:6379/1?ssl_cert_reqs=required"}),
    Case(
        settings={
            "CELERY_RESULT_BACKEND": "rediss://redis/1",
            "CELERY_REDIS_BACKEND_USE_SSL": {"ssl_cert_reqs": ssl.CERT_REQUIRED},
        }
    ),
)

_TLS = frozenset({"rediss", "valkeys"})
_OFF = frozenset({"none", "cert_none"})
_ADDRESSES = ("result_backend", "broker_url", "broker_read_url", "broker_write_url")
_OPTIONS = {"redis_backend_use_ssl": "result_backend", "broker_use_ssl": "broker_url"}
_KEYS = ("ssl_cert_reqs", "cert_reqs")  # of redis-py, of py-amqp


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection whose certificate nobody looks at."""
    settings = celery_settings(facts)
    for option in _ADDRESSES:
        if any(_is_blind_address(url) for url in settings.urls(option)):
            yield _finding(settings, option, "ssl_cert_reqs")
    for option, address in _OPTIONS.items():
        value = settings.value(option)
        if settings.urls(address) and isinstance(value, Mapping):
            yield from (
                _finding(settings, option, key) for key in _KEYS if key in value and _is_off(value[key])
            )


def _finding(settings: CelerySettings, option: str, key: str) -> Finding:
    name = settings.name(option)
    what = "its broker" if option.startswith("broker") else "the store of its results"
    return Finding(
        message=f"{name} has {key} = none: Celery accepts any certificate from {what}.",
        hint=f"Set {key} in {name} to 'required', with the certificate of a private authority beside it.",
        subject=name,
        at=settings.origin(option, key),
    )


def _is_blind_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    values = parse_qs(parts.query).get("ssl_cert_reqs", [])
    return parts.scheme in _TLS and any(_is_off(value) for value in values)


def _is_off(value: object) -> bool:
    return value is None or value == ssl.CERT_NONE or (isinstance(value, str) and value.lower() in _OFF)
