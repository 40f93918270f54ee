"""Whom the settings in force trust: made once, and anew when the settings or the file of ranges change.

The file is looked at by a thread of its own, never on a request's time: a disk that hangs must hang nobody.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django_prodready.conf import Config, get_config
from django_prodready.realip.networks import Network, parse_networks
from django_prodready.realip.ranges_file import bundled, compare, read_ranges
from django_prodready.realip.trust import Trust

__all__ = ["current_trust"]

logger = logging.getLogger("django_prodready.client")

LOOK_EVERY_S = 60.0  # how often a file of ranges is looked at


@dataclass(frozen=True, slots=True)
class _Known:
    """The trust of one configuration, and the ranges that it was made with."""

    config: Config
    trust: Trust
    edges: Collection[Network]


_known: _Known | None = None
_lock = threading.Lock()
_stopped = threading.Event()  # never set: what the thread waits for


def current_trust() -> Trust:
    """Return the trust of the settings in force. Of what is wrong in them, nothing is trusted."""
    config = get_config()
    known = _known
    if known is None or known.config is not config:
        known = _know(config)
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


def _know(config: Config) -> _Known:
    global _known  # noqa: PLW0603 - one trust of a process is in force
    with _lock:
        if _known is not None and _known.config is config:
            return _known
        _warn_of_wrong_entries(config)
        edges: Collection[Network] = bundled().networks if config.cloudflare else ()
        file = config.cloudflare_ranges_file if config.cloudflare else None
        watcher = None if file is None else _Watcher(config, file)
        if watcher is not None:
            edges = watcher.look() or edges
        _known = _Known(config, make_trust(config, edges), edges)
    if watcher is not None:
        watcher.start()
    return _known


def _take(config: Config, edges: Collection[Network]) -> None:
    """Let new ranges be in force, unless the settings have changed meanwhile."""
    global _known  # noqa: PLW0603 - one trust of a process is in force
    trust = make_trust(config, edges)
    with _lock:
        if _known is not None and _known.config is config:
            _known = _Known(config, trust, edges)


def _warn_of_wrong_entries(config: Config) -> None:
    for key, texts in (("TRUSTED_PROXIES", config.trusted_proxies), ("CLOUDFLARED", config.cloudflared)):
        for index, wrong in parse_networks(texts)[1].items():
            logger.warning("PRODREADY['%s'][%d] is not trusted: %s.", key, index, wrong)


class _Watcher:
    """Looks at a file of ranges now and then, and keeps the last good list when it is broken."""

    def __init__(self, config: Config, file: Path) -> None:
        self._config = config
        self._file = file
        self._stamp: object = None
        self._edges: Collection[Network] | None = None

    def look(self) -> Collection[Network] | None:
        """Return the networks of the file if it has changed and is right; log what is wrong once."""
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            ranges = read_ranges(self._file)
        except (OSError, ValueError) as error:
            reason = type(error).__name__ if isinstance(error, OSError) else str(error)
            logger.warning(
                "PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used: %s. %s stays in force.",
                reason,
                "The bundled list" if self._edges is None else "The list read before",
            )
            return None
        if self._edges is not None:
            difference = compare(self._edges, ranges.networks)
            logger.info(
                "Cloudflare's ranges were read anew: %d added, %d removed.",
                len(difference.added),
                len(difference.removed),
            )
        self._edges = ranges.networks
        return ranges.networks

    def start(self) -> None:
        """Look again and again, for as long as these settings are in force."""
        thread = threading.Thread(target=self._watch, name="prodready-ranges", daemon=True)
        with contextlib.suppress(RuntimeError):  # no thread is left, or the interpreter is ending
            thread.start()

    def _watch(self) -> None:
        while not _stopped.wait(LOOK_EVERY_S) and get_config() is self._config:
            edges = self.look()
            if edges is not None:
                _take(self._config, edges)


def _stamp(file: Path) -> object:
    try:
        found = file.stat()
    except OSError as error:
        return type(error)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _begin_anew() -> None:
    """Forget everything in a child: no fork copies the thread, and it may have held the lock."""
    global _known, _lock
    _known, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_begin_anew)
