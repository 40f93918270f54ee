"""``--explain-client``: what the middleware would make of one request, under the settings in force.

Of what headers hold only addresses are repeated: a header may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from django_prodready.management.prodsettings import in_force
from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.middleware.client_trust import make_trust
from django_prodready.middleware.installation import find_installation
from django_prodready.realip.address import is_private, parse
from django_prodready.realip.client_address import ClientAddress
from django_prodready.realip.explain import explain, header_name
from django_prodready.realip.headers import is_forwarded
from django_prodready.realip.trust import Trust, meta_name

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
# What servers put into META besides headers, of which some say whether TLS is theirs.
_OF_SERVERS = frozenset({"HTTPS", "REQUEST_SCHEME", "SERVER_PORT", "UWSGI_SCHEME", "wsgi.url_scheme"})
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One request: the way to its client, and what the project would see of it."""

    steps: list[str]
    address: ClientAddress
    is_secure: bool
    scheme_header: str | None  # "X-Forwarded-Proto", when SECURE_PROXY_SSL_HEADER names it
    is_refused: bool  # by CLOUDFLARE_ONLY, on the paths of pages
    is_probe_answered: bool  # on the paths of the health endpoints; False only where refused there too
    removed: list[str]
    rewritten: list[str]
    notes: list[str]


def carry_out(options: Mapping[str, Any]) -> Explained:
    """Explain the request that ``options`` describe. Raises :class:`UsageError`."""
    meta = _meta(options["remote_addr"], options["header"])
    config = in_force.config()
    ranges = in_force.ranges() if config.cloudflare else None
    trust = make_trust(config, () if ranges is None else ranges.ranges.networks)
    scheme = _scheme()
    explanation = explain(meta, trust, scheme)
    address = explanation.address
    is_refused = config.cloudflare_only and not address.via_cloudflare
    request = HttpRequest()
    request.META = dict(explanation.meta)
    return Explained(
        steps=explanation.steps,
        address=address,
        is_secure=bool(request.is_secure()),
        scheme_header=None if scheme is None else header_name(scheme[0]),
        is_refused=is_refused,
        is_probe_answered=not is_refused or _is_local(meta),
        removed=explanation.removed,
        rewritten=explanation.rewritten,
        notes=[
            *_notes_on_trust(trust),
            *([ranges.trouble] if ranges is not None and ranges.trouble else []),
            *in_force.wrong_entries(),
            *_notes_on_scheme(scheme),
            *_notes_on_headers(options["header"]),
        ],
    )


def _meta(remote_addr: str, headers: Sequence[str]) -> dict[str, Any]:
    """Return what WSGI has of the request: headers of one name are one value, joined by commas."""
    is_socket = not remote_addr or remote_addr.startswith("unix:")
    if not is_socket and parse(remote_addr) is None:
        raise UsageError("--remote-addr takes one IP address, or unix: for a unix socket.")
    meta: dict[str, Any] = {"REMOTE_ADDR": "" if is_socket else remote_addr}
    for number, header in enumerate(headers, start=1):
        name, colon, value = header.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise UsageError(
                f"--header, number {number}: write it as 'NAME: VALUE', with no space in the name and no"
                " control character in the value."
            )
        key = meta_name(name)
        said = value.strip(" \t").encode("utf-8", "surrogateescape").decode("latin-1")  # PEP 3333
        meta[key] = f"{meta[key]},{said}" if key in meta else said
    return meta


def _is_local(meta: Mapping[str, Any]) -> bool:
    """Tell whether a probe of this request's peer is answered under CLOUDFLARE_ONLY."""
    peer = parse(meta["REMOTE_ADDR"])
    return peer is not None and is_private(peer) and not is_forwarded(dict(meta))


def _notes_on_trust(trust: Trust) -> Iterator[str]:
    if not find_installation().is_active:
        yield (
            "CloudflareRealIPMiddleware is not in MIDDLEWARE, and no with_client_address in asgi.py was"
            " found: none of this happens."
        )
    if not trust.is_any:
        yield (
            "The settings trust nobody: none of TRUSTED_PROXIES, CLOUDFLARE, CLOUDFLARED and"
            " TRUST_UNIX_SOCKET names anybody."
        )


def _notes_on_headers(headers: Sequence[str]) -> Iterator[str]:
    for number, header in enumerate(headers, start=1):
        if "_" in header.partition(":")[0]:
            yield (
                f"--header, number {number}: the underscore in its name is taken for a hyphen; most servers"
                " drop a header with one."
            )


def _notes_on_scheme(scheme: tuple[str, str] | None) -> Iterator[str]:
    if scheme is not None and not scheme[0].startswith("HTTP_") and scheme[0] not in _OF_SERVERS:
        yield (
            f"SECURE_PROXY_SSL_HEADER names no header as Django reads it, from META:"
            f" {meta_name(scheme[0])} is what to write. As it is, it never matches."
        )


def _scheme() -> tuple[str, str] | None:
    """Return SECURE_PROXY_SSL_HEADER; Django takes an empty one for none."""
    said: Any = settings.SECURE_PROXY_SSL_HEADER
    if not said:
        return None
    is_pair = isinstance(said, list | tuple) and len(said) == 2
    if not is_pair or not all(isinstance(each, str) for each in said):
        raise UsageError("SECURE_PROXY_SSL_HEADER must be a tuple of two strings.")
    return said[0], said[1]
