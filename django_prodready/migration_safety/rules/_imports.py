"""Names the imports that operations need besides ``migrations`` and ``models``, which every migration has."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator

_FROM = {
    "AddConstraintNotValid": "django.contrib.postgres.operations",
    "AddIndexConcurrently": "django.contrib.postgres.operations",
    "Decimal": "decimal",
    "RemoveIndexConcurrently": "django.contrib.postgres.operations",
    "ValidateConstraint": "django.contrib.postgres.operations",
    "settings": "django.conf",
}
_USUAL = frozenset(("migrations", "models", *dir(builtins)))


def with_imports(code: str) -> str:
    """Write the imports above ``code``; nothing where it is not Python, as by a name with quotes in it."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return ""
    imports = sorted(set(_imports(tree)))
    return "\n".join((*imports, "", code)) if imports else code


def _imports(tree: ast.Module) -> Iterator[str]:
    known = _USUAL.union(_bound(tree))
    found: dict[str, set[str]] = {}
    for path in _paths(tree):
        root = path[0]
        if root in known:
            continue
        if root in _FROM:
            found.setdefault(_FROM[root], set()).add(root)
        else:
            yield f"import {_module(path)}"
    for module, names in found.items():
        yield f"from {module} import {', '.join(sorted(names))}"


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def _paths(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """Yield the names that are read, with what is looked up in them: ``("django", "utils", "timezone")``."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            path = _path(node)
            if path:
                yield path


def _path(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    above = _path(node.value) if isinstance(node, ast.Attribute) else ()
    return (*above, node.attr) if above and isinstance(node, ast.Attribute) else ()


def _module(path: Iterable[str]) -> str:
    """Find the longest part of a path that is a module: the migration itself has imported it."""
    names = tuple(path)
    for length in range(len(names) - 1, 1, -1):
        if ".".join(names[:length]) in sys.modules:
            return ".".join(names[:length])
    return names[0]
