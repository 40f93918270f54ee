"""Under which names settings modules know what reads the environment: ``env``, ``config``, ``os.getenv``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["Library", "Readers", "dotted", "readers_in"]

Library = str  # "os", "django-environ", "django-environ with files", "environs", "decouple", "unknown"

# What gives a reader of each library, by module and name.
_READERS: dict[tuple[str, str], Library] = {
    ("environ", "Env"): "django-environ",
    ("environ", "FileAwareEnv"): "django-environ with files",
    ("environs", "Env"): "environs",
    ("environs", "FileAwareEnv"): "environs with files",
    ("decouple", "Config"): "decouple",
    ("decouple", "AutoConfig"): "decouple",
}
# Readers that are imported ready to use.
_READY: dict[tuple[str, str], Library] = {
    ("environs", "env"): "environs",
    ("decouple", "config"): "decouple",
    ("django_prodready.settings", "env"): "ours",
}
# Readers whose names follow from those of attributes.
_BY_ATTRIBUTES = frozenset({"configurations", "dynaconf", "goodconf", "pydantic_settings", "typed_settings"})


@dataclass(slots=True)
class Readers:
    """The names under which the modules know what reads the environment."""

    libraries: dict[str, Library] = field(default_factory=dict)
    classes: dict[str, Library] = field(default_factory=dict)  # "environ.Env" and what it was imported as
    schema: set[str] = field(
        default_factory=set
    )  # the names that environ.Env(NAME=(…, default)) gives a default
    environ: set[str] = field(default_factory=lambda: {"os.environ"})
    getenv: set[str] = field(default_factory=lambda: {"os.getenv"})
    configs: set[str] = field(default_factory=lambda: {"dj_database_url.config"})
    is_computed: bool = False


def readers_in(trees: Iterable[ast.Module]) -> Readers:
    """Return the readers of all modules together: one imports the names of another by a star."""
    readers = Readers()
    for tree in trees:
        _learn(tree, readers)
    return readers


def _learn(tree: ast.Module, readers: Readers) -> None:
    """Take in what a module imports and makes: in two rounds, for what is made follows what is imported."""
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                readers.is_computed |= alias.name.partition(".")[0] in _BY_ATTRIBUTES
                _learn_module(alias.name, alias.asname or alias.name, readers)
        elif isinstance(node, ast.ImportFrom):
            readers.is_computed |= (node.module or "").partition(".")[0] in _BY_ATTRIBUTES
            for alias in node.names:
                _learn_name(node.module or "", alias.name, alias.asname or alias.name, readers)
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            _learn_made(targets, node.value, readers)


def _learn_module(module: str, bound: str, readers: Readers) -> None:
    if module == "os":
        readers.environ.add(f"{bound}.environ")
        readers.getenv.add(f"{bound}.getenv")
    elif module == "dj_database_url":
        readers.configs.add(f"{bound}.config")
    for (known, name), library in _READERS.items():
        if known == module:
            readers.classes[f"{bound}.{name}"] = library
    for (known, name), library in _READY.items():
        if known == module:
            readers.libraries[f"{bound}.{name}"] = library


def _learn_name(module: str, name: str, bound: str, readers: Readers) -> None:
    if module == "os" and name in ("environ", "getenv"):
        (readers.environ if name == "environ" else readers.getenv).add(bound)
    elif (module, name) == ("dj_database_url", "config"):
        readers.configs.add(bound)
    elif (module, name) in _READERS:
        readers.classes[bound] = _READERS[module, name]
    elif (module, name) in _READY:
        readers.libraries[bound] = _READY[module, name]
    elif name in ("env", "config"):  # made in a module that is not read here
        readers.libraries.setdefault(bound, "unknown")


def _learn_made(targets: Sequence[ast.expr], call: ast.Call, readers: Readers) -> None:
    library = readers.classes.get(dotted(call.func))
    if library is None:
        return
    for target in targets:
        readers.libraries[dotted(target)] = library
    # A pair of a kind and a default; a kind alone leaves the variable required.
    readers.schema |= {
        keyword.arg for keyword in call.keywords if keyword.arg and isinstance(keyword.value, ast.Tuple)
    }


def dotted(node: ast.AST) -> str:
    """Return ``os.environ`` for its syntax; empty for what is no row of names."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""
