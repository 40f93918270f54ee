"""The storages of django-storages in ``STORAGES``, with the options that they would work with.

None is instantiated, which may need credentials. The order is the one of its ``BaseStorage``: an entry of
``OPTIONS``, then an attribute of the class, then what ``get_default_settings`` makes of the global setting.
https://github.com/jschneier/django-storages/blob/master/storages/base.py
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.model import NotApplicable, NotRun
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Option", "RemoteStorage", "configured_storages", "remote_storages"]

_LIBRARIES = frozenset({"django", "storages", "builtins"})
_BASE = "storages.base"
_KINDS = {"s3": "s3", "s3boto3": "s3", "gcloud": "google", "azure_storage": "azure"}
# Where get_default_settings reads them from.
_GLOBALS = {
    ("s3", "file_overwrite"): "AWS_S3_FILE_OVERWRITE",
    ("s3", "default_acl"): "AWS_DEFAULT_ACL",
    ("s3", "object_parameters"): "AWS_S3_OBJECT_PARAMETERS",
    ("s3", "querystring_auth"): "AWS_QUERYSTRING_AUTH",
    ("s3", "custom_domain"): "AWS_S3_CUSTOM_DOMAIN",
    ("google", "file_overwrite"): "GS_FILE_OVERWRITE",
    ("google", "default_acl"): "GS_DEFAULT_ACL",
    ("google", "object_parameters"): "GS_OBJECT_PARAMETERS",
    ("google", "querystring_auth"): "GS_QUERYSTRING_AUTH",
    ("azure", "overwrite_files"): "AZURE_OVERWRITE_FILES",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a storage, and who decided it."""

    value: Any
    name: str  # as it is written, such as "AWS_DEFAULT_ACL"
    at: Location | None
    is_global: bool = False  # a setting for all storages, or the library's default
    is_default: bool = False  # the library's, or what a class of the project's makes the default


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStorage:
    """One entry of ``STORAGES`` whose class is django-storages' own or builds on it."""

    alias: str
    target: type
    kind: str  # "s3", "google", "azure", or the module's name for others
    _facts: Facts = field(repr=False)
    _options: Mapping[str, Any] = field(repr=False)  # may hold keys
    _defaults: Mapping[str, Any] = field(repr=False)

    @property
    def setting(self) -> str:
        """The entry, as it is written in the settings."""
        return f"STORAGES[{self.alias!r}]"

    @property
    def is_static(self) -> bool:
        """Whether it holds static files, which are for everybody and overwritten by each deploy."""
        names = f"{self.alias} {self.target.__name__}".lower()
        # Everything with the method that Django's HashedFilesMixin has works like it.
        return "static" in names or hasattr(self.target, "hashed_name")

    def option(self, name: str) -> Option | None:
        """The value that the option ``name`` would have; None when only running the class could tell."""
        if any(_may_set(source, name) for source in self.own_sources("__init__")):
            return None
        if name in self._options:
            return Option(
                value=self._options[name],
                name=f"{self.setting}['OPTIONS'][{name!r}]",
                at=self._facts.origin("STORAGES", self.alias, "OPTIONS", name),
            )
        if hasattr(self.target, name):
            return self._attribute(name)
        return self._default(name)

    def own_sources(self, *methods: str) -> Iterator[str]:
        """Yield the source of each of ``methods`` that a class of the project's defines."""
        for ancestor in self.target.__mro__:
            if ancestor.__module__.partition(".")[0] not in _LIBRARIES:
                own = vars(ancestor)
                yield from (source_of(own[method]) for method in methods if method in own)

    def _attribute(self, name: str) -> Option | None:
        value = inspect.getattr_static(self.target, name)
        if hasattr(type(value), "__get__"):  # a property
            return None
        owner = next(ancestor for ancestor in self.target.__mro__ if name in vars(ancestor))
        return Option(value=value, name=f"{owner.__name__}.{name}", at=_location(self._facts, owner, name))

    def _default(self, name: str) -> Option | None:
        if name not in self._defaults:
            return None
        value = self._defaults[name]
        setting = _GLOBALS.get((self.kind, name))
        if setting in self._facts.explicit:
            return Option(value=value, name=setting, at=self._facts.origin(setting), is_global=True)
        backend = self._facts.origin("STORAGES", self.alias, "BACKEND")
        return Option(value=value, name=name, at=backend, is_global=True, is_default=True)


def configured_storages(facts: Facts) -> dict[str, Mapping[str, Any]]:
    """``STORAGES`` by alias, without what is malformed."""
    entries = value_of(facts.settings, "STORAGES")
    if not isinstance(entries, Mapping):
        return {}
    return {str(alias): entry for alias, entry in entries.items() if isinstance(entry, Mapping)}


def remote_storages(facts: Facts) -> tuple[RemoteStorage, ...]:
    """Return the storages of django-storages, in the order of ``STORAGES``.

    Raises :class:`NotApplicable` when there is none, and :class:`NotRun` when there is none but a class that
    cannot be imported may be one.
    """
    entries = configured_storages(facts)
    targets = {alias: facts.effective.storage_class(alias) for alias in entries}
    found = tuple(
        _remote(facts, alias, target, entries[alias])
        for alias, target in targets.items()
        if target is not None and _kind(target) is not None
    )
    missing = [alias for alias, target in targets.items() if target is None]
    if not found and missing:
        raise NotRun(f"the backend of STORAGES[{missing[0]!r}] is not set or cannot be imported")
    if not found:
        raise NotApplicable("no entry of STORAGES is a storage of django-storages")
    return found


def _remote(facts: Facts, alias: str, target: type, entry: Mapping[str, Any]) -> RemoteStorage:
    options = entry.get("OPTIONS")
    try:
        # Without __init__: the method reads settings and the environment, and nothing of the object.
        defaults = target.get_default_settings(object.__new__(target))  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - a project's own method may do anything
        raise NotRun(f"{target.__name__}.get_default_settings() cannot be called by itself") from None
    return RemoteStorage(
        alias=alias,
        target=target,
        kind=_kind(target) or "",
        _facts=facts,
        _options=options if isinstance(options, Mapping) else {},
        _defaults=defaults,
    )


def _kind(target: type) -> str | None:
    """What a class of django-storages stores in; None for any other class."""
    modules = [ancestor.__module__ for ancestor in target.__mro__]
    if _BASE not in modules:
        return None
    backend = next((module for module in modules if module.startswith("storages.backends.")), _BASE)
    name = backend.rpartition(".")[2]
    return _KINDS.get(name, name)


def _may_set(source: str, name: str) -> bool:
    """Whether a constructor may set the option: it names it, or passes on what it read elsewhere."""
    return not source or name in source or "settings" in source or "update(" in source


def _location(facts: Facts, owner: type, name: str) -> Location | None:
    """Where the class sets the attribute; None outside of the project."""
    try:
        lines, first = inspect.getsourcelines(owner)
        path = facts.files.relative(Path(inspect.getfile(owner)).resolve())
    except (OSError, TypeError):
        return None
    if Path(path).is_absolute():
        return None
    starts = (number for number, line in enumerate(lines, first) if line.split("=")[0].strip() == name)
    return Location(path, next(starts, first))
