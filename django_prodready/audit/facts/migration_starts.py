"""Where containers of the site apply migrations before they serve: in their command, or its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.migration_containers import (
    Command,
    find_commands,
    found_in,
    renamed,
    uncommented,
)
from django_prodready.audit.facts.migration_shell import find_migrate
from django_prodready.audit.facts.proxy import is_elsewhere
from django_prodready.audit.facts.server_commands import server_names
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Start", "find_starts"]

_WORD = re.compile(r"[\w./-]+")
_SHEBANG = re.compile(r"#!.*sh\b")
# https://uwsgi-docs.readthedocs.io/en/latest/Hooks.html
_HOOK = re.compile(r"^[ \t]*(?:exec|hook)-[\w-]+[ \t]*=(.*)$", re.MULTILINE)
_PRODUCTION = re.compile(r"prod", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One migrate that runs whenever a container starts."""

    words: str  # who runs it: "the ENTRYPOINT", "docker/entrypoint.sh, which the service web starts,"
    at: Location


def find_starts(facts: Facts) -> tuple[Start, ...]:
    """Find each once, in the order of files. None where no file names a server: then nothing is deployed."""
    if not server_names(facts):
        return ()
    starts = {start.at: start for start in reversed([*_hooks(facts), *_commands(facts)])}
    return tuple(starts[at] for at in sorted(starts, key=lambda at: (at.file, at.line)))


def _hooks(facts: Facts) -> Iterator[Start]:
    for file, text in found_in(facts, "*.ini"):
        for match in _HOOK.finditer(text):
            if find_migrate(match[1].removeprefix("exec:"), needs_server=False):
                yield Start(words="A hook of uWSGI", at=_at(file, text, match.start(1)))


def _commands(facts: Facts) -> Iterator[Start]:
    scripts = _Scripts(facts)
    for command in find_commands(facts):
        whole = facts.files.read(command.file) or ""
        for position in find_migrate(command.text, needs_server=command.needs_server):
            words = f"{command.words[0].upper()}{command.words[1:]} in {command.file}"
            yield Start(words=words, at=_at(command.file, whole, command.offset + position))
        for script in scripts.named_by(command):
            text = uncommented(facts.files.read(script) or "").replace("\\\n", "  ")
            for position in find_migrate(text, needs_server=command.needs_server):
                words = f"{script}, which {command.words} in {command.file} starts,"
                yield Start(words=words, at=_at(script, facts.files.read(script) or "", position))


class _Scripts:
    """The repository's shell scripts, by the names that commands give them."""

    def __init__(self, facts: Facts) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._renamed = renamed(facts)
        for path in facts.files.paths:
            if not is_elsewhere(path) and _may_be_script(path) and _is_script(path, facts):
                self._by_name.setdefault(_name(path), []).append(path)

    def named_by(self, command: Command) -> list[str]:
        """List the scripts that a command names, each once."""
        words = _WORD.findall(command.text)
        found = (self._find(self._renamed.get(_name(word), word), command.file) for word in words)
        return list(dict.fromkeys(path for path in found if path))

    def _find(self, word: str, file: str) -> str | None:
        """Return the one that is meant; None when there is none, or several that could be."""
        found = self._by_name.get(_name(word), [])
        for is_meant in (
            lambda path: f"/{path}".endswith(f"/{word.lstrip('./')}"),
            lambda path: path.rpartition("/")[0] == file.rpartition("/")[0],
            lambda path: _PRODUCTION.search(path) is not None,
        ):
            if len(found) > 1:
                found = [path for path in found if is_meant(path)] or found
        return found[0] if len(found) == 1 else None


def _may_be_script(path: str) -> bool:
    return "." not in _name(path) or path.endswith((".sh", ".bash"))


def _is_script(path: str, facts: Facts) -> bool:
    return path.endswith((".sh", ".bash")) or _SHEBANG.match(facts.files.read(path) or "") is not None


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _at(file: str, text: str, position: int) -> Location:
    return Location(file, text.count("\n", 0, position) + 1)
