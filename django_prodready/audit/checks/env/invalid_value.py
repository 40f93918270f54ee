"""A variable is set to what its setting cannot be.

What it checks
--------------
Every variable that a class of `django_prodready.settings` refuses: a boolean that is none, a number that is
none or out of bounds, a URL that is split in the wrong place, a choice that does not exist. For
django-environ, the variables that `env.bool()` reads: it takes whatever it does not know for false. Values
are never shown.

Why it matters
--------------
The strict reader refuses to start. The lenient ones start with something else than was meant:
`SECURE_SSL_REDIRECT=ture` is no redirect, and nothing says so.

When it is wrong
----------------
When it ran with another environment than the server's. A word of your own for false, such as `disabled`,
is taken for false by django-environ as well; `false` says it to everybody.

How to fix
----------
Correct the variable as the message says. `python -m django_prodready settings --env-check` looks at all.

Source
------
[django-environ: bool](https://django-environ.readthedocs.io/en/latest/types.html),
[The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused_as, target_of
from django_prodready.audit.facts.env_reads import reads_of
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SOURCE = 'import environ\nenv = environ.Env()\nUSE_TLS = env.bool("SECURE_SSL_REDIRECT", default=True)\n'
BAD = (
    Case(
        load_failure=SettingsError(
            [
                Problem(
                    variable="SECURE_SSL_REDIRECT",
                    rule="expected true/false/1/0/yes/no/on/off",
                    mixin="Security",
                ),
                Problem(variable="DATABASE_URL", rule="expected a numeric port", mixin="Postgres"),
                Problem(variable="SECRET_KEY", rule=MISSING, mixin="Security"),
            ]
        ),
        expect=2,
    ),
    Case(files={"conf.py": _SOURCE}, settings_module="conf", environ={"SECURE_SSL_REDIRECT": "ture"}),
)
GOOD = (
    Case(),
    Case(files={"conf.py": _SOURCE}, settings_module="conf"),
    Case(files={"conf.py": _SOURCE}, settings_module="conf", environ={"SECURE_SSL_REDIRECT": " True"}),
    Case(files={"conf.py": _SOURCE}, settings_module="conf", environ={"SECURE_SSL_REDIRECT": "off"}),
    Case(load_failure=SettingsError([Problem(variable="SECRET_KEY", rule=MISSING)])),
)

# What django-environ takes for true, and what people write for false.
_TRUE = frozenset({"true", "on", "ok", "y", "yes", "1"})
_FALSE = frozenset({"", "0", "f", "false", "n", "no", "none", "null", "off"})


@check(severity=Severity.ERROR, needs=(Need.SOURCE,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable that is refused, or taken for something else."""
    reads = reads_of(facts)
    for problem in refused_as(facts, Kind.INVALID):
        example = f", for example {problem.example}" if problem.example else ""
        what = f"The environment variable {problem.variable} is refused{target_of(problem)}"
        yield Finding(
            message=f"{what}: {problem.rule}.",
            hint=f"Correct {problem.variable} in the environment of the server{example}.",
            subject=problem.variable,
            at=reads.at(problem.variable),
        )
    for name, library in dict.fromkeys(
        (read.variable, read.library) for read in reads.all if read.method == "bool"
    ):
        word = facts.environ.get(name, "").strip().lower()
        if library.startswith("django-environ") and word not in _TRUE | _FALSE:
            yield Finding(
                message=f"The variable {name} is no boolean, and django-environ takes it for false.",
                hint=f"Set {name} to true or false.",
                subject=name,
                at=reads.at(name),
            )
