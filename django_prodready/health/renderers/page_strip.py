"""Recent runs of one probe as a strip of bars: the taller, the worse, and the newest at the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from django_prodready.health.outcome import Status

SLOTS = 60  # bars of 2 and gaps of 1: 180 wide, which a telephone shows too
HEIGHT = 16
_HEIGHTS = {Status.OK: 6, Status.DEGRADED: 11, Status.DOWN: HEIGHT, Status.SKIPPED: 2}


def strip(statuses: Sequence[Status]) -> str:
    """Return the drawing of the last runs, oldest first, with its text for those who do not see it."""
    recent = statuses[-SLOTS:]
    lines: dict[Status, str] = {}
    slot = SLOTS - len(recent)
    # Equal neighbours are one dashed line: twenty probes of sixty runs stay small.
    for status, run in groupby(recent):
        end = slot + len(list(run))
        level = HEIGHT - _HEIGHTS[status] / 2
        lines[status] = lines.get(status, "") + f"M{slot * 3} {level:g}H{end * 3 - 1}"
        slot = end
    paths = "".join(
        f"<path class={status} stroke-width={_HEIGHTS[status]} d='{line}'/>" for status, line in lines.items()
    )
    return (
        f"<svg class=strip role=img viewBox='0 0 {SLOTS * 3} {HEIGHT}' preserveAspectRatio=none>"
        f"<title>{_label(recent)}</title>{paths}</svg>"
    )


def _label(recent: Sequence[Status]) -> str:
    if not recent:
        return "No run yet"
    counts = Counter(recent)
    tally = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    return f"Last run: {tally}" if len(recent) == 1 else f"Last {len(recent)} runs: {tally}"
