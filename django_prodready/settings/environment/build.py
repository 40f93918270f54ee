"""The build phase: PRODREADY_BUILD=1 lets an image collect its static files without any secret."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from pathlib import PurePath

__all__ = ["BUILD_VARIABLE", "COMMANDS", "MARK", "is_build_command", "is_serving", "placeholder"]

BUILD_VARIABLE = "PRODREADY_BUILD"

# What may run on placeholders: commands that write files of the image, and connect to nothing.
COMMANDS = ("collectstatic", "compilemessages")

# What every placeholder holds. A serving process that has one in its settings runs on nobody's secrets.
MARK = "prodready-build-placeholder"

# A site's entry imports one of them before its settings are read; Django's command line imports neither.
_ENTRIES = ("django.core.wsgi", "django.core.asgi")

# Random for each process, so that nothing signed or stored with it is worth anything to the next one.
_RANDOM = secrets.token_hex(32)


def placeholder() -> str:
    """Return this process's placeholder, long and random enough for a SECRET_KEY."""
    return f"{MARK}-{_RANDOM}"


def is_build_command(argv: Sequence[str] | None = None) -> bool:
    """Tell whether this process is Django's command line with one of :data:`COMMANDS`."""
    given = sys.argv if argv is None else argv
    if len(given) < 2 or given[1] not in COMMANDS:
        return False
    program = PurePath(given[0])
    return program.suffix in (".py", "") or program.stem in ("django-admin", "manage")


def is_serving() -> bool:
    """Tell whether this process has a WSGI or ASGI entry, whatever its command line says."""
    return any(entry in sys.modules for entry in _ENTRIES)
