"""SECRET_KEY is another one in every process.

What it checks
--------------
The key that this process has is compared with that of a second, fresh one, which loads the settings
with the environment that this one was started with. No second process is needed when the settings
spell the key out, or when a variable of that environment holds it. Nothing is printed or kept.

Why it matters
--------------
A default such as `get_random_secret_key()` looks harmless: everything works on a laptop, with one
process. With several workers, one signs and the next refuses: logins, forms and password reset
links fail at random, and after every restart everybody is logged out.

When it is wrong
----------------
The server gets its key from a variable that is missing here. Run prodcheck in the environment of the
server.

How to fix
----------
Read the key from the environment and let a missing one fail: `SECRET_KEY = os.environ["SECRET_KEY"]`.
A key that the settings generate must be stored where all processes read it, and outlive them.

Source
------
[SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.process import initial_environ
from django_prodready.audit.facts.second_load import load_again
from django_prodready.audit.facts.secret_keys import SigningKey, secret_key

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

KEY = "b8K2xQ9mL4" * 5
BAD = (
    Case(
        settings={"SECRET_KEY": KEY},
        files={
            "conf.py": (
                "from django.core.management.utils import get_random_secret_key\n"
                "SECRET_KEY = get_random_secret_key()\n"
            )
        },
        settings_module="conf",
    ),
)
GOOD = (
    Case(settings={"SECRET_KEY": KEY}, files={"conf.py": f'SECRET_KEY = "{KEY}"\n'}, settings_module="conf"),
    Case(
        settings={"SECRET_KEY": KEY},
        files={"conf.py": 'import os\nSECRET_KEY = os.environ["KEY"]\n'},
        settings_module="conf",
        environ={"KEY": KEY},
    ),
    Case(
        settings={"SECRET_KEY": KEY},
        files={"conf.py": f'SECRET_KEY = "-".join(["{KEY}"])\n'},
        settings_module="conf",
    ),
)


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.SOURCE, Need.PROCESS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when a second load of the settings gives another key."""
    key = secret_key(facts)
    if not key.text:
        raise NotApplicable("SECRET_KEY is empty")
    if _is_spelled_out(facts, key) or _is_given(facts, key):
        return
    if not _can_be_compared(key.value):
        raise NotRun(
            f"SECRET_KEY is a {type(key.value).__name__}, which cannot be compared between processes"
        )
    if key.value not in load_again(facts, "SECRET_KEY"):
        yield Finding(
            message=(
                "SECRET_KEY differed when the settings were loaded a second time: "
                "every worker and every restart signs with a key of its own, which the others refuse."
            ),
            hint="Set SECRET_KEY from an environment variable or a file that all processes share.",
            subject=key.subject,
            at=key.at,
        )


def _is_spelled_out(facts: Facts, key: SigningKey) -> bool:
    expression = facts.chain.expression("SECRET_KEY", value=key.value)
    return isinstance(expression, ast.Constant) and bool(expression.value == key.value)


def _is_given(facts: Facts, key: SigningKey) -> bool:
    """Whether the process was started with the key; what the settings put into os.environ does not count."""
    return any(key.text in (value, value.strip()) for value in initial_environ(facts.environ).values())


def _can_be_compared(value: Any) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False
