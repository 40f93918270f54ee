"""Where each setting is written: the settings module and all that it star-imports, read as source.

Settings are never imported or executed here. What the source does not show is unknown, not guessed.
"""

from __future__ import annotations

import ast
import functools
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.chain_origin import Origins
from django_prodready.audit.facts.chain_reader import ChainReader
from django_prodready.audit.facts.chain_values import MISSING, UNKNOWN, Fit, at
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from django_prodready.audit.facts.chain_steps import Key, Step

__all__ = ["SettingsChain"]

# LazySettings prepends the script prefix to a relative one, so the source differs from the value.
_REWRITTEN = frozenset({"MEDIA_URL", "STATIC_URL"})


class SettingsChain:
    """The source of one settings module; empty when ``module`` is None or has no source."""

    def __init__(self, module: str | None, *, root: Path) -> None:
        self.module = module
        self.root = root

    @functools.cached_property
    def files(self) -> tuple[str, ...]:
        """The settings files in the order in which they are read, relative to the root when below it.

        Modules that only lend a constant (``from .literals import TIMEOUT``) are not among them.
        """
        return tuple(self._read[0].files) if self._read else ()

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The settings that the project's own source assigns, not those of installed packages."""
        return frozenset(step.name for step in self._steps if step.own and step.name.isupper())

    @functools.cached_property
    def loads(self) -> frozenset[str]:
        """The settings that an expression of these files makes use of: ``CACHES = {… REDIS_HOST …}``.

        Building up a name from itself (``X = X + […]``, ``X.append(…)``) is not a use of it.
        """
        trees = self._read[0].trees if self._read else []
        return frozenset(name for tree in trees for name in _loaded_names(tree))

    def origin(self, name: str, *path: Key, value: Any = UNKNOWN) -> Location | None:
        """Where the setting ``name`` got its effective ``value``; None when that is computed or unknown.

        ``path`` descends into it; a step that the source or the value does not have stays at the
        last one that is there. The last assignment wins, of those that can have given the value.
        """
        if name in _REWRITTEN:
            value = UNKNOWN
        spot = self._origins.find(name, list(_existing(path, value)), value)
        if spot is None or (spot.fit is Fit.NO and self._is_opaque):
            return None
        return Location(spot.file, spot.line)

    def expression(self, name: str, *, value: Any = UNKNOWN) -> ast.expr | None:
        """The right side of the assignment that gave ``name`` its value; None when the source shows none."""
        step = self._origins.assignment(name, value)
        return None if step is None else step.value

    @functools.cached_property
    def _read(self) -> tuple[ChainReader, list[Step]] | None:
        if self.module is None:
            return None
        reader = ChainReader(self.module, root=self.root)
        return reader, reader.read(self.module)

    @functools.cached_property
    def _steps(self) -> list[Step]:
        if self._read is None:
            return []
        reader, steps = self._read
        chosen = os.environ.get("DJANGO_CONFIGURATION")
        return list(_of_class(steps, chosen if chosen in reader.bases else None, reader.bases))

    @functools.cached_property
    def _origins(self) -> Origins:
        return Origins(self._steps)

    @property
    def _is_opaque(self) -> bool:
        return self._read is not None and self._read[0].is_opaque


def _existing(path: Iterable[Key], value: Any) -> Iterator[Key]:
    """Yield the steps of ``path`` that ``value`` has; all when it is unknown."""
    for key in path:
        if value is not UNKNOWN:
            value = at(value, key)
            if value is MISSING:
                return
        yield key


def _of_class(steps: list[Step], chosen: str | None, bases: dict[str, tuple[str, ...]]) -> Iterator[Step]:
    """Yield the module's steps and those of the chosen django-configurations class, base classes first.

    Without a choice every class may be the one.
    """
    if chosen is None:
        yield from (replace(step, conditional=True) if step.owner else step for step in steps)
        return
    yield from (step for step in steps if step.owner is None)
    for name in _lineage(chosen, bases, set()):
        yield from (step for step in steps if step.owner == name)


def _lineage(name: str, bases: dict[str, tuple[str, ...]], seen: set[str]) -> Iterator[str]:
    seen.add(name)
    for base in reversed(bases.get(name, ())):
        if base not in seen:
            yield from _lineage(base, bases, seen)
    yield name


def _loaded_names(tree: ast.Module) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    skipped = {id(node) for statement in nodes for node in _own_uses(statement)}
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            name = _name(node)
            if name.isupper() and id(node) not in skipped:
                yield name


def _own_uses(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes by which a statement names what it changes."""
    if isinstance(statement, ast.Assign):
        targets = [_root(target) for target in statement.targets]
        names = {_name(target) for target in targets}
        yield from targets
        yield from (node for node in ast.walk(statement.value) if _name(node) in names)
    elif isinstance(statement, ast.AugAssign):
        yield _root(statement.target)
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute):
            yield _root(function.value)


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
