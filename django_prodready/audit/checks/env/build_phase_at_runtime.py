"""A process runs on the placeholders of the build phase.

What it checks
--------------
Whether `PRODREADY_BUILD` is set for another command than those that build an image, and whether any
effective setting holds one of the placeholders that stand in for secrets then.

Why it matters
--------------
Placeholders are random and new in every process: each worker signs with another key, and no password is
right. A class of `django_prodready.settings` therefore refuses to load; settings that were kept from a
build, in a generated file say, do not.

When it is wrong
----------------
In the step that builds the image, where prodcheck can say little: run it in the environment of the server.

How to fix
----------
Set the variable for the one command, `RUN PRODREADY_BUILD=1 python manage.py collectstatic --noinput`, and
never by `ENV`, which holds for the server too.

Source
------
[Dockerfile: ENV](https://docs.docker.com/reference/dockerfile/#env)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused_as
from django_prodready.audit.facts.secret_values import held_texts
from django_prodready.settings.environment.build import BUILD_VARIABLE, MARK
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(
        load_failure=SettingsError(
            [
                Problem(
                    variable=BUILD_VARIABLE,
                    rule="is for collectstatic alone, which runs on placeholders: unset it",
                ),
                Problem(variable="SECRET_KEY", rule=MISSING),
            ]
        )
    ),
    Case(settings={"SECRET_KEY": f"{MARK}-q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0Yt", "MAIL_TOKEN": f"{MARK}-q8Wm2"}),
)
GOOD = (
    Case(),
    Case(environ={BUILD_VARIABLE: "0"}),
    Case(load_failure=SettingsError([Problem(variable="SECRET_KEY", rule=MISSING)])),
)


@check(severity=Severity.CRITICAL, needs=())
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the build phase is declared, and one when its placeholders are in force."""
    if refused_as(facts, Kind.BUILD):
        yield Finding(
            message=f"The environment variable {BUILD_VARIABLE} is set, and this process builds nothing.",
            hint=f"Unset {BUILD_VARIABLE} where anything but collectstatic or compilemessages runs.",
            subject=BUILD_VARIABLE,
        )
    if facts.has_settings:
        names = sorted({held.name for held in held_texts(facts) if MARK in held.text})
        if names:
            yield Finding(
                message=f"Placeholders of the build phase are in force: {', '.join(names)}.",
                hint=f"Set the variables of {', '.join(names)} in the environment of the server.",
                subject=names[0],
                identity="placeholders",
            )
