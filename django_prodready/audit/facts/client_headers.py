"""What becomes of the headers that a client makes up: measured in process, and read from proxies' files.

Only requests tell what the project's own middleware does. Only files tell what a proxy does, and where
nothing is known of one, it may well pass on whatever a client sends: nginx, Cloudflare and Heroku do.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.handlers.base import BaseHandler
from django.urls import ResolverMatch
from django.views.defaults import page_not_found

from django_prodready.audit.facts.guards import replaced
from django_prodready.audit.facts.proxy import declared_platform, is_elsewhere, tls_proxy, without_comments
from django_prodready.audit.facts.server import deployment_texts
from django_prodready.conf import get_config
from django_prodready.middleware.installation import find_installation
from django_prodready.realip.networks import parse_networks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.proxy import Evidence

__all__ = [
    "STRANGER",
    "Seen",
    "names_own_proxies",
    "overwriting_proxy",
    "proxy_of_everybody",
    "seen_by_views",
    "trusts_anybody",
]

STRANGER = "203.0.113.77"  # of a block that nobody has: no setting can rightly name it as a proxy

_INSIDE = "10.42.0.1"  # as a proxy beside the application has it
_GUNICORN = re.compile(r"\bgunicorn\b")
_OTHER_SERVER = re.compile(
    r"uvicorn|hypercorn|daphne|granian|waitress|mod_wsgi|uwsgi|(?<![A-Za-z])asgi|proxy[-_]protocol|unitd",
    re.IGNORECASE,
)
_SETS_ADDRESS = re.compile(
    r"""["']REMOTE_ADDR["']\][ \t]*=(?!=)|\bProxyFix\b|\bproxy_protocol\b|\bwith_client_address\b"""
)

# They put Traefik in front of each application, and it believes nobody by default.
_TRAEFIK_PLATFORMS = frozenset({"coolify", "dokploy"})
_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_TRAEFIK = (*_COMPOSE, "*traefik*", "**/traefik/**")
_CADDY = ("Caddyfile*", "*.caddy", "*.Caddyfile")
_YAML = ("*.yml", "*.yaml")
_CONF = ("*nginx*", "**/nginx/**", "*.conf", "*.conf.template", "*.cfg", "*.j2")
_ROUTED = r"traefik\.http\.routers\."
_INGRESS = (
    r"^kind:[ \t]*Ingress\b[\s\S]*(?:nginx\.ingress\.kubernetes\.io/|ingressClassName:[ \t]*[\"']?nginx\b)"
)
_BELIEVES = r"forwardedHeaders[\s\S]{0,40}?(?:insecure|trustedIPs)"
_TAKES_OVER = r"use-forwarded-headers[\"']?:[ \t]*[\"']?true"
# nginx, Apache, HAProxy. A value made of what came in is no value of the proxy's own.
_SETS = (
    r"^[ \t]*(?:proxy_set_header|RequestHeader[ \t]+set|http-request[ \t]+set-header)[ \t]+"
    r"[\"']?{name}[\"' \t](?![^\n]*(?:\$http_x_forwarded|\$proxy_(?:add_|x_forwarded)|x-forwarded))"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the views would see of one request, whatever the URLconf holds."""

    address: str | None  # REMOTE_ADDR
    forwarded_for: str  # X-Forwarded-For; empty when there is none
    host: str | None  # None when ALLOWED_HOSTS refuses it


def seen_by_views(facts: Facts, headers: Mapping[str, str], *, peer: str = STRANGER) -> Seen | None:
    """Send one request by https through the middleware; None when some middleware answers it.

    Raises :class:`~django_prodready.audit.model.NotRun` when the middleware cannot be built.
    """
    path = f"/{secrets.token_hex(8)}/"
    found: list[Seen] = []
    original = BaseHandler.resolve_request

    def resolve(handler: BaseHandler, request: HttpRequest) -> Any:
        if request.path_info != path:  # another check's request, in another thread
            return original(handler, request)
        found.append(_seen(request))
        return ResolverMatch(page_not_found, (), {})  # any view: a marker takes its place

    with replaced(BaseHandler, "resolve_request", resolve):
        facts.requests.send(path, secure=True, headers=headers, peer=peer)
    return found[0] if found else None


def names_own_proxies() -> bool:
    """Whether ``settings.PRODREADY`` names a proxy of the project's own that may be believed."""
    config = get_config()
    return config.trust_unix_socket or bool(parse_networks(config.trusted_proxies)[0])


def overwriting_proxy(facts: Facts, header: str) -> str | None:
    """Name the proxy that sets ``header`` itself, whatever a client sends; None when none is seen to.

    ``header`` is "X-Forwarded-For" or "X-Forwarded-Host".

    Traefik: https://doc.traefik.io/traefik/reference/install-configuration/entrypoints/#forwarded-headers
    Caddy: https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#defaults
    ingress-nginx: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#use-forwarded-headers
    """
    if _is_routed_by_traefik(facts) and not _first(facts, _TRAEFIK, _BELIEVES):
        return "Traefik"
    if _first(facts, _CADDY, r"^[ \t]*reverse_proxy\b") and not _first(facts, _CADDY, r"\btrusted_proxies\b"):
        return "Caddy"
    if _first(facts, _YAML, _INGRESS) and not _first(facts, _YAML, _TAKES_OVER):
        return "ingress-nginx"
    return _first(facts, _CONF, _SETS.format(name=re.escape(header)))


def proxy_of_everybody(facts: Facts) -> Evidence | None:
    """Return the proxy whose address is REMOTE_ADDR for every client; None when that is not certain.

    gunicorn's own workers leave REMOTE_ADDR as the peer's. Other servers may set it from a header.
    """
    proxy = tls_proxy(facts)
    if find_installation().is_active and trusts_anybody():
        return None
    if proxy is None or not _is_served_by_plain_gunicorn(facts) or _sets_address(facts):
        return None
    # What proxies name the client by. Our middleware believes none of it from a proxy that nobody named.
    names = ("CF-Connecting-IP", "X-Client-IP", "X-Forwarded-For", "X-Real-IP")
    seen = seen_by_views(facts, dict.fromkeys(names, "198.51.100.9"), peer=_INSIDE)
    return proxy if seen is not None and seen.address == _INSIDE else None


def trusts_anybody() -> bool:
    """Whether ``settings.PRODREADY`` names somebody who is believed on who the client is."""
    config = get_config()
    return names_own_proxies() or config.cloudflare or bool(config.cloudflared)


def _is_served_by_plain_gunicorn(facts: Facts) -> bool:
    texts = [text for _, text in deployment_texts(facts)]
    return any(_GUNICORN.search(text) for text in texts) and not any(
        _OTHER_SERVER.search(text) for text in texts
    )


def _sets_address(facts: Facts) -> bool:
    texts = (without_comments(facts.files.read(path) or "") for path in facts.files.served)
    return any(_SETS_ADDRESS.search(text) for text in texts)


def _is_routed_by_traefik(facts: Facts) -> bool:
    return declared_platform(facts) in _TRAEFIK_PLATFORMS or _first(facts, _COMPOSE, _ROUTED) is not None


def _first(facts: Facts, globs: tuple[str, ...], pattern: str) -> str | None:
    """Return the first file of production's whose text, comments aside, holds ``pattern``."""
    search = re.compile(pattern, re.MULTILINE | re.IGNORECASE).search
    return next(
        (
            path
            for path in facts.files.matching(*globs)
            if not is_elsewhere(path) and search(without_comments(facts.files.read(path) or ""))
        ),
        None,
    )


def _seen(request: HttpRequest) -> Seen:
    host = None
    with contextlib.suppress(Exception):  # of Django's, or of another class that a project put there
        host = request.get_host()
    return Seen(
        address=request.META.get("REMOTE_ADDR"),
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        host=host,
    )
