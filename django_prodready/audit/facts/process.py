"""The process that judges, as it was before the project's own code ran in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["initial_environ"]

_INITIAL = Path("/proc/self/environ")


def initial_environ(current: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Return the environment that this process was started with.

    ``current`` is ``facts.environ``; one that is not ``os.environ`` was given on purpose and comes
    back unchanged. manage.py, settings modules and readers of ``.env`` add to ``os.environ``, so
    what stands there proves nothing of what the server will have. Linux keeps the first state
    (https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html); elsewhere this is a copy of
    ``os.environ``.
    """
    if current is not os.environ:
        return current
    try:
        block = _INITIAL.read_bytes()
    except OSError:
        return dict(os.environ)
    entries = (os.fsdecode(entry).partition("=") for entry in block.split(b"\0"))
    return {name: value for name, separator, value in entries if name and separator}
