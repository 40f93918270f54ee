"""A limit on this side for what a server is asked: its own limits do not run while it is stopped."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from django.db import Error, OperationalError

__all__ = ["answered_within"]


@contextlib.contextmanager
def answered_within(session: Any, limit_s: float) -> Iterator[None]:
    """End the ``session``, a connection of the driver, if the block takes longer.

    It raises OperationalError of django.db then, in place of what the driver makes of the lost connection.
    """
    cut = _Cut(session.fileno())
    timer = threading.Timer(limit_s, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Error as error:
        if cut.is_made:
            raise OperationalError(f"the server has not answered for {limit_s:g} s") from error
        raise
    finally:
        timer.cancel()
        cut.forget()


class _Cut:
    """Shuts a socket down, which wakes whoever waits for it; the driver closes it."""

    def __init__(self, number: int) -> None:
        self.is_made = False
        self._number: int | None = number
        self._deciding = threading.Lock()

    def __call__(self) -> None:
        with self._deciding:
            if self._number is None:
                return
            self.is_made = True
            shared = socket.socket(fileno=self._number)
            try:
                with contextlib.suppress(OSError):  # the server is gone as well
                    shared.shutdown(socket.SHUT_RDWR)
            finally:
                shared.detach()

    def forget(self) -> None:
        """Do nothing from now on: the number may soon be that of something else."""
        with self._deciding:
            self._number = None
