"""The settings while they take shape: what the mixins' transforms read and change."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any

from django.conf import global_settings

from django_prodready.settings.copies import fresh
from django_prodready.settings.environment.problems import MISSING, Problem, UnresolvedError
from django_prodready.settings.middleware_order import ORDER, MisplacedError, placed

__all__ = ["Draft"]


class Draft:
    """Settings by name: those that the class gives, above those of the module, above Django's defaults.

    Nothing that it was made from is changed: what is taken out to be transformed is a copy.
    """

    def __init__(
        self, values: MutableMapping[str, Any], module: Mapping[str, Any], *, is_build: bool = False
    ) -> None:
        self.values = values
        self.module = module
        # Whether placeholders stand in for what the environment lacks.
        self.is_build = is_build
        self.removed: set[str] = set()
        self.problems: list[Problem] = []
        # The class whose transform runs.
        self.mixin = ""
        self._to_place: dict[str, tuple[str, Mapping[str, str]]] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """Return the setting as it stands: not a copy."""
        if name in self.removed:
            return getattr(global_settings, name, default)
        if name in self.values:
            return self.values[name]
        return self.module[name] if name in self.module else getattr(global_settings, name, default)

    def has(self, name: str) -> bool:
        """Whether the class or the module gives the setting."""
        return name not in self.removed and (name in self.values or name in self.module)

    def knows(self, name: str) -> bool:
        """Whether the running Django knows a setting of this name."""
        return hasattr(global_settings, name)

    def set(self, name: str, value: Any) -> None:
        """Give the setting this value."""
        self.values[name] = value
        self.removed.discard(name)

    def remove(self, name: str) -> None:
        """Take the setting out of the class's and the module's, so that Django's default holds."""
        self.values.pop(name, None)
        self.removed.add(name)

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a setting that is a dict with dicts and lists of its own, ``{}`` when it is not set.

        ``set`` it once changed.

        A setting that is no dict is a problem of its own.
        """
        value = self.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.refuse(name, "expected a dict")
        own: dict[str, Any] = fresh(dict(value))
        return own

    def entries(self, name: str) -> dict[str, dict[str, Any]]:
        """Return :meth:`mapping` of a dict of dicts, such as CACHES, with ``{}`` in the place of None."""
        found = {key: {} if entry is None else entry for key, entry in self.mapping(name).items()}
        if not all(isinstance(entry, dict) for entry in found.values()):
            raise self.refuse(name, "expected a dict of dicts")
        return found

    def sequence(self, name: str) -> list[Any]:
        """Return a copy of a setting that is a list or tuple, as a list; ``set`` it once changed."""
        value = self.get(name)
        if value is None:
            return []
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise self.refuse(name, "expected a list")
        return list(value)

    def change(self, name: str, entries: Mapping[str, Any]) -> None:
        """Put ``entries`` into a setting that is a dict."""
        self.set(name, {**self.mapping(name), **entries})

    def default_in(self, name: str, entries: Mapping[str, Any]) -> None:
        """Put those of ``entries`` into a dict that it has not, one level of dicts below included."""
        found = self.mapping(name)
        for key, value in entries.items():
            if isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
                found[key] = {**value, **found[key]}
            else:
                found.setdefault(key, value)
        self.set(name, found)

    def append(self, name: str, item: Any) -> None:
        """Put ``item`` at the end of a list, unless it is in it."""
        items = self.sequence(name)
        if item not in items:
            self.set(name, [*items, item])

    def place_middleware(self, path: str, *, same: Mapping[str, str]) -> None:
        """Have middleware put into MIDDLEWARE where :mod:`middleware_order` says, unless it is there.

        That is done after all transforms, so that their order does not matter. ``same`` says for
        middleware of the project's own which well-known one it stands for.
        """
        self._to_place.setdefault(path, (self.mixin, same))

    def placements(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield, from the outside to the inside, for which class a middleware is placed and how to do it."""
        for path in sorted(self._to_place, key=ORDER.index):
            mixin, same = self._to_place[path]
            self.mixin = mixin
            yield mixin, partial(self._place, path, same)

    def _place(self, path: str, same: Mapping[str, str]) -> None:
        entries = self.sequence("MIDDLEWARE")
        try:
            result = placed(path, entries, same)
        except MisplacedError as error:
            self.refuse("MIDDLEWARE", str(error))
            return
        if result != entries:
            self.set("MIDDLEWARE", result)

    def needs_package(self, module: str, *, extra: str) -> None:
        """Refuse the class when ``module`` is not installed. Raises after noting which extra installs it."""
        if importlib.util.find_spec(module) is None:
            raise self.refuse(
                self.mixin, f"needs the package {module}: pip install 'django-prodready[{extra}]'"
            )

    def missing(self, variable: str, *, setting: str = "", example: str = "") -> UnresolvedError:
        """Note that a variable is needed under the choices made; return what to raise."""
        self.problems.append(
            Problem(variable=variable, rule=MISSING, setting=setting, mixin=self.mixin, example=example)
        )
        return UnresolvedError(variable)

    def refuse(self, name: str, rule: str, *, example: str = "") -> UnresolvedError:
        """Note that ``name``, a setting or an option, cannot be as it is; return what to raise."""
        self.problems.append(Problem(variable=name, rule=rule, mixin=self.mixin, example=example))
        return UnresolvedError(name)
