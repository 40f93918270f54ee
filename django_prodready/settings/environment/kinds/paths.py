"""Files and folders."""

from __future__ import annotations

from pathlib import Path

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.characters import refuse_control_characters

__all__ = ["path"]


def path(text: str, *, must_exist: bool = False, absolute: bool = False) -> Path:
    """Return the path; refuses an empty text, blanks around it and ``~``, which no shell expands here."""
    refuse_control_characters(text)
    if not text or text != text.strip():
        raise Invalid("expected a path, without blanks around it")
    if text.startswith("~"):
        raise Invalid("expected a path without ~, which only a shell expands")
    found = Path(text)
    if absolute and not found.is_absolute():
        raise Invalid("expected an absolute path, one that begins with /")
    if must_exist and not _exists(found):
        raise Invalid("expected the path of something that exists and is within reach of this process")
    return found


def _exists(found: Path) -> bool:
    try:
        found.stat()
    except OSError:
        return False
    return True
