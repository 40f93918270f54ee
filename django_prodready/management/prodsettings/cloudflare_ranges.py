"""``--cloudflare-ranges``: compare a list of Cloudflare's ranges with the published one, or refresh a file.

Whoever is on the list is believed, so a list that is cut off or far too wide is refused, and what is no
longer published is no longer believed: it never stays for the sake of caution.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from django_prodready.management.prodsettings import in_force, published
from django_prodready.management.prodsettings.errors import RefusedError
from django_prodready.management.prodsettings.in_force import List
from django_prodready.management.prodsettings.list_file import write_whole
from django_prodready.realip.ranges_file import (
    Difference,
    Ranges,
    compare,
    read_ranges,
    spell_ranges,
)


class Outcome(enum.StrEnum):
    """What became of it. The values stand in the JSON form."""

    SAME = "same"
    DIFFERS = "differs"
    UNCHANGED = "unchanged"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was found, and what was done."""

    outcome: Outcome
    before: List
    after: List  # the published one
    difference: Difference
    file: Path | None = None  # what was to be written
    notes: list[str] = field(default_factory=list)


def carry_out(options: Mapping[str, Any]) -> Result:
    """Compare, or write where ``options`` say so. Raises :class:`RefusedError`."""
    after = _published(options["from"])
    file = options["write"]
    if file is not None:
        return _refresh(file, after, is_forced=options["force"])
    before = in_force.ranges()
    difference = compare(before.ranges.networks, after.ranges.networks)
    outcome = Outcome.DIFFERS if difference.share else Outcome.SAME
    notes = [before.trouble] if before.trouble else []
    return Result(
        outcome=outcome,
        before=before,
        after=after,
        difference=difference,
        notes=[*notes, *_note_on_use()],
    )


def changes(difference: Difference) -> list[str]:
    """Name each network that came, and each that went."""
    return [
        *(f"+ {network}" for network in difference.added),
        *(f"- {network}" for network in difference.removed),
    ]


def _published(file: Path | None) -> List:
    if file is None:
        return List(ranges=published.fetch(), name=published.SITE)
    # A pipe would be waited for, perhaps for ever.
    if file.exists() and not file.is_file():
        raise RefusedError(f"{file} is refused: it is no regular file.")
    try:
        ranges = read_ranges(file)
    except (OSError, ValueError) as error:
        raise RefusedError(f"{file} is refused: {in_force.reason(error)}.") from error
    if ranges.as_of is not None and ranges.as_of > _today() + timedelta(days=1):  # a day: of time zones
        raise RefusedError(f"{file} is refused: it is as of {ranges.as_of}, which is to come.")
    return List(ranges=ranges, name=str(file))


def _refresh(file: Path, after: List, *, is_forced: bool) -> Result:
    before, is_there = _list_at(file, is_forced=is_forced)
    difference = compare(before.ranges.networks, after.ranges.networks)
    if difference.is_large and not is_forced:
        raise RefusedError(
            f"{file} is left as it is: more than half of the networks would change. Look at them, and say"
            " --force if they are right.",
            changes=changes(difference),
        )
    is_written = not is_there or bool(difference.share) or _is_newer(after.ranges, before.ranges)
    if is_written:
        write_whole(file, spell_ranges(after.ranges))
    return Result(
        outcome=Outcome.WRITTEN if is_written else Outcome.UNCHANGED,
        before=before,
        after=after,
        difference=difference,
        file=file,
        notes=_notes_on(file, before.ranges, after.ranges) if is_written else [],
    )


def _list_at(file: Path, *, is_forced: bool) -> tuple[List, bool]:
    """Return the list that would be replaced, and whether ``file`` has it; else it is the one in force."""
    try:
        if file.exists() and not file.is_file():
            raise RefusedError(f"{file} is there, but is no file.")
        is_there = file.stat().st_size > 0
        if is_there:
            return List(ranges=read_ranges(file), name=str(file)), True
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        if not is_forced:
            raise RefusedError(
                f"{file} is left as it is: it cannot be read as a list of ranges"
                f" ({in_force.reason(error)}). --force replaces it."
            ) from error
    return in_force.ranges(), False


def _notes_on(file: Path, before: Ranges, after: Ranges) -> list[str]:
    notes = []
    if before.as_of and after.as_of and after.as_of < before.as_of:
        notes.append(f"The list is older than the one before it, which is as of {before.as_of}.")
    if in_force.is_configured_file(file):
        notes.append("Running processes read it within a minute.")
    else:
        notes.append(f"Name it in {in_force.FILE_KEY}, so that it is read.")
    return [*notes, *_note_on_use()]


def _note_on_use() -> list[str]:
    is_off = settings.configured and not in_force.config().cloudflare
    return ["PRODREADY['CLOUDFLARE'] is off, so no list is used."] if is_off else []


def _is_newer(after: Ranges, before: Ranges) -> bool:
    return after.as_of is not None and (before.as_of is None or after.as_of > before.as_of)


def _today() -> date:
    return datetime.now(UTC).date()
