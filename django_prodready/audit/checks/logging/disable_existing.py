"""LOGGING switches off the loggers that exist already, Django's or the server's among them.

What it checks
--------------
`disable_existing_loggers` in `LOGGING`, which is `True` when the key is missing. It is a warning when the
exceptions of views (`django.request`) are lost by it, or the log of gunicorn or uvicorn, when the repository
names that server and `LOGGING` does not. Otherwise it is information.

Why it matters
--------------
When Django applies `LOGGING`, loggers of Django, of the server and of libraries that were imported before
exist. Those that `LOGGING` does not name are switched off without a word: gunicorn's access log ends, and
errors of a worker are lost.

When it is wrong
----------------
You want exactly that, and name every logger that is to live.

How to fix
----------
`LOGGING = {"version": 1, "disable_existing_loggers": False, …}`.

Source
------
[Configuring logging](https://docs.djangoproject.com/en/stable/topics/logging/#configuring-logging),
[disable_existing_loggers](https://docs.python.org/3/library/logging.config.html#dictionary-schema-details)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.log_handlers import loggers_of
from django_prodready.audit.facts.log_setup import applied_logging
from django_prodready.audit.facts.logging_tree import LoggingTree
from django_prodready.audit.facts.server import deployment_texts

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

CONSOLE = {"class": "logging.StreamHandler"}
LOGGING = {"version": 1, "handlers": {"console": CONSOLE}, "root": {"handlers": ["console"]}}
DJANGO = {"django": {"handlers": ["console"], "propagate": False}}
BAD = (
    Case(settings={"LOGGING": LOGGING}),
    Case(settings={"LOGGING": {**LOGGING, "disable_existing_loggers": True, "loggers": DJANGO}}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"LOGGING": {**LOGGING, "disable_existing_loggers": False}}),
    Case(settings={"LOGGING": {"version": 1, "incremental": True, "root": {"level": "INFO"}}}),
)

_KEY = "disable_existing_loggers"
# They set up their loggers before they import the application.
_SERVERS = ("gunicorn", "uvicorn")
_DEPENDENCIES = ("requirements*.txt", "**/requirements/*.txt", "pyproject.toml", "Pipfile", "setup.cfg")


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when loggers are switched off that LOGGING does not name."""
    config = applied_logging(facts)
    if config.get("incremental"):
        raise NotApplicable("LOGGING is incremental, which switches no logger off")
    if not config.get(_KEY, True):
        return
    lost = _lost(facts, config)
    how = "is on" if _KEY in config else "is missing, which means on"
    yield Finding(
        message=f"LOGGING[{_KEY!r}] {how}: {lost or 'loggers that it does not name are'} switched off.",
        hint=f"Set LOGGING[{_KEY!r}] to False.",
        subject=f"LOGGING[{_KEY!r}]",
        at=facts.origin("LOGGING", _KEY),
        severity=Severity.WARNING if lost else Severity.INFO,
    )


def _lost(facts: Facts, config: Mapping[str, Any]) -> str | None:
    """What is lost that somebody reads, with its verb; None when nothing is known to be."""
    lost = ["django.request"] if LoggingTree(config).route("django.request").held_by == _KEY else []
    named = {name.partition(".")[0] for name, _, _ in loggers_of(config)}
    server = next((name for name in _SERVERS if name not in named and _runs(facts, name)), None)
    if server is not None:
        lost.append(f"the loggers of {server}")
    if not lost:
        return None
    return f"{' and '.join(lost)} {'is' if lost == ['django.request'] else 'are'}"


def _runs(facts: Facts, server: str) -> bool:
    word = re.compile(rf"\b{server}\b")
    if any(word.search(text) for _, text in deployment_texts(facts)):
        return True
    paths = facts.files.matching(*_DEPENDENCIES)
    return any(word.search(facts.files.read(path) or "") for path in paths)
