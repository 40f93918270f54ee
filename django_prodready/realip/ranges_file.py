"""A list of Cloudflare's ranges as a file: read, judged and written.

Whoever is on this list is believed, so a list that is cut off, emptied or far too wide is refused whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from pathlib import Path

from django_prodready.realip.cloudflare_ranges import BUNDLED, BUNDLED_ON
from django_prodready.realip.networks import Network, parse_network

__all__ = [
    "LARGEST_FILE",
    "Difference",
    "Ranges",
    "bundled",
    "compare",
    "parse_ranges",
    "read_ranges",
    "spell_ranges",
]

LARGEST_FILE = 65536  # bytes; the published list has about 400
FEWEST_V4 = 10
FEWEST_V6 = 4
SHORTEST_V4 = 12
SHORTEST_V6 = 29
MOST_CHANGED = 0.5  # of the networks of both lists together
_AS_OF = re.compile(r"as of (\d{4}-\d\d-\d\d)\b")
_COUNT = re.compile(r"# Cloudflare's ranges\b.*: (\d{1,5}) networks\s*$", re.MULTILINE)
# Addresses that no CDN can have: https://www.iana.org/assignments/iana-ipv4-special-registry/
_SPECIAL = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
]
_GLOBAL_UNICAST = ip_network("2000::/3")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Cloudflare's networks, sorted, and when they were last seen to be the published ones."""

    networks: tuple[Network, ...]
    as_of: date | None  # None: the list does not say


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list has more and less than the one before."""

    added: tuple[Network, ...]
    removed: tuple[Network, ...]
    share: float  # of the networks of both lists together: 0 none, 1 all of them

    @property
    def is_large(self) -> bool:
        """Whether it is more than Cloudflare ever changed at once, so that a person should look."""
        return self.share > MOST_CHANGED


def bundled() -> Ranges:
    """Return the list that comes with this package."""
    return Ranges(_sorted(map(parse_network, BUNDLED)), BUNDLED_ON)


def read_ranges(file: Path) -> Ranges:
    """Read and judge a file. Raises :class:`OSError` or :class:`ValueError`, whose text names the line."""
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_FILE + 1)
    return parse_ranges(raw)


def parse_ranges(raw: bytes) -> Ranges:
    """Parse a list: one network in a line, ``#`` begins a comment; or the JSON of Cloudflare's API.

    Raises :class:`ValueError` when it cannot be Cloudflare's list.
    """
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    as_of = None
    if text.lstrip().startswith("{"):
        entries = _entries_of_json(text)
    else:
        entries = _entries_of_lines(text)
        as_of = _as_of(text)
    networks = _sorted(_parse(place, entry) for place, entry in entries)
    _judge(networks, _COUNT.search(text))
    return Ranges(networks, as_of)


def spell_ranges(ranges: Ranges) -> str:
    """Return the text of a file that :func:`read_ranges` reads as ``ranges``."""
    heading = "# Cloudflare's ranges"
    if ranges.as_of is not None:
        heading += f" as of {ranges.as_of.isoformat()}"
    heading += f": {len(ranges.networks)} networks"  # whoever reads it sees whether it is whole
    return "\n".join([heading, *map(str, ranges.networks), ""])


def compare(before: Collection[Network], after: Collection[Network]) -> Difference:
    """Return what changes when ``after`` takes the place of ``before``."""
    added, removed = set(after) - set(before), set(before) - set(after)
    together = len(set(after) | set(before))
    share = (len(added) + len(removed)) / together if together else 0.0
    return Difference(_sorted(added), _sorted(removed), share)


def _entries_of_lines(text: str) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            yield f"line {number}", entry


def _entries_of_json(text: str) -> Iterable[tuple[str, str]]:
    try:
        result = json.loads(text)["result"]
        entries = [*result["ipv4_cidrs"], *result["ipv6_cidrs"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(
            "it is JSON, but not Cloudflare's: result.ipv4_cidrs and result.ipv6_cidrs"
        ) from None
    return [(f"entry {number}", str(entry)) for number, entry in enumerate(entries, start=1)]


def _as_of(text: str) -> date | None:
    found = _AS_OF.search(text)
    if not found:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None


def _parse(place: str, entry: str) -> Network:
    try:
        network = parse_network(entry)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    if "/" not in entry:
        raise ValueError(f"{place}: it is an address without the length of its network: it is cut off")
    shortest = SHORTEST_V4 if network.version == 4 else SHORTEST_V6
    if network.prefixlen < shortest:
        raise ValueError(f"{place}: {network} is larger than any network of Cloudflare's, /{shortest}")
    if _is_special(network):
        raise ValueError(f"{place}: {network} holds addresses that no CDN can have")
    return network


def _is_special(network: Network) -> bool:
    if network.version == 6 and not network.subnet_of(_GLOBAL_UNICAST):  # type: ignore[arg-type]
        return True
    return any(network.overlaps(special) for special in _SPECIAL if special.version == network.version)


def _judge(networks: Collection[Network], said: re.Match[str] | None) -> None:
    if said is not None and int(said[1]) != len(networks):
        raise ValueError(f"it has {len(networks)} networks, and says that it has {said[1]}: it is cut off")
    for version, fewest in ((4, FEWEST_V4), (6, FEWEST_V6)):
        count = sum(network.version == version for network in networks)
        if count < fewest:
            raise ValueError(
                f"it has {count} IPv{version} networks, and Cloudflare has at least {fewest}:"
                " it is cut off, or another list"
            )


def _sorted(networks: Iterable[Network]) -> tuple[Network, ...]:
    return tuple(sorted(set(networks), key=lambda network: (network.version, network)))
