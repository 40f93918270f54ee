"""A secret is given twice: by its variable and by a file.

What it checks
--------------
Whether `NAME` and `NAME_FILE` are both set where the settings read both: in a class of
`django_prodready.settings`, which refuses it, by `FileAwareEnv` of django-environ or environs, or by
code of the settings that names both.

Why it matters
--------------
One of the two is dead, and nobody sees which: django-environ takes the file and says nothing. Whoever
changes the other, after a leak say, has changed nothing.

When it is wrong
----------------
When the settings compare the two themselves. A `NAME_FILE` that only another container reads is none of
this.

How to fix
----------
Unset one of the two; the file is the safer one, for variables show up in dumps and child processes.

Source
------
[django-environ: Docker-style file based variables](https://django-environ.readthedocs.io/en/latest/tips.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused_as
from django_prodready.audit.facts.env_reads import reads_of
from django_prodready.settings.environment.problems import Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_AWARE = 'import environ\nenv = environ.FileAwareEnv()\nMAIL_TOKEN = env("MAIL_TOKEN")\n'
_BOTH = {"MAIL_TOKEN": "q8Wm2Xc7Vb4Nz9", "MAIL_TOKEN_FILE": "/run/secrets/mail"}
BAD = (
    Case(
        load_failure=SettingsError(
            [Problem(variable="SECRET_KEY", rule="set beside SECRET_KEY_FILE: unset one of the two")]
        )
    ),
    Case(files={"conf.py": _AWARE}, settings_module="conf", environ=_BOTH),
)
GOOD = (
    Case(),
    Case(environ=_BOTH),
    Case(files={"conf.py": _AWARE}, settings_module="conf", environ={"MAIL_TOKEN_FILE": "/run/secrets/mail"}),
    Case(
        files={"conf.py": 'import os\nMAIL_TOKEN = os.environ["MAIL_TOKEN"]\n'},
        settings_module="conf",
        environ=_BOTH,
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SOURCE,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each secret that is given twice."""
    told = {problem.variable for problem in refused_as(facts, Kind.VALUE_AND_FILE)}
    for name in sorted(told):
        yield _finding(facts, name, "which the settings refuse", Severity.ERROR)
    reads = reads_of(facts)
    for name in sorted(reads.names - told):
        if not (facts.environ.get(name) and facts.environ.get(f"{name}_FILE")):
            continue
        if any(read.library.endswith("with files") for read in reads.of(name)):
            yield _finding(facts, name, "and the file is taken without a word", Severity.ERROR)
        elif f"{name}_FILE" in reads.names:
            yield _finding(facts, name, "and the settings read both: one of them is dead", Severity.WARNING)


def _finding(facts: Facts, name: str, what: str, severity: Severity) -> Finding:
    return Finding(
        message=f"The environment variables {name} and {name}_FILE are both set, {what}.",
        hint=f"Unset {name} or {name}_FILE.",
        subject=name,
        at=reads_of(facts).at(name),
        severity=severity,
    )
