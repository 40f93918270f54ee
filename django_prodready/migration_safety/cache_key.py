"""Names what the verdict on a traced migration depends on, so that an equal name means an equal verdict.

Each name stands for all names before it: the schema comes from every migration in front. What a migration
reads when it runs (the network, the environment, a file whose name is put together) cannot be known.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import get_version
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.operations import RunSQL

from django_prodready import __version__
from django_prodready.migration_safety.plan import file_of
from django_prodready.migration_safety.project_modules import Code, Modules, is_installed
from django_prodready.reporting.secret_names import Secrecy, secrecy

if TYPE_CHECKING:
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation

    from django_prodready.migration_safety.model import Key
    from django_prodready.migration_safety.plan import Plan

__all__ = ["keys_of"]

_SETTINGS = (
    "AUTH_USER_MODEL",
    "DATABASE_ROUTERS",
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_INDEX_TABLESPACE",
    "DEFAULT_TABLESPACE",
    "INSTALLED_APPS",
    "LANGUAGE_CODE",
    "MIGRATION_MODULES",
    "TIME_ZONE",
    "USE_TZ",
)
# Of an entry of DATABASES: what a trace takes over.
_OPTIONS = ("client_encoding", "context", "cursor_factory", "options", "server_side_binding")
_DRIVERS = ("psycopg", "psycopg2", "psycopg2-binary")
_DATA_FOLDERS = ("fixtures", "sql")
_NAME = re.compile(r"^Name:\s*(\S+)", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}", re.IGNORECASE)
_VERSION = re.compile(r"^Version:\s*(\S+)", re.MULTILINE)


def keys_of(plan: Plan, server_version: int, modules: Modules | None = None) -> dict[Key, str]:
    """Name the verdict of each judged step, on a server of a version such as 150018.

    A step whose code cannot be read has no name, nor have those behind it.
    """
    modules = modules or Modules()
    keys: dict[Key, str] = {}
    try:
        name = _digest(_surroundings(plan, server_version, modules))
        for step in plan.steps:
            # What is deployed only matters where it is not all that stands in front.
            place = None if plan.each_deployed else (step.is_deployed, step.is_judged)
            name = _digest([name, step.key, place, _content(step.migration, modules)])
            if step.is_judged:
                keys[step.key] = name
    except OSError:  # a file that has gone since it was loaded, or was never one
        pass
    return keys


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> Any:
    """Turn a value into what JSON can say, the same in every process."""
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if value is None or isinstance(value, str | int | float):
        return value
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    try:
        said = str(value) if isinstance(value, Path) else repr(value)
    except Exception:  # noqa: BLE001 - code of the project
        return kind
    # An address in memory is another one in each process.
    return f"{kind} {getattr(value, '__qualname__', '')}" if _ADDRESS.search(said) else said


# One migration


def _content(migration: Migration, modules: Modules) -> object:
    file = file_of(migration)
    if file is None:
        raise FileNotFoundError
    if is_installed(file):
        top = type(migration).__module__.partition(".")[0]
        return [_digest_of_file(file), _versions_of((top,))]
    code = modules.code_of(type(migration).__module__)
    return [
        _of_code(code),
        list(_sql(migration.operations)),  # may have come out of a file
        [[path.name, _digest_of_file(path)] for path in _data(migration.app_label, file, code)],
    ]


def _of_code(code: Code) -> object:
    return [code.digests, _versions_of(code.packages), _values_of(code.settings)]


def _sql(operations: Iterable[Operation]) -> Iterator[object]:
    for operation in operations:
        if isinstance(operation, RunSQL):
            yield [_plain(operation.sql), _plain(operation.reverse_sql)]
        yield from _sql(getattr(operation, "database_operations", ()))


def _data(app_label: str, file: Path, code: Code) -> list[Path]:
    """List the files that a migration may read: those that are named, else all beside it."""
    if not code.reads_files:
        return []
    bases = {file.parent, file.parent.parent, Path.cwd(), *_base_dir()}
    elsewhere = {path for base in bases for path in _existing(base, code.texts)}
    folders = [file.parent]
    if app_label in apps.app_configs:
        folders += [Path(apps.get_app_config(app_label).path, name) for name in _DATA_FOLDERS]
    found = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    )
    named = [path for path in found if any(path.name in text or path.stem == text for text in code.texts)]
    return sorted({*(named or found), *elsewhere})


def _existing(base: Path, texts: Iterable[str]) -> Iterator[Path]:
    for text in texts:
        with contextlib.suppress(OSError, ValueError):  # some texts make no path
            if (base / text).is_file():
                yield base / text


def _base_dir() -> list[Path]:
    """Give the folder that projects name other files from, where they have it among the settings."""
    base = getattr(settings, "BASE_DIR", None)
    return [Path(base)] if isinstance(base, str | Path) else []


def _digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# What surrounds all


def _surroundings(plan: Plan, server_version: int, modules: Modules) -> object:
    return {
        "prodready": [__version__, _own_code()],
        "python": list(sys.version_info[:2]),
        "django": get_version(),
        "drivers": {name: _major(name) for name in _DRIVERS},
        "server": server_version,
        "each_deployed": plan.each_deployed,
        "settings": _values_of({*_SETTINGS, *_swappable()}),
        "databases": {alias: _database(alias) for alias in connections.settings},
        "database": plan.alias,
        "apps": _versions_of(_installed_apps()),
        "keys": {
            label: apps.get_app_config(label).default_auto_field
            for label in sorted(plan.loader.unmigrated_apps)
        },
        "code": [_of_code(modules.code_of(name)) for name in sorted(_used_modules(plan))],
    }


@cache
def _own_code() -> str:
    """A digest of all that judges: a rule that changes may change any verdict."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    return _digest([[path.relative_to(folder).as_posix(), _digest_of_file(path)] for path in files])


def _major(distribution: str) -> str | None:
    try:
        return version(distribution).partition(".")[0]
    except PackageNotFoundError:
        return None


def _swappable() -> Iterator[str]:
    """Yield the settings that name a model in place of another."""
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        if isinstance(model._meta.swappable, str):
            yield model._meta.swappable


def _values_of(names: Iterable[str]) -> dict[str, object]:
    """Give the values of settings; those of secrets have no part in a verdict, and are left out."""
    return {
        name: _plain(getattr(settings, name, None))
        for name in names
        if secrecy(name) is Secrecy.NONE and hasattr(settings, name)
    }


def _database(alias: str) -> object:
    """Give what of an entry of DATABASES shapes the schema: no address, no account."""
    entry = connections.settings[alias]
    options = entry.get("OPTIONS") or {}
    return [
        entry.get("ENGINE"),
        entry.get("TIME_ZONE"),
        {name: options[name] for name in _OPTIONS if name in options},
        (entry.get("TEST") or {}).get("MIRROR"),
    ]


def _installed_apps() -> set[str]:
    return {
        config.name.partition(".")[0] for config in apps.get_app_configs() if is_installed(Path(config.path))
    }


def _used_modules(plan: Plan) -> Iterator[str]:
    """Yield the modules that take part beside migrations: back ends, routers, models without migrations."""
    for entry in connections.settings.values():
        yield f"{entry['ENGINE']}.base"
    for router in settings.DATABASE_ROUTERS:
        yield router.rpartition(".")[0] if isinstance(router, str) else type(router).__module__
    for label in plan.loader.unmigrated_apps:
        module = apps.get_app_config(label).models_module
        if module is not None:
            yield module.__name__


def _versions_of(packages: Iterable[str]) -> dict[str, list[str]]:
    """Give names and versions of the distributions that packages come from; none for one that is missing."""
    return {package: list(_distributions_of(package)) for package in sorted(packages)}


@cache
def _distributions_of(package: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            about for listed, about in _listings() if f"\n{package}/" in listed or f"\n{package}." in listed
        )
    )


@cache
def _listings() -> tuple[tuple[str, str], ...]:
    """List the files of each distribution, and its name and version; without parsing what is long."""
    found = []
    for distribution in distributions():
        listed = distribution.read_text("RECORD") or distribution.read_text("installed-files.txt") or ""
        tops = (distribution.read_text("top_level.txt") or "").split()
        metadata = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
        name, number = _NAME.search(metadata), _VERSION.search(metadata)
        if name and number:
            listing = "\n".join(["", listed, *(f"{top}/" for top in tops)])
            found.append((listing, f"{name[1]} {number[1]}"))
    return tuple(found)
