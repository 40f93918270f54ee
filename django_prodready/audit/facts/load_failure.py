"""What an exception that ended the loading of the settings says of its cause: names, places, never values."""

from __future__ import annotations

import itertools
import re
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import django_prodready
from django_prodready.audit.facts.chain_modules import is_installed
from django_prodready.audit.facts.files import relative_path
from django_prodready.reporting.finding import Location

__all__ = ["failing_app", "missing_variable", "named_variable", "own_place", "partial_settings", "problems"]

_OURS = Path(django_prodready.__file__).parent
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# python-decouple, environs and django-environ; other readers of the environment say much the same.
_SAYS_MISSING = re.compile(
    r"""^(?P<before>(?:set|missing)\ (?:the\ |required\ )?(?:environment\ variable:?\ )?
                  |environment\ variable\ )?
        (?-i:["'`]?(?P<name>[A-Z][A-Z0-9_]{2,})["'`]?)
        (?P<after>\ environment\ variable\b|\ (?:is\ |was\ )?not\ (?:found|set|defined)\b|[.!]?$)""",
    re.IGNORECASE | re.VERBOSE,
)
_NAMED = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z][A-Z0-9]{3,}\b")


def own_place(error: BaseException, *, root: Path) -> Location | None:
    """Return the last place in the project's own files that the error passed; None when there is none."""
    if isinstance(error, SyntaxError) and error.filename is not None and _is_own(error.filename, root):
        return Location(relative_path(Path(error.filename), root), error.lineno or 1)
    for frame, line in reversed(list(_frames(error))):
        if _is_own(frame.f_code.co_filename, root):
            return Location(relative_path(Path(frame.f_code.co_filename), root), line)
    return None


def missing_variable(error: BaseException) -> str | None:
    """Return the environment variable that the error says is absent; None when it is about something else."""
    if isinstance(error, KeyError):
        frames = list(_frames(error))
        name = error.args[0] if error.args else None
        from_environ = bool(frames) and frames[-1][0].f_globals.get("__name__") == "os"
        return name if from_environ and isinstance(name, str) and _VARIABLE.fullmatch(name) else None
    try:
        said = _SAYS_MISSING.match(str(error))
    except Exception:  # noqa: BLE001 - a foreign exception's __str__ may do anything
        return None
    return said["name"] if said and (said["before"] or said["after"].startswith(" ")) else None


def named_variable(text: str) -> str | None:
    """Return the first word of ``text`` that looks like the name of a setting or variable."""
    named = _NAMED.search(text)
    return named.group() if named else None


def failing_app(error: BaseException) -> str | None:
    """Return the entry of INSTALLED_APPS that ``django.setup()`` was at; None when it was elsewhere."""
    for (frame, _), (inner, _) in itertools.pairwise(_frames(error)):
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) == ("django.apps.registry", "populate"):
            if inner.f_code.co_name == "create":
                return str(frame.f_locals["entry"])
            return getattr(frame.f_locals.get("app_config"), "name", None)
    return None


def partial_settings(error: BaseException) -> dict[str, Any]:
    """Return the upper-case names of the modules that the error passed: their values must not be shown."""
    values: dict[str, Any] = {}
    for frame, _ in _frames(error):
        if frame.f_code.co_name == "<module>":
            values |= {name: value for name, value in frame.f_globals.items() if name.isupper()}
    return values


def problems(error: BaseException) -> tuple[str, ...]:
    """Return the problems that the error lists: its ``problems``, or its lines that name a variable.

    Empty when it is about one thing only.
    """
    listed = getattr(error, "problems", None)
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        return tuple(str(problem) for problem in listed)
    naming = tuple(line.strip(" \t-*") for line in str(error).splitlines() if named_variable(line))
    return naming if len(naming) > 1 else ()


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    yield from traceback.walk_tb(error.__traceback__)


def _is_own(filename: str, root: Path) -> bool:
    path = Path(filename)
    is_below = not Path(relative_path(path, root)).is_absolute() and path.is_absolute()
    return is_below and not is_installed(path) and not path.is_relative_to(_OURS)
