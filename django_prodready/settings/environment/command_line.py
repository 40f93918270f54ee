"""Which command of Django's this process was started for, if any."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import PurePath

__all__ = ["django_command"]


def django_command(argv: Sequence[str] | None = None) -> str | None:
    """Return the command of ``manage.py``, ``django-admin`` or ``python -m django``; None elsewhere.

    ``argv`` is the process's own unless given.
    """
    given = sys.argv if argv is None else argv
    if len(given) < 2:
        return None
    program = PurePath(given[0])
    is_django = program.stem in ("manage", "django-admin") or program.parts[-2:] == ("django", "__main__.py")
    return given[1] if is_django else None
