"""Django's system checks of the networks that PRODREADY trusts. Importing registers them.

Networks are named in messages; a file's path never is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name

from django_prodready.conf import Config, get_config
from django_prodready.realip.networks import Network, parse_networks
from django_prodready.realip.ranges_file import bundled, read_ranges

_WRONG, _EDGES, _FILE, _CATCH_ALL, _TWICE = (
    f"django_prodready.{code}" for code in ("E009", "E014", "E015", "W003", "W004")
)
_NETWORK_KEYS = ("TRUSTED_PROXIES", "CLOUDFLARED")
# Nobody's proxies alone fill one of these: whoever trusts it whole trusts whatever else is in it.
_PRIVATE = [
    ip_network(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8")
]


@register
def check_networks(**_: Any) -> list[CheckMessage]:
    """Report what is wrong in TRUSTED_PROXIES, CLOUDFLARED and Cloudflare's ranges."""
    config = get_config()
    proxies, _wrong = parse_networks(config.trusted_proxies)
    tunnels, _wrong = parse_networks(config.cloudflared)
    return [
        *_wrong_entries(config),
        *_ranges_file(config),
        *_edges_as_proxies(config, proxies),
        *_catch_alls(config, proxies, tunnels),
        *_both(proxies, tunnels),
    ]


def _wrong_entries(config: Config) -> Iterator[Error]:
    for key in _NETWORK_KEYS:
        for index, wrong in parse_networks(getattr(config, key.lower()))[1].items():
            yield Error(
                f"PRODREADY['{key}'][{index}] is not trusted: {wrong}.",
                f"Correct the entry of PRODREADY['{key}'], or remove it.",
                id=_WRONG,
            )


def _ranges_file(config: Config) -> Iterator[Error]:
    if not config.cloudflare or config.cloudflare_ranges_file is None:
        return
    try:
        read_ranges(config.cloudflare_ranges_file)
    except OSError as error:
        wrong = f"it cannot be read ({type(error).__name__})"
    except ValueError as error:
        wrong = str(error)
    else:
        return
    yield Error(
        f"The file of PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used, but the bundled list: {wrong}.",
        "Write it anew by `manage.py prodsettings --cloudflare-ranges --write FILE`, or remove"
        " PRODREADY['CLOUDFLARE_RANGES_FILE'].",
        id=_FILE,
    )


def _edges_as_proxies(config: Config, proxies: Sequence[Network]) -> Iterator[Error]:
    edges = _edges(config)
    shared = [
        network
        for network in proxies
        if any(edge.version == network.version and edge.overlaps(network) for edge in edges)
    ]
    if not shared:
        return
    known = "is True and knows them" if config.cloudflare else "= True knows them"
    yield Error(
        f"PRODREADY['TRUSTED_PROXIES'] holds addresses of Cloudflare ({_named(shared)}), which are no proxies"
        " of yours: every customer of Cloudflare can send from there.",
        f"Remove them from PRODREADY['TRUSTED_PROXIES']; PRODREADY['CLOUDFLARE'] {known}.",
        id=_EDGES,
    )


def _edges(config: Config) -> Sequence[Network]:
    if config.cloudflare and config.cloudflare_ranges_file is not None:
        try:
            return read_ranges(config.cloudflare_ranges_file).networks
        except (OSError, ValueError):
            pass  # E015 says so, and the bundled list is in force
    return bundled().networks


def _catch_alls(config: Config, proxies: Sequence[Network], tunnels: Sequence[Network]) -> Iterator[Warning]:
    wide = _all_of_a_private_network(tunnels)
    if wide and not config.cloudflare_secrets:
        yield Warning(
            f"PRODREADY['CLOUDFLARED'] holds all of a private network ({_named(wide)}), so whatever runs in"
            " it may name any client.",
            "Name in PRODREADY['CLOUDFLARED'] the addresses that cloudflared connects from, or the one subnet"
            " that it is in; or have the tunnel prove itself by PRODREADY['CLOUDFLARE_SECRETS'].",
            id=_CATCH_ALL,
        )
    wide = _all_of_a_private_network(proxies)
    if wide and config.cloudflare:
        yield Warning(
            f"PRODREADY['TRUSTED_PROXIES'] holds all of a private network ({_named(wide)}), so whatever runs"
            " in it may name any client, past Cloudflare.",
            "Name in PRODREADY['TRUSTED_PROXIES'] the addresses of your proxies, or the one subnet that"
            " they are in.",
            id=_CATCH_ALL,
        )


def _all_of_a_private_network(networks: Sequence[Network]) -> list[Network]:
    return [
        network
        for network in networks
        if any(block.version == network.version and block.subnet_of(network) for block in _PRIVATE)  # type: ignore[arg-type]
    ]


def _both(proxies: Sequence[Network], tunnels: Sequence[Network]) -> Iterator[Warning]:
    both = [network for network in dict.fromkeys(proxies) if network in tunnels]
    if both:
        yield Warning(
            f"PRODREADY['TRUSTED_PROXIES'] and PRODREADY['CLOUDFLARED'] both hold {_named(both)}. It is taken"
            " for a proxy, so what the tunnel says of its clients is not believed.",
            "Remove it from PRODREADY['TRUSTED_PROXIES'] if cloudflared connects from there, and else from"
            " PRODREADY['CLOUDFLARED'].",
            id=_TWICE,
        )


def listed(texts: Sequence[str], *, most: int = 3) -> str:
    """Join names as a sentence does; of more than ``most``, the others are counted."""
    if len(texts) > most:
        texts = [*texts[: most - 1], f"{len(texts) - most + 1} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _named(networks: Sequence[Network]) -> str:
    return listed(
        [
            str(network.network_address if network.prefixlen == network.max_prefixlen else network)
            for network in networks
        ]
    )
