"""Finds the source of a function as a syntax tree. Nothing is imported or run."""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FunctionNode = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Source:
    """A function with what its names stand for."""

    node: FunctionNode
    names: Mapping[str, Any]  # module globals and closure


def source_of(function: Callable[..., Any]) -> Source | None:
    """Return the source of a Python function; None where there is none to read."""
    unwrapped = inspect.unwrap(function)
    plain = getattr(unwrapped, "__func__", unwrapped)
    code = getattr(plain, "__code__", None)
    if code is None:
        return None
    node = _node(code)
    if node is None:
        return None
    cells = zip(code.co_freevars, plain.__closure__ or (), strict=False)
    closure = {name: cell.cell_contents for name, cell in cells if _is_filled(cell)}
    return Source(node, {**plain.__globals__, **closure})


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _node(code: Any) -> FunctionNode | None:
    text = "".join(linecache.getlines(code.co_filename))
    found = [one for one in _functions(text) if _begins(one) == code.co_firstlineno]
    named = [one for one in found if getattr(one, "name", "<lambda>") == code.co_name]
    if len(named) > 1:
        named = [one for one in named if _arguments(one) == code.co_varnames[: code.co_argcount]]
    return named[0] if len(named) == 1 else None


@functools.lru_cache(maxsize=64)
def _functions(text: str) -> tuple[FunctionNode, ...]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda))


def _begins(node: FunctionNode) -> int:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return min([node.lineno, *(one.lineno for one in decorators)])


def _arguments(node: FunctionNode) -> tuple[str, ...]:
    return tuple(one.arg for one in (*node.args.posonlyargs, *node.args.args))


def is_installed(function: Any) -> bool:
    """Whether a function is Python's or another package's, and not the project's."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    top = str(getattr(function, "__module__", "")).partition(".")[0]
    if code is None or top in sys.stdlib_module_names:
        return True
    return any(folder in Path(code.co_filename).parents for folder in _installed())


@functools.lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    return tuple(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib"))
