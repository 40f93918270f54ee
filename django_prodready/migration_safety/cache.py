"""Verdicts of traced migrations, kept in a folder: one file each, named for what the verdict depends on.

There is no cache without ``--cache FOLDER``: CI has to name a folder to keep it between jobs anyway, and
whoever did not ask for one need not wonder whether a verdict is of today.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.cache_key import keys_of
from django_prodready.migration_safety.files import TEMPORARY, write_whole
from django_prodready.migration_safety.model import Judgement, Key, Verdict
from django_prodready.migration_safety.project_modules import Modules
from django_prodready.migration_safety.trace.wire import from_wire, to_wire
from django_prodready.reporting.redaction import Redactor

if TYPE_CHECKING:
    from django_prodready.migration_safety.plan import Plan
    from django_prodready.migration_safety.trace.scratch import Server

__all__ = ["Cache", "Remembered", "narrowed", "server_version"]

SCHEMA = 1
MAX_ENTRIES = 5_000  # the migrations of a very large project a few times over
MAX_ENTRY_BYTES = 200_000

_MODULES = "modules.json"
_FILE = re.compile(r"[0-9a-f]{64}\.json")
_ABANDONED_S = 3600
# What raises whatever the rows may do so because of where it runs.
_OF_THE_PLACE = "migration-fails"
# https://bford.info/cachedir/
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Verdicts of django-prodready. It may be deleted.\n"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a trace told of one migration."""

    judgement: Judgement
    attempts: tuple[str, ...] = ()  # refused, in words


class Cache:
    """A folder of verdicts. Several processes may use it at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keys(self, plan: Plan, server_version: int) -> dict[Key, str]:
        """Name the verdict of each judged step, see ``cache_key.keys_of``, for ``find`` and ``keep``.

        What the project's modules import is remembered too, for it takes longest to find out.
        """
        path = self._folder / _MODULES
        try:
            known = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            known = None
        modules = Modules(known if isinstance(known, dict) else None)
        keys = keys_of(plan, server_version, modules)
        if modules.parsed != known:
            with contextlib.suppress(OSError):  # keep() tells of it
                self._make()
                write_whole(path, json.dumps(modules.parsed, sort_keys=True))
        return keys

    def find(self, keys: Mapping[Key, str]) -> dict[Key, Remembered]:
        """Look up what is kept under the names that ``keys`` gave; the rest is left out."""
        found = {key: self._read(key, name) for key, name in keys.items()}
        return {key: remembered for key, remembered in found.items() if remembered is not None}

    def keep(
        self,
        keys: Mapping[Key, str],
        judgements: Mapping[Key, Judgement],
        attempts: Mapping[Key, Sequence[str]],
        redactor: Redactor,
    ) -> tuple[str, ...]:
        """Write what a trace told, without secrets; return notes, such as why nothing could be written."""
        try:
            self._make()
            for key, name in keys.items():
                judgement = judgements.get(key)
                if judgement is not None and _is_lasting(judgement):
                    self._write(name, judgement, attempts.get(key, ()), redactor)
            self._tidy()
        except OSError as error:
            return (
                f"The verdicts are not kept in {self._folder}, which cannot be written: {error.strerror}.",
            )
        return ()

    def _read(self, key: Key, name: str) -> Remembered | None:
        path = self._folder / f"{name}.json"
        try:
            entry = json.loads(path.read_bytes())
            remembered = Remembered(from_wire(entry["judgement"]), tuple(map(str, entry["attempts"])))
            is_whole = entry["schema"] == SCHEMA and remembered.judgement.key == key
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            # There is none, or it is spoilt.
            return None
        if not is_whole or not _is_lasting(remembered.judgement):
            return None
        with contextlib.suppress(OSError):  # it may be read-only
            os.utime(path)  # used today
        return remembered

    def _make(self) -> None:
        if self._folder.is_dir():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / "CACHEDIR.TAG", _TAG)
        write_whole(self._folder / ".gitignore", "*\n")

    def _write(self, name: str, judgement: Judgement, attempts: Iterable[str], redactor: Redactor) -> None:
        entry = {"schema": SCHEMA, "judgement": to_wire(judgement), "attempts": list(attempts)}
        text = json.dumps(_scrubbed(entry, redactor), ensure_ascii=False)
        if len(text) <= MAX_ENTRY_BYTES:
            write_whole(self._folder / f"{name}.json", text)

    def _tidy(self) -> None:
        """Delete what was not used for longest, and what killed runs left; nothing that is not ours."""
        used = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process tidies too
                if _FILE.fullmatch(path.name):
                    used.append((path.stat().st_mtime, path))
                elif path.name.endswith(TEMPORARY) and path.stat().st_mtime < time.time() - _ABANDONED_S:
                    path.unlink()
        for _, path in sorted(used, reverse=True)[MAX_ENTRIES:]:
            path.unlink(missing_ok=True)


def narrowed(plan: Plan, known: Iterable[Key]) -> Plan | None:
    """Return what is left to be traced when the verdicts of ``known`` are there; None when nothing is.

    Where what is deployed stands in front of all that is judged, the first judged step marks its end, so
    all are judged again unless all are known.
    """
    known = frozenset(known)
    steps = [
        dataclasses.replace(step, is_judged=step.is_judged and step.key not in known) for step in plan.steps
    ]
    judged = [position for position, step in enumerate(steps) if step.is_judged]
    if not judged:
        return None
    if not plan.each_deployed:
        return plan
    return dataclasses.replace(plan, steps=tuple(steps[: judged[-1] + 1]))


def server_version(server: Server) -> int:
    """Ask the server of the scratch database for its version, such as 150018. Raises ScratchError."""
    from django_prodready.migration_safety.trace.scratch_server import Session

    with contextlib.closing(Session(server)) as session:
        return session.version


def _is_lasting(judgement: Judgement) -> bool:
    """Whether the next run would come to the same."""
    if not judgement.traced or judgement.verdict is Verdict.UNKNOWN:
        return False
    return all(finding.rule != _OF_THE_PLACE for finding in judgement.findings)


def _scrubbed(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, str):
        return redactor.scrub(value)
    if isinstance(value, dict):
        return {key: _scrubbed(item, redactor) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item, redactor) for item in value]
    return value
