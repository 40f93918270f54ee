"""By which scheme the client asked: the header that ``SECURE_PROXY_SSL_HEADER`` names, made to tell it.

Django takes its leftmost value from anyone: https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from django_prodready.realip.walk import LONGEST_HEADER, Resolution

__all__ = ["header_of", "settle_scheme"]

_VISITOR_HEADER = "HTTP_CF_VISITOR"
_USUAL = {
    '{"scheme":"https"}': "https",
    '{"scheme":"http"}': "http",
}  # as Cloudflare spells it
_VISITOR = re.compile(r'\s*\{\s*"scheme"\s*:\s*"(https?)"\s*\}\s*')
LONGEST_VISITOR = 64  # characters; Cloudflare sends 18


def header_of(setting: Sequence[str] | None) -> str | None:
    """Return the name of the header that the setting reads; None when it reads none that a request can lack.

    What has no ``HTTP_`` is the server's to say, but for two headers that CGI names otherwise. Without Host
    there would be no request left.
    """
    name = setting[0] if setting else ""
    if name.startswith("HTTP_"):
        return name if name != "HTTP_HOST" else None
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else None


def settle_scheme(meta: MutableMapping[str, Any], name: str, secure: str, found: Resolution) -> None:
    """Let ``meta[name]`` begin with what the outermost verified hop said.

    Each hop that ``found`` has verified may have appended a value. What Cloudflare tells of its visitor
    counts more: behind "flexible" TLS, and behind a proxy that does not pass the scheme on, the hop behind
    the edge saw another one.
    """
    visitor = _visitor(meta.get(_VISITOR_HEADER)) if found.via_cloudflare else None
    if visitor == "https":
        meta[name] = secure
    elif visitor == "http" and name != _VISITOR_HEADER:
        # Without the header Django would take the word of the server, which saw the last hop only.
        meta[name] = "http" if secure != "http" else ""
    elif name in meta:
        _keep_one(meta, name, found)


def _visitor(said: Any) -> str | None:
    if not isinstance(said, str) or len(said) > LONGEST_VISITOR:
        return None
    if said in _USUAL:
        return _USUAL[said]
    found = _VISITOR.fullmatch(said)
    return found[1] if found else None


def _keep_one(meta: MutableMapping[str, Any], name: str, found: Resolution) -> None:
    """Of several values keep the one that the outermost verified hop wrote; keep none that is no proxy's."""
    said = meta[name]
    if not isinstance(said, str) or len(said) > LONGEST_HEADER:
        del meta[name]
    elif "," in said:
        hops = found.verified_hops
        values = said.rsplit(",", hops)
        meta[name] = values[-min(hops, len(values))].strip()
