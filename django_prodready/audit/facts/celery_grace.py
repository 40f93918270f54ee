"""How long a Celery worker has between SIGTERM and SIGKILL, as the file that starts it says.

https://docs.docker.com/reference/compose-file/services/#stop_grace_period,
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination,
https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#TimeoutStopSec=
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.celery_workers import find_workers
from django_prodready.audit.facts.server_commands import server_texts
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["WorkerGrace", "find_worker_graces"]

_COMPOSE_S = 10.0
_POD_S = 30.0

_COMPOSE_GRACE = re.compile(r"""^[ \t]*stop_grace_period:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_POD_GRACE = re.compile(r"""^[ \t]*terminationGracePeriodSeconds:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_UNIT_GRACE = re.compile(r"^Timeout(?:Stop)?Sec[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min|m|h|)")
_UNITS_S = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_COMMAND_KEY = re.compile(r"([ \t]*)(?:command|entrypoint):")
# Images have a script of their own for it: /start-celeryworker
_SCRIPT = re.compile(r"^[ \t]*(?:command|entrypoint):.*celery[-_]?worker", re.MULTILINE)
_INHERITS = re.compile(r"^[ \t]*(?:<<|extends):", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerGrace:
    """One limit on stopping a worker."""

    setting: str  # "stop_grace_period"
    seconds: float
    is_written: bool  # else it is the default
    at: Location


def find_worker_graces(facts: Facts) -> tuple[WorkerGrace, ...]:
    """Find the limit of each worker in Compose files, Kubernetes manifests and systemd units."""
    texts = dict(server_texts(facts))
    lines = {(worker.at.file, worker.at.line) for worker in find_workers(facts)}
    for file in facts.files.matching("*.yml", "*.yaml"):
        lines |= {
            (file, _line(texts[file], match.start())) for match in _SCRIPT.finditer(texts.get(file, ""))
        }
    # What one Compose file leaves out, another that is merged with it may say.
    is_merged = any(_COMPOSE_GRACE.search(text) for text in texts.values())
    graces = (_grace(file, texts[file], line, is_merged=is_merged) for file, line in sorted(lines))
    return tuple(dict.fromkeys(grace for grace in graces if grace is not None))


def _grace(file: str, text: str, line: int, *, is_merged: bool) -> WorkerGrace | None:
    if file.endswith(".service"):
        return _found(_UNIT_GRACE, "TimeoutStopSec", file, text, 1, line, default_s=None)
    if not file.endswith((".yml", ".yaml")):
        return None
    if re.search(r"^services:", text, re.MULTILINE):
        first, block = _siblings(text, line)
        default_s = None if is_merged or _INHERITS.search(block) else _COMPOSE_S
        return _found(_COMPOSE_GRACE, "stop_grace_period", file, block, first, line, default_s=default_s)
    if re.search(r"^[ \t]*-?[ \t]*containers:", text, re.MULTILINE):
        first, document = _document(text, line)
        return _found(
            _POD_GRACE, "terminationGracePeriodSeconds", file, document, first, line, default_s=_POD_S
        )
    return None


def _found(
    pattern: re.Pattern[str],
    setting: str,
    file: str,
    text: str,
    first: int,
    line: int,
    *,
    default_s: float | None,
) -> WorkerGrace | None:
    match = pattern.search(text)
    seconds = _duration(match[1]) if match else default_s
    if seconds is None:
        return None
    at = Location(file, first + text.count("\n", 0, match.start(1)) if match else line)
    return WorkerGrace(setting=setting, seconds=seconds, is_written=match is not None, at=at)


def _siblings(text: str, line: int) -> tuple[int, str]:
    """Return the keys of a service whose command is at ``line``, and the first of their lines."""
    lines = text.splitlines()
    position = line - 1
    while position and not _COMMAND_KEY.match(lines[position]):
        position -= 1
    key = _COMMAND_KEY.match(lines[position])
    indent = len(key[1]) if key else 0
    first = last = position
    while first and _is_inside(lines[first - 1], indent):
        first -= 1
    while last + 1 < len(lines) and _is_inside(lines[last + 1], indent):
        last += 1
    return first + 1, "\n".join(lines[first : last + 1])


def _is_inside(line: str, indent: int) -> bool:
    return not line.strip() or len(line) - len(line.lstrip()) >= indent


def _document(text: str, line: int) -> tuple[int, str]:
    """Return the YAML document that has ``line``, and its first line."""
    lines = text.splitlines()
    marks = [number for number, each in enumerate(lines, start=1) if each.startswith("---")]
    first = max((mark for mark in marks if mark <= line), default=1)
    end = min((mark for mark in marks if mark > line), default=len(lines) + 1)
    return first, "\n".join(lines[first - 1 : end - 1])


def _duration(text: str) -> float | None:
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS_S[unit] for number, unit in parts)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
