"""A secret begins or ends with a blank or a line break.

What it checks
--------------
The secrets of the effective settings, by their names, for white space around them; key blocks (PEM),
which end with a line break, are left alone. A class of `django_prodready.settings` refuses such a value
of a variable, and takes the one line break off that editors put at the end of a file. Values are never
shown.

Why it matters
--------------
`echo secret > file` ends with a line break, and both readers of `NAME_FILE` variables keep it. The
password is then another one than the server has, and no output shows the difference.

When it is wrong
----------------
When the secret was made with the blank. Make another one: somebody will strip it.

How to fix
----------
Write the secret without the line break, `printf %s "$SECRET" > file`, or strip what you read:
`Path(path).read_text().strip()`.

Source
------
[Kubernetes: Secrets](https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused_as, target_of
from django_prodready.audit.facts.env_reads import reads_of
from django_prodready.audit.facts.secret_values import Held, held_texts
from django_prodready.reporting.secret_names import Secrecy
from django_prodready.settings.environment.problems import Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(
        load_failure=SettingsError(
            [
                Problem(
                    variable="SECRET_KEY",
                    rule="expected a secret without a blank or line break before or after it",
                )
            ]
        )
    ),
    Case(settings={"EMAIL_HOST_PASSWORD": "q8Wm2Xc7Vb4Nz9\n"}),
)
GOOD = (
    Case(),
    Case(settings={"EMAIL_HOST_PASSWORD": "q8Wm2Xc7 Vb4Nz9"}),
    Case(settings={"EMAIL_HOST_PASSWORD": " ", "SITE_NAME": "Shop "}),
    Case(settings={"JWT_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----\nq8Wm2\n-----END PRIVATE KEY-----\n"}),
)


@check(severity=Severity.ERROR, needs=(Need.SOURCE,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each secret with white space around it."""
    for problem in refused_as(facts, Kind.WHITESPACE):
        yield Finding(
            message=(
                f"The environment variable {problem.variable} begins or ends with a blank or a line break"
                f"{target_of(problem)}, and is refused."
            ),
            hint=f"Set {problem.variable} without the white space around it.",
            subject=problem.variable,
            at=reads_of(facts).at(problem.variable),
        )
    for held in held_texts(facts) if facts.has_settings else ():
        if _is_padded(held):
            variable = _variable(facts, held.text)
            yield Finding(
                message=(
                    f"{held.subject} begins or ends with a blank or a line break: "
                    "it is another secret than the one that was meant."
                ),
                hint=f"Write {variable or held.subject} without the white space around it.",
                subject=held.subject,
                at=facts.origin(held.name, *held.path),
            )


def _is_padded(held: Held) -> bool:
    bare = held.text.strip()
    is_secret = held.secrecy is Secrecy.SURE or held.path[-1:] == ("PASSWORD",)
    return is_secret and bare not in ("", held.text) and "\n" not in bare and "://" not in bare


def _variable(facts: Facts, text: str) -> str | None:
    """Return the variable whose value it is."""
    return next((name for name, value in facts.environ.items() if value == text), None)
