"""The process that runs the migrations, as the command has it: started, heard, and ended as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO, cast

__all__ = ["Worker", "started"]

_MODULE = "django_prodready.migration_safety.trace"
_GRACE_S = 2.0
_LOOK_AGAIN_S = 0.01


class Worker:
    """The process, and the pipes to it."""

    def __init__(self, process: subprocess.Popen[bytes], requests: IO[bytes], answers: int) -> None:
        self._process = process
        self._requests = requests
        self._answers = answers
        self._rest = b""

    def send(self, line: str) -> None:
        """Send a line; to a process that has ended, nothing."""
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(line.encode() + b"\n")
            self._requests.flush()

    def fileno(self) -> int:
        """Return the descriptor where its answers come."""
        return self._answers

    def lines(self) -> list[bytes] | None:
        """Return the lines that are whole, when something can be read; None when no more comes."""
        data = os.read(self._answers, 1 << 16)
        if not data:
            return None
        *whole, self._rest = (self._rest + data).split(b"\n")
        return whole

    def exit_code(self) -> int | None:
        """Wait a little and return how it ended, a signal as a negative number; None when it has not.

        It is left as it is, so that nobody else gets the number of its group.
        """
        end_s = time.monotonic() + _GRACE_S
        while time.monotonic() < end_s:
            ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
            if ended is not None:
                return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
            time.sleep(_LOOK_AGAIN_S)
        return None

    def end(self) -> None:
        """End it and whatever it started: it ends by itself when its input does, unless it is stuck."""
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        self.exit_code()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says so of what has ended
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def started(output: IO[bytes]) -> Iterator[Worker]:
    """Start one for the length of the block; what it and the migrations print goes to ``output``."""
    answers, theirs = os.pipe()
    try:
        try:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, a module of ours
                [sys.executable, "-m", _MODULE, str(theirs)],
                env=_environ(),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(theirs,),
                # A terminal's Ctrl-C is for us, who end the whole group.
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        worker = Worker(process, cast("IO[bytes]", process.stdin), answers)
        try:
            yield worker
            worker.exit_code()  # it has said its last word
        finally:
            worker.end()
    finally:
        os.close(answers)


def _environ() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",
    }
