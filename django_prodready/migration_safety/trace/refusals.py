"""What is refused to the migration that runs: one record for the process, as what refuses is its own.

:mod:`~django_prodready.migration_safety.trace.isolation_guards` writes it. Whoever runs a migration reads it:
what fails after something was refused says nothing of the migration.
"""

from __future__ import annotations

__all__ = ["REFUSALS", "Refusals"]


class Refusals:
    """Attempts that were refused, counted, and told once for each migration."""

    def __init__(self) -> None:
        self.count = 0  # of all, the same one again too
        self._told: set[str] = set()  # in words, since the migration began

    def begin(self) -> None:
        """Have the same words told again: another migration begins."""
        self._told.clear()

    def add(self, words: str) -> bool:
        """Count an attempt; say whether it is the first of its kind for this migration."""
        self.count += 1
        is_new = words not in self._told
        self._told.add(words)
        return is_new


REFUSALS = Refusals()
