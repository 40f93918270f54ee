"""The example of the environment and the settings do not agree.

What it checks
--------------
The variables of `.env.example` (also `.sample`, `.template`, `.dist`) against those that the settings read.
One that they require and that no example has is a warning. One that an example has and that nothing in
the repository mentions is a piece of information; what Compose files, images, scripts and well-known
libraries read is allowed.

Why it matters
--------------
The example is what whoever deploys the site copies. A variable that it lacks is found out by a site
that does not start; one that it has for nothing hides a misspelling.

When it is wrong
----------------
When the variables are documented elsewhere, or a package reads one under a name that it computes.

How to fix
----------
Add the line, without a value where it is a secret, or remove it.
`python -m django_prodready settings --env-template` writes the file from a class of settings.

Source
------
[The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.env_fields import declared_fields, mentioned, spellings
from django_prodready.audit.facts.env_files import entries_in, example_files
from django_prodready.audit.facts.env_names import is_of_others
from django_prodready.audit.facts.env_reads import reads_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SOURCE = 'import os\nSTRIPE_KEY = os.environ["STRIPE_KEY"]\nLEVEL = os.environ.get("LOG_LEVEL", "INFO")\n'


def _case(example: str, **files: str) -> Case:
    compose = {"compose.yml": files["compose"]} if files else {}
    return Case(files={"conf.py": _SOURCE, ".env.example": example, **compose}, settings_module="conf")


BAD = (
    _case("LOG_LEVEL=INFO\n"),
    _case("STRIPE_KEY=\nSTRIPE_KEYS=\n"),
)
GOOD = (
    Case(files={"conf.py": _SOURCE}, settings_module="conf"),
    _case("STRIPE_KEY=\n# LOG_LEVEL=INFO\n"),
    _case("export STRIPE_KEY=\nPOSTGRES_PASSWORD=\nCOMPOSE_PROJECT_NAME=shop\n"),
    _case("STRIPE_KEY=\nTLS_MAIL=\n", compose="services:\n  proxy:\n    command: --email=${TLS_MAIL}\n"),
)

# Files that hand on a whole file of variables, to programs of which nothing is to be seen.
_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_HANDS_ON = re.compile(r"^\s*(?:-\s+)?env_file:", re.MULTILINE)


@check(severity=Severity.WARNING, needs=(Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable that the examples lack, or have for nothing."""
    examples = example_files(facts)
    if not examples:
        raise NotApplicable("there is no example of the environment")
    shown = dict(_shown(facts, examples))
    for name, at in sorted(_required(facts).items()):
        if name not in shown and f"{name}_FILE" not in shown:
            yield Finding(
                message=f"{examples[0]} lacks {name}, without which the settings do not load.",
                hint=f"Add {name} to {examples[0]}.",
                subject=name,
                at=at or Location(examples[0], 1),
            )
    for name in sorted(_unread(facts, shown)):
        yield Finding(
            message=f"{shown[name].file} has {name}, and nothing in the repository reads it.",
            hint=f"Remove {name} from {shown[name].file}, or correct its name.",
            subject=name,
            at=shown[name],
            severity=Severity.INFO,
        )


def _shown(facts: Facts, examples: tuple[str, ...]) -> Iterator[tuple[str, Location]]:
    for path in reversed(examples):
        for entry in entries_in(facts.files.read(path) or ""):
            yield entry.name, Location(path, entry.line)


def _required(facts: Facts) -> dict[str, Location | None]:
    reads = reads_of(facts)
    found: dict[str, Location | None] = {
        field.variable: reads.at(field.variable) for field in declared_fields(facts) if field.is_required
    }
    for read in reads.all:
        if reads.are_required(read.variable):
            found.setdefault(read.variable, read.at)
    return found


def _unread(facts: Facts, shown: Mapping[str, Location]) -> frozenset[str]:
    reads = reads_of(facts)
    known = reads.names | spellings(declared_fields(facts))
    if not known or reads.is_computed or _is_handed_on(facts):
        return frozenset()
    left = {
        name
        for name in shown
        if name not in known and name.removesuffix("_FILE") not in known and not is_of_others(name)
    }
    return frozenset(left - mentioned(facts, left))


def _is_handed_on(facts: Facts) -> bool:
    return any(_HANDS_ON.search(facts.files.read(path) or "") for path in facts.files.matching(*_COMPOSE))
