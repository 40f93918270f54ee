"""Look at how much room a file system has left."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from django_prodready.health.probe import Degraded, Probe
from django_prodready.health.probes._options import (
    optional_text,
    require_count,
    require_flag,
    require_percents,
)

_TRIAL = b"prodready" * 512


class DiskFullError(Exception):
    """The file system has less room than it must have."""


class DiskProbe(Probe):
    """Look at the space and the inodes of the file system that holds a folder. Not critical.

    ``path``: the folder; by default ``MEDIA_ROOT``, else ``BASE_DIR``, else the working directory.
    ``warn_percent``, ``max_percent``: shares in use that are degraded and down, 85 and 95 by default; they
    hold for space and for inodes. ``min_free_bytes``: down with less than that, whatever the share is.
    ``write_test=True`` also writes a file of 4.5 kB, through to the disk, and removes it.

    Also down: the folder is not there, or (with ``write_test``) cannot be written to. It costs one or two
    system calls. On a file system over the network they may hang, which the probe's deadline ends.
    """

    critical: ClassVar[bool] = False

    def __init__(
        self,
        *,
        path: str | os.PathLike[str] | None = None,
        warn_percent: float = 85,
        max_percent: float = 95,
        min_free_bytes: int = 0,
        write_test: bool = False,
    ) -> None:
        folder = os.fspath(path) if isinstance(path, os.PathLike) else path
        self._folder = optional_text("path", folder) or _default_folder()
        self._warn_percent, self._max_percent = require_percents(warn_percent, max_percent)
        self._min_free_bytes = require_count("min_free_bytes", min_free_bytes)
        self._is_write_test = require_flag("write_test", write_test)

    def run(self) -> None:
        """Compare what is in use with the limits, the graver ones first."""
        used_percent, free_bytes = _space(self._folder)
        worst_percent, what = max((used_percent, "space"), (_inodes_percent(self._folder), "inodes"))
        if free_bytes < self._min_free_bytes:
            raise DiskFullError(f"{free_bytes} bytes are free, fewer than min_free_bytes.")
        if worst_percent >= self._max_percent:
            raise DiskFullError(f"{worst_percent:.1f} % of the {what} is in use.")
        if self._is_write_test:
            _write(self._folder)
        if worst_percent >= self._warn_percent:
            raise Degraded(f"{worst_percent:.1f} % of the {what} is in use.")


def _default_folder() -> str:
    chosen = settings.MEDIA_ROOT or getattr(settings, "BASE_DIR", None) or Path.cwd()
    return os.fspath(chosen)


def _space(folder: str) -> tuple[float, int]:
    """Return what df shows: the share in use of what may be used, and the bytes left to us."""
    usage = shutil.disk_usage(folder)
    usable = usage.used + usage.free  # without the blocks that are kept for root
    return (100 * usage.used / usable if usable else 100.0), usage.free


def _inodes_percent(folder: str) -> float:
    if not hasattr(os, "statvfs"):  # Windows
        return 0.0
    found = os.statvfs(folder)
    used = found.f_files - found.f_ffree
    usable = used + found.f_favail
    return 100 * used / usable if usable else 0.0  # btrfs and others have none to count


def _write(folder: str) -> None:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".prodready-") as file:
        file.write(_TRIAL)
        file.flush()
        os.fsync(file.fileno())
