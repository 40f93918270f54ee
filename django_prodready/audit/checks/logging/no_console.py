"""Errors reach no console, so the platform's log shows nothing of a 500.

What it checks
--------------
It follows an error of `django.request`, the logger that reports exceptions in views, and one of the root
logger through `LOGGING` on top of Django's own configuration, as they work once `DEBUG` is off: levels,
`propagate`, `disable_existing_loggers`, filters such as `require_debug_true`. One of the handlers on
the way must be a `logging.StreamHandler`; one behind a `QueueHandler` counts when code starts the
listener, which `LOGGING` alone does not.

Files, syslog and services count when `PRODREADY["FACTS"]` has `logging`, such as
`{"logging": "journald"}`; without it an error that only they get is a warning, unless the site runs in a
container. A handler whose class it cannot judge counts always. When only the root logger
has no console, this is a warning, and nothing at all when a logger of your own has one.

Why it matters
--------------
Docker, Kubernetes and every hosting platform collect standard output and standard error. Without
`LOGGING`, Django sends errors there only while `DEBUG` is on; in production it mails them to `ADMINS`,
of whom there are none by default. The visitor sees "Server Error (500)", and nobody sees why.

When it is wrong
----------------
Code that the settings do not show adds a handler when the server starts. It is not applicable where
`LOGGING_CONFIG` is set, where settings, `wsgi.py`, `apps.py` or gunicorn's configuration call
`logging.basicConfig()` or the like, or where the server is started with `--log-config`.

How to fix
----------
Give the root logger a handler of class `logging.StreamHandler`:

```python
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
```

Source
------
[Django's default logging configuration](https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.containers import container_sign
from django_prodready.audit.facts.log_setup import configuring_file
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach, Route

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

FILE = {"class": "logging.FileHandler", "filename": "/var/log/app.log", "delay": True}
CONSOLE = {"class": "logging.StreamHandler"}
BAD = (
    Case(settings={}),
    Case(
        settings={
            "LOGGING": {
                "version": 1,
                "disable_existing_loggers": False,
                "handlers": {"file": FILE},
                "root": {"handlers": ["file"]},
            }
        }
    ),
)
GOOD = (
    Case(
        settings={
            "LOGGING": {
                "version": 1,
                "disable_existing_loggers": False,
                "handlers": {"console": CONSOLE},
                "root": {"handlers": ["console"]},
            }
        }
    ),
    Case(
        settings={
            "LOGGING": {
                "version": 1,
                "handlers": {"console": CONSOLE},
                "loggers": {"django": {"handlers": ["console"]}},
            }
        }
    ),
    Case(settings={"LOGGING_CONFIG": None}),
)

_DISABLE = "disable_existing_loggers"
_DECLARE = ", or declare PRODREADY = {'FACTS': {'logging': 'files'}} if somebody reads them where they go."
_LISTENER = re.compile(r"\.listener\b|\bQueueListener\(")


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when an error in a view, or of the project's own code, reaches no console."""
    logging = facts.settings.LOGGING or {}
    if facts.settings.LOGGING_CONFIG != "logging.config.dictConfig" or not isinstance(logging, Mapping):
        raise NotApplicable("the project configures logging itself")
    tree = LoggingTree(logging, listeners_start=_starts_listeners(facts, logging))
    enough = Reach.ELSEWHERE if facts.declared.get("logging") else Reach.UNKNOWN
    requests, root = tree.route("django.request"), tree.route("")
    if requests.reach >= enough and (root.reach >= enough or _has_console_of_its_own(tree, enough)):
        return
    file = configuring_file(facts)
    if file is not None:
        raise NotApplicable(f"{file} configures logging itself")
    is_root_only = requests.reach >= enough
    route = root if is_root_only else requests
    what = "what the project's own code reports" if is_root_only else "an exception in a view"
    logger = "the root logger" if is_root_only else "django.request"
    is_kept = route.reach is Reach.ELSEWHERE  # in a file, which on a machine of one's own is a place to look
    is_warning = is_root_only or (is_kept and container_sign(facts) is None)
    yield Finding(
        message=(
            f"With DEBUG off, {what} (logged by {logger}) reaches no console: "
            "docker logs, or what else your platform collects, shows nothing of it."
        ),
        hint=_hint(logging, route, enough) + (_DECLARE if is_kept else "."),
        subject="LOGGING",
        evidence=route.stops,
        identity=logger,
        at=facts.origin("LOGGING"),
        severity=Severity.WARNING if is_warning else Severity.ERROR,
    )


def _has_console_of_its_own(tree: LoggingTree, enough: Reach) -> bool:
    return any(tree.route(name).reach >= enough for name in tree.own)


def _starts_listeners(facts: Facts, logging: Mapping[str, Any]) -> bool:
    """Whether code starts a listener, as logging.getHandlerByName("queue").listener.start() does."""
    if "QueueHandler" not in repr(logging):
        return True  # there is none, and no need to read every file
    return any(_LISTENER.search(facts.files.read(path) or "") for path in facts.files.python)


def _hint(logging: Mapping[str, Any], route: Route, enough: Reach) -> str:
    """What ends the finding, without a full stop: one step that only leads to the next finding is none."""
    if not logging:
        return (
            "Set LOGGING, with 'disable_existing_loggers': False and a handler of class"
            " logging.StreamHandler for 'root'"
        )
    if logging.get("incremental"):
        return f"Replace LOGGING['incremental'] by {_DISABLE!r}: False; then {_step(route)}"
    if route.held_by != _DISABLE:
        return f"{_step(route)[0].upper()}{_step(route)[1:]}"
    after = LoggingTree({**logging, _DISABLE: False}).route("django.request")
    more = "" if after.reach >= enough else f", and {_step(after)}"
    return f"Set LOGGING[{_DISABLE!r}] = False{more}"


def _step(route: Route) -> str:
    logger = f"LOGGING['loggers'][{route.end!r}]" if route.end else "LOGGING['root']"
    if route.held_by is not None:
        return f"let errors pass the {route.held_by} of {logger}"
    return f"add a handler of class logging.StreamHandler, without require_debug_true, to {logger}"
