"""The settings cannot be loaded, or the project cannot be set up with them.

What it checks
--------------
Whether the settings module could be imported and Django set up with it. When it could not, it says
what is missing (a module, a variable, an app) and where, one finding for each cause. When a class of
`django_prodready.settings` refuses its environment, one finding names the variables, and the checks of the
`env` family tell each of them. It works with `python -m django_prodready check --settings MODULE`: through
`manage.py`, Django ends before any command is found.

Why it matters
--------------
The site does not start. Most settings modules stop at the first variable that is missing, so that
each deployment shows one more; and the traceback that they end with shows lines of source, and
often values, in the log of the platform.

When it is wrong
----------------
When it ran without the environment of the server: variables that the platform sets are missing on a
laptop. Run it where they are.

How to fix
----------
Set the variable, install the package, or correct the name that the message gives. Messages that
could hold a value are withheld: run `manage.py check` in a private shell to read them.

Source
------
[Django settings](https://docs.djangoproject.com/en/stable/topics/settings/)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from django_prodready.audit import Case, Finding, Location, Severity, check
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.facts.env_problems import Kind, refused
from django_prodready.audit.facts.load_failure import (
    failing_app,
    missing_variable,
    named_variable,
    own_place,
    partial_settings,
    problems,
)
from django_prodready.reporting.redaction import Redactor, safe_exception_text
from django_prodready.reporting.safe_errors import WITHHELD
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


BAD = (
    Case(load_failure=ModuleNotFoundError("No module named 'environ'", name="environ")),
    Case(load_failure=ImproperlyConfigured("Set the STRIPE_KEY environment variable")),
    Case(load_failure=ImproperlyConfigured("SECRET_KEY is not set\nDATABASE_URL has no host"), expect=2),
    Case(load_failure=ValueError("invalid literal for int() with base 10: 'a secret'")),
    Case(
        load_failure=SettingsError(
            [
                Problem(variable="SECRET_KEY", rule=MISSING),
                Problem(variable="WORKERS", rule="expected a number"),
            ]
        )
    ),
)
GOOD = (
    Case(),
    Case(settings={"DEBUG": True}),
    Case(files={"conf.py": "DEBUG = False\n"}, settings_module="conf"),
    Case(settings_module="nowhere.settings"),
    Case(environ={"SECRET_KEY": ""}),
)

# What to install for a module, and the extra of this package that brings it.
_PACKAGES = {
    "boto3": "boto3 (django-prodready[s3])",
    "celery": "celery (django-prodready[celery])",
    "configurations": "django-configurations",
    "corsheaders": "django-cors-headers",
    "csp": "django-csp (django-prodready[csp])",
    "decouple": "python-decouple",
    "dj_database_url": "dj-database-url",
    "django_redis": "django-redis (django-prodready[redis])",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "psycopg": "psycopg (django-prodready[postgres])",
    "redis": "redis (django-prodready[redis])",
    "rest_framework": "djangorestframework",
    "storages": "django-storages (django-prodready[s3])",
    "whitenoise": "whitenoise (django-prodready[static])",
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """The exception, what was going on, and where."""

    error: BaseException
    module: str
    doing: str  # "Loading the settings shop.settings"
    subject: str
    at: Location | None
    redactor: Redactor


@check(severity=Severity.CRITICAL, needs=())
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield one finding for each cause of the failure; none when there was no failure."""
    if facts.load_failure is not None:
        for message, hint, subject in _causes(failure := _failure(facts, facts.load_failure)):
            yield Finding(
                message=_sentence(failure.redactor.scrub(message)),
                hint=failure.redactor.scrub(hint),
                subject=subject,
                at=failure.at,
            )


def _failure(facts: Facts, error: BaseException) -> _Failure:
    module = facts.settings_module or "unknown"
    known = all_values(facts.settings) if facts.has_settings else {}
    redactor = Redactor.from_settings({**known, **partial_settings(error)}, facts.environ)
    at = own_place(error, root=facts.root)
    if not facts.has_settings:
        return _Failure(error, module, f"Loading the settings {module}", module, at, redactor)
    app = failing_app(error)
    if app is None:
        return _Failure(error, module, f"Setting up the project with {module}", module, at, redactor)
    apps = list(facts.settings.INSTALLED_APPS)
    at = at or facts.origin("INSTALLED_APPS", *([apps.index(app)] if app in apps else []))
    return _Failure(error, module, f"Setting up the app {app}", f"INSTALLED_APPS[{app!r}]", at, redactor)


def _causes(failure: _Failure) -> Iterator[tuple[str, str, str]]:
    """Yield message, hint and subject of each cause."""
    error = failure.error
    variable = missing_variable(error)
    if isinstance(error, SettingsError):
        yield from _refused(failure, error)
    elif listed := problems(error) if isinstance(error, ImproperlyConfigured) else ():
        for problem in listed:
            name = named_variable(problem) or failure.subject
            yield problem, f"Correct {name} in the environment or in the settings.", name
    elif variable is not None:
        message = (
            f"The environment variable {variable} is not set; {failure.module} does not load without it."
        )
        yield message, f"Set {variable} in the environment of the server.", variable
    elif isinstance(error, ModuleNotFoundError) and error.name:
        yield _module_not_found(failure, error.name)
    elif isinstance(error, SyntaxError):
        yield f"{failure.doing} failed: {error.msg}.", "Correct the syntax error.", failure.subject
    else:
        yield _other(failure)


def _refused(failure: _Failure, error: SettingsError) -> Iterator[tuple[str, str, str]]:
    """Name the variables, which env.* tells one by one, and tell what is wrong with the class itself."""
    told = refused(error)
    names = list(dict.fromkeys(problem.variable for kind, problem in told if kind is not Kind.CLASS))
    if names:
        count = "1 variable" if len(names) == 1 else f"{len(names)} variables"
        message = f"{failure.doing} failed: the environment is refused for {count}: {', '.join(names)}."
        yield (
            message,
            "Correct them; the findings of env say what is wrong with each.",
            failure.subject,
        )
    for kind, problem in told:
        if kind is Kind.CLASS:
            by = f" ({problem.mixin})" if problem.mixin not in ("", problem.variable) else ""
            message = f"{failure.doing} failed: {problem.variable}{by}: {problem.rule}."
            yield message, _mended(problem), problem.variable


def _mended(problem: Problem) -> str:
    if problem.variable == problem.mixin and problem.rule.startswith("needs the package "):
        return f"Install it where the site runs, or take {problem.variable} out of the class."
    return f"Correct {problem.variable} in the settings."


def _module_not_found(failure: _Failure, missing: str) -> tuple[str, str, str]:
    if f"{failure.module}.".startswith(f"{missing}."):
        message = f"The settings module {failure.module} does not exist: there is no module {missing}."
        hint = "Correct --settings or DJANGO_SETTINGS_MODULE, or name its folder by --pythonpath."
        return message, hint, failure.subject
    package = _PACKAGES.get(missing.partition(".")[0])
    hint = f"Install {package or f'the package that has the module {missing}, or correct its name'}."
    return f"{failure.doing} failed: the module {missing} is not installed.", hint, failure.subject


def _other(failure: _Failure) -> tuple[str, str, str]:
    if isinstance(failure.error, SystemExit):
        said = "its code ended the process (SystemExit)"
    else:
        said = safe_exception_text(failure.error, failure.redactor)
    place = failure.at or failure.subject
    hint = f"Correct {place}."
    if WITHHELD in said or isinstance(failure.error, SystemExit):
        hint = f"Look at {place}; manage.py check, run in a private shell, shows the whole error."
    return f"{failure.doing} failed: {said}", hint, failure.subject


def _sentence(text: str) -> str:
    """Join the lines of a message from elsewhere, and end it with a full stop."""
    joined = " ".join(text.split())
    return joined if joined.endswith(".") else f"{joined}."
