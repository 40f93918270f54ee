"""A file that is there whole, old or new, at any time."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from django_prodready.management.prodsettings.errors import RefusedError


def write_whole(path: Path, text: str) -> None:
    """Let ``text`` take the place of what is there; its mode and owner stay. Raises :class:`RefusedError`.

    Where ``path`` is a link, what it names is replaced, and not the link.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        _write(beside, text, target)
        beside.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise RefusedError(f"{path} cannot be written: {_why(target, error)}.") from error


def _write(beside: Path, text: str, target: Path) -> None:
    with beside.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        with contextlib.suppress(FileNotFoundError):
            _keep_access(beside, target.stat())
        os.fsync(file.fileno())


def _keep_access(beside: Path, before: os.stat_result) -> None:
    with contextlib.suppress(OSError, AttributeError):  # only root may; Windows has none
        os.chown(beside, before.st_uid, before.st_gid)
    beside.chmod(stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    """Let the new name outlive a loss of power, where folders can be synced."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _why(target: Path, error: OSError) -> str:
    if not target.parent.is_dir():
        return "its folder does not exist"
    return error.strerror or type(error).__name__
