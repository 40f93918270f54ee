"""A setting that is true or false holds a string, and every string that is not empty is true.

What it checks
--------------
Every setting of the project whose default in Django is `True` or `False`. It must not be a `str`.
Lazy objects are left alone.

Why it matters
--------------
`DEBUG = os.environ.get("DEBUG")` with `DEBUG=False` in the environment gives the string `"False"`,
which is not empty and therefore true. The site runs in debug mode while its configuration says that
it does not; a cookie flag or a redirect that was meant to be off is on.

When it is wrong
----------------
A string that happens to mean what it says, such as `"True"`, works by luck: that is a warning only.

How to fix
----------
Turn the text into a bool: `os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}`, or
with a reader that does: `env.bool("DEBUG", False)` of django-environ.

Source
------
[Truth value testing](https://docs.python.org/3/library/stdtypes.html#truth-value-testing)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Severity, check
from django_prodready.audit.facts.django_settings import DEFAULTS
from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"DEBUG": "False"}),
    Case(settings={"SESSION_COOKIE_SECURE": "no", "SECURE_SSL_REDIRECT": "0"}, expect=2),
    Case(settings={"USE_TZ": "True"}),
)
GOOD = (
    Case(settings={"DEBUG": False, "SECURE_SSL_REDIRECT": True}),
    Case(settings={"SESSION_COOKIE_SECURE": 1, "USE_TZ": None}),
    Case(settings={"MY_FEATURE_ENABLED": "False"}),
    Case(settings={"SESSION_COOKIE_SAMESITE": "Strict"}),
)

_TRUE = frozenset({"1", "on", "t", "true", "y", "yes"})
# The words that may be shown: any other text could be a value that was meant for another variable.
_HARMLESS = _TRUE | {"", "0", "f", "false", "n", "no", "none", "null", "off"}


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each bool setting that is a string."""
    values = all_values(facts.settings)
    for name in sorted(facts.explicit & DEFAULTS.keys()):
        # type() instead of isinstance(): asking a lazy object for its class evaluates it.
        if isinstance(DEFAULTS[name], bool) and issubclass(type(values[name]), str):
            # Not facts.origin(): that reads the setting, and Django 6.1 warns of some.
            yield _finding(name, str(values[name]), facts.chain.origin(name, value=values[name]))


def _finding(name: str, value: str, at: Location | None) -> Finding:
    word = value.strip().lower()
    shown = f"the string {value!r}" if word in _HARMLESS else "a string (not shown here)"
    effect = "False: it is empty" if not value else "True: every string that is not empty is"
    works = not value or word in _TRUE
    return Finding(
        message=f"{name} is {shown}, which Django takes for {effect}.",
        hint=f"Make {name} a bool, for instance by comparing the text with 'true'.",
        subject=name,
        at=at,
        severity=Severity.WARNING if works else Severity.ERROR,
    )
