"""What the code of a migration consists of: its module, and what it imports of the project, near or far.

Modules are found and read, and never run.
"""

from __future__ import annotations

import ast
import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

__all__ = ["Code", "Module", "Modules", "is_installed"]

Nodes = Sequence[ast.AST]

_LONGEST_NAME = 255

# Whoever calls one of them may depend on a file that no import shows.
_READERS = frozenset({"open", "get_data", "get_source", "files", "call_command"})
_READERS_BEGIN = ("read_", "load")  # read_text, read_csv, load_workbook
_IMPORTERS = frozenset({"import_module", "import_string", "__import__"})


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the project."""

    digest: str
    imports: frozenset[str] = frozenset()  # of the project's own modules
    packages: frozenset[str] = frozenset()  # installed or missing, by the first part of their names
    settings: frozenset[str] = frozenset()  # names of Django settings that are read
    texts: frozenset[str] = frozenset()  # constants that may name files
    reads_files: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """All that is known of the code behind a module without running it."""

    modules: Mapping[str, Module]  # of the project, by name
    packages: frozenset[str]  # installed or missing, by the first part of their names

    @property
    def digests(self) -> dict[str, str]:
        """Digests of the files, by the modules' names."""
        return {name: module.digest for name, module in self.modules.items()}

    @property
    def settings(self) -> set[str]:
        """Names of Django settings that are read."""
        return {name for module in self.modules.values() for name in module.settings}

    @property
    def texts(self) -> set[str]:
        """Constants that may name files."""
        return {text for module in self.modules.values() for text in module.texts}

    @property
    def reads_files(self) -> bool:
        """Whether it may depend on a file that no import shows."""
        return any(module.reads_files for module in self.modules.values())


class Modules:
    """The modules that can be imported in this process; each file is read once."""

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        """Use what ``parsed`` was in another process: to parse a large project takes seconds."""
        self.parsed: dict[str, Any] = {}  # what files of this content say, as JSON can say it
        self._known = known or {}
        self._read: dict[str, Module] = {}
        self._specs: dict[str, ModuleSpec | None] = {}
        self._own: dict[str, bool] = {}

    def code_of(self, name: str) -> Code:
        """Gather a module and what it imports, directly and indirectly, within the project.

        Raises OSError for a file that has gone.
        """
        if not self._is_own(name):
            return Code({}, frozenset(self._packages([name])))
        found: dict[str, Module] = {}
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found[current] = self._module(current)
                waiting += found[current].imports
        return Code(found, frozenset().union(*(module.packages for module in found.values())))

    def _packages(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            top = name.partition(".")[0]
            # "from shop.tools import total" may name a module, and mostly does not.
            if not self._is_own(top) and top not in sys.stdlib_module_names:
                yield top

    def _is_own(self, name: str) -> bool:
        """Whether a module is there, and the project's."""
        if name not in self._own:
            place = _place(self._spec(name))
            self._own[name] = place is not None and not is_installed(place)
        return self._own[name]

    def _module(self, name: str) -> Module:
        if name not in self._read:
            self._read[name] = self._reading(name)
        return self._read[name]

    def _reading(self, name: str) -> Module:
        spec = self._spec(name)
        place = _place(spec)
        if place is None or place.is_dir():  # a package without __init__.py
            return Module("")
        content = place.read_bytes()
        is_package = spec is not None and spec.submodule_search_locations is not None
        said = self._said(content, name if is_package else name.rpartition(".")[0])
        imports = {*said["imports"], *_parents(name)}
        return Module(
            hashlib.sha256(content).hexdigest(),
            imports=frozenset(filter(self._is_own, imports)),
            packages=frozenset(self._packages(imports)),
            settings=frozenset(said["settings"]),
            texts=frozenset(said["texts"]),
            reads_files=said["reads_files"],
        )

    def _said(self, content: bytes, package: str) -> Any:
        name = hashlib.sha256(b"\0".join((_own_digest(), package.encode(), content))).hexdigest()
        if name not in self.parsed:
            known = self._known.get(name)
            self.parsed[name] = known if _is_whole(known) else _parse(content, package)
        return self.parsed[name]

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


def _parse(content: bytes, package: str) -> dict[str, Any]:
    try:
        nodes = list(ast.walk(ast.parse(content)))
    except (SyntaxError, ValueError):  # compiled
        nodes = []
    return {
        "imports": sorted(set(_imports(nodes, package))),
        "settings": sorted(set(_settings(nodes))),
        "texts": sorted(set(_texts(nodes))),
        "reads_files": any(
            called in _READERS or called.startswith(_READERS_BEGIN) for called, _ in _calls(nodes)
        ),
    }


@cache
def _own_digest() -> bytes:
    """Another one when this module reads other things out of the same file."""
    return hashlib.sha256(Path(__file__).read_bytes()).digest()


def _is_whole(said: object) -> bool:
    return (
        isinstance(said, dict)
        and isinstance(said.get("reads_files"), bool)
        and all(
            isinstance(said.get(key), list) and all(isinstance(item, str) for item in said[key])
            for key in ("imports", "settings", "texts")
        )
    )


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


def _imports(nodes: Nodes, package: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, package)
            if source:
                yield source
                yield from (f"{source}.{alias.name}" for alias in node.names if alias.name != "*")
    for called, arguments in _calls(nodes):
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


def _calls(nodes: Nodes) -> Iterator[tuple[str, list[str]]]:
    """Yield the last part of the name of what is called, and those arguments that are texts."""
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield name, [text for text in texts if isinstance(text, str)]


def _settings(nodes: Nodes) -> Iterator[str]:
    """Yield X of ``settings.X`` and ``getattr(settings, "X")``, whatever settings are called there."""
    called = {"settings", *_names_of_settings(nodes)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and _last_name(node.value) in called and node.attr.isupper():
            yield node.attr
        elif isinstance(node, ast.Call) and node.args and _last_name(node.args[0]) in called:
            yield from (
                one.value
                for one in node.args[1:]
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def _names_of_settings(nodes: Nodes) -> Iterator[str]:
    """Yield what ``from django.conf import settings as x`` calls them."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from (one.asname for one in node.names if one.name == "settings" and one.asname)


def _last_name(node: ast.expr) -> str:
    """Return the z of ``z`` and ``x.y.z``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _texts(nodes: Nodes) -> Iterator[str]:
    """Yield the constants that may name a file."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if len(text) <= _LONGEST_NAME and text.isprintable():
                yield text
