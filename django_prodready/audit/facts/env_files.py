"""Files of variables in the repository: which are examples, which names and which secrets they give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django_prodready.audit.facts.secret_values import is_true_secret, url_password
from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.files import Files

__all__ = [
    "Entry",
    "entries_in",
    "example_files",
    "is_env_file",
    "is_example",
    "is_own_machine_s",
    "names_given",
]

_ENV_FILE = re.compile(r"(?:^|/)(?:\.env(?:rc|[._-][\w.-]*)?|[\w.-]+\.env)$|(?:^|/)\.envs/[^/]+/[^/]+$")
_EXAMPLE = re.compile(
    r"(?:^|[/._-])(?:default|defaults|dist|docs?|example|examples|sample|samples|skel|skeleton|stub|template"
    r"|templates|tpl|\w+cookiecutter\w*)(?:[/._-]|$)|\{\{",
    re.IGNORECASE,
)
# What tests and one's own machine run with: cookiecutter-django has .envs/.local tracked.
_OWN_MACHINE = re.compile(
    r"(?:^|[/._-])(?:ci|circleci|dev|devcontainer|devel|development|e2e|github|local|localhost|test|testing|tests"
    r"|fixtures?)(?:[/._-]|$)",
    re.IGNORECASE,
)
# A line of a file of variables; a comment may hold one that is optional.
_ENTRY = re.compile(
    r"^[ \t]*(?P<comment>#[ \t]*)?(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?P<value>[^\r\n]*)",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"\$\{?\w|\$\(|`")  # filled in by something else


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of a file. The value may be a secret: it is compared, and never shown."""

    name: str
    value: str = field(repr=False)
    line: int
    is_comment: bool

    @property
    def is_secret(self) -> bool:
        """Whether it gives a secret that is none of a manual, nor to be filled in."""
        if self.is_comment or not self.value or _REFERENCE.match(self.value):
            return False
        if "://" in self.value:
            return is_true_secret(url_password(self.value))
        is_named = holds_secret(self.name, self.value) and secrecy(self.name) is Secrecy.SURE
        return is_named and is_true_secret(self.value)


def is_env_file(path: str) -> bool:
    """Whether a file of this name gives variables: ``.env``, ``.env.live``, ``prod.env``, ``.envs/…``."""
    return _ENV_FILE.search(path) is not None


def is_example(path: str) -> bool:
    """Whether it is there to be copied and filled in."""
    return _EXAMPLE.search(path) is not None


def is_own_machine_s(path: str) -> bool:
    """Whether it is for tests or for one's own machine."""
    return _OWN_MACHINE.search(path) is not None


def entries_in(text: str) -> Iterator[Entry]:
    """Yield the variables of a file, those of comments too."""
    for match in _ENTRY.finditer(text):
        line = text.count("\n", 0, match.start("name")) + 1
        yield Entry(match["name"], _bare(match["value"]), line, match["comment"] is not None)


def example_files(facts: Facts) -> tuple[str, ...]:
    """Return the files that show which variables there are, at the root or beside the manage.py."""
    home = facts.files.relative(facts.entry.parent) if facts.entry else ""
    folders = {"", "" if home in ("", ".") else f"{home}/"}
    return tuple(
        path
        for path in facts.files.paths
        if path[: path.rfind("/") + 1] in folders
        and (is_env_file(path) or path.endswith("env.example"))
        and is_example(path)
    )


def names_given(files: Files) -> frozenset[str]:
    """Return the names that any file of variables gives: who is to read it may be the settings themselves."""
    found = {
        entry.name
        for path in files.paths
        if (is_env_file(path) and not is_example(path)) or path.endswith("settings.ini")
        for entry in entries_in(files.read(path) or "")
        if not entry.is_comment
    }
    return frozenset(found)


def _bare(value: str) -> str:
    value = value.strip()
    if value[:1] in ("'", '"'):
        return value[1:].partition(value[0])[0]
    return value.partition(" #")[0].strip()
