"""Whom the settings in force trust: made once, and anew when the settings or the file of ranges change.

The file is looked at by a thread of its own, never on a request's time: a disk that hangs must hang nobody.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from django_prodready.conf import Config, get_config
from django_prodready.realip.networks import Network, parse_networks
from django_prodready.realip.ranges_file import bundled, compare, read_ranges
from django_prodready.realip.trust import Trust

__all__ = ["current_trust", "trust_of"]

logger = logging.getLogger("django_prodready.client")

LOOK_EVERY_S = 60.0  # how often a file of ranges is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The trust of one configuration, and the ranges that it was made with."""

    config: Config
    trust: Trust
    edges: Collection[Network]
    stamp: object = None  # what the file of ranges looked like last; None: nobody has looked
    is_read: bool = False  # the ranges are those of the file, and not the bundled ones


_known: _Known | None = None
_inherited: _Known | None = None  # what was known where this process was forked
_lock = threading.Lock()


def current_trust() -> Trust:
    """Return the trust of the settings in force. Of what is wrong in them, nothing is trusted."""
    return trust_of(get_config())


def trust_of(config: Config) -> Trust:
    """Return the trust of the settings in force, where they are at hand."""
    known = _known
    if known is None or known.config is not config:
        known = _learn(config)
    return known.trust


def make_trust(config: Config, edges: Collection[Network]) -> Trust:
    """Return the trust of ``config``, without the entries that cannot be meant."""
    proxies, _ = parse_networks(config.trusted_proxies)
    tunnels, _ = parse_networks(config.cloudflared)
    return Trust(
        proxies=proxies,
        tunnels=tunnels,
        edges=edges,
        unix_socket=config.trust_unix_socket,
        secrets=config.cloudflare_secrets,
        secret_header=config.cloudflare_secret_header,
    )


def _learn(config: Config) -> _Known:
    global _known  # noqa: PLW0603 - one trust of a process is in force
    with _lock:
        known = _known
        if known is not None and known.config is config:
            return known  # another thread was faster
        known = _inherited
        if known is None or known.config is not config:
            known = _first_look(config)
        _known = known
    file = _file(config)
    if file is not None:
        _watch(config, file)
    return known


def _first_look(config: Config) -> _Known:
    for key, texts in (("TRUSTED_PROXIES", config.trusted_proxies), ("CLOUDFLARED", config.cloudflared)):
        for index, wrong in parse_networks(texts)[1].items():
            logger.warning("PRODREADY['%s'][%d] is not trusted: %s.", key, index, wrong)
    if "" in config.cloudflare_secrets:
        logger.warning("PRODREADY['CLOUDFLARE_SECRETS'] holds what is no secret: nobody can prove it.")
    edges: Collection[Network] = bundled().networks if config.cloudflare else ()
    known = _Known(config=config, trust=make_trust(config, edges), edges=edges)
    file = _file(config)
    return known if file is None else _look(known, file)


def _file(config: Config) -> Path | None:
    return config.cloudflare_ranges_file if config.cloudflare else None


def _look(known: _Known, file: Path) -> _Known:
    """Return what is known with the file's ranges, if it has changed and is right; say once if it is not."""
    stamp: object = ValueError  # as of a path that holds what no path may hold
    try:
        stamp = _stamp(file)
        if stamp == known.stamp:
            return known
        ranges = read_ranges(file)
    except OSError as error:
        # Its type stands for the file's stamp: what cannot be read now may be readable next time.
        return _not_used(known, type(error), type(error).__name__)
    except ValueError as error:
        return _not_used(known, stamp, str(error))
    if known.stamp is not None:
        difference = compare(known.edges, ranges.networks)
        logger.info(
            "Cloudflare's ranges were read anew: %d added, %d removed.",
            len(difference.added),
            len(difference.removed),
        )
    config = known.config
    trust = make_trust(config, ranges.networks)
    return _Known(config=config, trust=trust, edges=ranges.networks, stamp=stamp, is_read=True)


def _not_used(known: _Known, stamp: object, reason: str) -> _Known:
    if stamp != known.stamp:
        logger.warning(
            "PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used: %s. %s stays in force.",
            reason,
            "The list read before" if known.is_read else "The bundled list",
        )
    return replace(known, stamp=stamp)


def _stamp(file: Path) -> object:
    found = file.stat()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _watch(config: Config, file: Path) -> None:
    """Look at the file again and again, for as long as these settings are in force."""
    thread = threading.Thread(target=_look_on, args=(config, file), name="prodready-ranges", daemon=True)
    with contextlib.suppress(RuntimeError):  # no thread is left, or the interpreter is ending
        thread.start()


def _look_on(config: Config, file: Path) -> None:
    global _known  # noqa: PLW0603 - one trust of a process is in force
    while True:
        time.sleep(LOOK_EVERY_S)
        known = _known
        if known is None or known.config is not config or get_config() is not config:
            return
        looked = _look(known, file)
        with _lock:
            if _known is known:
                _known = looked


def _begin_anew() -> None:
    """Keep what is known in a child, where no thread looks at the file, and the lock may be held for ever."""
    global _known, _inherited, _lock  # noqa: PLW0603 - see there
    if _known is not None:
        _inherited = _known
    _known, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_begin_anew)
