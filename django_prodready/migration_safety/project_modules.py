"""What the code of a migration consists of: its module, and what it imports of the project, near or far.

Modules are found and read, and never run.
"""

from __future__ import annotations

import ast
import hashlib
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path

__all__ = ["Code", "Modules", "is_installed"]

# Whoever calls one of them may depend on a file that no import shows.
_READERS = frozenset({"open", "read_text", "read_bytes", "get_data", "get_source", "files", "call_command"})
_IMPORTERS = frozenset({"import_module", "import_string", "__import__"})


@dataclass(slots=True)
class Code:
    """All that is known of the code behind a module without running it."""

    digests: dict[str, str] = field(default_factory=dict)  # of the project's own modules, by name
    packages: set[str] = field(default_factory=set)  # installed or missing, by the first part of their names
    settings: set[str] = field(default_factory=set)  # names of Django settings that are read
    texts: set[str] = field(default_factory=set)  # constants, to know the files that are named
    reads_files: bool = False


@dataclass(frozen=True, slots=True)
class _Module:
    """One module of the project."""

    digest: str
    imports: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    reads_files: bool = False


class Modules:
    """The modules that can be imported in this process; each file is read once."""

    def __init__(self) -> None:
        self._read: dict[str, _Module | None] = {}
        self._specs: dict[str, ModuleSpec | None] = {}

    def code_of(self, name: str) -> Code:
        """Gather a module and what it imports, directly and indirectly, within the project."""
        code = Code()
        waiting = [name]
        seen: set[str] = set()
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            module = self._module(current)
            if module is None:
                self._note_package(current, code)
                continue
            code.digests[current] = module.digest
            code.settings |= module.settings
            code.texts |= module.texts
            code.reads_files |= module.reads_files
            waiting += module.imports
        return code

    def _note_package(self, name: str, code: Code) -> None:
        top = name.partition(".")[0]
        # "from shop.tools import total" may name a module, and mostly does not.
        if top not in sys.stdlib_module_names and not self._is_project(top):
            code.packages.add(top)

    def _is_project(self, name: str) -> bool:
        place = _place(self._spec(name))
        return place is not None and not is_installed(place)

    def _module(self, name: str) -> _Module | None:
        """Read a module; None for one that is missing, or no part of the project."""
        if name not in self._read:
            self._read[name] = self._reading(name)
        return self._read[name]

    def _reading(self, name: str) -> _Module | None:
        if not self._is_project(name):
            return None
        spec = self._spec(name)
        place = _place(spec)
        if place is None or place.is_dir():  # a package without __init__.py
            return _Module("")
        content = place.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError):  # compiled
            return _Module(digest)
        is_package = spec is not None and spec.submodule_search_locations is not None
        return _Module(
            digest,
            imports=frozenset(_imports(tree, name if is_package else name.rpartition(".")[0]))
            | frozenset(_parents(name)),
            settings=frozenset(_settings(tree)),
            texts=frozenset(_texts(tree)),
            reads_files=any(called in _READERS for called, _ in _calls(tree)),
        )

    def _spec(self, name: str) -> ModuleSpec | None:
        if name not in self._specs:
            self._specs[name] = self._find(name)
        return self._specs[name]

    def _find(self, name: str) -> ModuleSpec | None:
        loaded: ModuleSpec | None = getattr(sys.modules.get(name), "__spec__", None)
        if loaded is not None:
            return loaded
        # importlib.util.find_spec() would import the packages around it.
        package = name.rpartition(".")[0]
        path: Sequence[str] | None = None
        if package:
            parent = self._spec(package)
            if parent is None or parent.submodule_search_locations is None:
                return None
            path = list(parent.submodule_search_locations)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path)
            if spec is not None:
                return spec
        return None


def is_installed(place: Path) -> bool:
    """Whether a file came with Python or a package, and is not the project's own."""
    if {"site-packages", "dist-packages"}.intersection(place.parts):
        return True
    return any(folder in place.resolve().parents for folder in _installed())


@cache
def _installed() -> frozenset[Path]:
    return frozenset(Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib"))


def _place(spec: ModuleSpec | None) -> Path | None:
    """Give the file of a module, or the folder of a package without __init__.py."""
    if spec is None:
        return None
    if spec.has_location and spec.origin:
        return Path(spec.origin)
    return next((Path(folder) for folder in spec.submodule_search_locations or ()), None)


def _parents(name: str) -> Iterator[str]:
    """Yield the packages around a module, which run before it."""
    package = name.rpartition(".")[0]
    while package:
        yield package
        package = package.rpartition(".")[0]


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, package)
            if source:
                yield source
                yield from (f"{source}.{alias.name}" for alias in node.names if alias.name != "*")
    for called, arguments in _calls(tree):
        if called in _IMPORTERS and arguments and _is_dotted(arguments[0]):
            yield arguments[0]
            yield arguments[0].rpartition(".")[0] or arguments[0]


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """Resolve ``from ..tools import x`` in a package."""
    if not node.level:
        return node.module or ""
    base = package.split(".")
    kept = base[: len(base) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _calls(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Yield the last part of the name of what is called, and those arguments that are texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield name, [text for text in texts if isinstance(text, str)]


def _settings(tree: ast.Module) -> Iterator[str]:
    """Yield X of ``settings.X`` and ``getattr(settings, "X")``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_settings(node.value) and node.attr.isupper():
            yield node.attr
        elif isinstance(node, ast.Call) and node.args and _is_settings(node.args[0]):
            yield from (
                one.value
                for one in node.args[1:]
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def _is_settings(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "settings"


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
