"""The command's side of a trace: gives processes their jobs, hears what they tell, and ends them."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import selectors
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from django_prodready.migration_safety.trace.isolation import all_values
from django_prodready.migration_safety.trace.process import Worker, started
from django_prodready.migration_safety.trace.protocol import DONE, FAILED, REQUEST, Job, Message, TraceError
from django_prodready.migration_safety.trace.scratch import Scratch
from django_prodready.reporting.redaction import Redactor

__all__ = ["EndedError", "Limits", "run", "run_all", "settings_module"]

_OUTPUT_BYTES = 100_000  # of what the migrations print, the end
_CHECK_EVERY_S = 10.0  # whether the server still answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a trace may take."""

    total_s: float = 3600.0
    idle_s: float = 900.0  # between two messages; a migration sends none while it runs


def settings_module() -> str:
    """Return the module that the settings were loaded from. Raises TraceError when there is none."""
    # Some that make settings out of files have their own idea of what SETTINGS_MODULE is.
    name = os.environ.get("DJANGO_SETTINGS_MODULE") or settings.SETTINGS_MODULE
    if not name:
        raise TraceError(
            "The settings were made by settings.configure(), which another process cannot repeat: "
            "put them into a module and name it by --settings or DJANGO_SETTINGS_MODULE."
        )
    return str(name)


def run(
    job: Job,
    scratch: Scratch,
    *,
    limits: Limits | None = None,
    redactor: Redactor | None = None,
    show: Callable[[str], object] | None = None,
) -> Iterator[Message]:
    """Trace in a process of its own, and yield what it tells as it comes.

    ``show`` gets, in the end, what the migrations printed. The process has ended when this has, also when
    the caller asks for no more. Raises TraceError when the process fails, crashes or takes too long.
    """
    heard = run_all([(job, scratch)], limits=limits, redactor=redactor, show=show)
    with contextlib.closing(heard):
        for _, message in heard:
            yield message


def run_all(
    jobs: Sequence[tuple[Job, Scratch]],
    *,
    limits: Limits | None = None,
    redactor: Redactor | None = None,
    show: Callable[[str], object] | None = None,
) -> Generator[tuple[int, Message]]:
    """Do as ``run`` does, with a process for each job; yield messages with the number of the job.

    When one fails, all end.
    """
    if not hasattr(os, "waitid"):
        raise TraceError(
            "A trace needs Linux, macOS or another POSIX system: run it there, or leave out --trace."
        )
    redactor = redactor or Redactor.from_settings(all_values(), os.environ)
    with contextlib.ExitStack() as stack:
        conversations = []
        for job, scratch in jobs:
            output = stack.enter_context(tempfile.TemporaryFile())
            stack.callback(_show, output, redactor, show)
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="prodready-trace-"))
            worker = stack.enter_context(started(output))
            complete = dataclasses.replace(
                job,
                database=scratch.entry,
                sys_path=tuple(sys.path),
                script=sys.argv[0],
                folder=folder,
            )
            worker.send(complete.to_json())
            conversations.append(_Conversation(worker, scratch, limits or Limits(), redactor))
        yield from _heard(conversations)


def _show(output: IO[bytes], redactor: Redactor, show: Callable[[str], object] | None) -> None:
    if show is not None:
        show(redactor.scrub(_tail(output)))


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _OUTPUT_BYTES))
    return output.read().decode("utf-8", "replace")


class EndedError(TraceError):
    """A process has ended before its trace was done."""

    number = 0  # of its job


class _Conversation:
    """What is said until the last message."""

    def __init__(self, worker: Worker, scratch: Scratch, limits: Limits, redactor: Redactor) -> None:
        self.is_over = False
        self._worker = worker
        self._scratch = scratch
        self._limits = limits
        self._redactor = redactor
        self._ends_s = time.monotonic() + limits.total_s
        self._idle_ends_s = time.monotonic() + limits.idle_s

    def left_s(self) -> float:
        """Return how long it may go on when nothing is said. Raises TraceError when it may not."""
        left_s = min(self._ends_s, self._idle_ends_s) - time.monotonic()
        if left_s <= 0:
            raise TraceError(self._too_long())
        return left_s

    def watch(self, selector: selectors.BaseSelector) -> None:
        """Register what the process says, and the session, where the server says that it ends."""
        selector.register(self._worker, selectors.EVENT_READ)
        selector.register(self._scratch.session, selectors.EVENT_READ)

    def hear(self, ready: Collection[object]) -> Iterator[Message]:
        """Yield what was said, answer requests, and stop at the last message.

        ``ready``: where something can be read, of all that was watched.
        """
        if ready and self._worker not in ready and self._scratch.session not in ready:
            return
        lines = self._worker.lines() if self._worker in ready else []
        # What is told once the server is lost says nothing of a migration.
        self._scratch.check()
        if lines is None:
            raise EndedError(self._crash())
        if lines:
            self._idle_ends_s = time.monotonic() + self._limits.idle_s
        for line in lines:
            message = json.loads(line)
            kind = message.get("kind")
            if kind == DONE:
                self.is_over = True
                return
            if kind == FAILED:
                told = self._redactor.scrub(message["message"]).rstrip(".")
                raise TraceError(f"The trace has failed: {told}.")
            if kind == REQUEST:
                self._worker.send(json.dumps(self._reply(message)))
            else:
                yield message

    def _too_long(self) -> str:
        if self._ends_s <= self._idle_ends_s:
            what = f"took longer than {self._limits.total_s:g} s"
        else:
            what = f"said nothing for {self._limits.idle_s:g} s"
        return f"The trace {what}, and was ended."

    def _reply(self, message: Message) -> Message:
        try:
            value: Any = None
            if message["do"] == "copy":
                value = self._scratch.copy(message["source"], message["suffix"])
            else:
                self._scratch.drop(message["name"])
        except TraceError as error:
            if self._scratch.session.is_lost:
                raise
            return {"error": str(error)}
        return {"value": value}

    def _crash(self) -> str:
        code = self._worker.exit_code()
        if code is None:
            how = "answers no more"
        elif code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        else:
            how = f"ended with exit code {code}"
        return (
            f"The process that runs the migrations {how}, before the trace was done. "
            "What it printed, shown with --verbosity 2, may say why."
        )


def _heard(conversations: Sequence[_Conversation]) -> Generator[tuple[int, Message]]:
    while any(not each.is_over for each in conversations):
        going_on = [(number, each) for number, each in enumerate(conversations) if not each.is_over]
        with selectors.DefaultSelector() as selector:
            for _, each in going_on:
                each.watch(selector)
            waits_s = min(_CHECK_EVERY_S, *(each.left_s() for _, each in going_on))
            ready = [key.fileobj for key, _ in selector.select(waits_s)]
        for number, each in going_on:
            try:
                for message in each.hear(ready):
                    yield number, message
            except EndedError as error:
                error.number = number
                raise
