"""The list of Cloudflare's ranges that is in force is older than half a year.

What it checks
--------------
With `PRODREADY["CLOUDFLARE"]` on and `CloudflareRealIPMiddleware` in place: how old the list of ranges is,
by the date that the file of `CLOUDFLARE_RANGES_FILE` says ("as of 2026-06-14"), by its time of change where
it says none, or by the date of the list that comes with this package.

Why it matters
--------------
Whoever is on the list is believed. A range that Cloudflare gave up may be somebody else's by now, who could
then name any address as the client's. Visitors who come by a new range are all taken for Cloudflare.

When it is wrong
----------------
When the list was compared of late and nothing had changed: write it again, and it says today's date.

How to fix
----------
`manage.py prodsettings --cloudflare-ranges --write FILE` fetches the published list, judges it and writes
it. Name the file in `PRODREADY["CLOUDFLARE_RANGES_FILE"]`. A running process takes it up within a minute.

Source
------
[Cloudflare's IP ranges](https://www.cloudflare.com/ips/)
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.conf import get_config
from django_prodready.middleware.installation import find_installation
from django_prodready.realip.ranges_file import bundled, read_ranges, spell_ranges

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

MOST_DAYS = 180

_LIST = "\n".join(spell_ranges(bundled()).splitlines()[1:])
_FILE = "deploy/cloudflare.txt"
_IN_FORCE = {"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": _FILE}


def _case(heading: str, **prodready: object) -> Case:
    middleware = ["django_prodready.middleware.CloudflareRealIPMiddleware"]
    return Case(
        settings={"MIDDLEWARE": middleware, "PRODREADY": prodready},
        files={_FILE: f"{heading}\n{_LIST}\n"},
    )


BAD = (_case("# Cloudflare's ranges as of 2024-02-29", **_IN_FORCE),)
GOOD = (
    Case(),
    _case("# Without a date: the file itself is new.", **_IN_FORCE),
    _case("# Cloudflare's ranges as of 2999-01-01", **_IN_FORCE),
    _case("# Cloudflare's ranges as of 2024-02-29", CLOUDFLARE=False, CLOUDFLARE_RANGES_FILE=_FILE),
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the list in force is old."""
    if not get_config().cloudflare:
        raise NotApplicable("PRODREADY['CLOUDFLARE'] is off")
    if not find_installation().is_active:
        raise NotApplicable("CloudflareRealIPMiddleware is not installed")
    which, as_of = _in_force(facts)
    age_days = (_today() - as_of).days
    if age_days > MOST_DAYS:
        yield Finding(
            message=f"Cloudflare's ranges are those of {as_of.isoformat()} ({which}), {age_days} days ago:"
            " who is believed as Cloudflare may no longer be.",
            hint="Run manage.py prodsettings --cloudflare-ranges --write FILE, and name FILE in"
            " PRODREADY['CLOUDFLARE_RANGES_FILE'].",
            subject="PRODREADY['CLOUDFLARE_RANGES_FILE']",
            at=facts.origin("PRODREADY", "CLOUDFLARE_RANGES_FILE"),
        )


def _in_force(facts: Facts) -> tuple[str, date]:
    """Say which list is in force, and of what day it is. A file that cannot be used is not."""
    file = get_config().cloudflare_ranges_file
    if file is not None:
        with contextlib.suppress(OSError, ValueError):
            found = _find(file, facts.root)
            changed = datetime.fromtimestamp(found.stat().st_mtime, UTC).date()
            return "CLOUDFLARE_RANGES_FILE", read_ranges(found).as_of or changed
    ranges = bundled()
    return "the list of this package", ranges.as_of or date.min


def _find(file: Path, root: Path) -> Path:
    """Return where the file is: the site starts in the project's folder, and this process maybe not."""
    return file if file.exists() else root / file


def _today() -> date:
    return datetime.now(UTC).date()
