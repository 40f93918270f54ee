"""Where a migration and its operations are written. Reads the file and never runs it."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodready.migration_safety.plan import file_of
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django.db.migrations import Migration


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file, from the first to the last, counted from 1."""

    first: int
    last: int

    def __contains__(self, line: object) -> bool:
        return isinstance(line, int) and self.first <= line <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file of one migration, and where its parts are."""

    path: Path
    file: str  # as the report names it
    header: Span  # the ``class`` statement, without its body
    assignment: Span | None  # ``operations = [...]``; None where the class has none of its own
    operations: tuple[Span, ...] = ()  # empty where they are not written as one list

    def at(self, operation: int | None) -> Location:
        """Give the place of an operation, or of the migration."""
        if operation is not None and operation < len(self.operations):
            return Location(self.file, self.operations[operation].first)
        if operation is not None and self.assignment is not None:
            return Location(self.file, self.assignment.first)
        return Location(self.file, self.header.first)


def source_of(migration: Migration, root: Path) -> Source | None:
    """Read where the parts of a migration are; None when there is no file that says so.

    Files below ``root`` are named relative to it, installed ones relative to their ``site-packages``.
    """
    path = file_of(migration)
    if path is None:
        return None
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None  # compiled, or changed since it was loaded
    written = _class(tree, type(migration).__name__)
    if written is None:
        return None
    assignment, value = _assignment(written)
    elements = list(_elements(value)) if value is not None else []
    is_complete = len(elements) == len(migration.operations)
    return Source(
        path=path,
        file=name_of(path, root),
        header=_header(written),
        assignment=_span(assignment) if assignment is not None else None,
        operations=tuple(_span(element) for element in elements) if is_complete else (),
    )


def name_of(path: Path, root: Path) -> str:
    """Name a file as a report does, with forward slashes."""
    resolved = path.resolve()
    if resolved.is_relative_to(root.resolve()) and "site-packages" not in resolved.parts:
        return resolved.relative_to(root.resolve()).as_posix()
    if "site-packages" in resolved.parts:
        behind = len(resolved.parts) - resolved.parts[::-1].index("site-packages")
        return Path(*resolved.parts[behind:]).as_posix()
    return resolved.as_posix()


def _class(tree: ast.Module, name: str) -> ast.ClassDef | None:
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return found[-1] if found else None


def _header(written: ast.ClassDef) -> Span:
    first = min([written.lineno, *(decorator.lineno for decorator in written.decorator_list)])
    return Span(first, max(written.lineno, written.body[0].lineno - 1))


def _assignment(written: ast.ClassDef) -> tuple[ast.stmt | None, ast.expr | None]:
    """Find the last ``operations = ...`` of a class."""
    for statement in reversed(written.body):
        targets: Sequence[ast.expr] = ()
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == "operations" for target in targets):
            return statement, statement.value
    return None, None


def _elements(value: ast.expr) -> Iterator[ast.expr]:
    """Yield what a list holds, also one that is put together by ``+``."""
    if isinstance(value, ast.List | ast.Tuple):
        yield from value.elts
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        yield from _elements(value.left)
        yield from _elements(value.right)


def _span(node: ast.stmt | ast.expr) -> Span:
    return Span(node.lineno, node.end_lineno or node.lineno)
