"""A variable names a secret's file that this process cannot read.

What it checks
--------------
The files that `NAME_FILE` variables name, where the settings read them: a class of
`django_prodready.settings`, `FileAwareEnv` of django-environ or environs, or code of the settings that
names the variable of a secret. It also says which variable a `FileNotFoundError` or `PermissionError`
is about that ended the loading of the settings. The file must be there, be within reach, and hold text.

Why it matters
--------------
The site does not start, and the error that it ends with names a path, and not the variable to correct.

When it is wrong
----------------
When it ran outside of the container that has the file, or as another user than the server.

How to fix
----------
Mount the secret, correct the path, or let the server's user read it: `chown` to that user, `chmod 400`.

Source
------
[Docker secrets](https://docs.docker.com/engine/swarm/secrets/)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused_as
from django_prodready.audit.facts.env_reads import Reads, reads_of
from django_prodready.reporting.secret_names import Secrecy, secrecy
from django_prodready.settings.environment.problems import Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_AWARE = 'import environ\nenv = environ.FileAwareEnv()\nMAIL_TOKEN = env("MAIL_TOKEN", default="")\n'
_NOWHERE = {"MAIL_TOKEN_FILE": "/nowhere/mail-token"}
BAD = (
    Case(
        load_failure=SettingsError(
            [
                Problem(
                    variable="SECRET_KEY_FILE",
                    rule="the file that it names cannot be read (FileNotFoundError)",
                )
            ]
        )
    ),
    Case(files={"conf.py": _AWARE}, settings_module="conf", environ=_NOWHERE),
    Case(
        load_failure=PermissionError(13, "Permission denied", "/run/secrets/mail"),
        environ={"MAIL_TOKEN_FILE": "/run/secrets/mail"},
    ),
)
GOOD = (
    Case(),
    Case(environ=_NOWHERE),
    Case(
        files={"conf.py": 'import os\nLOG = os.environ["ACCESS_LOG_FILE"]\n'},
        settings_module="conf",
        environ={"ACCESS_LOG_FILE": "/nowhere/access.log"},
    ),
    Case(files={"conf.py": _AWARE}, settings_module="conf", environ={"MAIL_TOKEN_FILE": "/etc/hosts"}),
)


@check(severity=Severity.CRITICAL, needs=(Need.SOURCE,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable whose file cannot be read."""
    told: set[str] = set()
    for problem in refused_as(facts, Kind.FILE):
        told.add(problem.variable)
        rule = problem.rule.removeprefix("the file that it names ")
        yield _finding(facts, problem.variable, f"names a file that {rule}")
    for name in sorted({*_from_failure(facts), *_unreadable(facts, reads_of(facts))} - told):
        yield _finding(facts, name, "names a file that is not there, or that this process cannot read")


def _finding(facts: Facts, name: str, what: str) -> Finding:
    return Finding(
        message=f"The environment variable {name} {what}.",
        hint=f"Correct {name}, or let the server's user read the file.",
        subject=name,
        at=reads_of(facts).at(name),
    )


def _from_failure(facts: Facts) -> Iterator[str]:
    """Yield the variables that name the file which ended the loading of the settings."""
    error = facts.load_failure
    if isinstance(error, OSError) and isinstance(error.filename, str):
        yield from (
            name
            for name, value in facts.environ.items()
            if name.endswith("_FILE") and value == error.filename
        )


def _unreadable(facts: Facts, reads: Reads) -> Iterator[str]:
    for name, path in facts.environ.items():
        bare = name.removesuffix("_FILE")
        if bare == name or not path.strip():
            continue
        is_read_by_library = any(read.library.endswith("with files") for read in reads.of(bare))
        is_secret = name in reads.names and secrecy(bare) is Secrecy.SURE
        if (is_read_by_library or is_secret) and not _is_readable(path):
            yield name


def _is_readable(path: str) -> bool:
    try:
        return Path(path).is_file() and os.access(path, os.R_OK)
    except (OSError, ValueError):
        return False
