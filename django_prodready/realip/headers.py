"""Which headers of a request are kept. What an unverified path says of address, scheme or host is removed, so
that nothing behind can be fooled by it: no throttle's key, not ``is_secure()``, not ``get_host()``.

Headers are those of WSGI's environment, edited in place: Django's ``META`` is the same dict.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django_prodready.realip.address import is_pseudo, parse, spell

__all__ = [
    "Meta",
    "is_forwarded",
    "remove_cloudflare",
    "remove_forwarded",
    "rewrite_claims",
    "rewrite_identity",
]

Meta = MutableMapping[str, Any]

# Cloudflare's word on who is asking:
# https://developers.cloudflare.com/fundamentals/reference/http-headers/
IDENTITY = ("HTTP_CF_CONNECTING_IP", "HTTP_CF_CONNECTING_IPV6", "HTTP_CF_PSEUDO_IPV4", "HTTP_TRUE_CLIENT_IP")
# One address each, by other CDNs and proxies; libraries that guess at the client read them all.
_OTHER_CLAIMS = (
    "HTTP_CLIENT_IP",
    "HTTP_DO_CONNECTING_IP",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_FLY_CLIENT_IP",
    "HTTP_FORWARDED_FOR",
    "HTTP_X_APPENGINE_USER_IP",
    "HTTP_X_AZURE_CLIENTIP",
    "HTTP_X_AZURE_SOCKETIP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ENVOY_EXTERNAL_ADDRESS",
    "HTTP_X_FORWARDED",
    "HTTP_X_ORIGINAL_FORWARDED_FOR",
    "HTTP_X_REAL_IP",
)
_REMOVED = frozenset({"HTTP_FORWARDED", *_OTHER_CLAIMS})
_REWRITTEN = frozenset({"HTTP_TRUE_CLIENT_IP", *_OTHER_CLAIMS})
_FROM_CLOUDFLARE = "HTTP_CF_"
_FROM_PROXIES = "HTTP_X_FORWARDED_"


def is_forwarded(meta: Meta) -> bool:
    """Tell whether anybody claims to have passed this request on."""
    named = _REMOVED | _REWRITTEN | {"HTTP_VIA"}
    return any(name in named or name.startswith((_FROM_CLOUDFLARE, _FROM_PROXIES)) for name in meta)


def remove_cloudflare(meta: Meta, client: bytes | None) -> bool:
    """Remove whatever only Cloudflare may say; tell whether any of it named somebody else than ``client``.

    Where a proxy of ours has verified Cloudflare itself, both name the same one.
    """
    names = "\n".join(meta)  # one text is searched faster than forty keys are compared
    if _FROM_CLOUDFLARE not in names and "HTTP_TRUE_CLIENT_IP" not in meta:
        return False
    is_claim = any(name in meta and (client is None or parse(meta[name]) != client) for name in IDENTITY)
    meta.pop("HTTP_TRUE_CLIENT_IP", None)
    _remove_prefixed(meta, _FROM_CLOUDFLARE)
    return is_claim


def rewrite_identity(meta: Meta, client: str | None) -> None:
    """Let Cloudflare's word be on ``client`` alone, in one spelling; None: it named nobody."""
    if client is None:
        for name in IDENTITY:
            meta.pop(name, None)
        return
    is_v6 = ":" in client
    meta["HTTP_CF_CONNECTING_IP"] = client
    if "HTTP_CF_CONNECTING_IPV6" in meta:
        if is_v6:
            meta["HTTP_CF_CONNECTING_IPV6"] = client
        else:
            del meta["HTTP_CF_CONNECTING_IPV6"]
    if "HTTP_CF_PSEUDO_IPV4" in meta:
        pseudo = parse(meta["HTTP_CF_PSEUDO_IPV4"])
        if is_v6 and pseudo is not None and is_pseudo(pseudo):
            meta["HTTP_CF_PSEUDO_IPV4"] = spell(pseudo)
        else:
            del meta["HTTP_CF_PSEUDO_IPV4"]


def remove_forwarded(meta: Meta, scheme_header: str | None) -> bool:
    """Remove whatever only a proxy may say of address, scheme, host; tell whether any was an address."""
    is_claim = "HTTP_X_FORWARDED_FOR" in meta
    if not meta.keys().isdisjoint(_REMOVED):
        is_claim = True
        for name in _REMOVED:
            meta.pop(name, None)
    if _FROM_PROXIES in "\n".join(meta):
        _remove_prefixed(meta, _FROM_PROXIES)
    if scheme_header is not None:
        meta.pop(scheme_header, None)
    return is_claim


def rewrite_claims(meta: Meta, client: str | None) -> None:
    """Let every header that names an address name ``client``, or with None be gone, behind a trusted peer."""
    meta.pop("HTTP_FORWARDED", None)
    if client is None:
        for name in ("HTTP_X_FORWARDED_FOR", *_REWRITTEN):
            meta.pop(name, None)
        return
    meta["HTTP_X_FORWARDED_FOR"] = client
    if not meta.keys().isdisjoint(_REWRITTEN):
        for name in _REWRITTEN & meta.keys():
            meta[name] = client


def _remove_prefixed(meta: Meta, prefix: str) -> None:
    for name in [name for name in meta if name.startswith(prefix)]:
        del meta[name]
