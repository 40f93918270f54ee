"""Writes files whole or not at all, also when several processes write the same one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

__all__ = ["TEMPORARY", "write_whole"]

TEMPORARY = ".prodready-tmp"  # what the names of files end in that are being written


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file, which nobody sees half-written. Raises OSError."""
    target = path.resolve()  # of a link, what it leads to is written
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, target)  # noqa: PTH105 - the same, and shorter
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
