"""Everybody on the machine can read a file of secrets.

What it checks
--------------
The files that hold the project's secrets: those that `NAME_FILE` variables of secrets name, the `.env`
files at the root and beside the manage.py that have a secret in them, and private keys (`*.key`,
`*.pem`) there. It looks at the permissions of the file and of the folders that lead to it. What lies in
memory below `/run/secrets`, and systems without such permissions, are left out.

Why it matters
--------------
Any other account of the machine, another site's or that of a hacked service, reads the secrets without
breaking anything.

When it is wrong
----------------
In a container or on a machine where nobody else has an account, until somebody has.

How to fix
----------
`chmod 600`, or `chmod 640` with a group that only the server is in.

Source
------
[chmod(1)](https://man7.org/linux/man-pages/man1/chmod.1.html),
[CWE-732](https://cwe.mitre.org/data/definitions/732.html)
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.env_files import entries_in, is_env_file, is_example
from django_prodready.audit.facts.files import read_bytes
from django_prodready.reporting.secret_names import Secrecy, secrecy

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (Case(environ={"SECRET_KEY_FILE": "/etc/hosts"}),)
GOOD = (
    Case(environ={"SECRET_KEY_FILE": "/run/secrets/secret_key"}),
    Case(environ={"ACCESS_LOG_FILE": "/etc/hosts"}),
    Case(files={".env": "LOG_LEVEL=INFO\n"}),
)

_IN_MEMORY = ("/run/secrets/", "/var/run/secrets/")


@check(severity=Severity.WARNING, needs=(Need.FILES,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each file of secrets that others may read."""
    if os.name != "posix":
        raise NotApplicable("the system has no permissions for others")
    for path, what in dict(_files(facts)).items():
        if _is_open(path):
            shown = facts.files.relative(path)
            yield Finding(
                message=f"{shown}, {what}, can be read by every account of the machine.",
                hint=f"Run chmod 600 {shown}, as the user that the server runs as.",
                subject=shown,
            )


def _files(facts: Facts) -> Iterator[tuple[Path, str]]:
    for name, value in sorted(facts.environ.items()):
        bare = name.removesuffix("_FILE")
        is_secret = bare != name and secrecy(bare) is Secrecy.SURE
        if is_secret and value.startswith("/") and not value.startswith(_IN_MEMORY):
            yield Path(value), f"which {name} names"
    for folder in dict.fromkeys((facts.root, facts.entry.parent if facts.entry else facts.root)):
        yield from _in_folder(folder)


def _in_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.iterdir()):
        if is_env_file(path.name) and not is_example(path.name):
            text = (read_bytes(path) or b"").decode("utf-8", "replace")
            if any(entry.is_secret for entry in entries_in(text)):
                yield path, "which holds secrets"
        elif path.suffix in (".key", ".pem") and b"PRIVATE KEY-----" in (read_bytes(path) or b""):
            yield path, "a private key"


def _is_open(path: Path) -> bool:
    """Whether others may read the file, and get to it."""
    try:
        whole = path.resolve(strict=True)
        return bool(whole.stat().st_mode & stat.S_IROTH) and all(
            folder.stat().st_mode & stat.S_IXOTH for folder in whole.parents
        )
    except (OSError, ValueError):
        return False
