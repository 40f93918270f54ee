"""What the project's own Python code, and the packages that it uses, make of the settings.

Answers lean towards "it is read": a setting that a library looks up under a computed name must
not be called dead. Text is searched, not parsed; nothing is imported.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from django_prodready.audit.facts.chain_modules import is_installed, locate_package
from django_prodready.audit.facts.effective import explicit_names, value_of
from django_prodready.audit.facts.files import Files, read_bytes, relative_path

if TYPE_CHECKING:
    from django_prodready.audit.facts.settings_chain import SettingsChain

__all__ = ["Source", "Words", "words_of"]

MAX_FILES_PER_PACKAGE = 2_000
_MAX_NESTING = 7  # of values in settings
# Django's own settings are known without a search; the others name dead settings without reading them.
_NEVER_SEARCHED = frozenset({"django", "django_prodready", "configurations"})
# Other people's tests set settings without anybody reading them.
_NOT_CODE = frozenset({"tests", "test", "testing", "migrations", "locale", "static", "templates", "docs"})
# Celery without a namespace: https://docs.celeryq.dev/en/stable/userguide/configuration.html#new-lowercase-settings
_CELERY_PREFIXES = frozenset({"BROKER_", "CELERY_", "CELERYBEAT_", "CELERYD_"})

_COMMENT_LINE = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
# os.environ["NAME"], env.bool("NAME", …), config("NAME"): the variable's name, not the setting's.
_ENVIRONMENT = re.compile(r"""\b(?:environ(?:\.\w+)?|getenv|env(?:\.\w+)?|config)\s*[\[(]\s*["']\w+["']""")
_ANNOTATED = re.compile(r"^[ \t]*[A-Z][A-Z0-9_]*[ \t]*:[^=\n]*=", re.MULTILINE)
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]+\b")
_WORD_NOT_SET = re.compile(r"\b[A-Z][A-Z0-9_]+\b(?!\s*[-+|&]?=(?!=))")  # not assigned, no keyword argument
_PREFIX = re.compile(r"""["']([A-Z][A-Z0-9_]+_)(?=["'{%])""")  # "ACME_" + name, f"ACME_{name}", "ACME_%s"
_NAMED_PREFIX = re.compile(r"""(?i:prefix|namespace)\w*["']?\s*[=:]\s*["'](\w+)["']""")
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE)
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


@dataclass(frozen=True, slots=True)
class Words:
    """The upper-case names that some code mentions, and the beginnings of those that it computes."""

    names: frozenset[str]
    prefixes: tuple[str, ...]

    def hold(self, name: str) -> bool:
        """Whether ``name`` is mentioned, or may be computed."""
        return name in self.names or name.startswith(self.prefixes)


class Source:
    """The project's Python source, and that of the packages it uses."""

    def __init__(self, files: Files, *, chain: SettingsChain) -> None:
        self._files = files
        self._chain = chain
        self._packages: dict[str, Words] = {}

    @property
    def python_files(self) -> tuple[str, ...]:
        """The project's own Python files, tests included, relative to the root."""
        return self._files.python

    def reads(self, name: str) -> bool:
        """Whether anything reads the setting ``name``: the project, its settings, or a package in use.

        Packages in use are those that the settings name (apps, middleware, backends) or that the
        project imports; never Django.
        """
        if name in self._chain.loads or self._own.hold(name):
            return True
        return any(self._words_of_package(package).hold(name) for package in self._used)

    def imports(self, module: str) -> bool:
        """Whether the project's own code imports the top-level package of ``module``."""
        return module.partition(".")[0] in self._imported

    @functools.cached_property
    def _own(self) -> Words:
        settings_files = set(self._chain.files)
        # Not the tests: one that reads a setting shows nothing of what the site does with it.
        texts = (self._files.read(path) or "" for path in self._files.served if path not in settings_files)
        return _merge(words_of(text, own=True) for text in texts)

    @functools.cached_property
    def _imported(self) -> frozenset[str]:
        texts = (self._files.read(path) or "" for path in self.python_files)
        return frozenset(name for text in texts for name in _imports_of(text))

    @functools.cached_property
    def _used(self) -> tuple[str, ...]:
        """Top-level packages: first those that the settings name, then those that the code imports."""
        explicit = {name: value_of(settings, name) for name in sorted(explicit_names(settings))}
        apps = (app.partition(".")[0] for app in explicit.get("INSTALLED_APPS") or ())
        named = _tops(explicit, _MAX_NESTING)
        candidates = dict.fromkeys([*apps, *named, *sorted(self._imported)])
        return tuple(name for name in candidates if name not in _NEVER_SEARCHED | sys.stdlib_module_names)

    def _words_of_package(self, package: str) -> Words:
        if package not in self._packages:
            place = locate_package(package)
            files = _package_files(place) if place is not None and self._is_elsewhere(place) else iter(())
            own = package == (self._chain.module or "").partition(".")[0]
            self._packages[package] = _merge(
                words_of(content.decode("utf-8", "replace"), own=own, package=package)
                for content in map(read_bytes, self._without_settings(files))
                if content is not None
            )
        return self._packages[package]

    def _is_elsewhere(self, place: Path) -> bool:
        """Whether ``place`` is not among the project's own files, which are searched already."""
        return is_installed(place) or not place.is_relative_to(self._files.root)

    def _without_settings(self, files: Iterator[Path]) -> Iterator[Path]:
        settings_files = set(self._chain.files)
        return (path for path in files if relative_path(path, self._files.root) not in settings_files)


def words_of(text: str, *, own: bool, package: str = "") -> Words:
    """Return the names that one file mentions.

    In the project's own code (``own``) a name that is only assigned, passed as a keyword, or
    looked up in the environment is not read; in a library a default with that name shows that it is.
    """
    text = _COMMENT_LINE.sub("", text)
    if own:
        text = _ANNOTATED.sub("", _ENVIRONMENT.sub("", text))
    names = (_WORD_NOT_SET if own else _WORD).findall(text)
    return Words(frozenset(names), tuple(_prefixes_of(text, package)))


def _prefixes_of(text: str, package: str) -> Iterator[str]:
    is_appconf = "(AppConf)" in text  # django-appconf: names begin with Meta.prefix, else the app's label
    if is_appconf and package:
        yield f"{package.upper()}_"
    if "config_from_object" in text:
        yield from _CELERY_PREFIXES
    if "settings" in text:
        yield from _PREFIX.findall(text)
    for prefix in _NAMED_PREFIX.findall(text):
        if is_appconf or prefix.isupper():
            yield f"{prefix.upper().rstrip('_')}_"


def _merge(parts: Iterator[Words]) -> Words:
    names: set[str] = set()
    prefixes: set[str] = set()
    for part in parts:
        names |= part.names
        prefixes.update(part.prefixes)
    return Words(frozenset(names), tuple(sorted(prefixes)))


def _imports_of(text: str) -> Iterator[str]:
    for source, modules in _IMPORT.findall(text):
        if source:
            yield source
        for module in modules.split(","):
            name = module.strip().partition(" ")[0].partition(".")[0]
            if name:
                yield name


def _tops(value: object, depth: int) -> Iterator[str]:
    """Yield the top-level names of what look like dotted paths in a value of the settings."""
    if isinstance(value, str):
        if _DOTTED.fullmatch(value):
            yield value.partition(".")[0]
        return
    if depth == 0:
        return
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _tops(item, depth - 1)


def _package_files(place: Path) -> Iterator[Path]:
    """Yield the Python files of an installed package, without its tests and data."""
    if place.suffix == ".py":
        yield place
        return
    count = 0
    for folder, below, names in os.walk(place):
        below[:] = sorted(name for name in below if name not in _NOT_CODE and name.isidentifier())
        for name in sorted(names):
            if name.endswith(".py"):
                count += 1
                if count > MAX_FILES_PER_PACKAGE:
                    return
                yield Path(folder, name)
