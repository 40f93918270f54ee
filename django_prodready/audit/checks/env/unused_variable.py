"""A variable is set that nothing reads, but for a slip of the hand.

What it checks
--------------
The variables of this process's environment that no setting reads and no file of the repository
mentions, and whose name is one letter away from one that the settings read and that is not set:
`ALLOWED_HOST` for `ALLOWED_HOSTS`, `DJANGO_SENTRY_DSN` for `SENTRY_DSN`.

Why it matters
--------------
The setting has its default, or the site does not start, and whoever looks at the platform's page sees the
variable there.

When it is wrong
----------------
When another program of the same machine reads the variable. Nothing is said of projects that read names
which they compute.

How to fix
----------
Correct the name of the variable.

Source
------
[The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.env_fields import declared_fields, mentioned, spellings
from django_prodready.audit.facts.env_names import is_near, is_of_the_machine
from django_prodready.audit.facts.env_reads import reads_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SOURCE = 'import os\nALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")\n'


def _case(**environ: str) -> Case:
    return Case(files={"conf.py": _SOURCE}, settings_module="conf", environ=environ)


BAD = (
    _case(ALLOWED_HOST="www.example.org"),
    _case(DJANGO_ALLOWED_HOSTS="www.example.org"),
)
GOOD = (
    _case(),
    _case(ALLOWED_HOSTS="www.example.org", ALLOWED_HOST="www.example.org"),
    _case(SENTRY_DSN="https://example.org", PATH="/bin"),
    Case(environ={"ALLOWED_HOST": "www.example.org"}),
)

_PREFIX = "DJANGO_"


@check(severity=Severity.INFO, needs=(Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable that is set under a name which nothing reads."""
    reads = reads_of(facts)
    known = reads.names | spellings(declared_fields(facts))
    if not known:
        raise NotApplicable("the settings read no variable by its name")
    if reads.is_computed:
        raise NotApplicable("the settings read variables whose names they compute")
    unset = sorted(known - facts.environ.keys())
    meant = {
        name: other
        for name in sorted(facts.environ.keys() - known)
        if not is_of_the_machine(name) and (other := _meant(name, unset)) is not None
    }
    for name in sorted(meant.keys() - mentioned(facts, meant)):
        yield Finding(
            message=f"The variable {name} is set, and nothing reads it; {meant[name]} is read, and not set.",
            hint=f"Rename {name} to {meant[name]}, or unset it.",
            subject=name,
            at=reads.at(meant[name]),
        )


def _meant(name: str, unset: list[str]) -> str | None:
    bare = name.removeprefix(_PREFIX)
    return next(
        (other for other in unset if is_near(name, other) or bare == other.removeprefix(_PREFIX)),
        None,
    )
