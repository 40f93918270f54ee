"""The handlers of ``LOGGING`` that loggers use, each with its class and its loggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

__all__ = ["InUse", "class_of", "handlers_in_use", "loggers_of", "section_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """One handler that gets records."""

    name: str
    config: Mapping[str, Any]
    target: type | None  # None when it is made by code, or cannot be imported
    loggers: tuple[str, ...]  # those that ``LOGGING`` gives it; "" is the root


def handlers_in_use(logging: Mapping[str, Any]) -> tuple[InUse, ...]:
    """Find the handlers that a logger of ``logging`` names, and those behind them, in their order."""
    defined = section_of(logging, "handlers")
    loggers: dict[str, list[str]] = {}
    for logger, _, config in loggers_of(logging):
        for name in _with_those_behind(_names(config.get("handlers")), defined):
            loggers.setdefault(name, []).append(logger)
    return tuple(
        InUse(
            name=name,
            config=config,
            target=class_of(config),
            loggers=tuple(dict.fromkeys(loggers[name])),
        )
        for name, config in defined.items()
        if name in loggers and isinstance(config, Mapping)
    )


def loggers_of(logging: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Yield each logger that ``logging`` configures: name ("" is the root), keys that lead to it, section."""
    for name, config in section_of(logging, "loggers").items():
        if isinstance(config, Mapping):
            yield "" if name == "root" else name, ("loggers", name), config
    root = section_of(logging, "root")
    if root:
        yield "", ("root",), root


def section_of(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the dict under ``key``; an empty one when there is none."""
    value = config.get(key)
    return value if isinstance(value, Mapping) else {}


def class_of(config: Mapping[str, Any]) -> type | None:
    """Return the class that a handler's or formatter's section names; None for a function, or for none."""
    named = config.get("()") or config.get("class")
    if isinstance(named, str):
        try:
            named = import_string(named)
        except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
            return None
    return named if isinstance(named, type) else None


def _with_those_behind(names: list[str], defined: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``names``, and what a MemoryHandler or QueueHandler among them hands records on to."""
    seen: set[str] = set()
    while names:
        name = names.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield name
        config = section_of(defined, name)
        names += _names(config.get("handlers")) + _names([config.get("target")])


def _names(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
