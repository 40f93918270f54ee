"""What ``settings.PRODREADY`` says of proxies by naming whom to believe: they stand in front of Django.

Whether the server takes their word on the scheme is decided by its own defaults, which differ:
gunicorn believes peers at a loopback address and on a unix socket, uvicorn those at a loopback address, the
others nobody.

gunicorn: https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
uvicorn: https://uvicorn.dev/deployment/proxies/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import Evidence, is_elsewhere, without_comments
from django_prodready.audit.facts.server_commands import served_texts, server_names, server_texts, unix_socket
from django_prodready.conf import get_config
from django_prodready.realip.networks import parse_networks

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["declared_proxy", "is_deaf", "local_proxy"]

_LOOPBACK = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_DEAF_UVICORN = re.compile(r"""--no-proxy-headers\b|\bproxy_headers["']?\s*[:=]\s*False""")
_DEAF_GUNICORN = re.compile(r"\bsecure_scheme_headers\s*=\s*\{\s*\}")
# Options of gunicorn, hypercorn, uvicorn, granian; daphne's endpoint; Apache, which runs Django itself.
_SPEAKS_TLS = re.compile(
    r"""--(?:certfile|keyfile|ssl-certfile|ssl-keyfile|ssl-certificate)\b"""
    r"""|\b(?:UVICORN_SSL_CERTFILE|GRANIAN_SSL_CERTIFICATE)\b|["'\s]ssl:\d+:|\bWSGIScriptAlias\b""",
)
_CERTIFICATE = re.compile(r"""\b(?:ssl_)?certfile["']?[ \t]*[=:][ \t]*(?!None\b)\S""")
_RUNS_SERVER = re.compile(r"\b(?:uvicorn|hypercorn|granian)\b|^[ \t]*bind[ \t]*=", re.MULTILINE)
_MORE_FILES = ("hypercorn*.toml", ".env*", "*.env")


def declared_proxy(facts: Facts) -> Evidence | None:
    """Return what PRODREADY names as standing in front; None when nothing, or when the server speaks TLS.

    ``FACTS["tls"]`` outranks it.
    """
    if "tls" in facts.declared or _speaks_tls(facts):
        return None
    return _named()


def local_proxy(facts: Facts) -> str | None:
    """Say that the server believes a proxy on its own machine by its default; None when it may not.

    Where no file names the server, one that believes it is taken to be there.
    """
    config = get_config()
    names = server_names(facts)
    if config.trust_unix_socket and (not names or "gunicorn" in names):
        return "the server, which believes its unix socket"
    networks, _ = parse_networks((*config.trusted_proxies, *config.cloudflared))
    is_local = any(address in network for network in networks for address in _LOOPBACK)
    if is_local and (not names or not names.isdisjoint(("gunicorn", "uvicorn"))):
        return "the server, which believes a proxy on its own machine"
    return None


def is_deaf(facts: Facts) -> bool:
    """Whether the server is told to believe not even a proxy on its own machine, or never does."""
    names = server_names(facts)
    if names and "gunicorn" not in names and unix_socket(facts) is not None:
        return True
    deaf = _DEAF_GUNICORN if "gunicorn" in names else _DEAF_UVICORN
    texts = [text for _, text in (*server_texts(facts), *_served(facts))]
    return any(map(deaf.search, texts)) or (not names and any(map(_DEAF_GUNICORN.search, texts)))


def _named() -> Evidence | None:
    config = get_config()
    if config.cloudflare:
        return Evidence("Cloudflare", "declared", key="CLOUDFLARE")
    if parse_networks(config.cloudflared)[0]:
        return Evidence("Cloudflare's tunnel", "declared", key="CLOUDFLARED")
    if parse_networks(config.trusted_proxies)[0]:
        return Evidence("a proxy", "declared", key="TRUSTED_PROXIES", is_certain=False)
    if config.trust_unix_socket:
        return Evidence("a proxy", "declared", key="TRUST_UNIX_SOCKET", is_certain=False)
    return None


def _speaks_tls(facts: Facts) -> bool:
    more = [
        (path, without_comments(facts.files.read(path) or ""))
        for path in facts.files.matching(*_MORE_FILES)
        if not is_elsewhere(path)
    ]
    texts = [*server_texts(facts), *more]
    # Elsewhere a file of that name may be a client's, such as the one for Redis.
    configs = [text for path, text in texts if path.endswith((".py", ".toml"))]
    configs += [text for _, text in _served(facts) if _RUNS_SERVER.search(text)]
    return any(_SPEAKS_TLS.search(text) for _, text in texts) or any(map(_CERTIFICATE.search, configs))


def _served(facts: Facts) -> Iterator[tuple[str, str]]:
    return ((path, without_comments(text)) for path, text in served_texts(facts))
