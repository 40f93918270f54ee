"""A setting is spelled almost like one of Celery's, and Celery does not know it.

What it checks
--------------
The names in Django's settings that begin with the namespace of the project's Celery application (mostly
`CELERY_`) or with the prefixes that Celery had before, and the names set on `app.conf`. It fires when Celery
knows no such name, one that it knows is nearly the same, and nothing in the project reads it. Without a
namespace Celery reads the old names only, so that `CELERY_TASK_TIME_LIMIT` is one that it does not know.

Why it matters
--------------
Celery takes any name and complains about none. `CELERY_TASK_TIME_LIMITS = 300` limits nothing,
`CELERY_TASK_ACK_LATE = True` acknowledges early.

When it is wrong
----------------
A package reads the name that the project does not name in its own source.

How to fix
----------
Correct the spelling, delete the setting, or pass `namespace="CELERY"` to `config_from_object()`.

Source
------
[Configuration](https://docs.celeryq.dev/en/stable/userguide/configuration.html)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_names import EXTRA, OLD_NAMES, OPTIONS
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_BARE_APP = "from celery import Celery\napp = Celery()\napp.config_from_object('django.conf:settings')\n"
BAD = (
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_TASK_ACK_LATE": True}),
    Case(settings={"CELERY_TASK_TIME_LIMIT": 300}, files={"shop/celery.py": _BARE_APP}),
)
GOOD = (
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERYD_CONCURRENCY": 2}),
    Case(
        settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_TIME_ZONE": "UTC", "CELERY_ENABLED": True}
    ),
    Case(settings={"CELERYD_TASK_TIME_LIMIT": 300}, files={"shop/celery.py": _BARE_APP}),
    Case(
        settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_TASK_QUEUE": "mail"},
        files={"shop/tasks.py": "from django.conf import settings\nqueue = settings.CELERY_TASK_QUEUE\n"},
    ),
)

_LIKENESS = 0.85
_OLD_PREFIXES = ("CELERY_", "CELERYD_", "CELERYBEAT_", "BROKER_")
# Of other packages: https://github.com/pmclanahan/django-celery-email, https://github.com/django-haystack
_OF_OTHERS = ("CELERY_EMAIL_", "CELERY_HAYSTACK_", "CELERY_ONCE", "CELERY_PROGRESS_")


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each name that is nearly one of Celery's."""
    settings = celery_settings(facts)
    if settings.is_django:
        known = _known(settings)
        prefixes = (*_OLD_PREFIXES, f"{settings.namespace}_") if settings.namespace else _OLD_PREFIXES
        for name in sorted(facts.explicit - known):
            if name.startswith(prefixes) and not name.startswith(_OF_OTHERS) and not _is_read(facts, name):
                yield from _near(settings, name, known, facts)
    for name in sorted(settings.given - OPTIONS - EXTRA - set(OLD_NAMES.values())):
        yield from _near(settings, name, OPTIONS, facts)


def _known(settings: CelerySettings) -> frozenset[str]:
    """Return the names that Celery looks up in Django's settings."""
    new = (
        {f"{settings.namespace}_{option}".upper() for option in OPTIONS | EXTRA}
        if settings.namespace
        else set()
    )
    return frozenset(new | set(OLD_NAMES.values()))


def _is_read(facts: Facts, name: str) -> bool:
    if name in facts.chain.loads:
        return True
    word = re.compile(rf"\b{name}\b(?!\s*=[^=])")
    texts = (facts.files.read(path) or "" for path in facts.files.served if path not in facts.chain.files)
    return any(word.search(text) for text in texts)


def _near(settings: CelerySettings, name: str, known: frozenset[str], facts: Facts) -> Iterator[Finding]:
    nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=_LIKENESS)
    if nearest:
        lacks_namespace = settings.namespace is None and name.removeprefix("CELERY_").lower() in OPTIONS
        also = ", or pass namespace='CELERY' to config_from_object()" if lacks_namespace else ""
        yield Finding(
            message=f"{name} does nothing: Celery does not know it, and its setting is {nearest[0]}.",
            hint=f"Rename {name} to {nearest[0]}{also}.",
            subject=name,
            at=facts.origin(name) if name.isupper() else settings.origin(name),
        )
