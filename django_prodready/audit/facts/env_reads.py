"""How the settings read the environment: which variable, by which library, with or without a default.

Read from the syntax of the settings modules; nothing is executed. What is not understood is not among them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django_prodready.audit.facts.chain_reader import parse
from django_prodready.audit.facts.env_readers import Library, Readers, dotted, readers_in
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Read", "Reads", "reads_of"]

# https://django-environ.readthedocs.io/en/latest/types.html, https://github.com/jazzband/dj-database-url
_DEFAULT_NAMES = {
    "db": "DATABASE_URL",
    "db_url": "DATABASE_URL",
    "cache": "CACHE_URL",
    "cache_url": "CACHE_URL",
    "email": "EMAIL_URL",
    "email_url": "EMAIL_URL",
    "channels": "CHANNELS_URL",
    "search_url": "SEARCH_URL",
}
_NO_READING = frozenset({"read_env", "read_envfile", "prefixed", "seal", "parser_for", "get_value", "dump"})
_OS_CALLS = frozenset({"get", "pop", "setdefault", "__contains__"})


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads one variable."""

    variable: str
    at: Location
    library: Library
    method: str  # "bool" of env.bool("X"); empty for a plain call
    has_default: bool
    is_certain: bool  # whether it is run whenever the module is

    @property
    def is_required(self) -> bool:
        """Whether the settings do not load without the variable."""
        return self.is_certain and not self.has_default and self.library not in ("ours", "unknown")


@dataclass(frozen=True, slots=True)
class Reads:
    """All that the settings modules read. ``is_computed``: they read names too that no text shows."""

    all: tuple[Read, ...]
    is_computed: bool

    @property
    def names(self) -> frozenset[str]:
        """The variables."""
        return frozenset(read.variable for read in self.all)

    def of(self, name: str) -> tuple[Read, ...]:
        """The places that read one variable."""
        return tuple(read for read in self.all if read.variable == name)

    def are_required(self, name: str) -> bool:
        """Whether the settings do not load without the variable, as far as that is sure."""
        found = self.of(name)
        # Under env.prefixed() the variable has another name than the text.
        is_shown = not self.is_computed or all(read.library == "os" for read in found)
        return bool(found) and is_shown and all(read.is_required for read in found)

    def at(self, name: str) -> Location | None:
        """The first place that reads a variable, with or without the ending of a file."""
        found = self.of(name) or self.of(name.removesuffix("_FILE"))
        return found[0].at if found else None


def reads_of(facts: Facts) -> Reads:
    """Return what the project's own settings modules read."""
    if facts not in _known:
        _known[facts] = _find(facts)
    return _known[facts]


_known: WeakKeyDictionary[Facts, Reads] = WeakKeyDictionary()


def _find(facts: Facts) -> Reads:
    trees = {
        path: tree
        for path in facts.chain.files
        if not path.startswith(("/", "..")) and (tree := parse(facts.root / path)) is not None
    }
    readers = readers_in(trees.values())
    found: list[Read] = []
    is_computed = readers.is_computed
    for path, tree in trees.items():
        walk = _Walk(path, readers)
        walk.visit(tree)
        found += walk.found
        is_computed |= walk.is_computed
    return Reads(tuple(found), is_computed)


# Blocks that may not be run when the module is, or not then.
_LATER = (
    *(ast.For, ast.While, ast.Try, ast.TryStar, ast.Match, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


class _Walk(ast.NodeVisitor):
    """Finds the reads of one module, and whether each is run with it."""

    def __init__(self, path: str, readers: Readers) -> None:
        self.path = path
        self.readers = readers
        self.found: list[Read] = []
        self.is_computed = False
        self._depth = 0  # of blocks that may not be run

    def _maybe(self, *nodes: ast.AST) -> None:
        self._depth += 1
        for node in nodes:
            self.visit(node)
        self._depth -= 1

    def _add(self, variable: str, node: ast.AST, library: Library, method: str, has_default: bool) -> None:
        at = Location(self.path, getattr(node, "lineno", 1))
        self.found.append(Read(variable, at, library, method, has_default, self._depth == 0))

    def visit(self, node: ast.AST) -> None:
        """Walk a node; what may not be run, or runs later, as such."""
        if isinstance(node, ast.If | ast.IfExp):
            self.visit(node.test)
            self._maybe(*(child for child in ast.iter_child_nodes(node) if child is not node.test))
        elif isinstance(node, _LATER):
            self._maybe(*ast.iter_child_nodes(node))
        else:
            super().visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._maybe(*node.values[1:])

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if dotted(node.value) in self.readers.environ:
            name = _text(node.slice)
            if name is None:
                self.is_computed = True
            elif isinstance(node.ctx, ast.Load):
                self._add(name, node, "os", "", has_default=False)
            self.visit(node.slice)
        else:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        name = _text(node.left)
        if name is not None and any(dotted(each) in self.readers.environ for each in node.comparators):
            self._add(name, node, "os", "", has_default=True)
        else:
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        # Handed on, or walked through: os.environ.items(), dict(os.environ).
        self.is_computed |= dotted(node) in self.readers.environ
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.is_computed |= node.id in self.readers.environ

    def visit_Call(self, node: ast.Call) -> None:
        if not self._take(node):
            self.visit(node.func)
        for child in (*node.args, *node.keywords):
            self.visit(child)

    def _take(self, node: ast.Call) -> bool:
        """Note what a call reads; whether it was understood as a reader."""
        called = dotted(node.func)
        owner, _, method = called.rpartition(".")
        if called in self.readers.getenv or (owner in self.readers.environ and method in _OS_CALLS):
            self._note(node, "os", "", has_default=True)
        elif called in self.readers.configs:
            self._note(node, "dj-database-url", "", has_default=True, unnamed="DATABASE_URL")
        elif called in self.readers.libraries:
            self._note(node, self.readers.libraries[called], "", has_default=_has_default(node, ""))
        elif owner in self.readers.libraries:
            self._by_method(node, self.readers.libraries[owner], method)
        else:
            return False
        return True

    def _by_method(self, node: ast.Call, library: Library, method: str) -> None:
        if method in _NO_READING:
            self.is_computed |= method in ("prefixed", "get_value", "dump")
            return
        unnamed = _DEFAULT_NAMES.get(method, "") if library.startswith("django-environ") else ""
        self._note(node, library, method, has_default=_has_default(node, method), unnamed=unnamed)

    def _note(
        self, node: ast.Call, library: Library, method: str, *, has_default: bool, unnamed: str = ""
    ) -> None:
        given = node.args[0] if node.args else _variable(node)
        name = unnamed if given is None else _text(given)
        if not name:
            self.is_computed = True
            return
        in_schema = library.startswith("django-environ") and name in self.readers.schema
        self._add(name, node, library, method, has_default or in_schema)


def _has_default(node: ast.Call, method: str) -> bool:
    """Whether a call gives a default: by its name, or behind the variable; env("X", str) gives a kind."""
    if any(keyword.arg in (None, "default", "subcast_default") for keyword in node.keywords):
        return True
    return len(node.args) > (1 if method else 2) or (len(node.args) == 2 and not _is_kind(node.args[1]))


def _is_kind(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("str", "bool", "int", "float", "list", "tuple", "dict")


def _variable(node: ast.Call) -> ast.expr | None:
    """Return what a call gives by keyword as the variable, under the names that the libraries have for it."""
    names = ("env", "var", "name", "key", "variable", "option")
    return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
