"""Logs as a platform wants them: one stream, one level, one line per record, no secret, the request's id."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.middleware_order import REQUEST_ID
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["StdoutLogging"]

Entry = Mapping[str, Any]
Format = Literal["plain", "json"]
_FORMATS: tuple[Format, ...] = ("plain", "json")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_LOGS = "django_prodready.logs"
_FORMATTERS: dict[str, str] = {"plain": f"{_LOGS}.PlainFormatter", "json": f"{_LOGS}.JsonFormatter"}
_HANDLER = f"{_LOGS}.ConsoleHandler"
_FILTERS = {
    "prodready_request_id": {"()": f"{_LOGS}.RequestIdFilter"},
    # The last one: it sees what the others have added.
    "prodready_redaction": {"()": f"{_LOGS}.RedactionFilter"},
}
_SECTIONS = ("formatters", "filters", "handlers", "loggers")
_CONSOLE = "console"
_STREAM_HANDLERS = ("logging.StreamHandler", "colorlog.StreamHandler")
_ONLY_IN_DEBUG = "django.utils.log.RequireDebugTrue"

# As Django has it, which our entry for its logger takes the place of.
# https://github.com/django/django/blob/main/django/utils/log.py
_MAIL = "mail_admins"
_MAIL_CLASS = "django.utils.log.AdminEmailHandler"
_NOT_IN_DEBUG = {"require_debug_false": {"()": "django.utils.log.RequireDebugFalse"}}


def _level(text: str) -> str:
    return kinds.choice(text.strip().upper(), _LEVELS)


class StdoutLogging(SettingsMixin):
    """Everything to standard output, by LOG_LEVEL and LOG_FORMAT. The project's own loggers stay.

    Commands of manage.py log to standard error: what they print is their result.

    Handlers of the project's that write to the console become one, named ``console``; the others stay.
    Where ADMINS are named, they are still mailed Django's errors.
    """

    LOG_LEVEL: str = env.custom(
        "LOG_LEVEL",
        parse=_level,
        default="INFO",
        kind="choice",
        placeholder=lambda: "INFO",
        setting=False,
        help=f"The least that is logged: {', '.join(_LEVELS)}.",
    )
    LOG_FORMAT: Format = env.choice(
        "LOG_FORMAT",
        choices=_FORMATS,
        default="plain",
        setting=False,
        help="plain for people, json for whatever collects the lines.",
    )

    def transform(self, draft: Draft) -> None:
        """Put RequestIdMiddleware in."""
        draft.place_middleware(REQUEST_ID, same=self.SAME_MIDDLEWARE)

    def conclude(self, draft: Draft) -> None:
        """Merge handler, formatter and filters into LOGGING; ADMINS and the broker are known by now."""
        logging = _given(draft)
        self._add_console(logging)
        self._add_django(logging, has_admins=bool(draft.get("ADMINS")))
        if draft.has("CELERY_BROKER_URL"):
            _keep_from_celery(draft, logging)
        logging["loggers"] = _once(logging["loggers"])
        draft.set("LOGGING", logging)

    def _add_console(self, logging: dict[str, Any]) -> None:
        """Have the root's records, and those of whatever wrote to the console, go to one handler."""
        handlers = logging["handlers"]
        consoles = {name for name, entry in handlers.items() if _is_console(entry)} | {_CONSOLE}
        own = [
            name
            for name in handlers.get(_CONSOLE, {}).get("filters", ())
            if _may_pass(name, logging["filters"])
        ]
        handlers[_CONSOLE] = {
            "class": _HANDLER,
            "formatter": "prodready",
            "filters": [*(name for name in own if name not in _FILTERS), *_FILTERS],
        }
        logging["filters"] |= _FILTERS
        logging["formatters"]["prodready"] = {"()": _FORMATTERS[self.LOG_FORMAT]}
        logging["loggers"] = {
            name: {**entry, "handlers": _as_one(entry, consoles)}
            for name, entry in logging["loggers"].items()
        }
        root = _as_one(logging["root"], consoles)
        logging["root"] = {
            **logging["root"],
            "handlers": root if _CONSOLE in root else [*root, _CONSOLE],
            "level": self.LOG_LEVEL,
        }

    def _add_django(self, logging: dict[str, Any], *, has_admins: bool) -> None:
        """Give Django's logger the level; its own console is for DEBUG alone. The project's entry stays."""
        loggers = logging["loggers"]
        if "django" not in loggers:
            loggers["django"] = {
                "handlers": [_MAIL] if has_admins else [],
                "level": self.LOG_LEVEL,
                "propagate": True,
            }
            if has_admins and _MAIL not in logging["handlers"]:
                logging["filters"] = {**_NOT_IN_DEBUG, **logging["filters"]}
                logging["handlers"][_MAIL] = {
                    "class": _MAIL_CLASS,
                    "level": "ERROR",
                    "filters": [*_NOT_IN_DEBUG],
                }
        for name, entry in loggers.items():
            if f"{name}.".startswith("django.") and _only_mails(entry, logging["handlers"]):
                # A mail is no log. startproject of Django 1.3 to 1.8 had it so, and it is copied since.
                loggers[name] = {**entry, "handlers": [*entry["handlers"], _CONSOLE]}


def _given(draft: Draft) -> dict[str, Any]:
    """Return the project's LOGGING with all its sections.

    Copied as far as it is changed: handlers may hold what cannot be copied, sys.stdout for one.
    """
    given = draft.get("LOGGING") or {}
    if not isinstance(given, Mapping):
        raise draft.refuse("LOGGING", "expected a dict")
    sections = {name: _section(draft, given, name) for name in _SECTIONS}
    # dictConfig() knows the root by an empty name, too.
    root = {**sections["loggers"].pop("", {}), **(given.get("root") or {})}
    return {
        "version": 1,
        # An incremental one only changes levels of what exists.
        **{name: value for name, value in given.items() if name != "incremental"},
        **sections,
        "root": root,
        # True would silence every logger that was made before: those of all imported packages.
        "disable_existing_loggers": False,
    }


def _section(draft: Draft, given: Entry, name: str) -> dict[str, Any]:
    section = given.get(name) or {}
    if not isinstance(section, Mapping) or not all(isinstance(entry, Mapping) for entry in section.values()):
        raise draft.refuse("LOGGING", f"expected a dict of dicts for {name!r}")
    return dict(section)


def _is_console(entry: Entry) -> bool:
    """Whether a handler writes to standard output or error."""
    kind = entry.get("class", entry.get("()"))
    name = f"{kind.__module__}.{kind.__qualname__}" if isinstance(kind, type) else kind
    standard = (None, "ext://sys.stdout", "ext://sys.stderr", sys.stdout, sys.stderr)
    return name in _STREAM_HANDLERS and entry.get("stream") in standard


def _may_pass(name: object, filters: Entry) -> bool:
    """Whether a filter lets anything pass where DEBUG is off."""
    return not isinstance(name, str) or filters.get(name, {}).get("()") != _ONLY_IN_DEBUG


def _as_one(entry: Entry, consoles: Collection[str]) -> list[Any]:
    """Return the handlers with one in the place of all consoles."""
    named = (_CONSOLE if name in consoles else name for name in entry.get("handlers") or ())
    return list(dict.fromkeys(named))


def _only_mails(entry: Entry, handlers: Entry) -> bool:
    """Whether errors are mailed and nothing of them is printed."""
    names = entry.get("handlers") or ()
    is_end = entry.get("propagate") is False
    return is_end and bool(names) and all(handlers.get(n, {}).get("class") == _MAIL_CLASS for n in names)


def _keep_from_celery(draft: Draft, logging: dict[str, Any]) -> None:
    """Keep a worker from replacing the root's handlers, and its tasks' logger from having one of its own.

    It leaves alone what has a handler: https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-hijack-root-logger
    """
    if not draft.has("CELERY_WORKER_HIJACK_ROOT_LOGGER"):
        draft.set("CELERY_WORKER_HIJACK_ROOT_LOGGER", False)
    logging["loggers"].setdefault("celery.task", {"handlers": [_CONSOLE], "propagate": False})


def _once(loggers: dict[str, Entry]) -> dict[str, Entry]:
    """Take the console from loggers whose records reach it by another one, or by the root."""
    return {
        name: {**entry, "handlers": [each for each in entry["handlers"] if each != _CONSOLE]}
        if _reaches_console(name, loggers)
        else entry
        for name, entry in loggers.items()
    }


def _reaches_console(name: str, loggers: Mapping[str, Entry]) -> bool:
    """Whether a record of the logger reaches the console above it."""
    while loggers.get(name, {}).get("propagate", True) is not False:
        name = name.rpartition(".")[0]
        if not name or _CONSOLE in loggers.get(name, {}).get("handlers", ()):
            return True
    return False
