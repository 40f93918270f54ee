"""What the settings say of whom to believe, read once and without a thread that goes on reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from django_prodready.conf import Config, get_config
from django_prodready.realip.networks import parse_networks
from django_prodready.realip.ranges_file import Ranges, bundled, read_ranges

FILE_KEY = "PRODREADY['CLOUDFLARE_RANGES_FILE']"


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list of ranges, and what to call it."""

    ranges: Ranges
    name: str
    trouble: str | None = None  # why another one, that the settings name, is not used


def config() -> Config:
    """Return the configuration in force: the default one where no settings are."""
    return get_config() if settings.configured else Config()


def ranges() -> List:
    """Return the list that the middleware believes, or would if CLOUDFLARE were on."""
    file = config().cloudflare_ranges_file
    if file is None:
        return List(ranges=bundled(), name="the bundled list")
    try:
        return List(ranges=read_ranges(file), name=FILE_KEY)
    except (OSError, ValueError) as error:
        return List(
            ranges=bundled(),
            name="the bundled list",
            trouble=f"{FILE_KEY} is not used: {reason(error)}. The bundled list is in force.",
        )


def is_configured_file(path: Path) -> bool:
    """Whether CLOUDFLARE_RANGES_FILE is ``path``."""
    file = config().cloudflare_ranges_file
    return file is not None and file.resolve() == path.resolve()


def wrong_entries() -> Iterator[str]:
    """Say which entries of the lists of networks are not trusted, and why."""
    in_force = config()
    for key, texts in (("TRUSTED_PROXIES", in_force.trusted_proxies), ("CLOUDFLARED", in_force.cloudflared)):
        for index, wrong in parse_networks(texts)[1].items():
            yield f"PRODREADY['{key}'][{index}] is not trusted: {wrong}."


def reason(error: OSError | ValueError) -> str:
    """Say why a list cannot be read: what the judging of it said, or the system."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
