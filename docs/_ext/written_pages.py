"""Keeps a folder of the documentation equal to the pages that are made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write ``pages``, by file name. What is not among them goes; what is the same is left alone."""
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.md"):
        if stale.name not in pages:
            stale.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
