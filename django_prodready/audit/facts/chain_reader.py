"""Reads settings modules as source, in the order in which Python would run them, into steps.

Nothing is executed or imported. Where the settings are loaded already, a module that was not
imported with them is not read: its branch was not taken.
"""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.chain_includes import included_files
from django_prodready.audit.facts.chain_modules import (
    find_source,
    is_installed,
    loaded_source,
    resolve_relative,
)
from django_prodready.audit.facts.chain_steps import (
    Action,
    Change,
    Step,
    steps_of_binding,
    steps_of_call,
    steps_of_update,
)
from django_prodready.audit.facts.files import read_bytes, relative_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["ChainReader", "parse"]

_ENUM_LIKE = ("Enum", "Flag", "Choices", "NamedTuple", "TypedDict", "Protocol", "Error", "Exception")
_NAMESPACES = frozenset({"globals", "locals", "vars"})
_parsing = threading.Lock()  # catch_warnings changes the whole process


def parse(path: Path) -> ast.Module | None:
    """Return the syntax tree of a file, or None when it cannot be read or is not valid Python."""
    content = read_bytes(path)
    if content is None:
        return None
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes and the like: not ours to report
        try:
            return ast.parse(content, filename=str(path))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class ChainReader:
    """Reads one settings module and all that it star-imports or includes."""

    def __init__(self, module: str, *, root: Path) -> None:
        self.root = root
        self.top = module.partition(".")[0]
        self.files: dict[str, None] = {}  # in the order in which they are read
        self.trees: list[ast.Module] = []
        self.bases: dict[str, tuple[str, ...]] = {}  # of the classes that were read
        self.is_opaque = False  # names are also set in a way that the source does not show
        self._modules: dict[str, list[Step]] = {}
        self._included: set[Path] = set()
        loaded = loaded_source(module)
        self._was_run = loaded is not None and loaded == find_source(module, root=root)

    def read(self, module: str) -> list[Step]:
        """Return the steps of a settings module; none when it has no source, or was not imported."""
        path = self._find(module)
        if path is None:
            return []
        self.files.setdefault(relative_path(path, self.root))
        return self._steps_of(module, path)

    def read_name(self, module: str, name: str) -> list[Step]:
        """Return the steps of one name of another module of the project; none for installed packages."""
        path = self._find(module)
        if path is None or not self._is_own(module, path):
            return []
        return [step for step in self._steps_of(module, path) if step.name == name]

    def is_stdlib(self, module: str) -> bool:
        """Whether a module is Python's, unless the project itself bears the name."""
        top = module.partition(".")[0]
        return top in sys.stdlib_module_names and top != self.top

    def include(self, path: Path, steps: list[Step], scope: Scope) -> None:
        """Read a file that django-split-settings runs in the names of another; each only once."""
        if path not in self._included:
            self._included.add(path)
            file = relative_path(path, self.root)
            self.files.setdefault(file)
            self._read_file(path, steps, replace(scope, path=path, file=file))

    def _find(self, module: str) -> Path | None:
        if self._was_run and module not in sys.modules:
            return None
        return find_source(module, root=self.root)

    def _is_own(self, module: str, path: Path) -> bool:
        """Whether a module is the project's; an installed project's own package still is."""
        return module.partition(".")[0] == self.top or not is_installed(path)

    def _steps_of(self, module: str, path: Path) -> list[Step]:
        """A module that is being read, because of a circular import, gives what it has so far."""
        if module not in self._modules:
            steps = self._modules[module] = []
            package = module if path.name == "__init__.py" else module.rpartition(".")[0]
            scope = Scope(path, package, relative_path(path, self.root), self._is_own(module, path))
            self._read_file(path, steps, scope)
        return self._modules[module]

    def _read_file(self, path: Path, steps: list[Step], scope: Scope) -> None:
        """Append the steps of one file to ``steps``; nothing when it is not readable Python."""
        tree = parse(path)
        if tree is not None:
            self.trees.append(tree)
            _Body(self, steps, scope).run(tree.body)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the statements of one block have in common."""

    path: Path
    package: str  # what relative imports start from
    file: str  # as reports show it
    own: bool = True
    conditional: bool = False
    owner: str | None = None  # the class whose body this is


class _Body:
    """Walks the statements of one block, nested blocks included."""

    def __init__(self, reader: ChainReader, steps: list[Step], scope: Scope) -> None:
        self.reader = reader
        self.steps = steps
        self.scope = scope

    def run(self, body: Iterable[ast.stmt]) -> None:
        for node in body:
            handler = _HANDLERS.get(type(node))
            if handler is not None:
                handler(self, node)

    def maybe(self, *bodies: Iterable[ast.stmt]) -> None:
        """Walk blocks that may not have been run."""
        inner = _Body(self.reader, self.steps, replace(self.scope, conditional=True))
        for body in bodies:
            inner.run(body)

    def add(self, node: ast.stmt, changes: Iterable[Change]) -> None:
        scope = self.scope
        self.steps.extend(
            Step(
                change.name, change.keys, change.action, change.value, scope.file, node.lineno,
                conditional=scope.conditional, own=scope.own, owner=scope.owner,
            )
            for change in changes
        )  # fmt: skip

    def assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.add(node, steps_of_binding(target, node.value))
        self.look_for_namespaces(node.value)

    def annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.add(node, steps_of_binding(node.target, node.value))

    def update(self, node: ast.AugAssign) -> None:
        self.add(node, steps_of_update(node))

    def expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Call):
            return
        self.add(node, steps_of_call(node.value))
        self.look_for_namespaces(node.value)
        for path in included_files(node.value, self.scope.path, self.steps):
            self.reader.include(path, self.steps, self.scope)

    def look_for_namespaces(self, value: ast.expr) -> None:
        """``Settings.apply(globals())`` and ``globals().update(…)`` set names that no statement shows."""
        if isinstance(value, ast.Call):
            calls = (node for node in ast.walk(value) if isinstance(node, ast.Call))
            names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
            self.reader.is_opaque |= not names.isdisjoint(_NAMESPACES | {"exec", "setattr"})

    def delete(self, node: ast.Delete) -> None:
        if not self.scope.conditional:
            gone = {target.id for target in node.targets if isinstance(target, ast.Name)}
            owner = self.scope.owner
            self.steps[:] = [step for step in self.steps if step.name not in gone or step.owner != owner]

    def branch(self, node: ast.If) -> None:
        verdict = _static_truth(node.test)
        if verdict is None:
            self.maybe(node.body, node.orelse)
        else:
            self.run(node.body if verdict else node.orelse)

    def loop(self, node: ast.For | ast.While) -> None:
        self.maybe(node.body, node.orelse)

    def block(self, node: ast.With) -> None:
        self.run(node.body)

    def attempt(self, node: ast.Try) -> None:
        self.maybe(node.body, *(handler.body for handler in node.handlers), node.orelse)
        self.run(node.finalbody)

    def match(self, node: ast.Match) -> None:
        self.maybe(*(case.body for case in node.cases))

    def class_body(self, node: ast.ClassDef) -> None:
        """Class attributes are settings under django-configurations, and in mixins of settings."""
        bases = tuple(filter(None, map(_last_name, node.bases)))
        if not bases or bases[-1].endswith(_ENUM_LIKE):
            return
        self.reader.bases[node.name] = bases
        _Body(self.reader, self.steps, replace(self.scope, owner=node.name)).run(node.body)

    def method(self, node: ast.FunctionDef) -> None:
        """A property of a django-configurations class computes the setting of its name."""
        if self.scope.owner is not None and node.name.isupper():
            self.add(node, [Change(node.name, (), Action.SET, None)])

    def import_from(self, node: ast.ImportFrom) -> None:
        module = resolve_relative(node.module, node.level, package=self.scope.package)
        if module is None or self.reader.is_stdlib(module):
            return
        if node.names[0].name == "*":
            self.take([step for step in self.reader.read(module) if not step.name.startswith("_")])
            return
        for alias in node.names:
            if alias.name.isupper():
                self.import_name(node, module, alias.name, alias.asname or alias.name)

    def import_name(self, node: ast.ImportFrom, module: str, name: str, bound: str) -> None:
        found = self.reader.read_name(module, name)
        if found:
            self.take([replace(step, name=bound) for step in found])
        else:
            self.add(node, [Change(bound, (), Action.SET, None)])

    def take(self, steps: list[Step]) -> None:
        """Append another module's steps: its names become this module's."""
        conditional = self.scope.conditional
        self.steps.extend(replace(step, conditional=True) if conditional else step for step in steps)


_HANDLERS: dict[type[ast.stmt], Callable[[_Body, Any], None]] = {
    ast.Assign: _Body.assign,
    ast.AnnAssign: _Body.annotated,
    ast.AugAssign: _Body.update,
    ast.Expr: _Body.expression,
    ast.Delete: _Body.delete,
    ast.If: _Body.branch,
    ast.For: _Body.loop,
    ast.While: _Body.loop,
    ast.With: _Body.block,
    ast.Try: _Body.attempt,
    ast.TryStar: _Body.attempt,
    ast.Match: _Body.match,
    ast.ClassDef: _Body.class_body,
    ast.FunctionDef: _Body.method,
    ast.ImportFrom: _Body.import_from,
}


def _static_truth(test: ast.expr) -> bool | None:
    """Whether a condition is true by its text alone; None when it must be run to know."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _static_truth(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if _last_name(test) == "TYPE_CHECKING":
        return False
    if isinstance(test, ast.Compare) and _last_name(test.left) == "__name__":
        return False  # settings are imported, never run as a script
    return None


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
