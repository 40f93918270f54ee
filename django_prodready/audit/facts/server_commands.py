"""The commands by which the deployment files start gunicorn, uvicorn and granian.

The files are searched, not parsed: they may be templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.audit.facts.server import deployment_texts
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["ServerCommand", "find_commands", "served_texts", "server_names", "server_texts", "unix_socket"]

# Developers start theirs by them. Compose reads an override by itself where it stands beside the main file.
# https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/
_NOT_DEPLOYED = ("Makefile", "justfile", "compose.override.yml", "compose.override.yaml")
# As a word that something is run by. Not `uvicorn.workers`, `gunicorn==27.0`, `gunicorn:`.
_PROGRAM = re.compile(
    r"""(?:^|(?<=[\s"'\[=/(]))(?P<name>granian|gunicorn|uvicorn)(?=["']?(?:[\s,]|\]|$))"""
    r"""|\bGUNICORN_CMD_ARGS(?=["']?[ \t]*[:= \t])""",
    re.MULTILINE,
)
# What stands before a program's name and does not run it: to install it, or to write of it.
_NOT_RUN = re.compile(r"(?<![\w-])(?:install|add|sync|echo|printf)\b|^[ \t]*FROM\b|\bimage:")
_NEXT_COMMAND = re.compile(r"&&|\|\||;")
# A list's item that is a word; `CMD [` below `ENTRYPOINT [`; `args:` below `command:`.
_CONTINUED = re.compile(r"""-(?!--\s*$)(?![ \t]+[\w.]+:(?:\s|$))|(?:CMD[ \t]*\[|args:)""")
_UNIX_SOCKET = re.compile(
    r"""(?:--bind|-b)["',=\s]+unix:|--uds\b"""
    r"""|^[ \t]*bind[ \t]*=[ \t]*\[?f?["']unix:|^ListenStream[ \t]*=[ \t]*/""",
    re.MULTILINE,
)
# Not `example.gunicorn.org`, nor the `uwsgi` in a parameter's name.
_SERVER = re.compile(
    r"(?<![\w.-])(?:daphne|granian|gunicorn|hypercorn|mod_wsgi|uvicorn|uwsgi|waitress)(?![a-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """One command, or arguments of gunicorn that a variable holds."""

    program: str  # "granian", "gunicorn" or "uvicorn"
    text: str
    place: str  # the file, or the variable of the environment
    at: Location | None
    is_arguments: bool = False  # of GUNICORN_CMD_ARGS

    def at_position(self, position: int) -> Location | None:
        """Return where ``position`` of the text is; None when the command is in no file."""
        if self.at is None:
            return None
        return Location(self.at.file, self.at.line + self.text.count("\n", 0, position))


def server_texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield those deployment files that describe production, and their text without comments."""
    for place, text in deployment_texts(facts):
        if not is_elsewhere(place) and not place.endswith(_NOT_DEPLOYED):
            yield place, without_comments(text)


def served_texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the project's own modules that describe production, and their text."""
    for path in facts.files.served:
        if not is_elsewhere(path):
            yield path, facts.files.read(path) or ""


def find_commands(facts: Facts) -> tuple[ServerCommand, ...]:
    """Find every command, those that only install a server left out."""
    return tuple(
        command
        for place, text in server_texts(facts)
        if not place.endswith(".py")  # prose there, and calls
        for command in _commands(facts, place, text)
    )


def unix_socket(facts: Facts) -> str | None:
    """Name the file by which the server listens on a unix socket; None when none is seen."""
    return next((place for place, text in server_texts(facts) if _UNIX_SOCKET.search(text)), None)


def server_names(facts: Facts) -> frozenset[str]:
    """Return the servers that the deployment files name, if only to install them, in lower case."""
    return frozenset(name for _, text in server_texts(facts) for name in _SERVER.findall(text.lower()))


def _commands(facts: Facts, place: str, text: str) -> Iterator[ServerCommand]:
    is_file = place in facts.files.paths
    if not is_file:
        text = f"{place}={text}"
    matches = list(_PROGRAM.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, limit in zip(matches, ends, strict=False):
        if _NOT_RUN.search(_before(text, match.start())):
            continue
        yield ServerCommand(
            program=match["name"] or "gunicorn",
            text=text[match.start() : min(limit, _end(text, match.end()))],
            place=place,
            at=Location(place, text.count("\n", 0, match.start()) + 1) if is_file else None,
            is_arguments=match["name"] is None,
        )


def _before(text: str, start: int) -> str:
    """What stands before ``start`` in its line and its command."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return _NEXT_COMMAND.split(line)[-1]


def _end(text: str, start: int) -> int:
    """Where the command ends that has ``start`` in it."""
    end = start
    for line in text[start:].splitlines(keepends=True):
        so_far = text[start:end]
        if so_far and line.strip() and not _goes_on(so_far, line):
            break
        end += len(line)
    stop = _NEXT_COMMAND.search(text, start, end)
    return stop.start() if stop else end


def _goes_on(so_far: str, line: str) -> bool:
    if so_far.rstrip().endswith(("\\", ",")) or so_far.count("[") > so_far.count("]"):
        return True
    return _CONTINUED.match(line.lstrip()) is not None
