"""Signals that end a command: they end its blocks in order, and leave what tidies up alone."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NoReturn

__all__ = ["ended_by_signals", "undisturbed"]


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Have SIGTERM and SIGHUP raise SystemExit, as SIGINT raises KeyboardInterrupt."""
    with _handling(("SIGTERM", "SIGHUP"), _leave):
        yield


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C end the block, which must have limits of its own."""
    with _handling(("SIGINT", "SIGTERM", "SIGHUP"), signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _handling(names: Iterable[str], handler: Any) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only that one may set handlers
        yield
        return
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]  # Windows lacks some
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in numbers}
    for number in numbers:
        if before[number] is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, how in before.items():
            signal.signal(number, how)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
