"""Says what a Python function does to the database, read from its source: it is never run."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.code_rows import Orm
from django_prodready.migration_safety.static.code_run import MAX_DEPTH, Frame, Run
from django_prodready.migration_safety.static.code_source import source_of
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models
from django_prodready.migration_safety.static.sql_place import Place

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation


def effects_of_code(function: Any, models: Models, place: Place) -> Iterator[e.Effect]:
    """Yield what a RunPython's ``code`` does to the database."""
    yield from _effects(Orm(models, place, []), function, [v.Apps(), v.Editor()])


def effects_of_operation(
    operation: Operation,
    app_label: str,
    models: Models,
    place: Place,
    inherited: Callable[[], Iterator[e.Effect]],
    old: Mapping[ModelKey, ModelFacts],
) -> Iterator[e.Effect]:
    """Yield what an operation of a class of its own does. ``inherited`` yields what Django's class does.

    ``old`` are the models that it may change, as they were before.
    """
    given = [v.Own(operation), v.Constant(app_label), v.Editor(), v.State(is_before=True), v.State()]
    yield from _effects(Orm(models, place, [], old), type(operation).database_forwards, given, inherited)


def _effects(
    orm: Orm,
    function: Any,
    given: Sequence[v.Value],
    inherited: Callable[[], Iterator[e.Effect]] = lambda: iter(()),
) -> Iterator[e.Effect]:
    try:
        _Following(orm, inherited).call(0, function, given, {})
    except Exception:  # noqa: BLE001 - code of the project may be what nobody has thought of
        orm.unreadable("Python code of the migration was not read to its end.")
    yield from orm.effects


class _Following:
    """Follows functions into those that they call."""

    def __init__(self, orm: Orm, inherited: Callable[[], Iterator[e.Effect]]) -> None:
        self._orm = orm
        self._inherited = inherited

    def call(
        self, depth: int, function: Any, given: Sequence[v.Value], named: Mapping[str, v.Value]
    ) -> v.Value:
        """Follow a function of the code or of a module; give up where its source cannot be read."""
        if isinstance(function, functools.partial):
            known = [v.Constant(one) for one in function.args]
            options = {key: v.Constant(one) for key, one in function.keywords.items()}
            return self.call(depth, function.func, [*known, *given], {**options, **named})
        if isinstance(function, v.Local):
            frame = Frame(names=function.names, local=dict(function.local), depth=depth)
            return self._run(frame, function.node, given, named)
        target = function if hasattr(function, "__code__") or hasattr(function, "__func__") else None
        target = target or type(function).__call__
        source = source_of(target)
        if source is None or depth > MAX_DEPTH:
            self._orm.unreadable("The code of a RunPython operation was not read: its source is not at hand.")
            return v.Unreadable()
        if getattr(target, "__self__", None) is not None or target is not function:
            given = [v.UNKNOWN, *given]
        return self._run(Frame(names=source.names, local={}, depth=depth), source.node, given, named)

    def _run(
        self, frame: Frame, node: Any, given: Sequence[v.Value], named: Mapping[str, v.Value]
    ) -> v.Value:
        run = Run(self._orm, frame)
        run.follow = lambda target, values, options: self.call(frame.depth + 1, target, values, options)
        run.inherited = self._inherited
        return run.call(node, given, named)
