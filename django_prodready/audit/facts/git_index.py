"""Which files git tracks, read from its index: without a subprocess, and without git.

The format: https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django_prodready.audit.model import NotRun

__all__ = ["Tracked", "tracked_files"]

_MAX_BYTES = 64 * 1024 * 1024  # about half a million files
_HEADER = struct.Struct(">4sII")
_FLAGS = struct.Struct(">H")
_STAT_BYTES = 40  # times, device, inode, mode, owner, group, size: before the object's name
_NAME_MASK, _IS_EXTENDED = 0x0FFF, 0x4000
_SHA256 = re.compile(r"^\s*objectformat\s*=\s*sha256\s*$", re.IGNORECASE | re.MULTILINE)
_UNREADABLE = "git's index cannot be read"


@dataclass(frozen=True, slots=True)
class Tracked:
    """The tracked files below the project's root, with forward slashes; relative to it."""

    paths: frozenset[str]


def tracked_files(root: Path) -> Tracked | None:
    """Return what git tracks below ``root``; None when that is in no work tree.

    Raises :class:`NotRun` when there is an index that cannot be read.
    """
    found = _work_tree(root.resolve())
    if found is None:
        return None
    top, folder = found
    index = folder / "index"
    try:
        stat = index.stat()
    except OSError:  # nothing was ever added
        return Tracked(frozenset())
    prefix = root.resolve().relative_to(top).as_posix()
    start = "" if prefix == "." else f"{prefix}/"
    paths = _paths(index, stat.st_mtime_ns, stat.st_size)
    return Tracked(frozenset(path.removeprefix(start) for path in paths if path.startswith(start)))


def _work_tree(root: Path) -> tuple[Path, Path] | None:
    """Return the top of the work tree that ``root`` is in, and the folder of its index."""
    for folder in (root, *root.parents):
        mark = folder / ".git"
        if (mark / "HEAD").is_file():
            return folder, mark
        if mark.is_file():  # of a worktree or a submodule: "gitdir: …"
            said = mark.read_text(encoding="utf-8", errors="replace").strip()
            return folder, folder / said.removeprefix("gitdir:").strip()
    return None


@functools.lru_cache(maxsize=4)
def _paths(index: Path, _changed_ns: int, size: int) -> tuple[str, ...]:
    if size > _MAX_BYTES:
        raise NotRun(f"{_UNREADABLE}: it is too large")
    try:
        return tuple(_entries(index.read_bytes(), 32 if _is_sha256(index.parent) else 20))
    except (OSError, struct.error, ValueError, IndexError) as error:
        raise NotRun(f"{_UNREADABLE}: {type(error).__name__}") from None


def _is_sha256(folder: Path) -> bool:
    common = folder / "commondir"  # of a worktree, whose configuration is the repository's
    if common.is_file():
        folder = folder / common.read_text(encoding="utf-8").strip()
    try:
        return _SHA256.search((folder / "config").read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False


def _entries(content: bytes, hash_bytes: int) -> Iterator[str]:
    signature, version, count = _HEADER.unpack_from(content)
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ValueError(version)
    at, previous = _HEADER.size, b""
    for _ in range(count):
        flags_at = at + _STAT_BYTES + hash_bytes
        (flags,) = _FLAGS.unpack_from(content, flags_at)
        name_at = flags_at + (4 if flags & _IS_EXTENDED else 2)
        if version == 4:
            stripped, name_at = _varint(content, name_at)
            end = content.index(b"\0", name_at)
            name = previous[: len(previous) - stripped] + content[name_at:end]
            at = end + 1
        else:
            end = content.index(b"\0", name_at + min(flags & _NAME_MASK, _NAME_MASK - 1))
            name = content[name_at:end]
            at += (end - at + 8) // 8 * 8  # NUL to a multiple of eight bytes, at least one
        previous = name
        yield name.decode("utf-8", "surrogateescape")
    if content[at : at + 4] == b"link":
        raise ValueError("split index")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable width, each byte but the last with its highest bit set."""
    value = content[at] & 0x7F
    while content[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (content[at] & 0x7F)
    return value, at + 1
