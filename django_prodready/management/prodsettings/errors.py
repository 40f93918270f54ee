"""Why the command ends without having done what it was asked for."""

from __future__ import annotations

from collections.abc import Sequence


class UsageError(Exception):
    """The command line, or the setting it needs, cannot be carried out as it stands."""


class RefusedError(Exception):
    """A list of ranges cannot be had, or not be believed, or not be written: nothing was changed."""

    def __init__(self, reason: str, *, changes: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.changes = changes  # what a person should look at first: "+ 104.16.0.0/13"
