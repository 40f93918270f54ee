"""An ignore in the project's configuration is past its date.

What it checks
--------------
Each entry of `ignore` under `[tool.prodready]` that has an `until`: the last day on which it
holds must not lie before today (UTC).

Why it matters
--------------
Somebody decided to look again by that day. From the next day on the entry hides nothing any more,
so the finding counts as well.

When it is wrong
----------------
When the clock of this machine is.

How to fix
----------
Mend what the entry was for and remove it, or decide again and set a new `until`.

Source
------
[TOML dates](https://toml.io/en/v1.0.0#local-date)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_IGNORE = 'ignore = [{check = "hosts.unmatchable", reason = "the proxy pins the host", until = %s}]'

BAD = (Case(files={"prodready.toml": _IGNORE % "2020-01-01"}, settings={"ALLOWED_HOSTS": ["*.example.org"]}),)
GOOD = (
    Case(files={"prodready.toml": _IGNORE % "2999-01-01"}, settings={"ALLOWED_HOSTS": ["*.example.org"]}),
    Case(),
)


@check(severity=Severity.WARNING, needs=[Need.REPORT])
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each ignore whose last day has passed."""
    for ignore in facts.expired_ignores:
        yield Finding(
            message=f"The ignore of {ignore.check} ended on {ignore.until}: {ignore.reason.rstrip('.')}.",
            hint="Mend the finding and remove the entry, or set a new until.",
            subject=ignore.place,
            identity=f"{ignore.check} {ignore.subject or ''}",
        )
