"""The names in ``LOGGING`` that ``logging.config.dictConfig()`` would look up in vain.

https://docs.python.org/3/library/logging.config.html#dictionary-schema-details
"""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from logging.config import BaseConfigurator
from typing import Any

from django.utils.log import DEFAULT_LOGGING

from django_prodready.audit.facts.log_handlers import class_of, loggers_of, section_of

__all__ = ["Unresolved", "unresolved_names"]

Key = str | int
_REFERENCE = "://"  # of cfg:// and ext://, which stand for another value


@dataclass(frozen=True, slots=True)
class Unresolved:
    """One name that is not found."""

    path: tuple[Key, ...]  # keys into LOGGING
    value: str
    what: str  # completes "LOGGING[…] …"
    do: str  # what to do, in the imperative


def unresolved_names(config: Mapping[str, Any]) -> Iterator[Unresolved]:
    """Yield every handler, formatter, filter, class and level in ``config`` that does not exist."""
    for kind in ("formatters", "filters"):
        for name, section in section_of(config, kind).items():
            # What has no "()" is a logging.Filter, whatever "class" says.
            if isinstance(section, Mapping) and (kind == "formatters" or "()" in section):
                yield from _class((kind, name), section)
    for name, section in section_of(config, "handlers").items():
        if isinstance(section, Mapping):
            yield from _of_handler(config, ("handlers", name), section)
    for _, path, section in loggers_of(config):
        yield from _listed(config, path, section, "handlers")
        yield from _listed(config, path, section, "filters")
        yield from _level(path, section)


def _of_handler(
    config: Mapping[str, Any], path: tuple[Key, ...], section: Mapping[str, Any]
) -> Iterator[Unresolved]:
    yield from _class(path, section)
    yield from _named(config, (*path, "formatter"), section.get("formatter"), "formatters")
    yield from _listed(config, path, section, "filters")
    yield from _level(path, section)
    # What makes a handler by a factory takes these keys for its own.
    target = class_of(section) if "()" not in section else None
    if target is not None and issubclass(target, logging.handlers.MemoryHandler):
        yield from _named(config, (*path, "target"), section.get("target"), "handlers")
    if target is not None and issubclass(target, logging.handlers.QueueHandler):
        yield from _listed(config, path, section, "handlers")


def _listed(
    config: Mapping[str, Any], path: tuple[Key, ...], section: Mapping[str, Any], kind: str
) -> Iterator[Unresolved]:
    names = section.get(kind)
    if isinstance(names, str) and names:
        what = f"is the text {names!r}, of which each letter is taken for a name"
        yield Unresolved((*path, kind), names, what, f"Write a list, [{names!r}]")
        return
    for position, name in enumerate(names if isinstance(names, list | tuple) else ()):
        yield from _named(config, (*path, kind, position), name, kind)


def _named(config: Mapping[str, Any], path: tuple[Key, ...], name: Any, kind: str) -> Iterator[Unresolved]:
    """Judge one name, which LOGGING[kind] must define; objects and references are taken as they are."""
    if not isinstance(name, str) or not name or _REFERENCE in name or name in section_of(config, kind):
        return
    what = f"names {name!r}, which LOGGING[{kind!r}] does not define"
    own = section_of(DEFAULT_LOGGING, kind).get(name)
    like = f" as Django does, {own!r}" if own and kind == "filters" else ""
    yield Unresolved(path, name, what, f"Define {name!r} in LOGGING[{kind!r}]{like}, or correct the name")


def _class(path: tuple[Key, ...], section: Mapping[str, Any]) -> Iterator[Unresolved]:
    key = "()" if "()" in section else "class"
    dotted = section.get(key)
    if not isinstance(dotted, str) or _REFERENCE in dotted:
        return
    try:
        BaseConfigurator({}).resolve(dotted)
    except ValueError as error:
        if isinstance(error.__cause__, ImportError):
            what = f"is {dotted!r}, which cannot be imported"
            yield Unresolved((*path, key), dotted, what, "Correct the dotted path, or install its package")
    except Exception:  # noqa: BLE001, S110 - any code may run while a user's module is imported
        pass


def _level(path: tuple[Key, ...], section: Mapping[str, Any]) -> Iterator[Unresolved]:
    level = section.get("level")
    if not isinstance(level, str) or not level or level in logging.getLevelNamesMapping():
        return
    known = level.strip().upper()
    better = (
        f"Write {known!r}" if known in logging.getLevelNamesMapping() else "Write DEBUG, INFO or the like"
    )
    yield Unresolved((*path, "level"), level, f"is {level!r}, which is no level", better)
