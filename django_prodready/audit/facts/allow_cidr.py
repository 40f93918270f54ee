"""django-allow-cidr: middleware that lets networks pass besides ALLOWED_HOSTS, which it replaces by ``*``.

https://github.com/mozmeao/django-allow-cidr
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["allowed_networks", "has_replaced_hosts"]

_MODULE = "allow_cidr.middleware"


def allowed_networks(facts: Facts) -> tuple[str, ...]:
    """Return the networks whose addresses are accepted as Host; empty without the middleware."""
    networks = getattr(facts.settings, "ALLOWED_CIDR_NETS", None) or ()
    if facts.middleware.find(f"{_MODULE}.AllowCIDRMiddleware") is None:
        return ()
    return tuple(str(network) for network in networks)


def has_replaced_hosts(facts: Facts) -> bool:
    """Whether the middleware was built in this process, keeps the project's hosts, and validates by them.

    It does neither when the project's own ALLOWED_HOSTS is ``["*"]``.
    """
    kept = getattr(sys.modules.get(_MODULE), "ORIG_ALLOWED_HOSTS", ())
    return bool(allowed_networks(facts)) and bool(kept) and "*" not in kept
