"""What happens to each request first, whatever carries it: whom it is from, and whether it may come."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from django_prodready.conf import get_config
from django_prodready.health.answer import Answer, make_answer
from django_prodready.health.routes import find
from django_prodready.middleware.client_trust import trust_of
from django_prodready.middleware.spoof_log import spoof_log
from django_prodready.realip.address import is_private, parse
from django_prodready.realip.client_address import ClientAddress
from django_prodready.realip.headers import Meta, is_forwarded
from django_prodready.realip.settle import settle
from django_prodready.realip.walk import End

__all__ = ["Arrival", "is_refused", "receive", "refusal"]

_WHY = {
    End.TAMPERED: "CF-Connecting-IP held more than one address, or none: the client is taken to be the edge.",
    End.UNPROVEN: "A request through Cloudflare did not prove that it is of our account: CLOUDFLARE_SECRETS.",
}
_CLAIMED = "A request named its client by a path that may not: its headers were removed."
_REFUSED = "A request that did not come through Cloudflare was refused (CLOUDFLARE_ONLY)."


_FORBIDDEN = make_answer(403, "text/plain; charset=utf-8", b"Forbidden\n")


# Whom a request is from, and whether it is to be answered with 403. A plain tuple is made in a tenth of a
# named one's time.
Arrival = tuple[ClientAddress, bool]


def receive(meta: Meta, method: str, path_info: str) -> Arrival:
    """Settle the client of ``meta`` in place, by the settings in force."""
    config = get_config()
    is_exempt = not config.cloudflare_only or _is_local_probe(meta, method, path_info)
    address, end = settle(meta, trust_of(config), _scheme_header())
    if address.spoofed:
        spoof_log.note(_WHY.get(end, _CLAIMED), address.peer_ip)
    is_refused = not is_exempt and not address.via_cloudflare
    if is_refused:
        spoof_log.note(_REFUSED, address.peer_ip)
    return address, is_refused


def is_refused(meta: Meta, method: str, path_info: str) -> bool:
    """Tell whether a request may not come, before its client is settled; ``meta`` stays as it is."""
    return get_config().cloudflare_only and receive(dict(meta), method, path_info)[1]


def refusal(method: str) -> Answer:
    """Return the answer to a request that is refused."""
    return _FORBIDDEN.without_body() if method == "HEAD" else _FORBIDDEN


def _scheme_header() -> tuple[str, str] | None:
    """Return the setting; None also where Django, which says so itself, finds no pair in it."""
    said: Any = settings.SECURE_PROXY_SSL_HEADER
    is_pair = isinstance(said, (tuple, list)) and len(said) == 2 and isinstance(said[0], str)
    return said if is_pair else None


def _is_local_probe(meta: Meta, method: str, path_info: str) -> bool:
    """Tell whether the platform asks a probe path, past Cloudflare: from beside us, through no proxy."""
    if method not in ("GET", "HEAD") or find(path_info) is None or is_forwarded(meta):
        return False
    peer = parse(meta.get("REMOTE_ADDR"))
    return peer is not None and is_private(peer)
