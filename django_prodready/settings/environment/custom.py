"""Declares fields: of a kind of the project's own, and for :mod:`django_prodready.settings.env`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict, TypeVar, Unpack, overload

from django_prodready.settings.environment.field import UNSET, Field
from django_prodready.settings.environment.invalid import Invalid

__all__ = ["About", "custom", "declare"]

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")


class About(TypedDict, total=False):
    """What every kind of variable may be told about itself."""

    required: bool
    help: str
    example: str
    setting: bool


@overload
def custom(
    variable: str,
    *,
    parse: Callable[[str], _Value],
    kind: str = ...,
    secret: bool = ...,
    placeholder: Callable[[], _Value] | None = ...,
    **about: Unpack[About],
) -> _Value: ...
@overload
def custom(
    variable: str,
    *,
    parse: Callable[[str], _Value],
    default: _Default,
    kind: str = ...,
    secret: bool = ...,
    placeholder: Callable[[], _Value] | None = ...,
    **about: Unpack[About],
) -> _Value | _Default: ...
def custom(
    variable: str,
    *,
    parse: Callable[[str], Any],
    default: Any = UNSET,
    kind: str = "value",
    secret: bool = False,
    placeholder: Callable[[], Any] | None = None,
    **about: Unpack[About],
) -> Any:
    """Declare a kind of your own: ``parse`` gives the value, or raises whatever it likes.

    ``secret`` keeps the value out of every output and lets ``VARIABLE_FILE`` give it. ``placeholder``
    makes what stands in for it in the build phase; without, the build needs the variable too.
    """
    return declare(variable, kind, partial(_checked, parse), default, about, placeholder, secret=secret)


def _checked(parse: Callable[[str], Any], text: str) -> Any:
    """Call a parser of the project's own. What it raises may hold the text, so only its name is told."""
    try:
        return parse(text)
    except Invalid as invalid:
        rule = invalid.rule
    except Exception:  # noqa: BLE001 - a project's own parser may raise anything
        rule = f"is not what {getattr(parse, '__name__', 'the parser')} accepts"
    raise Invalid(rule)


def declare(
    variable: str,
    kind: str,
    parse: Callable[[str], Any],
    default: Any,
    about: About,
    at_build: Callable[[], Any] | None,
    *,
    secret: bool = False,
) -> Field:
    """Make the field of one kind; ``at_build`` makes its placeholder.

    Raises TypeError for an argument that no kind has, such as ``minimum`` misspelled.
    """
    if unknown := sorted(about.keys() - About.__annotations__.keys()):
        raise TypeError(f"{variable} is declared with {', '.join(unknown)}, which a {kind} does not take.")
    return Field(
        variable,
        kind=kind,
        parse=parse,
        default=default,
        required=about.get("required"),
        help=about.get("help", ""),
        example=about.get("example", ""),
        is_secret=secret,
        is_setting=about.get("setting", True),
        placeholder=at_build,
    )
