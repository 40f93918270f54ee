"""Turns a class into settings: reads, computes, lets every mixin transform, or raises all problems."""

from __future__ import annotations

import contextlib
import functools
import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any

from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from django_prodready.settings.class_problems import (
    OF_CONFIGURATIONS,
    misspelled,
    outside,
    shadowed,
    unread,
    wrong_options,
)
from django_prodready.settings.declared import OMIT, Declared
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.problems import Problem, SettingsError, UnresolvedError, distinct
from django_prodready.settings.environment.reading import Reading
from django_prodready.settings.records import Origin

__all__ = ["Settled", "declared_in", "fields_of", "settle"]

# Between this module and the code of a class, which it calls, stand only these.
_ROOM = PurePath(__file__).parent
_CALLING = (functools.__file__, contextlib.__file__)


@dataclass(frozen=True)
class Settled:
    """The outcome: settings to put into the module, names to take out of it, and where each came from."""

    values: dict[str, Any] = field(repr=False)
    removed: frozenset[str]
    origins: dict[str, Origin]


def settle(instance: object, module: Mapping[str, Any] | None, reading: Reading, name: str = "") -> Settled:
    """Return the settings of ``instance`` above those of ``module``. Changes neither.

    Without a module the class is one of django-configurations, into which Django's defaults have been copied.

    ``name`` is the settings module's. Raises :class:`SettingsError` with every problem of the environment and
    of the class.
    """
    instance.__dict__["_reading"] = reading
    settling = _Settling(instance, module, reading)
    cls = type(instance)
    wrong = [*shadowed(cls), *misspelled(cls), *outside(cls, module or {}), *wrong_options(instance)]
    # What follows from an option that cannot be would fail, or add noise: then fields alone are read.
    settling.take_attributes(only_fields=bool(wrong))
    if not wrong:
        settling.transform()
    told = distinct([*reading.problems, *wrong, *settling.draft.problems, *settling.unread()])
    if told:
        raise SettingsError(told, name)
    return settling.outcome()


def declared_in(cls: type) -> dict[str, object]:
    """Return what every upper-case name of the class stands for: a :class:`Declared` or a plain value."""
    return {name: getattr(cls, name) for name in dir(cls) if name.isupper() and not name.startswith("_")}


def fields_of(cls: type) -> Iterator[Field]:
    """Yield the fields that the class reads, class by class from the most derived one."""
    in_force = {attribute for attribute in declared_in(cls).values() if isinstance(attribute, Field)}
    for base in cls.__mro__:
        for attribute in vars(base).values():
            if isinstance(attribute, Field) and attribute in in_force and attribute.owner is base:
                in_force.remove(attribute)
                yield attribute
    # Those that a class which is no base of this one declared first.
    yield from sorted(in_force, key=lambda field: field.variable)


class _Settling:
    """The draft of one instance, and the origins of what is in it."""

    def __init__(self, instance: object, module: Mapping[str, Any] | None, reading: Reading) -> None:
        self.instance = instance
        self.reading = reading
        self.has_copies = module is None
        module = module or {}
        self.draft = Draft({}, module, is_build=reading.is_build)
        self.origins: dict[str, Origin] = {}
        self._in_module = {
            name: value for name, value in module.items() if name.isupper() and isinstance(value, Field)
        }

    def take_attributes(self, *, only_fields: bool) -> None:
        """Read every attribute, for its problems too, and take over those that are settings."""
        cls = type(self.instance)
        attributes = declared_in(cls)
        for name, variable in self._in_module.items():
            if name not in attributes:
                self._take(name, variable.origin, partial(self.reading.value_of, variable))
        for name, attribute in attributes.items():
            if only_fields and not isinstance(attribute, Field):
                continue
            if self.has_copies and _is_copied(name, attribute):
                continue
            by = attribute.origin if isinstance(attribute, Declared) else _class_with(cls, name)
            keep = _is_setting(cls, name)
            self._take(name, by, partial(self._attribute, name), keep=keep)

    def _attribute(self, name: str) -> Any:
        """Return the attribute; a method's outcome, as django-configurations does."""
        value = getattr(self.instance, name)
        return value() if inspect.ismethod(value) else value

    def unread(self) -> Iterator[Problem]:
        """Yield the declarations that nothing has read: all but those of the module that failed."""
        module = {name: self.draft.get(name) for name in self.draft.module if name not in self._in_module}
        return unread({**module, **self.draft.values}, type(self.instance).__name__)

    def transform(self) -> None:
        """Let every class transform the draft, bases first; place middleware; let every class conclude."""
        self._run_each("transform")
        for name, place in self.draft.placements():
            self._run(name, place)
        self._run_each("conclude")

    def _run_each(self, step: str) -> None:
        for cls in reversed(type(self.instance).__mro__):
            if step in vars(cls):
                self.draft.mixin = cls.__name__
                change = vars(cls)[step].__get__(self.instance, type(self.instance))
                self._run(cls.__name__, partial(change, self.draft))

    def _run(self, by: str, change: Callable[[], None]) -> None:
        """Let the class of this name change the draft. A value that is not known ends this step alone."""
        before = dict(self.draft.values)
        with self.reading.noting() as read, self._telling(by, by):
            change()
        for name, value in self.draft.values.items():
            if name not in before or before[name] is not value:
                self._note(name, by, read)

    def outcome(self) -> Settled:
        """Return what is emitted."""
        values = {name: value for name, value in self.draft.values.items() if value is not OMIT}
        origins = {name: origin for name, origin in self.origins.items() if name in values}
        return Settled(values, frozenset(self.draft.removed), origins)

    def _take(self, name: str, by: str, get: Callable[[], Any], *, keep: bool = True) -> None:
        value = OMIT
        with self.reading.noting() as read, self._telling(name, by):
            value = get()
        if keep and value is not OMIT:
            self.draft.values[name] = value
            self._note(name, by, read)

    @contextlib.contextmanager
    def _telling(self, name: str, by: str) -> Iterator[None]:
        """Tell where the block fails, by its place alone: the text of an error may hold a value."""
        try:
            yield
        except UnresolvedError:
            pass
        except ImproperlyConfigured:
            raise
        except Exception as error:  # noqa: BLE001 - a project's own code may raise anything
            rule = f"fails with {type(error).__name__} at {_place_of(error)}"
            self.draft.problems.append(Problem(variable=name, rule=rule, mixin=by))

    def _note(self, name: str, by: str, read: Iterable[Field]) -> None:
        before = self.origins.get(name, Origin(()))
        fields = list(read)
        # Of many that may speak for one setting, such as DATABASES, those that did.
        spoke = [field for field in fields if self.reading.is_set(field)]
        self.origins[name] = Origin(
            mixins=_distinct((*before.mixins, by)),
            variables=_distinct((*before.variables, *map(self.reading.spelled, spoke or fields))),
            is_secret=before.is_secret or any(field.is_secret for field in fields),
        )


def _place_of(error: Exception) -> str:
    """Return file and line of the class's code, or of ours where it has failed by itself."""
    frames = traceback.extract_tb(error.__traceback__)
    foreign = (
        one for one in frames if one.filename not in _CALLING and PurePath(one.filename).parent != _ROOM
    )
    at = next(foreign, frames[-1])
    return f"{PurePath(at.filename).name}:{at.lineno}"


def _is_copied(name: str, attribute: object) -> bool:
    """Whether django-configurations has put it there, from Django's defaults or from its own base class.

    Left alone, a default holds as well, and gives no warning when it is deprecated: EMAIL_HOST beside
    MAILERS.
    """
    return name == OF_CONFIGURATIONS or getattr(global_settings, name, _distinct) is attribute


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _class_with(cls: type, name: str) -> str:
    """Return the name of the class that has the plain value."""
    return next((base.__name__ for base in cls.__mro__ if name in vars(base)), "")


def _is_setting(cls: type, name: str) -> bool:
    """Whether the name becomes a setting; whatever stands in the place of an option is that option still."""
    replaced = (vars(base)[name] for base in cls.__mro__ if isinstance(vars(base).get(name), Declared))
    return all(declared.is_setting for declared in replaced)
