"""Who stands in front of the site, and may therefore say who is asking and by which scheme."""

from __future__ import annotations

import ipaddress
from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.declared import computed, fixed, option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.middleware_order import REAL_IP
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Proxy"]

Kind = Literal["none", "nginx", "traefik", "cloudflare", "cloudflare+traefik"]
_KINDS: tuple[Kind, ...] = ("none", "nginx", "traefik", "cloudflare", "cloudflare+traefik")


def _networks(text: str) -> list[str]:
    return kinds.items(text, _network)


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        network = None
    if network is None:
        raise Invalid(
            "expected addresses or networks such as 10.0.1.5 or 10.0.1.0/24, without bits beyond the mask"
        )
    if network.prefixlen == 0:
        raise Invalid("expected the addresses of your own proxies: a network of /0 is everybody")
    return text


def _scheme_header(settings: Any) -> Any:
    return None if settings.PROXY == "none" else ("HTTP_X_FORWARDED_PROTO", "https")


class Proxy(SettingsMixin):
    """Trust in one proxy or two: the scheme's header, and the client's address by CloudflareRealIPMiddleware.

    ``none``: nothing in front, no header is believed. ``nginx``, ``traefik``: one of our own, named by
    TRUSTED_PROXIES. ``cloudflare``: Cloudflare's edges connect to the site itself. ``cloudflare+traefik``:
    Cloudflare, then a proxy of our own.
    """

    PROXY: Kind = option("none", choices=_KINDS, help="What connects to the site.")
    TRUSTED_PROXIES: list[str] = env.custom(
        "TRUSTED_PROXIES",
        kind="list of networks",
        parse=_networks,
        default=[],
        setting=False,
        help="The addresses that the site sees its own proxies come from.",
        example="10.0.1.0/24",
    )
    TRUST_UNIX_SOCKET: bool = env.bool(
        "TRUST_UNIX_SOCKET", default=False, setting=False, help="The proxy connects by a unix socket."
    )
    CLOUDFLARE_SECRETS: list[str] = env.custom(
        "CLOUDFLARE_SECRETS",
        kind="list of secrets",
        parse=kinds.tokens,
        default=[],
        secret=True,
        setting=False,
        help="What a rule of our Cloudflare account puts into X-Origin-Secret: proof that it is ours.",
    )

    SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = computed(_scheme_header)
    # Any client may send it, and few proxies remove it.
    USE_X_FORWARDED_HOST: bool = fixed(False)
    USE_X_FORWARDED_PORT: bool = fixed(False)

    def transform(self, draft: Draft) -> None:
        """Put the middleware in and name whom it trusts. Needs TRUSTED_PROXIES for a proxy of our own."""
        if self.PROXY == "none":
            return
        draft.place_middleware(REAL_IP, same=self.SAME_MIDDLEWARE)
        own = self.PROXY != "cloudflare"
        found = draft.mapping("PRODREADY").get("TRUSTED_PROXIES") or self.TRUSTED_PROXIES
        if own and not found and not self.TRUST_UNIX_SOCKET and not draft.is_build:
            raise draft.missing(
                "TRUSTED_PROXIES", setting="PRODREADY", example="10.0.1.0/24, or TRUST_UNIX_SOCKET=true"
            )
        trust: dict[str, Any] = {"CLOUDFLARE": "cloudflare" in self.PROXY}
        if self.TRUSTED_PROXIES:
            trust["TRUSTED_PROXIES"] = self.TRUSTED_PROXIES
        if self.TRUST_UNIX_SOCKET:
            trust["TRUST_UNIX_SOCKET"] = True
        if self.CLOUDFLARE_SECRETS:
            trust["CLOUDFLARE_SECRETS"] = self.CLOUDFLARE_SECRETS
        draft.change("PRODREADY", trust)
        draft.default_in("PRODREADY", {"FACTS": {"tls": "proxy"}})
