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

__all__ = ["Tracked", "is_usually_ignored", "tracked_files"]

_MAX_BYTES = 64 * 1024 * 1024  # about half a million files
_HEADER = struct.Struct(">4sII")
_FLAGS = struct.Struct(">H")
_STAT_BYTES = 40  # times, device, inode, mode, owner, group, size: before the object's name
_NAME_MASK, _IS_EXTENDED = 0x0FFF, 0x4000
_SHA256 = re.compile(r"^\s*objectformat\s*=\s*sha256\s*$", re.IGNORECASE | re.MULTILINE)
# What stands beside the code on a server, where there is no index to ask.
_USUALLY_IGNORED = re.compile(
    r"(?:^|[/_.-])(?:credentials|local|passwords|private|secrets?)(?:[/_.-]|$)"
    r"|(?:^|/)\.env(?:[._-][^/]*|rc)?$|\.(?:env|key|p12|pem|pfx)$|(?:^|/)\.envs/"
)
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
    except FileNotFoundError:  # nothing was ever added
        return Tracked(frozenset())
    except (OSError, ValueError) as error:
        raise NotRun(f"{_UNREADABLE}: {type(error).__name__}") from None
    prefix = root.resolve().relative_to(top).as_posix()
    start = "" if prefix == "." else f"{prefix}/"
    paths = _paths(index, stat.st_mtime_ns, stat.st_size)
    return Tracked(frozenset(path.removeprefix(start) for path in paths if path.startswith(start)))


def is_usually_ignored(path: str) -> bool:
    """Whether a file of this name holds what a server has and a repository has not, such as ``.env``."""
    return _USUALLY_IGNORED.search(path) is not None


def _work_tree(root: Path) -> tuple[Path, Path] | None:
    """Return the top of the work tree that ``root`` is in, and the folder of its index."""
    for folder in (root, *root.parents):
        mark = folder / ".git"
        if _read(mark / "HEAD") is not None:
            return folder, mark
        said = _read(mark)
        if said is not None:  # of a worktree or a submodule: "gitdir: …"
            return folder, folder / said.strip().removeprefix("gitdir:").strip()
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
    common = _read(folder / "commondir")  # of a worktree, whose configuration is the repository's
    config = _read((folder / common.strip() if common else folder) / "config")
    return config is not None and _SHA256.search(config) is not None


def _read(path: Path) -> str | None:
    """Return a file's text; None when it is not there, or out of reach."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None


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
