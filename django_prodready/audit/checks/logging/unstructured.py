"""Logs on the console are lines of plain text, which a log service cannot search by field.

What it checks
--------------
The formatters of the handlers in `LOGGING` that write to the console. A finding means that all of them are
`logging.Formatter` with a format of plain text, or none. A formatter of any other class counts as structured,
and so does a format that is JSON or `key=value`.

It is not applicable where the project uses structlog, python-json-logger or a package of that kind, where
code configures logging, and where `PRODREADY["FACTS"]` has `logging`.

Why it matters
--------------
Loki, Elasticsearch, Datadog and the log pages of platforms index fields: level, logger, request id, user.
From plain lines they cut what they can guess, and a traceback of forty lines becomes forty records.

When it is wrong
----------------
People read the log with their own eyes, and nothing else does. Plain text is right then: it is information.

How to fix
----------
Give the console a formatter that writes JSON, this package's or that of python-json-logger:

```python
"formatters": {"json": {"()": "django_prodready.logs.JsonFormatter"}},
"handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
```

Source
------
[python-json-logger](https://nhairs.github.io/python-json-logger/latest/quickstart/),
[structlog, logging best practices](https://www.structlog.org/en/stable/logging-best-practices.html)
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.log import ServerFormatter

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.log_handlers import InUse, class_of, handlers_in_use, section_of
from django_prodready.audit.facts.log_setup import applied_logging, configuring_file
from django_prodready.audit.facts.logging_handlers import Handler
from django_prodready.audit.facts.logging_tree import Reach

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

CONSOLE = {"class": "logging.StreamHandler", "formatter": "line"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "[{levelname}] {asctime} {name} {message}", "style": "{"}},
    "handlers": {"console": CONSOLE},
    "root": {"handlers": ["console"]},
}
JSON = {"line": {"()": "shop_log.JsonFormatter"}}
BAD = (
    Case(settings={"LOGGING": LOGGING}),
    Case(settings={"LOGGING": {**LOGGING, "handlers": {"console": {"class": "logging.StreamHandler"}}}}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"LOGGING": {**LOGGING, "formatters": JSON}}),
    Case(settings={"LOGGING": LOGGING, "PRODREADY": {"FACTS": {"logging": "journald"}}}),
)

_LIBRARIES = (
    "django_structlog", "ecs_logging", "google.cloud.logging", "json_log_formatter", "logfmter", "loguru",
    "pythonjsonlogger", "structlog",
)  # fmt: skip
_PLAIN = (logging.Formatter, ServerFormatter)
# {"level": "%(levelname)s"}, level=%(levelname)s
_FIELDS = re.compile(r"""^\s*\{\s*["']|\w+=["']?(?:%\(|\{|\$)""")


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when all that reaches the console is plain text."""
    config = applied_logging(facts)
    _require_no_other_way(facts)
    consoles = [handler for handler in handlers_in_use(config) if _writes_console(handler, config)]
    if not consoles:
        raise NotApplicable("no handler of LOGGING writes to the console")
    if not all(_is_plain(handler, config) for handler in consoles):
        return
    names = ", ".join(repr(handler.name) for handler in consoles)
    yield Finding(
        message=f"What LOGGING writes to the console ({names}) is plain text, without fields to search by.",
        hint="Give the handler a formatter that writes JSON, such as django_prodready.logs.JsonFormatter.",
        subject="LOGGING",
        at=facts.origin("LOGGING", "handlers", consoles[0].name),
    )


def _require_no_other_way(facts: Facts) -> None:
    """Raise NotApplicable where LOGGING alone does not say what log lines look like."""
    if facts.declared.get("logging"):
        raise NotApplicable("PRODREADY['FACTS'] declares where logs go")
    library = next((name for name in _LIBRARIES if _uses(facts, name)), None)
    if library is not None:
        raise NotApplicable(f"the project uses {library}")
    file = configuring_file(facts)
    if file is not None:
        raise NotApplicable(f"{file} configures logging itself")


def _uses(facts: Facts, library: str) -> bool:
    if "." not in library:
        return facts.source.imports(library) or facts.has_app(library)
    # Others come from the same top-level package.
    return any(library in (facts.files.read(path) or "") for path in facts.files.served)


def _writes_console(handler: InUse, config: Mapping[str, Any]) -> bool:
    if handler.target is None or not issubclass(handler.target, logging.StreamHandler):
        return False
    judged = Handler(handler.name, config)
    return any(judged.judge(name, logging.CRITICAL)[0] is Reach.CONSOLE for name in handler.loggers)


def _is_plain(handler: InUse, config: Mapping[str, Any]) -> bool:
    name = handler.config.get("formatter")
    if not name:
        return handler.target is logging.StreamHandler  # one of its own may format by itself
    formatter = section_of(section_of(config, "formatters"), str(name))
    is_custom = "()" in formatter or "class" in formatter
    if is_custom and class_of(formatter) not in _PLAIN:
        return False
    return not _FIELDS.search(str(formatter.get("format") or formatter.get("fmt") or ""))
