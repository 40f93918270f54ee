"""The states that one migration leads through, made once for all of its runs.

Django makes models anew for most operations, and that takes longer than what they do to empty tables. What a
run has come through, later runs are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.migrations import Migration, RunPython

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class Course:
    """Runs the operations of ``migration`` from ``start``, which stays as it is."""

    def __init__(self, migration: Migration, start: ProjectState) -> None:
        self.migration = migration
        self.start = start
        self._before: dict[int, ProjectState] = {}  # by operation
        self._end: ProjectState | None = None
        self._forget: list[Callable[[], object]] = []

    @property
    def is_known(self) -> bool:
        """Whether a run has come through, and later ones may be given its states."""
        return self._end is not None

    def run(self, editor: BaseDatabaseSchemaEditor) -> ProjectState:
        """Run forwards as Django does; return the state in the end, which is not to be changed.

        Raises what the migration raises.
        """
        self.forget_rows()
        if self._end is not None:
            self.migration.apply(cast("ProjectState", _Standing()), editor)
            return self._end
        end = self.migration.apply(self.start.clone(), editor)
        if type(self.migration).apply is Migration.apply:  # which calls each operation with these states
            self._end = end
            self._forget = list(_caches([self.start, *self._before.values(), end]))
        return end

    def database_forwards(self, number: int, forwards: Callable[..., None] | None, *arguments: Any) -> None:
        """Run an operation's part in the database, if it has one, with the states that belong to it."""
        app_label, editor, before, after = arguments
        if self._end is not None:
            before, after = self._before[number], self._before.get(number + 1, self._end)
        self._before[number] = before
        if forwards is None:
            return
        forwards(app_label, editor, before, after)
        if isinstance(self.migration.operations[number], RunPython):
            before.is_delayed = False  # it has had all models made anew

    def forget_rows(self) -> None:
        """Have managers look again for what they remember: rows that may have been taken back."""
        for forget in self._forget:
            forget()


class _Standing:
    """Stands for the state where nobody is to change one."""

    def clone(self) -> _Standing:
        """Stay."""
        return self


def _caches(states: list[ProjectState]) -> Iterator[Callable[[], object]]:
    """Find what managers have to forget; of Django's, those of content types and sites have."""
    seen = set()
    for state in states:
        if "apps" not in vars(state):
            continue
        for model in state.apps.get_models():
            if model not in seen:
                seen.add(model)
                managers = (getattr(manager, "clear_cache", None) for manager in model._meta.managers)
                yield from (forget for forget in managers if callable(forget))
