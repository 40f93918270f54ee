"""What is wrong with a class of settings itself, whatever the environment says."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import global_settings

from django_prodready.settings.declared import Declared, Option
from django_prodready.settings.environment.problems import Problem

__all__ = ["OF_CONFIGURATIONS", "misspelled", "outside", "shadowed", "unread", "wrong_options"]

# What every class of django-configurations has, and nothing else.
OF_CONFIGURATIONS = "DOTENV_LOADED"

# One letter too many, too few or wrong, in names of the length that options have.
_NEARLY = 0.88


def wrong_options(instance: object) -> Iterator[Problem]:
    """Yield the options that were given what they cannot be."""
    for base in type(instance).__mro__:
        for name, declared in vars(base).items():
            if not isinstance(declared, Option) or declared.owner is not base:
                continue
            try:
                rule = declared.rule_against(getattr(instance, name))
            except Exception:  # noqa: BLE001, S112 - told when the attributes are taken
                continue
            if rule is not None:
                yield Problem(variable=name, rule=rule, mixin=base.__name__)


def misspelled(cls: type) -> Iterator[Problem]:
    """Yield plain attributes that nearly have the name of an option, which is left at its default.

    Such a one would become a setting that nobody reads, while the option stays as it was.
    """
    declared = {name: getattr(cls, name) for name in dir(cls) if name.isupper()}
    options = [name for name, attribute in declared.items() if isinstance(attribute, Option)]
    for name, attribute in declared.items():
        if isinstance(attribute, Declared) or hasattr(global_settings, name):
            continue
        for option in difflib.get_close_matches(name, options, n=1, cutoff=_NEARLY):
            yield Problem(variable=name, rule=f"is no option: is {option} meant?", mixin=cls.__name__)


def outside(cls: type, module: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield options that the module has been given, while the class has them at their default.

    What could not be a value of the option is a setting of the project's own that has its name by chance.
    """
    for name, attribute in ((name, getattr(cls, name, None)) for name in module):
        if hasattr(global_settings, name):
            continue
        if isinstance(attribute, Option) and attribute.rule_against(module[name]) is None:
            rule = f"is an option of {attribute.origin}: move it into the class"
            yield Problem(variable=name, rule=rule, mixin=cls.__name__)


def shadowed(cls: type) -> Iterator[Problem]:
    """Yield the classes in which one of django-configurations stands before a mixin.

    It brings a copy of all of Django's defaults, which would take the place of what the mixin sets.
    """
    for derived in cls.__mro__:
        for place, base in enumerate(derived.__bases__):
            behind = [
                mixin.__name__
                for mixin in derived.__bases__[place + 1 :]
                if hasattr(mixin, "transform") and not issubclass(base, mixin)
            ]
            if behind and hasattr(base, OF_CONFIGURATIONS):
                rule = f"expected {', '.join(behind)} before {base.__name__}, which copies Django's defaults"
                yield Problem(variable=derived.__name__, rule=rule, mixin=derived.__name__)


def unread(settings: Mapping[str, Any], mixin: str) -> Iterator[Problem]:
    """Yield what is declared where nothing reads it, and would become a setting as it is."""
    told = partial(Problem, mixin=mixin)
    for name, value in settings.items():
        if isinstance(value, Declared):
            yield told(variable=name, rule="is declared outside of a class: move it into one")
        elif _holds_declared(value):
            yield told(
                variable=name,
                rule="holds a declaration in a list or dict, where nothing reads it: "
                "declare it under a name of its own, and this as computed(...)",
            )


def _holds_declared(value: object) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list | tuple) and any(
        isinstance(one, Declared) or _holds_declared(one) for one in value
    )
