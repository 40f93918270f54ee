"""LOGGING names a handler, formatter, filter, class or level that does not exist.

What it checks
--------------
Every name in `LOGGING` as `logging.config.dictConfig()` looks it up:

- the `handlers` and `filters` of each logger and of `root`;
- the `formatter` and `filters` of each handler, the `target` of a `MemoryHandler`, the `handlers` of a
  `QueueHandler`;
- classes and factories (`class` and `()`), by importing them;
- levels, such as `info` for `INFO`.

Names that Django's own configuration defines, `require_debug_false` for one, count only when `LOGGING`
defines them again: the two are not merged. With `LOGGING_CONFIG = None` nothing applies `LOGGING` by itself,
and what is found is information.

Why it matters
--------------
Django applies `LOGGING` first of all, and one such name raises `ValueError`: no worker and no command
starts.

When it is wrong
----------------
It follows `dictConfig()`, so a name that it reports is not found there. Code that changes `LOGGING` before it
is applied, or a `LOGGING_CONFIG` of your own, which it leaves alone, may add the name.

How to fix
----------
Define the name in the section of `LOGGING` that the hint says, or correct it:

```python
"filters": {"require_debug_false": {"()": "django.utils.log.RequireDebugFalse"}},
```

Source
------
[Configuration dictionary schema](https://docs.python.org/3/library/logging.config.html#dictionary-schema-details)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.log_names import Unresolved, unresolved_names
from django_prodready.audit.facts.log_setup import DICT_CONFIG, given_logging

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

CONSOLE = {"class": "logging.StreamHandler"}
BAD = (
    Case(settings={"LOGGING": {"version": 1, "root": {"handlers": ["console"]}}}),
    Case(
        settings={
            "LOGGING": {
                "version": 1,
                "handlers": {"console": {**CONSOLE, "formatter": "json", "filters": ["require_debug_false"]}},
                "root": {"handlers": ["console"], "level": "info"},
            }
        },
        expect=3,
    ),
)
GOOD = (
    Case(settings={}),
    Case(
        settings={
            "LOGGING": {
                "version": 1,
                "formatters": {"plain": {"format": "%(message)s"}},
                "handlers": {"console": {**CONSOLE, "formatter": "plain"}},
                "root": {"handlers": ["console"], "level": "INFO"},
            }
        }
    ),
    Case(settings={"LOGGING": {"version": 1, "incremental": True, "root": {"level": "INFO"}}}),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each name that dictConfig() does not find."""
    logging = given_logging(facts)
    if facts.settings.LOGGING_CONFIG not in (None, "", DICT_CONFIG):
        raise NotApplicable("LOGGING_CONFIG names a function of the project's own")
    if logging.get("incremental"):
        raise NotApplicable("LOGGING is incremental: it only changes levels of what exists")
    is_applied = facts.settings.LOGGING_CONFIG == DICT_CONFIG
    for name in unresolved_names(logging):
        yield _finding(facts, name, is_applied=is_applied)


def _finding(facts: Facts, name: Unresolved, *, is_applied: bool) -> Finding:
    subject = "LOGGING" + "".join(f"[{key!r}]" for key in name.path)
    then = "so Django raises ValueError at start" if is_applied else "so dictConfig(LOGGING) would raise"
    return Finding(
        message=f"{subject} {name.what}, {then}.",
        hint=f"{name.do}.",
        subject=subject,
        identity=f"{subject} {name.value}",
        at=facts.origin("LOGGING", *name.path),
        severity=Severity.CRITICAL if is_applied else Severity.INFO,
    )
