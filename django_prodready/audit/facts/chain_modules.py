"""Where the source of a module is, found without importing it or its parents."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

__all__ = ["find_source", "is_installed", "loaded_source", "locate_package", "resolve_relative"]

_INSTALLED = frozenset({"site-packages", "dist-packages"})


def find_source(module: str, *, root: Path) -> Path | None:
    """Return the file of ``module``, or None when no Python source is found.

    In this order: the loaded module's file when it lies below ``root``, a file below ``root``
    itself, the loaded module's, what ``sys.path`` gives, and a file one folder below ``root``
    (``src/``, ``backend/``).
    """
    loaded = loaded_source(module)
    if loaded is not None and loaded.is_relative_to(root):
        return loaded
    return _below(root, module) or loaded or _by_finders(module) or _one_folder_down(root, module)


def loaded_source(module: str) -> Path | None:
    """Return the file that ``module`` was loaded from, or None when it is not loaded from source."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file).absolute() if isinstance(file, str) and file.endswith(".py") else None


def locate_package(name: str) -> Path | None:
    """Return the folder, or the single file, of the top-level module ``name``; None without source."""
    spec = _find_spec(name, None)
    if spec is None:
        return None
    for folder in spec.submodule_search_locations or ():
        return Path(folder)
    return _origin(spec)


def resolve_relative(name: str | None, level: int, *, package: str) -> str | None:
    """Return the absolute name behind ``from <dots><name> import``; None when it leads out of the top."""
    if level == 0:
        return name
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, name] if name else base)


def is_installed(path: Path) -> bool:
    """Whether ``path`` lies where installers put packages."""
    return not _INSTALLED.isdisjoint(path.parts)


def _below(folder: Path, module: str) -> Path | None:
    """The package wins over the module of the same name, as in Python's own search."""
    base = folder.joinpath(*module.split("."))
    for candidate in (base / "__init__.py", base.with_name(f"{base.name}.py")):
        if candidate.is_file():
            return candidate
    return None


def _one_folder_down(root: Path, module: str) -> Path | None:
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return None
    found = (_below(root / name, module) for name in names if not name.startswith("."))
    return next((path for path in found if path is not None), None)


def _by_finders(module: str) -> Path | None:
    """``importlib.util.find_spec`` would import the parents, and so run a settings package."""
    parts = module.split(".")
    spec = _find_spec(parts[0], None)
    for end in range(2, len(parts) + 1):
        if spec is None or spec.submodule_search_locations is None:
            return None
        spec = _find_spec(".".join(parts[:end]), list(spec.submodule_search_locations))
    return None if spec is None else _origin(spec)


def _find_spec(name: str, path: list[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        find: Any = getattr(finder, "find_spec", None)
        try:
            spec: ModuleSpec | None = find(name, path)
        except Exception:  # noqa: BLE001, S112 - a finder of any package may raise anything
            continue
        if spec is not None:
            return spec
    return None


def _origin(spec: ModuleSpec) -> Path | None:
    return Path(spec.origin) if spec.origin is not None and spec.origin.endswith(".py") else None
