"""What a class of settings declares: values that are known when the class is instantiated, never before.

Everything here is a non-data descriptor. Read on the class it gives itself and does nothing, so that an
unused class reads no environment and a metaclass may copy it; read on an instance it gives the value. A
plain value in a subclass takes its place, as with any attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar, cast, overload

from django_prodready.settings.copies import fresh

__all__ = ["OMIT", "Computed", "Declared", "Option", "computed", "fixed", "option"]

T = TypeVar("T")

# The value of a setting that is not emitted: the running Django does not know it, or there is nothing to say.
OMIT: Final[Any] = type("Omit", (), {"__repr__": lambda _self: "OMIT", "__slots__": ()})()


class Declared:
    """An attribute whose value belongs to an instance. ``owner`` is the class that declared it first."""

    name: str = ""
    owner: type | None = None
    # Whether the value becomes a Django setting of the attribute's name.
    is_setting: bool = True

    def __set_name__(self, owner: type, name: str) -> None:
        # django-configurations copies the attributes of every base into each class: the first one
        # declared it.
        if self.owner is None:
            self.owner, self.name = owner, name

    @overload
    def __get__(self, instance: None, owner: type) -> Declared: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            return self
        return self.value_for(instance)

    def value_for(self, instance: Any) -> Any:
        """Return the value for ``instance``."""
        raise NotImplementedError

    @property
    def origin(self) -> str:
        """The name of the class that declared it; empty outside a class."""
        return self.owner.__name__ if self.owner else ""


class Computed(Declared):
    """A setting that follows from others of the same instance."""

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self.compute = compute

    def value_for(self, instance: Any) -> Any:
        """Compute the value."""
        return self.compute(instance)


class Option(Declared):
    """A choice of the class that is no Django setting, such as the stage of a roll-out."""

    is_setting = False

    def __init__(self, default: object, choices: Collection[object], text: str) -> None:
        self.default = default
        self.choices = tuple(choices)
        self.help = text

    def value_for(self, instance: Any) -> Any:  # noqa: ARG002 - the same for every instance
        """Return the default: whoever chose something else has a plain value in this place."""
        return fresh(self.default)

    def rule_against(self, value: object) -> str | None:
        """Say what is expected when ``value`` is none of the choices, or of another type than the default."""
        if self.choices:
            is_one = any(value == choice and type(value) is type(choice) for choice in self.choices)
            return None if is_one else f"expected one of {', '.join(map(repr, self.choices))}"
        expected = _types_like(self.default)
        if expected and not isinstance(value, expected):
            return f"expected a value like {self.default!r}, of type {expected[0].__name__}"
        return None


def _types_like(default: object) -> tuple[type, ...]:
    """The types that may take the place of ``default``; none for a default that says nothing of its type."""
    if default is None:
        return ()
    if isinstance(default, bool):
        return (bool,)
    if isinstance(default, int | float):
        return (int, float)
    if isinstance(default, list | tuple):
        return (list, tuple)
    return (type(default),)


def computed(compute: Callable[[Any], T]) -> T:
    """Declare a setting as a function of the instance; typed as what the function returns."""
    return cast("T", Computed(compute))


def fixed(value: T) -> T:
    """Declare a setting with one value. Unlike a plain attribute it knows which class it is from."""
    return cast("T", Computed(lambda _instance: fresh(value)))


def option(default: T, *, choices: Collection[T] = (), help: str) -> T:  # noqa: A002 - as argparse calls it
    """Declare a choice of the class. Other values than ``choices``, or of another type, are refused."""
    return cast("T", Option(default, choices, help))
