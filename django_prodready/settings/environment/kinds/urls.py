"""URLs of pages and services, kept as text."""

from __future__ import annotations

from collections.abc import Sequence

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.locator import host_of, port_of, split_url

__all__ = ["url"]


def url(text: str, *, schemes: Sequence[str] = ("https", "http")) -> str:
    """Return an absolute URL as it is: one of ``schemes``, a host, and a port from 1 to 65535 if any."""
    parts = split_url(text, schemes, is_page=True)
    host = host_of(parts)
    port_of(parts)
    if not host:
        raise Invalid("expected a URL with a host")
    return text
