"""A file of environment variables is in the repository.

What it checks
--------------
The files that git tracks for `.env`, `.env.production`, `prod.env`, `.envs/…` and the like. It is
critical when one holds a secret, and a piece of information when a `.env` at the root holds none.
Examples (`.example`, `.sample`, `.template`, `.dist`) and files of tests and of one's own machine are
left alone, and so is a project that is in no git work tree. git itself is not run.

Why it matters
--------------
Everybody who ever gets the repository, a fork or a backup of it has the secrets, and keeps them:
removing the file does not remove it from the history.

When it is wrong
----------------
When the values are none that anybody could use. What stands there is not tried out.

How to fix
----------
`git rm --cached .env`, a line in `.gitignore`, and other secrets: those of the file are known.

Source
------
[GitHub: removing sensitive data](https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.env_files import (
    Entry,
    entries_in,
    is_env_file,
    is_example,
    is_own_machine_s,
)
from django_prodready.audit.facts.git_index import tracked_files

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SECRETS = "SECRET_KEY=q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0Yt\nDATABASE_URL=postgres://shop:q8Wm2Xc7@db/shop\n"
# An index of git's, version 2, that has the one file ".env": text, since all its bytes are below 128.
_INDEX = "DIRC\0\0\0\x02\0\0\0\x01" + "\0" * 60 + "\0\x04.env" + "\0" * 6
_GIT = {".git/HEAD": "ref: refs/heads/main\n", ".git/index": _INDEX}
BAD = (
    Case(files={**_GIT, ".env": _SECRETS}),
    Case(files={**_GIT, ".env": "COMPOSE_PROJECT_NAME=shop\n"}),
)
GOOD = (
    Case(),
    Case(files={".env": _SECRETS}),
    Case(files={".git/HEAD": "ref: refs/heads/main\n", ".env": _SECRETS}),
    Case(files={**_GIT, ".git/index": _INDEX.replace(".env", "envs"), ".env": _SECRETS}),
)


@check(severity=Severity.CRITICAL, needs=(Need.FILES,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each file of variables that git tracks."""
    tracked = tracked_files(facts.root)
    if tracked is None:
        raise NotApplicable("the project is in no git work tree")
    for path in sorted(tracked.paths):
        if is_env_file(path) and not is_example(path) and not is_own_machine_s(path):
            yield from _judged(facts, path)


def _judged(facts: Facts, path: str) -> Iterator[Finding]:
    entries = list(entries_in(facts.files.read(path) or ""))
    secrets = [entry for entry in entries if entry.is_secret]
    if secrets:
        yield Finding(
            message=f"git tracks {path}: whoever has the repository has its secrets ({_named(secrets)}).",
            hint=f"Run git rm --cached {path}, add it to .gitignore, and change what it holds.",
            subject=path,
            at=Location(path, secrets[0].line),
        )
    elif path == ".env":
        yield Finding(
            message=f"git tracks {path}: the first secret that is added to it will be published.",
            hint=f"Run git rm --cached {path} and add it to .gitignore, or give it another name.",
            subject=path,
            at=Location(path, 1),
            severity=Severity.INFO,
        )


def _named(secrets: list[Entry]) -> str:
    names = list(dict.fromkeys(entry.name for entry in secrets))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
