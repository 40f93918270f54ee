"""An entry of MIDDLEWARE cannot be imported.

What it checks
--------------
Every entry of `MIDDLEWARE` is imported now, in this environment, with the project set up.

Why it matters
--------------
Django imports the middleware when the server process starts, not when you run a management
command, so `migrate`, `collectstatic` and `check` all pass and the deployment fails only at its last
step: every worker ends with a traceback before it answers the first request.

When it is wrong
----------------
When prodcheck runs in another environment than the server, say without a package that only the
image of the server has. Run it where the server runs.

How to fix
----------
Install the package that is missing, or correct the entry: it is the path of the module, a dot, and
the name of the class or function in it.

Source
------
[Activating middleware](https://docs.djangoproject.com/en/stable/topics/http/middleware/#activating-middleware)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotRun, Severity, check
from django_prodready.audit.facts.effective import value_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SECURITY = "django.middleware.security.SecurityMiddleware"
BAD = (
    Case(settings={"MIDDLEWARE": [SECURITY, "no_such_package.middleware.TenantMiddleware"]}),
    Case(
        settings={"MIDDLEWARE": ["django.middleware.security.SecurityMidleware", "SecurityMiddleware"]},
        expect=2,
    ),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [SECURITY, "django.middleware.common.CommonMiddleware"]}),
    Case(settings={"MIDDLEWARE": []}),
    Case(
        settings={"MIDDLEWARE": [SECURITY, "shop.middleware.tenant"]},
        files={"shop/middleware.py": "def tenant(get_response):\n    return get_response\n"},
    ),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry whose import fails."""
    if facts.load_failure is not None:
        raise NotRun("the project could not be set up")
    if isinstance(value_of(facts.settings, "MIDDLEWARE"), str):
        yield _string(facts)
        return
    for entry in facts.middleware.entries:
        if entry.error is not None:
            reason, hint = _explain(entry.path, entry.error)
            yield Finding(
                message=(
                    f"MIDDLEWARE names {entry.path!r}, which cannot be imported: {reason}. "
                    "No server process can start."
                ),
                hint=hint,
                subject=f"MIDDLEWARE[{entry.position}]",
                identity=str(entry.path),
                at=facts.origin("MIDDLEWARE", entry.position),
            )


def _string(facts: Facts) -> Finding:
    return Finding(
        message=(
            "MIDDLEWARE is a string, and Django takes each of its characters for a path. "
            "No server process can start."
        ),
        hint="Write MIDDLEWARE as a list; parentheses alone make no tuple.",
        subject="MIDDLEWARE",
        at=facts.origin("MIDDLEWARE"),
    )


def _explain(path: object, error: BaseException) -> tuple[str, str]:
    """Why the import failed, and what to do. Says nothing of an error whose text is not Python's own."""
    module, _, attribute = str(path).rpartition(".")
    if not isinstance(path, str) or not module:
        return "it is no dotted path", "Write the path of the module, a dot, and the name of the class."
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and f"{path}.".startswith(f"{missing}."):
        return f"there is no module {missing}", f"Install what has {missing}, or correct the entry."
    if missing:
        return (
            f"it imports {missing}, which is not there",
            f"Install what has {missing}, or correct the import.",
        )
    # import_string() turns every AttributeError, those of the module's own code included, into ImportError.
    cause = error.__cause__ if isinstance(error.__cause__, AttributeError) else error
    if cause is not error and module in sys.modules:
        return f"{module} has no {attribute}", "Correct the name in the entry."
    command = f'python manage.py shell -c "import {module}"'
    return f"{type(cause).__name__} while importing {module}", f"Run {command}, and mend what it shows."
