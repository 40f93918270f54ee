"""The commands by which the deployment files start Celery's workers, and the options that these are given.

The files are searched, not parsed: they may be templates.
https://docs.celeryq.dev/en/stable/reference/cli.html#celery-worker
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.server_commands import server_texts
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.celery_settings import CelerySettings

__all__ = ["WorkerCommand", "find_workers", "pools", "without_hard_limit", "worker_number"]

# As a word that something is run by; and the options that Celery's own init scripts pass on.
_PROGRAM = re.compile(
    r"""(?:^|(?<=[\s"'\[=/(}]))celery(?=["']?(?:[\s,]|\]|$))|\bCELERYD_OPTS(?=[ \t]*[:=])""", re.MULTILINE
)
_NOT_RUN = re.compile(
    r"(?<![\w-])(?:install|add|sync|echo|printf)\b|^[ \t]*FROM\b|\b(?:image|depends_on|links):"
)
_NEXT_COMMAND = re.compile(r"&&|\|\||;")
# A list's item that is a word, an option, or the subcommand, in a block that YAML folds.
_CONTINUED = re.compile(
    r"""-(?!--\s*$)(?![ \t]+[\w.]+:(?:\s|$))|worker\b(?![\w.-]*:)|(?:CMD[ \t]*\[|args:)"""
)
_WORD = re.compile(r"""[^\s"',\[\]\\]+""")
_SHORT: Mapping[str, str] = {
    "-B": "--beat",
    "-O": "--optimization",
    "-P": "--pool",
    "-Q": "--queues",
    "-b": "--broker",
    "-c": "--concurrency",
}
# https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits: the others have no hard limit
_KILLING_POOLS = frozenset({"prefork", "processes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """One command that starts workers."""

    at: Location
    options: Mapping[str, str]  # by long name; what is given without a value is ""

    def number(self, option: str) -> float | None:
        """Return the value of ``option`` as a number; None when it is computed, or not given."""
        try:
            return float(self.options[option])
        except (KeyError, ValueError):
            return None


@functools.lru_cache(maxsize=1)
def find_workers(facts: Facts) -> tuple[WorkerCommand, ...]:
    """Find every command in the files that describe production."""
    return tuple(
        command
        for file, text in server_texts(facts)
        if file in facts.files.paths and not file.endswith(".py")
        for command in _commands(file, text)
    )


def worker_number(
    worker: WorkerCommand | None, settings: CelerySettings, *, flag: str, option: str
) -> float | None:
    """Return what holds for ``worker``: its own flag, else the setting. None for none, zero, or computed."""
    if worker is not None and flag in worker.options:
        return worker.number(flag) or None
    return settings.number(option) or None


def pools(facts: Facts, settings: CelerySettings) -> frozenset[str]:
    """Return the kinds of pool that the workers use, in lower case; a computed one is empty."""
    default = str(settings.value("worker_pool") or "prefork")
    workers = find_workers(facts)
    named = [worker.options.get("--pool", default) for worker in workers] if workers else [default]
    return frozenset("" if "$" in name else name.lower() for name in named)


def without_hard_limit(facts: Facts, settings: CelerySettings) -> str | None:
    """Name the pool of the workers when none of them has processes that can be ended; None otherwise."""
    used = pools(facts, settings)
    return None if used & _KILLING_POOLS or "" in used else min(used)


def _commands(file: str, text: str) -> Iterator[WorkerCommand]:
    matches = list(_PROGRAM.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, limit in zip(matches, ends, strict=False):
        if _NOT_RUN.search(_before(text, match.start())):
            continue
        words = _WORD.findall(text[match.end() : min(limit, _end(text, match.end()))])
        if match[0] == "CELERYD_OPTS" or "worker" in words or words[:2] == ["multi", "start"]:
            at = Location(file, text.count("\n", 0, match.start()) + 1)
            yield WorkerCommand(at=at, options=dict(_options(words)))


def _before(text: str, start: int) -> str:
    """What stands before ``start`` in its line and its command."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return _NEXT_COMMAND.split(line)[-1]


def _end(text: str, start: int) -> int:
    """Where the command ends that has ``start`` in it."""
    end = start
    for line in text[start:].splitlines(keepends=True):
        so_far = text[start:end]
        goes_on = so_far.rstrip().endswith(("\\", ",")) or so_far.count("[") > so_far.count("]")
        if so_far and line.strip() and not goes_on and not _CONTINUED.match(line.lstrip()):
            break
        end += len(line)
    stop = _NEXT_COMMAND.search(text, start, end)
    return stop.start() if stop else end


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    words = [word for word in words if word != "-"]  # a list's marker
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--"):
            name, is_joined, value = word.partition("=")
            yield name, value if is_joined else _value(after)
        elif word[:2] in _SHORT:
            yield _SHORT[word[:2]], word[2:].removeprefix("=") or _value(after)


def _value(word: str) -> str:
    return "" if word.startswith("-") else word
