"""What one handler of ``LOGGING`` does with a record: by its class, its level and its filters."""

from __future__ import annotations

import enum
import logging
import logging.handlers
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.log import AdminEmailHandler, RequireDebugTrue
from django.utils.module_loading import import_string

__all__ = ["Handler", "Reach", "drops", "level_of"]


class Reach(enum.IntEnum):
    """How far a record gets; the higher, the better."""

    NOWHERE = 0  # it is dropped, or mailed
    ELSEWHERE = 1  # a file, syslog, another host
    UNKNOWN = 2  # code that cannot be judged by its class
    CONSOLE = 3  # standard output or standard error


Verdict = tuple[Reach, str]

# The files by which a process reaches its own standard output.
_CONSOLE_FILES = frozenset(
    {
        "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/console", "/dev/fd/1", "/dev/fd/2",
        "/proc/1/fd/1", "/proc/1/fd/2", "/proc/self/fd/1", "/proc/self/fd/2",
    }
)  # fmt: skip
# Packages whose handlers send records to a service.
_SHIPPERS = frozenset(
    {
        "azure", "cysystemd", "datadog", "fluent", "google", "graypy", "logging_loki", "logstash",
        "logstash_async", "logtail", "logzio", "loki_logger_handler", "opencensus", "raven", "rollbar",
        "seqlog", "sentry_sdk", "splunk_handler", "systemd", "watchtower",
    }
)  # fmt: skip
_PLAIN_LISTENERS = (None, "logging.handlers.QueueListener", logging.handlers.QueueListener)
_BY_CLASS: tuple[tuple[tuple[type, ...], Verdict], ...] = (
    ((logging.FileHandler,), (Reach.ELSEWHERE, "writes to a file")),
    ((logging.StreamHandler,), (Reach.CONSOLE, "writes to the console")),
    ((AdminEmailHandler, logging.handlers.SMTPHandler), (Reach.NOWHERE, "sends mail")),
    ((logging.NullHandler,), (Reach.NOWHERE, "drops everything")),
    (
        (
            logging.handlers.HTTPHandler,
            logging.handlers.NTEventLogHandler,
            logging.handlers.SocketHandler,
            logging.handlers.SysLogHandler,
        ),
        (Reach.ELSEWHERE, "sends to another service"),
    ),
)


@dataclass(frozen=True, slots=True)
class Handler:
    """The handler called ``name`` in ``section``, a dict such as ``LOGGING``."""

    name: str
    section: Mapping[str, Any]
    listeners_start: bool = True  # whether code starts the listeners that dictConfig() only makes

    def judge(self, logger: str, level: int) -> Verdict:
        """Say how far a record of ``logger`` gets through this handler, and why."""
        config = _entry(self.section, "handlers", self.name)
        if config is None:
            return Reach.UNKNOWN, "is not in LOGGING['handlers']"
        lowest = level_of(config.get("level"))
        if lowest > level:
            return Reach.NOWHERE, f"its level is {logging.getLevelName(lowest)}"
        for each in config.get("filters") or ():
            why = drops(each, self.section, logger)
            if why:
                return Reach.NOWHERE, why
        return self._by_class(config, logger, level)

    def _by_class(self, config: Mapping[str, Any], logger: str, level: int) -> Verdict:
        made_by = config.get("()") or config.get("class")
        target = _resolve(made_by)
        if not isinstance(target, type):
            return Reach.UNKNOWN, "is made by code"
        if issubclass(target, logging.handlers.MemoryHandler | logging.handlers.QueueHandler):
            return self._behind(target, config, logger, level)
        for classes, verdict in _BY_CLASS:
            if issubclass(target, classes):
                return _unless_redirected(config, verdict)
        if target.__module__.partition(".")[0] in _SHIPPERS:
            return Reach.ELSEWHERE, "sends to another service"
        return Reach.UNKNOWN, f"is a {target.__name__}"

    def _behind(self, target: type, config: Mapping[str, Any], logger: str, level: int) -> Verdict:
        """Judge the handlers that this one hands records on to."""
        # https://docs.python.org/3/library/logging.config.html#configuring-queuehandler-and-queuelistener
        is_plain = target is logging.handlers.QueueHandler and config.get("listener") in _PLAIN_LISTENERS
        if is_plain and config.get("handlers") and not self.listeners_start:
            return Reach.NOWHERE, "waits for its listener, which nothing starts"
        names = [config["target"]] if "target" in config else config.get("handlers") or ()
        behind = [replace(self, name=str(name)) for name in names if str(name) != self.name]
        verdicts = [handler.judge(logger, level) for handler in behind]
        return max(verdicts, default=(Reach.UNKNOWN, "hands on to code"))


def level_of(value: Any) -> int:
    """Return the number of a level given by name or number; 0 for anything else."""
    if isinstance(value, str):
        return logging.getLevelNamesMapping().get(value, logging.NOTSET)
    return value if isinstance(value, int) else logging.NOTSET


def drops(filter_: Any, section: Mapping[str, Any], logger: str) -> str | None:
    """Why a filter drops every record of ``logger`` while DEBUG is off; None when it may let one pass.

    ``filter_`` is a name in ``section["filters"]``, or the filter itself.
    """
    if not isinstance(filter_, str):
        return _DEBUG_ONLY if isinstance(filter_, RequireDebugTrue) else None
    config = _entry(section, "filters", filter_)
    if config is None:
        return None
    if "()" in config:
        target = _resolve(config["()"])
        return _DEBUG_ONLY if isinstance(target, type) and issubclass(target, RequireDebugTrue) else None
    wanted = str(config.get("name", ""))
    passes = not wanted or f"{logger}.".startswith(f"{wanted}.")
    return None if passes else f"its filter lets only {wanted} pass"


_DEBUG_ONLY = "drops everything while DEBUG is off"


def _unless_redirected(config: Mapping[str, Any], verdict: Verdict) -> Verdict:
    if str(config.get("filename")) in _CONSOLE_FILES:
        return Reach.CONSOLE, "writes to the console"
    stream = config.get("stream", "ext://sys.stderr")
    if verdict[0] is Reach.CONSOLE and stream not in ("ext://sys.stderr", "ext://sys.stdout"):
        return Reach.UNKNOWN, "writes to a stream of its own"
    return verdict


def _entry(section: Mapping[str, Any], kind: str, name: str) -> Mapping[str, Any] | None:
    entries = section.get(kind)
    found = entries.get(name) if isinstance(entries, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _resolve(dotted: Any) -> Any:
    if not isinstance(dotted, str):
        return dotted
    try:
        return import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return None
