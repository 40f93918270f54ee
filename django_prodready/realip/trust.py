"""Whom to believe: the networks, sockets and secrets of one configuration, ready to be asked."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from django_prodready.realip.networks import Network
from django_prodready.realip.roles import RoleMap

__all__ = ["Trust", "meta_name"]

_BLANKS = " \t\r\n"
LONGEST_PROOF = 8192  # characters; servers take no longer header


class Trust:
    """One configuration. With none of it, nobody is trusted."""

    __slots__ = (
        "_secrets",
        "believes_cloudflare",
        "is_any",
        "needs_proof",
        "roles",
        "secret_name",
        "unix_socket",
    )

    def __init__(
        self,
        *,
        proxies: Collection[Network] = (),
        tunnels: Collection[Network] = (),
        edges: Collection[Network] = (),
        unix_socket: bool = False,
        secrets: Collection[str] = (),
        secret_header: str = "X-Origin-Secret",  # noqa: S107 - a header's name
    ) -> None:
        self.roles = RoleMap(proxies=proxies, tunnels=tunnels, edges=edges)
        self.unix_socket = unix_socket
        self.believes_cloudflare = bool(tunnels or edges)
        self.is_any = bool(proxies or unix_socket or self.believes_cloudflare)
        self.needs_proof = bool(secrets)
        self.secret_name = meta_name(secret_header)
        # No header can begin or end with blanks; a file of a secret often ends with a line's end. An empty
        # one is a variable that was not set, and would be proved by every header that is missing.
        said = [secret.strip(_BLANKS).encode("utf-8", "surrogatepass") for secret in secrets]
        self._secrets = [secret for secret in said if secret]

    def is_proof(self, said: object) -> bool:
        """Tell whether a header's value is one of the secrets, in a time that tells nothing of them."""
        given = _bytes(said) if isinstance(said, str) and len(said) <= LONGEST_PROOF else b""
        matches = [
            hmac.compare_digest(given, secret) for secret in self._secrets
        ]  # every one, whatever matches
        return any(matches)


def _bytes(header: str) -> bytes:
    """Return what stood on the wire: PEP 3333 has headers decoded as Latin-1."""
    try:
        return header.encode("latin-1")
    except UnicodeEncodeError:
        return header.encode("utf-8", "surrogatepass")


def meta_name(header: str) -> str:
    """Return the name under which WSGI gives a header: "X-Real-IP" is "HTTP_X_REAL_IP"."""
    return "HTTP_" + header.upper().replace("-", "_")
