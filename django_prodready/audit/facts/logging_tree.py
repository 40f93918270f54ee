"""Where an error that is logged ends up, worked out from the settings as Django and dictConfig() apply them.

The loggers of this process say nothing of it: they belong to the command that runs, or to a test.
https://docs.python.org/3/library/logging.config.html#dictionary-schema-details
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.log import DEFAULT_LOGGING

from django_prodready.audit.facts.logging_handlers import Handler, Reach, drops, level_of

__all__ = ["LoggingTree", "Reach", "Route"]

_ROOT = ""
# What exists when LOGGING is applied: Django's defaults, and what django.utils.log creates on import.
_CREATED_BY_DJANGO = ("django.request",)
# Loggers of servers and libraries: a handler of theirs gets nothing of what the project reports.
_FOREIGN = frozenset(
    {
        _ROOT, "amqp", "asyncio", "boto3", "botocore", "celery", "daphne", "django", "elasticapm", "faker",
        "gunicorn", "hypercorn", "kombu", "py", "redis", "rq", "sentry_sdk", "urllib3", "uvicorn",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """What became of one record."""

    reach: Reach
    stops: tuple[str, ...]  # each handler that it came to, or what held it up, and why
    end: str  # the last logger whose handlers got it, or the one that held it up; "" is the root
    held_by: str | None = None  # the key of LOGGING, or of ``end``, that held it up before any handler


@dataclass(frozen=True, slots=True)
class _Logger:
    handlers: tuple[Handler, ...] = ()
    level: int = logging.NOTSET
    propagate: bool = True
    is_disabled: bool = False
    filters: tuple[Any, ...] = ()
    section: Mapping[str, Any] = field(default_factory=dict)  # the dict that its filters are named in


class LoggingTree:
    """The loggers of a server whose ``LOGGING`` is ``config``, once DEBUG is off.

    ``listeners_start`` says whether the project starts the listeners of its ``QueueHandler``.
    """

    def __init__(self, config: Mapping[str, Any], *, listeners_start: bool = True) -> None:
        self._listeners_start = listeners_start
        self._loggers = {_ROOT: _Logger(level=logging.WARNING)}
        self._configure(DEFAULT_LOGGING)
        for name in _CREATED_BY_DJANGO:
            self._loggers[name] = _Logger()
        if config:
            self._configure(config)

    @property
    def own(self) -> frozenset[str]:
        """The loggers that ``config`` adds, without those of Django, servers and common libraries."""
        return frozenset(name for name in self._loggers if name.partition(".")[0] not in _FOREIGN)

    def route(self, name: str, level: int = logging.ERROR) -> Route:
        """Follow a record from the logger ``name``; the empty name is the root."""
        held = self._held_up(name, level)
        if held is not None:
            return held
        handlers: list[Handler] = []
        for end in _upwards(name):
            handlers.extend(self._get(end).handlers)
            if not self._get(end).propagate:
                break
        if not handlers:
            # https://docs.python.org/3/library/logging.html#logging.lastResort
            return Route(Reach.CONSOLE, ("logging.lastResort: standard error",), end)
        verdicts = [handler.judge(name, level) for handler in handlers]
        stops = dict.fromkeys(
            f"handler {handler.name}: {why}" for handler, (_, why) in zip(handlers, verdicts, strict=True)
        )
        return Route(max(reach for reach, _ in verdicts), tuple(stops), end)

    def _held_up(self, name: str, level: int) -> Route | None:
        """Return where the record ends before any handler sees it; None when handlers do."""
        logger = self._get(name)
        if logger.is_disabled:
            key = "disable_existing_loggers"
            return Route(Reach.NOWHERE, (f"{_shown(name)}: switched off, because {key} is on",), name, key)
        setter = next(each for each in _upwards(name) if self._get(each).level or each == _ROOT)
        lowest = self._get(setter).level
        if lowest > level:
            stop = f"{_shown(setter)}: its level is {logging.getLevelName(lowest)}"
            return Route(Reach.NOWHERE, (stop,), setter, "level")
        dropped = next((why for each in logger.filters if (why := drops(each, logger.section, name))), None)
        if dropped:
            return Route(Reach.NOWHERE, (f"{_shown(name)}: {dropped}",), name, "filters")
        return None

    def _get(self, name: str) -> _Logger:
        return self._loggers.get(name, _Logger())

    def _configure(self, config: Mapping[str, Any]) -> None:
        """Apply one dict as ``logging.config.DictConfigurator`` does."""
        keeps_handlers = bool(config.get("incremental"))
        # https://docs.python.org/3/library/logging.html#logging.getLogger gives the root for "root", too.
        configured = {_ROOT if name == "root" else name: own for name, own in _named(config)}
        if not keeps_handlers:
            self._leave(configured, bool(config.get("disable_existing_loggers", True)))
        for name, own in configured.items():
            self._set(name, config, own, keeps_handlers)
        root = _mapping(config, "root")
        if root:
            self._set(_ROOT, config, {**root, "propagate": None}, keeps_handlers)

    def _leave(self, configured: Iterable[str], disable: bool) -> None:
        """Treat the loggers that a new dict does not name."""
        reset = tuple(f"{name}." for name in configured if name in self._loggers and name != _ROOT)
        for name in self._loggers.keys() - {_ROOT, *configured}:
            if name.startswith(reset):
                self._loggers[name] = _Logger()
            else:
                self._loggers[name] = replace(self._loggers[name], is_disabled=disable)

    def _set(
        self, name: str, config: Mapping[str, Any], own: Mapping[str, Any], keeps_handlers: bool
    ) -> None:
        before = self._get(name)
        level, propagate = own.get("level"), own.get("propagate")
        after = replace(
            before,
            level=before.level if level is None else level_of(level),
            propagate=before.propagate if propagate is None else bool(propagate),
            is_disabled=False,
        )
        if not keeps_handlers:
            handlers = tuple(
                Handler(str(each), config, self._listeners_start) for each in own.get("handlers") or ()
            )
            after = replace(after, handlers=handlers, filters=tuple(own.get("filters") or ()), section=config)
        self._loggers[name] = after


def _shown(name: str) -> str:
    return f"logger {name}" if name else "the root logger"


def _upwards(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]
    yield _ROOT


def _named(config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    loggers = _mapping(config, "loggers")
    return ((name, _mapping(loggers, name)) for name in loggers)


def _mapping(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    return value if isinstance(value, Mapping) else {}
