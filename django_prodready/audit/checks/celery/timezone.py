"""Celery's timetable is in another time zone than the site.

What it checks
--------------
Celery's `timezone` against Django's `TIME_ZONE`, by their offsets in winter and summer, and whether it is a
time zone at all. With the configuration in Django's settings Celery takes `TIME_ZONE` by itself where it has
no other; with one in a module of its own it takes UTC. It is information only where `TIME_ZONE` is UTC, or
where nothing of the project is due at a time of the day.

Why it matters
--------------
`crontab(hour=3)` means three o'clock in Celery's time zone. The nightly job runs at eleven in the morning in
Manila, and the report of "yesterday" ends in the middle of today.

When it is wrong
----------------
The timetable is meant to be in the other time zone, and everybody who edits it knows.

How to fix
----------
Remove `CELERY_TIMEZONE`, or write `CELERY_TIMEZONE = TIME_ZONE`.

Source
------
[Time zones](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#time-zones)
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings
from django_prodready.audit.facts.celery_tasks import has_timetable
from django_prodready.audit.facts.celery_values import COMPUTED
from django_prodready.audit.facts.effective import value_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_BROKER = {"CELERY_BROKER_URL": "redis://redis/0"}
BAD = (
    Case(settings={**_BROKER, "TIME_ZONE": "Asia/Manila", "CELERY_TIMEZONE": "UTC"}),
    Case(settings={**_BROKER, "TIME_ZONE": "UTC", "CELERY_TIMEZONE": "Europe/Berln"}),
)
GOOD = (
    Case(settings={**_BROKER, "TIME_ZONE": "Asia/Manila"}),
    Case(settings={**_BROKER, "TIME_ZONE": "Asia/Manila", "CELERY_TIMEZONE": "Asia/Manila"}),
    Case(settings={**_BROKER, "TIME_ZONE": "UTC", "CELERY_TIMEZONE": "Etc/UTC"}),
    Case(settings={"TIME_ZONE": "Asia/Manila"}),
)

_MOMENTS = (
    datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC),
    datetime.datetime(2026, 7, 15, tzinfo=datetime.UTC),
)
_Offsets = tuple[datetime.timedelta | None, ...]


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Celery's time zone is none, or not Django's."""
    settings = celery_settings(facts)
    of_site = str(value_of(facts.settings, "TIME_ZONE"))
    zone = _zone(settings, of_site)
    offsets, site_offsets = _offsets(zone), _offsets(of_site)
    name = settings.name("timezone")
    if offsets is None:
        yield Finding(
            message=f"{name} is {zone!r}, which is no time zone: workers and beat do not start.",
            hint=f"Set {name} to {of_site!r}, or remove it.",
            subject=name,
            at=settings.origin("timezone"),
        )
    elif site_offsets is not None and offsets != site_offsets:
        is_plain_utc = not any(site_offsets)
        yield Finding(
            message=f"Celery's timetable is in {zone} and the site in {of_site}: an hour in a crontab is not"
            " the site's.",
            hint=f"Set {name} to {of_site!r}, or, where Django's settings hold the configuration, remove it.",
            subject=name,
            severity=Severity.INFO if is_plain_utc or not has_timetable(facts) else Severity.WARNING,
            at=settings.origin("timezone"),
        )


def _zone(settings: CelerySettings, of_site: str) -> str:
    """Return what Celery takes; the site's where that is not to be seen."""
    for option in ("timezone", "time_zone"):
        setting = settings.find(option)
        if setting is not None and setting.value:
            return of_site if setting.value is COMPUTED else str(setting.value)
    return of_site if settings.is_django else "UTC"


def _offsets(zone: str) -> _Offsets | None:
    try:
        found = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return tuple(moment.astimezone(found).utcoffset() for moment in _MOMENTS)
