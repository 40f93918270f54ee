"""Which files a call of django-split-settings' ``include(…)`` reads."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django_prodready.audit.facts.chain_steps import Step

__all__ = ["included_files"]


def included_files(call: ast.Call, including: Path, steps: Sequence[Step]) -> Iterator[Path]:
    """Yield the files that ``include("components/*.py", optional("local.py"))`` runs, in order.

    A pattern that is computed (``f"environments/{ENV}.py"``) counts for the files that were
    really included when the settings are loaded, else for the only file that fits, if only one does.
    """
    if getattr(call.func, "id", getattr(call.func, "attr", None)) != "include":
        return
    seen = {including}
    for argument in _arguments(call.args, steps):
        pattern, is_certain = _pattern(argument)
        for path in _fitting(including.parent, pattern, is_certain):
            if path not in seen:
                seen.add(path)
                yield path


def _arguments(nodes: Iterable[ast.expr], steps: Sequence[Step]) -> Iterator[ast.expr]:
    for node in nodes:
        inner: ast.expr | None = node.value if isinstance(node, ast.Starred) else None
        if isinstance(inner, ast.Name):
            name = inner.id
            inner = next((step.value for step in reversed(steps) if step.name == name), None)
        if isinstance(inner, ast.List | ast.Tuple):
            yield from _arguments(inner.elts, steps)
        else:
            yield node


def _pattern(node: ast.expr) -> tuple[str, bool]:
    """Return the pattern with ``*`` for what is computed, and whether nothing is; "" for no pattern."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "optional" and node.args:
        return _pattern(node.args[0])
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, True
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
        return "".join(map(str, parts)), False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text, _ = _pattern(node.func.value)
        before, brace, rest = text.partition("{")
        return before + ("*" + rest.partition("}")[2] if brace else ""), False
    return "", False


def _fitting(folder: Path, pattern: str, is_certain: bool) -> list[Path]:
    if not pattern.endswith(".py"):
        return []
    try:
        found = [Path(os.path.normpath(path)) for path in sorted(folder.glob(pattern)) if path.is_file()]
    except (OSError, ValueError, NotImplementedError):
        return []
    if is_certain:
        return found
    included = _really_included()
    return [path for path in found if str(path.resolve()) in included] or (found if len(found) == 1 else [])


def _really_included() -> set[str]:
    """Files that django-split-settings ran in this process: it leaves a module for each."""
    names = [name for name in sys.modules if name.startswith("_split_settings.")]
    files = (getattr(sys.modules[name], "__file__", None) for name in names)
    return {str(Path(file).resolve()) for file in files if file}
