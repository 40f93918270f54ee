"""Says what a Python function does to the database, read from its source: it is never run."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.code_rows import Orm
from django_prodready.migration_safety.static.code_run import MAX_DEPTH, Frame, Run
from django_prodready.migration_safety.static.code_source import source_of
from django_prodready.migration_safety.static.models import Models
from django_prodready.migration_safety.static.sql_place import Place


def effects_of_code(function: Any, models: Models, place: Place) -> Iterator[e.Effect]:
    """Yield what a RunPython's ``code`` does to the database."""
    orm = Orm(models, place, [])
    try:
        _call(orm, 0, function, [v.Apps(), v.Editor()], {})
    except RecursionError:
        orm.unreadable("The code of a RunPython operation is too deep to be read.")
    yield from orm.effects


def _call(
    orm: Orm, depth: int, function: Any, given: Sequence[v.Value], named: Mapping[str, v.Value]
) -> v.Value:
    """Follow a function of the code or of a module; give up where its source cannot be read."""
    if isinstance(function, functools.partial):
        known = [v.Constant(one) for one in function.args]
        options = {key: v.Constant(one) for key, one in function.keywords.items()}
        return _call(orm, depth, function.func, [*known, *given], {**options, **named})
    if isinstance(function, v.Local):
        frame = Frame(names=function.names, local=dict(function.local), depth=depth)
        return _run(orm, frame, function.node, given, named)
    target = function if hasattr(function, "__code__") or hasattr(function, "__func__") else None
    target = target or type(function).__call__
    source = source_of(target)
    if source is None or depth > MAX_DEPTH:
        orm.unreadable("The code of a RunPython operation was not read: its source is not at hand.")
        return v.Unreadable()
    if getattr(target, "__self__", None) is not None or target is not function:
        given = [v.UNKNOWN, *given]
    return _run(orm, Frame(names=source.names, local={}, depth=depth), source.node, given, named)


def _run(
    orm: Orm, frame: Frame, node: Any, given: Sequence[v.Value], named: Mapping[str, v.Value]
) -> v.Value:
    run = Run(orm, frame)
    run.follow = lambda target, values, options: _call(orm, frame.depth + 1, target, values, options)
    return run.call(node, given, named)
