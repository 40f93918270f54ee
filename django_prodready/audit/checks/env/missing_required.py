"""A variable that the settings need is not set.

What it checks
--------------
Every variable that a class of `django_prodready.settings` requires, all of them in one run. For settings
that read the environment by themselves, and that could not be loaded: the variables that their source
reads without a default, on every load, by `os.environ["NAME"]`, django-environ, environs or
python-decouple. The one that ended the load is told by `settings.load-failed`.

Why it matters
--------------
The site does not start. Told one by one, each variable costs a deployment.

When it is wrong
----------------
When it ran without the environment of the server: variables that the platform sets are missing on a
laptop. Nothing is said of names that a `.env` file of the project gives, of what only some branch of the
settings reads, nor in the build phase (`PRODREADY_BUILD`).

How to fix
----------
Set the variable where the server runs, or give it a default if the site can do without.
`python -m django_prodready settings --env-template` prints what a class of settings reads.

Source
------
[The Twelve-Factor App: config](https://12factor.net/config)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.env_files import names_given
from django_prodready.audit.facts.env_problems import Kind, refused_as, target_of
from django_prodready.audit.facts.env_reads import Read, reads_of
from django_prodready.audit.facts.load_failure import missing_variable
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SOURCE = 'import os\nA = os.environ["STRIPE_KEY"]\nB = os.environ["MAIL_TOKEN"]\nC = os.environ.get("LOG")\n'
BAD = (
    Case(
        load_failure=SettingsError(
            [
                Problem(variable="SECRET_KEY", rule=MISSING, mixin="Security"),
                Problem(variable="STRIPE_KEY", rule=MISSING, example="sk_live_..."),
                Problem(variable="WORKERS", rule="expected a whole number"),
            ]
        ),
        expect=2,
    ),
)
GOOD = (
    Case(),
    Case(files={"conf.py": _SOURCE}, settings_module="conf"),
    Case(load_failure=SettingsError([Problem(variable="WORKERS", rule="expected a whole number")])),
    Case(
        load_failure=SettingsError(
            [
                Problem(variable="SECRET_KEY", rule=MISSING),
                Problem(
                    variable="PRODREADY_BUILD", rule="is for collectstatic alone, which runs on placeholders"
                ),
            ]
        )
    ),
)


@check(severity=Severity.CRITICAL, needs=(Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable that is required and not set."""
    if refused_as(facts, Kind.BUILD):
        raise NotApplicable("this is the build phase, in which placeholders stand in")
    for problem in refused_as(facts, Kind.MISSING):
        example = f", for example {problem.example}" if problem.example else ""
        yield Finding(
            message=(
                f"The environment variable {problem.variable} is not set, and {_module(facts)} does not load "
                f"without it{target_of(problem)}{_while(problem)}."
            ),
            hint=f"Set {problem.variable} in the environment of the server{example}.",
            subject=problem.variable,
            at=reads_of(facts).at(problem.variable),
        )
    for read in _unset(facts):
        yield Finding(
            message=(
                f"The environment variable {read.variable} is not set, "
                f"and {_module(facts)} reads it on every load."
            ),
            hint=f"Set {read.variable} in the environment of the server.",
            subject=read.variable,
            at=read.at,
        )


def _module(facts: Facts) -> str:
    return facts.settings_module or "the settings module"


def _while(problem: Problem) -> str:
    """Return what the rule adds: ", while AWS_CLOUDFRONT_KEY is"."""
    return problem.rule.removeprefix(MISSING)


def _unset(facts: Facts) -> Iterator[Read]:
    """Yield a read of each variable without which settings of the project's own do not load."""
    error = facts.load_failure
    if error is None or facts.has_settings or isinstance(error, SettingsError):
        return
    reads = reads_of(facts)
    given = {*facts.environ, *names_given(facts.files), missing_variable(error)}
    for name in dict.fromkeys(read.variable for read in reads.all):
        if reads.are_required(name) and name not in given and f"{name}_FILE" not in given:
            yield reads.of(name)[0]
