"""By which scheme the client asked: the header that ``SECURE_PROXY_SSL_HEADER`` names, made to tell it.

Django takes its leftmost value from anyone: https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from django_prodready.realip.walk import LONGEST_HEADER

__all__ = ["settle_scheme"]

_VISITOR = re.compile(r'\s*\{\s*"scheme"\s*:\s*"(https?)"\s*\}\s*')


def settle_scheme(
    meta: MutableMapping[str, Any], name: str, secure: str, *, hops: int, via_cloudflare: bool
) -> None:
    """Let ``meta[name]`` begin with what the outermost verified hop said.

    ``hops`` is how many of ours, and of Cloudflare's, the request has passed; each may have appended a value.
    What Cloudflare tells of its visitor counts more: behind "flexible" TLS, and behind a proxy that does not
    pass the scheme on, the hop behind the edge saw another one.
    """
    visitor = meta.get("HTTP_CF_VISITOR") if via_cloudflare else None
    found = _VISITOR.fullmatch(visitor) if visitor and len(visitor) <= 64 else None
    if found and found[1] == "https":
        meta[name] = secure
    elif found:
        meta.pop(name, None)
    elif "," in meta.get(name, ""):
        said = meta[name][-LONGEST_HEADER:].split(",")
        meta[name] = said[-min(hops, len(said))].strip()
