"""What passes between the command and the process that runs the migrations.

The job is one line of JSON on standard input, so that no password stands in arguments or environment.
Answers are lines of JSON on a pipe of their own: standard output belongs to the migrations. Requests go
the same way, and their replies come on standard input, whose end means that nobody waits any longer.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from django_prodready.migration_safety.model import Key
from django_prodready.migration_safety.plan import Selection

__all__ = ["ATTEMPTED", "DONE", "FAILED", "KNOWN", "REQUEST", "Channel", "Job", "Message", "TraceError"]

Message = dict[str, Any]

# Kinds of messages, under the key "kind"; any other kind is between the trace and its reader.
DONE = "done"  # the last one
FAILED = "failed"  # the last one, with "message"
REQUEST = "request"  # of a copy of a database; answered by the client, and seen by nobody else
ATTEMPTED = "attempted"  # what was tried and refused, in "words"

KNOWN = "known"  # an option of a job: the migrations whose verdicts are there already


class TraceError(Exception):
    """The trace cannot be made, or has ended early. The message says why, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be traced, and where."""

    settings_module: str
    alias: str  # whose migrations are traced
    selection: Selection = field(default_factory=Selection)
    applied: tuple[Key, ...] = ()  # what the target has
    options: Mapping[str, Any] = field(default_factory=dict)  # of the trace: what JSON can say
    call: str = "django_prodready.migration_safety.trace.run.run"  # what works it off, given job and channel

    # Filled in by the client.
    database: Mapping[str, Any] = field(
        default_factory=dict, repr=False
    )  # ENGINE, NAME, PASSWORD, OPTIONS ...
    sys_path: tuple[str, ...] = ()
    script: str = ""  # what stands in sys.argv[0]
    folder: str = ""  # for files that migrations write to the media folder
    lock_timeout_s: float = 10.0
    statement_timeout_s: float = 300.0

    def to_json(self) -> str:
        """Write it as one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Job:
        """Read what ``to_json`` wrote."""
        values = json.loads(line)
        values["selection"] = Selection(**values["selection"])
        values["applied"] = tuple((app, name) for app, name in values["applied"])
        values["sys_path"] = tuple(values["sys_path"])
        return cls(**values)


class Channel:
    """The worker's end: call it with a message to send that."""

    def __init__(self, requests: TextIO, answers: TextIO, at_end: Callable[[], object]) -> None:
        self._requests = requests
        self._answers = answers
        self._at_end = at_end
        self._replies: SimpleQueue[Message] = SimpleQueue()
        self._sending = threading.Lock()

    def __call__(self, message: Mapping[str, Any]) -> None:
        """Send a message."""
        text = json.dumps(message, default=_as_text)
        with self._sending:
            self._answers.write(text + "\n")
            self._answers.flush()

    def listen(self) -> None:
        """Read replies in a thread, which calls ``at_end`` when the other side is gone."""
        threading.Thread(target=self._listen, name="prodready-trace", daemon=True).start()

    def copy_database(self, source: str, suffix: str) -> str:
        """Copy a scratch database that nobody is connected to; return the name of the copy.

        ``suffix``: small letters, digits and ``_``. Raises TraceError when that cannot be done.
        """
        return str(self._ask({"do": "copy", "source": source, "suffix": suffix}))

    def drop_database(self, name: str) -> None:
        """Drop a copy, also when somebody is connected to it. Raises TraceError when that cannot be done."""
        self._ask({"do": "drop", "name": name})

    def _ask(self, request: Message) -> Any:
        self({"kind": REQUEST, **request})
        reply = self._replies.get()
        if "error" in reply:
            raise TraceError(reply["error"])
        return reply["value"]

    def _listen(self) -> None:
        for line in self._requests:
            self._replies.put(json.loads(line))
        self._at_end()


def _as_text(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"A message holds a {type(value).__name__}, which JSON cannot say.")
