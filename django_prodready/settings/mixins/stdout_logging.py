"""Logs as a platform wants them: one stream, one level, one line per record, no secret, the request's id."""

from __future__ import annotations

from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.draft import Draft
from django_prodready.settings.middleware_order import REQUEST_ID
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["StdoutLogging"]

Format = Literal["plain", "json"]
_FORMATS: tuple[Format, ...] = ("plain", "json")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOGS = "django_prodready.logs"

# Django's own tables, so that they hold below what the project adds: https://docs.djangoproject.com/en/stable/ref/logging/
_HANDLER = "console"


class StdoutLogging(SettingsMixin):
    """Everything to standard output, by LOG_LEVEL and LOG_FORMAT. The project's own loggers stay."""

    LOG_LEVEL: str = env.choice(
        "LOG_LEVEL", choices=_LEVELS, default="INFO", setting=False, help="The least that is logged."
    )
    LOG_FORMAT: Format = env.choice(
        "LOG_FORMAT",
        choices=_FORMATS,
        default="plain",
        setting=False,
        help="plain for people, json for whatever collects the lines.",
    )

    def transform(self, draft: Draft) -> None:
        """Merge the handler, its formatter and filters into LOGGING, and put RequestIdMiddleware in."""
        draft.place_middleware(REQUEST_ID, same=self.SAME_MIDDLEWARE)
        logging = draft.mapping("LOGGING")
        logging.setdefault("version", 1)
        # True would silence every logger that was made before: those of all imported packages.
        logging["disable_existing_loggers"] = False
        _merge(logging, "formatters", {"prodready": {"()": f"{_LOGS}.{_FORMATTERS[self.LOG_FORMAT]}"}})
        _merge(
            logging,
            "filters",
            {
                "prodready_request_id": {"()": f"{_LOGS}.RequestIdFilter"},
                "prodready_redaction": {"()": f"{_LOGS}.RedactionFilter"},
            },
        )
        _merge(logging, "handlers", {_HANDLER: _CONSOLE})
        logging["root"] = self._root(logging.get("root", {}))
        _merge(logging, "loggers", self._of_django(logging.get("loggers", {})))
        draft.set("LOGGING", logging)
        draft.default_in("PRODREADY", {"FACTS": {"logging": "stdout"}})

    def _root(self, root: dict[str, Any]) -> dict[str, Any]:
        handlers = [*root.get("handlers", [])]
        return {**root, "handlers": _with(handlers), "level": self.LOG_LEVEL}

    def _of_django(self, loggers: dict[str, Any]) -> dict[str, Any]:
        """Django's logger writes to the console only under DEBUG; what the project set for it stays."""
        if "django" in loggers:
            return {}
        return {"django": {"handlers": [], "level": self.LOG_LEVEL, "propagate": True}}


_FORMATTERS: dict[str, str] = {"plain": "PlainFormatter", "json": "JsonFormatter"}
_CONSOLE: dict[str, Any] = {
    "class": "logging.StreamHandler",
    "stream": "ext://sys.stdout",
    "formatter": "prodready",
    "filters": ["prodready_request_id", "prodready_redaction"],
}


def _merge(logging: dict[str, Any], section: str, entries: dict[str, Any]) -> None:
    logging[section] = {**logging.get(section, {}), **entries}


def _with(handlers: list[str]) -> list[str]:
    return handlers if _HANDLER in handlers else [*handlers, _HANDLER]
