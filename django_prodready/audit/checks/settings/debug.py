"""DEBUG is on.

What it checks
--------------
The value of `DEBUG` that the loaded settings have in the end. A `DEBUG = True` in a base module
that the production module overrides does not count.

Why it matters
--------------
Every error page shows the visitor source code, local variables, the settings and the SQL of the
request. Django also keeps every SQL query in memory, so the process grows until it is killed, and
answers hosts that `ALLOWED_HOSTS` does not name.

When it is wrong
----------------
When the settings that it judged are not those that the server uses: run it with `--settings`, or
in the environment of the server.

How to fix
----------
Set `DEBUG = False` in the settings of the server. From the environment, compare with a word:
`DEBUG = os.environ.get("DEBUG", "").lower() in {"1", "true", "yes"}`.

Source
------
[DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"DEBUG": True}),
    Case(settings={"DEBUG": "False"}),
)
GOOD = (
    Case(settings={"DEBUG": False}),
    Case(settings={"DEBUG": ""}),
    Case(
        settings={"DEBUG": False},
        files={"base.py": "DEBUG = True\n", "production.py": "from base import *\nDEBUG = False\n"},
        settings_module="production",
    ),
)


@check(severity=Severity.CRITICAL, django_ids=("security.W018",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Django takes DEBUG for true."""
    debug: object = facts.settings.DEBUG
    if debug:
        other = f"DEBUG is on, being a {type(debug).__name__} that is not empty"
        shown = "DEBUG is True" if debug is True else other
        yield Finding(
            message=f"{shown}: error pages show source code, local variables and settings to every visitor.",
            hint="Set DEBUG = False in the settings that the server uses.",
            subject="DEBUG",
            at=facts.origin("DEBUG"),
        )
