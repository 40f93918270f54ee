"""The variables that a class of settings reads, as whoever fills them in must know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from django_prodready.audit.facts.effective import value_of
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.problems import Problem, SettingsError
from django_prodready.settings.environment.reading import Reading
from django_prodready.settings.records import latest
from django_prodready.settings.settling import fields_of, settle

__all__ = ["Variable", "variables_of"]

_SECURITY = "django.middleware.security.SecurityMiddleware"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of the environment."""

    name: str
    about: str
    """What it is for, what it may be, for which setting and by which class: sentences."""
    example: str
    default: str | None
    """As it would be written; None when there is none, or when it is a secret."""
    is_secret: bool
    is_required: bool


def variables_of(cls: type) -> list[Variable]:
    """Return each variable that the class reads once: those it needs first, in the order of the classes."""
    needed = _needed(cls)
    found: dict[str, Variable] = {}
    for field in fields_of(cls):
        variable = _variable(field, is_required=field.is_required or field.variable in needed)
        known = found.get(field.variable)
        if known is None or (variable.is_required and not known.is_required):
            found[field.variable] = variable
    return sorted(found.values(), key=lambda variable: not variable.is_required)


def _variable(field: Field, *, is_required: bool) -> Variable:
    return Variable(
        name=field.variable,
        about=" ".join(
            filter(None, [_sentence(field.help), _sentence(_kind(field)), f"For {_target(field)}."])
        ),
        example=field.example,
        default=None if is_required or field.is_secret else _spelled(field.default),
        is_secret=field.is_secret,
        is_required=is_required,
    )


def _kind(field: Field) -> str:
    """Say what the value may be: ``whole number, at least 1``."""
    limits: Mapping[str, Any] = getattr(field.parse, "keywords", {})
    said = field.kind[:1].upper() + field.kind[1:]
    if limits.get("choices"):
        said = f"One of {', '.join(limits['choices'])}"
    if limits.get("minimum") is not None:
        said += f", at least {limits['minimum']}"
    if limits.get("maximum") is not None:
        said += f", at most {limits['maximum']}"
    if limits.get("minimum_length", 1) > 1:
        said += f" of at least {limits['minimum_length']} characters"
    return said


def _target(field: Field) -> str:
    setting = "" if field.name == field.variable else field.name
    return " of ".join(filter(None, [setting, field.origin])) or "the settings module"


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".!?:" else f"{stripped}."


def _spelled(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return ",".join(f"{key}={item}" for key, item in value.items())
    return str(value)


def _needed(cls: type) -> frozenset[str]:
    """Return the variables that the class asks for when there is no environment.

    A field may be needed only by a choice of the class, which its declaration does not say.
    """
    reading = Reading({}, may_build=False)
    problems: Sequence[Problem] = ()
    try:
        settle(object.__new__(cls), _ground(), reading)
    except SettingsError as error:
        problems = error.problems
    except ImproperlyConfigured:  # a transform's own, which settling lets pass
        problems = reading.problems
    return frozenset(problem.variable for problem in problems if problem.is_missing)


def _ground() -> dict[str, Any]:
    """Give what the classes build on: with no middleware to stand behind, they ask for nothing."""
    ground: dict[str, Any] = dict(_from_settings()) if settings.configured else {"MIDDLEWARE": [_SECURITY]}
    record = latest()
    if record is not None and "STATIC_ROOT" in record.given:
        ground["STATIC_ROOT"] = "given"
    return ground


def _from_settings() -> Iterator[tuple[str, Any]]:
    for name in ("INSTALLED_APPS", "MIDDLEWARE"):
        yield name, value_of(settings, name)
