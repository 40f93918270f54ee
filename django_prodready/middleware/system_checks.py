"""Django's system checks of where CloudflareRealIPMiddleware stands, and of settings that contradict it.

One is of PERMISSIONS_POLICY, which another middleware of ours reads.
Importing registers them, and those of the networks in
:mod:`~django_prodready.middleware.network_checks`. What is wrong with the types of the keys is said by
:mod:`~django_prodready.health.system_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name
from django.utils.module_loading import import_string

from django_prodready.conf import Config, get_config, problems
from django_prodready.middleware.installation import Installation, find_installation
from django_prodready.middleware.network_checks import listed
from django_prodready.middleware.permissions_policy import PermissionsPolicyMiddleware, policy_problems

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
_MISSING, _LATE, _NOBODY, _NO_WAY, _LATE_OTHER, _ASGI_ALONE = (
    f"django_prodready.{code}" for code in ("E010", "E011", "E012", "E013", "W005", "W006")
)
_POLICY = "django_prodready.E016"
_TRUST_KEYS = ("CLOUDFLARE", "CLOUDFLARED", "TRUSTED_PROXIES", "TRUST_UNIX_SOCKET")


@register
def check_installation(**_: Any) -> list[CheckMessage]:
    """Report a middleware that is missing or too late, and trust that contradicts other settings."""
    config, found = get_config(), find_installation()
    return [*_missing(config, found), *_late(found), *_nobody(config, found), *_no_way(config)]


@register
def check_permissions_policy(**_: Any) -> list[CheckMessage]:
    """Report wrong shapes in PERMISSIONS_POLICY, where our middleware and no other one reads it."""
    if not any(_is_policy_middleware(path) for path in settings.MIDDLEWARE or ()):
        return []
    raw = getattr(settings, "PERMISSIONS_POLICY", None)
    return [Error(problem.message, problem.hint, id=_POLICY) for problem in policy_problems(raw)]


def _is_policy_middleware(path: str) -> bool:
    try:
        target = import_string(path)
    except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a user's module is imported
        return False
    return isinstance(target, type) and issubclass(target, PermissionsPolicyMiddleware)


def _missing(config: Config, found: Installation) -> Iterator[CheckMessage]:
    # An entry that cannot be imported keeps the project from starting, and may be ours.
    keys = [key for key in (*_TRUST_KEYS, "CLOUDFLARE_ONLY") if getattr(config, key.lower())]
    if not keys or not found.is_certain or found.path is not None:
        return
    if found.is_wrapped and settings.WSGI_APPLICATION:
        yield Warning(
            "with_client_address goes around the ASGI application alone: without CloudflareRealIPMiddleware"
            " in MIDDLEWARE, nobody finds out the client's address under WSGI, and no request has"
            " client_address.",
            f"Add '{OURS}' to MIDDLEWARE, second behind HealthMiddleware; or remove WSGI_APPLICATION from the"
            " settings, if the site is never served by WSGI.",
            id=_ASGI_ALONE,
        )
    elif not found.is_wrapped:
        yield Error(
            f"PRODREADY sets {listed(keys, most=len(keys))}, but CloudflareRealIPMiddleware is not in"
            " MIDDLEWARE, so the client's address is not found out.",
            f"Add '{OURS}' to MIDDLEWARE: first, or second behind HealthMiddleware.",
            id=_MISSING,
        )


def _late(found: Installation) -> Iterator[CheckMessage]:
    for kind, code, paths in (
        (Error, _LATE, found.django_before),
        (Warning, _LATE_OTHER, found.others_before),
    ):
        if paths:
            named = listed([path.rpartition(".")[2] for path in paths])
            verb = "stands" if len(paths) == 1 else "stand"
            yield kind(
                f"{named} {verb} before CloudflareRealIPMiddleware in MIDDLEWARE, where anybody may have"
                " forged the address, scheme and host of a request.",
                f"Move '{found.path}' to the first place in MIDDLEWARE, or to the second behind"
                " HealthMiddleware.",
                id=code,
            )


def _nobody(config: Config, found: Installation) -> Iterator[Error]:
    header = _removed_header()
    is_anybody_trusted = any(getattr(config, key.lower()) for key in _TRUST_KEYS)
    if header is None or is_anybody_trusted or not found.is_active or _is_unsure():
        return
    loop = ", and SECURE_SSL_REDIRECT redirects each without end" if settings.SECURE_SSL_REDIRECT else ""
    yield Error(
        f"SECURE_PROXY_SSL_HEADER names {header}, but PRODREADY trusts nobody to send it, so it is removed:"
        f" no request through a proxy is secure{loop}.",
        "Name your proxies in PRODREADY['TRUSTED_PROXIES'], or set CLOUDFLARE, CLOUDFLARED or"
        " TRUST_UNIX_SOCKET; without any proxy, remove SECURE_PROXY_SSL_HEADER.",
        id=_NOBODY,
    )


def _removed_header() -> str | None:
    """Return the header of SECURE_PROXY_SSL_HEADER as HTTP spells it; None when none is removed."""
    match settings.SECURE_PROXY_SSL_HEADER:
        case [str(name), str()] if name.startswith("HTTP_") and name != "HTTP_HOST":
            return name[5:].replace("_", "-").title()
    return None


def _no_way(config: Config) -> Iterator[Error]:
    if config.cloudflare_only and not (config.cloudflare or config.cloudflared) and not _is_unsure():
        yield Error(
            "PRODREADY['CLOUDFLARE_ONLY'] is True, but neither CLOUDFLARE nor CLOUDFLARED is set, so every"
            " request is refused with 403.",
            "Set PRODREADY['CLOUDFLARE'] to True, name your tunnels in PRODREADY['CLOUDFLARED'], or remove"
            " CLOUDFLARE_ONLY.",
            id=_NO_WAY,
        )


def _is_unsure() -> bool:
    """Whether a key of PRODREADY is wrong: the missing one may be meant by it, and another check says so."""
    return bool(problems(getattr(settings, "PRODREADY", {})))
