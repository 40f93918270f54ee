"""Writes to files that never reach a disk, while a piece runs in the sandbox.

What is written goes to memory and is forgotten, and folders and names stay as they are: a middleware that
keeps a log or a list in a file works on as it does in production, and leaves nothing behind. What an import
writes is let through: it would be written whenever the project is started.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import functools
import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django_prodready.audit.facts.guards import BlockedSystemCall, State, replaced

__all__ = ["keep_files", "places"]

_OPENERS = ((builtins, "open"), (io, "open"))
_CHANGES = (
    "chmod",
    "chown",
    "lchown",
    "link",
    "mkfifo",
    "mknod",
    "remove",
    "removexattr",
    "rename",
    "replace",
    "rmdir",
    "setxattr",
    "symlink",
    "truncate",
    "unlink",
    "utime",
)
# https://docs.python.org/3/library/audit_events.html
_CHANGE_EVENTS = frozenset(
    f"os.{name}" for name in (*_CHANGES, "mkdir") if name not in ("replace", "unlink", "mkfifo", "mknod")
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MOST_BYTES = 1 << 24  # of a file that is there, and is changed in memory
_own = threading.local()
_installed: list[bool] = []


def keep_files(stack: contextlib.ExitStack) -> None:
    """Let no file be changed by whoever is watched, until ``stack`` is closed."""
    if not _installed:
        # For what was taken from its module before: `from os import remove`, io.FileIO. It stays for good.
        sys.addaudithook(refuse_change)
        _installed.append(True)
    for owner, name, guard in places():
        stack.enter_context(replaced(owner, name, guard(getattr(owner, name))))


def places() -> Iterator[tuple[Any, str, Callable[[Callable[..., Any]], Callable[..., Any]]]]:
    """Every function that can change files: its module, its name, and what makes its guard."""
    for owner, name in _OPENERS:
        yield owner, name, _opening
    yield os, "open", _opening_low
    yield os, "mkdir", _making
    yield from ((os, name, _skipping) for name in _CHANGES if hasattr(os, name))
    # It takes os.unlink when it is imported: https://github.com/python/cpython/blob/3.13/Lib/tempfile.py
    closer: Any = getattr(tempfile, "_TemporaryFileCloser", None)
    for name, method in list(vars(closer).items() if closer else ()):
        if "unlink" in getattr(getattr(method, "__code__", None), "co_varnames", ()):
            yield closer, name, _closing


def refuse_change(event: str, args: tuple[Any, ...]) -> None:
    """Refuse a change of a file that came past the guards. An audit hook."""
    if event == "open":
        is_change = _is_kept(args[0], args[2]) and not getattr(_own, "is_opening", False)
    else:
        is_change = event in _CHANGE_EVENTS
    watch = State.watch() if is_change else None
    if watch is not None and not _is_importing():
        watch.refuse("a file", BlockedSystemCall)


def _opening(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def opened(
        file: Any,
        mode: Any = "r",
        buffering: Any = -1,
        encoding: Any = None,
        errors: Any = None,
        newline: Any = None,
        closefd: Any = True,
        opener: Any = None,
    ) -> Any:
        is_written = isinstance(mode, str) and bool(set(mode) & set("wax+"))
        # Somebody's own opener comes by os.open.
        if is_written and opener is None and _is_kept(file, os.O_WRONLY) and _is_watched():
            opener = _in_memory
        with _opening_own() if opener is not None else contextlib.nullcontext():
            return original(file, mode, buffering, encoding, errors, newline, closefd, opener)

    return opened


def _opening_low(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def opened(path: Any, flags: Any, *args: Any, **named: Any) -> Any:
        if isinstance(flags, int) and _is_kept(path, flags) and _is_watched():
            return _in_memory(path, flags)
        return original(path, flags, *args, **named)

    return opened


def _making(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def made(path: Any, *args: Any, **named: Any) -> Any:
        if not _is_watched():
            return original(path, *args, **named)
        if named.get("dir_fd") is None and os.path.lexists(path):
            raise _error(errno.EEXIST, path)
        return None

    return made


def _skipping(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def skipped(*args: Any, **named: Any) -> Any:
        return None if _is_watched() else original(*args, **named)

    return skipped


def _closing(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def closed(*args: Any, **named: Any) -> Any:
        return original(*args, **{"unlink": os.unlink, **named})

    return closed


def _is_kept(path: Any, flags: int) -> bool:
    """Whether it is a file that is opened to be written. A descriptor was opened by somebody else."""
    return bool(flags & _WRITES) and not isinstance(path, int) and path != os.devnull


def _is_watched() -> bool:
    return State.watch() is not None and not _is_importing()


def _is_importing() -> bool:
    """Whether this thread is in the midst of an import."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
    return False


@contextlib.contextmanager
def _opening_own() -> Iterator[None]:
    before = getattr(_own, "is_opening", False)
    _own.is_opening = True
    try:
        yield
    finally:
        _own.is_opening = before


def _in_memory(path: Any, flags: int) -> int:
    """Open what holds the same as the file at ``path``, and is nowhere. Raises as ``os.open`` does."""
    is_there = os.path.lexists(path)
    if is_there and flags & os.O_EXCL and flags & os.O_CREAT:
        raise _error(errno.EEXIST, path)
    if not is_there and not flags & os.O_CREAT:
        raise _error(errno.ENOENT, path)
    descriptor = _nowhere()
    file_path = Path(os.fsdecode(path))
    if file_path.is_file() and not flags & os.O_TRUNC:
        with file_path.open("rb") as file:
            os.write(descriptor, file.read(_MOST_BYTES))
        os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _nowhere() -> int:
    # Linux alone has files in memory. Elsewhere what was written cannot be read again.
    if hasattr(os, "memfd_create"):
        return os.memfd_create("prodcheck")
    with _opening_own():
        return os.open(os.devnull, os.O_RDWR)


def _error(number: int, path: Any) -> OSError:
    return OSError(number, os.strerror(number), path)
