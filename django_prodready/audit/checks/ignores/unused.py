"""An ignore in the project's configuration matches nothing.

What it checks
--------------
Each entry of `ignore` under `[tool.prodready]` must have matched a finding in this run. Entries
for checks that did not run, or that were left out of the run, are not looked at.

Why it matters
--------------
The problem that it was written for is gone. Left behind, it would hide the next one.

When it is wrong
----------------
When the finding exists in one environment only, and this run judged another one.

How to fix
----------
Remove the entry.

Source
------
The same idea for linters: [unused suppression comments](https://docs.astral.sh/ruff/rules/unused-noqa/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_IGNORE = 'ignore = [{check = "hosts.unmatchable", reason = "the proxy pins the host"}]'

BAD = (Case(files={"prodready.toml": _IGNORE}),)
GOOD = (
    Case(),
    Case(files={"prodready.toml": _IGNORE}, settings={"ALLOWED_HOSTS": ["*.example.org"]}),
)


@check(severity=Severity.WARNING, needs=[Need.REPORT])
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each ignore that matched nothing."""
    for ignore in facts.unused_ignores:
        yield Finding(
            message=f"The ignore of {ignore.check} matches no finding: {ignore.reason.rstrip('.')}.",
            hint="Remove the entry.",
            subject=ignore.place,
            identity=f"{ignore.check} {ignore.subject or ''}",
        )
