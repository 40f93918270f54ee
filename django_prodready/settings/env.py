"""Declare variables of the environment: ``STRIPE_KEY: str = env.secret("STRIPE_KEY", help="...")``.

Each function is typed as the value that an instance will have. A variable without ``default`` is
required; an empty one counts as not set. Nothing is read before the class is applied, and then every
problem is told at once.

For all of them:

- ``default``: the value when the variable is not set; ``None`` is one;
- ``required``: ``True`` says in words what a missing ``default`` means;
- ``help`` and ``example``: for whoever fills in the environment; errors and templates show an ``example``;
- ``setting``: ``False`` keeps the value for the class's own computations: it becomes no Django setting.
"""

from __future__ import annotations

import builtins as b
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, Unpack, cast, overload

from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.build import MARK, placeholder
from django_prodready.settings.environment.custom import About, custom, declare
from django_prodready.settings.environment.field import UNSET
from django_prodready.settings.environment.invalid import Invalid

__all__ = [
    "bool",
    "choice",
    "custom",
    "database",
    "dict",
    "float",
    "int",
    "list",
    "path",
    "redis",
    "secret",
    "str",
    "url",
]

_Choice = TypeVar("_Choice", bound=b.str)


@overload
def str(variable: b.str, *, default: b.str = ..., **about: Unpack[About]) -> b.str: ...
@overload
def str(variable: b.str, *, default: None, **about: Unpack[About]) -> b.str | None: ...
def str(variable: b.str, *, default: b.str | None = UNSET, **about: Unpack[About]) -> b.str | None:
    """Declare text, taken as it is."""
    return cast("b.str", declare(variable, "text", kinds.text, default, about, placeholder))


@overload
def bool(variable: b.str, *, default: b.bool = ..., **about: Unpack[About]) -> b.bool: ...
@overload
def bool(variable: b.str, *, default: None, **about: Unpack[About]) -> b.bool | None: ...
def bool(variable: b.str, *, default: b.bool | None = UNSET, **about: Unpack[About]) -> b.bool | None:
    """Declare true, false, 1, 0, yes, no, on or off, in any case; anything else is refused."""
    return cast("b.bool", declare(variable, "boolean", kinds.boolean, default, about, b.bool))


@overload
def int(
    variable: b.str,
    *,
    default: b.int = ...,
    minimum: b.int | None = ...,
    maximum: b.int | None = ...,
    **about: Unpack[About],
) -> b.int: ...
@overload
def int(
    variable: b.str,
    *,
    default: None,
    minimum: b.int | None = ...,
    maximum: b.int | None = ...,
    **about: Unpack[About],
) -> b.int | None: ...
def int(
    variable: b.str,
    *,
    default: b.int | None = UNSET,
    minimum: b.int | None = None,
    maximum: b.int | None = None,
    **about: Unpack[About],
) -> b.int | None:
    """Declare a whole number, from ``minimum`` to ``maximum`` where they are given."""
    parse = partial(kinds.integer, minimum=minimum, maximum=maximum)
    return cast("b.int", declare(variable, "whole number", parse, default, about, lambda: minimum or 0))


@overload
def float(
    variable: b.str,
    *,
    default: b.float = ...,
    minimum: b.float | None = ...,
    maximum: b.float | None = ...,
    **about: Unpack[About],
) -> b.float: ...
@overload
def float(
    variable: b.str,
    *,
    default: None,
    minimum: b.float | None = ...,
    maximum: b.float | None = ...,
    **about: Unpack[About],
) -> b.float | None: ...
def float(
    variable: b.str,
    *,
    default: b.float | None = UNSET,
    minimum: b.float | None = None,
    maximum: b.float | None = None,
    **about: Unpack[About],
) -> b.float | None:
    """Declare a finite number, from ``minimum`` to ``maximum`` where they are given."""
    parse = partial(kinds.number, minimum=minimum, maximum=maximum)
    return cast("b.float", declare(variable, "number", parse, default, about, lambda: minimum or 0.0))


@overload
def list(variable: b.str, *, default: b.list[b.str] = ..., **about: Unpack[About]) -> b.list[b.str]: ...
@overload
def list(variable: b.str, *, default: None, **about: Unpack[About]) -> b.list[b.str] | None: ...
def list(
    variable: b.str, *, default: b.list[b.str] | None = UNSET, **about: Unpack[About]
) -> b.list[b.str] | None:
    """Declare items between commas. Blanks around them are removed, and empty items."""
    return cast(
        "b.list[b.str]", declare(variable, "list", kinds.items, default, about, lambda: [placeholder()])
    )


@overload
def dict(
    variable: b.str, *, default: b.dict[b.str, b.str] = ..., **about: Unpack[About]
) -> b.dict[b.str, b.str]: ...
@overload
def dict(variable: b.str, *, default: None, **about: Unpack[About]) -> b.dict[b.str, b.str] | None: ...
def dict(
    variable: b.str, *, default: b.dict[b.str, b.str] | None = UNSET, **about: Unpack[About]
) -> b.dict[b.str, b.str] | None:
    """Declare ``key=value`` pairs between commas."""
    return cast("b.dict[b.str, b.str]", declare(variable, "pairs", kinds.mapping, default, about, b.dict))


@overload
def url(
    variable: b.str, *, default: b.str = ..., schemes: Collection[b.str] = ..., **about: Unpack[About]
) -> b.str: ...
@overload
def url(
    variable: b.str, *, default: None, schemes: Collection[b.str] = ..., **about: Unpack[About]
) -> b.str | None: ...
def url(
    variable: b.str,
    *,
    default: b.str | None = UNSET,
    schemes: Collection[b.str] = ("https", "http"),
    **about: Unpack[About],
) -> b.str | None:
    """Declare an absolute URL with one of ``schemes`` and a host. A secret: it may hold a password."""
    parse = partial(kinds.url, schemes=tuple(schemes))
    at_build = f"{next(iter(schemes))}://{MARK}.invalid/"
    return cast("b.str", declare(variable, "URL", parse, default, about, lambda: at_build, secret=True))


@overload
def path(
    variable: b.str, *, default: Path = ..., must_exist: b.bool = ..., **about: Unpack[About]
) -> Path: ...
@overload
def path(
    variable: b.str, *, default: None, must_exist: b.bool = ..., **about: Unpack[About]
) -> Path | None: ...
def path(
    variable: b.str, *, default: Path | None = UNSET, must_exist: b.bool = False, **about: Unpack[About]
) -> Path | None:
    """Declare a path of the file system; with ``must_exist`` one that is there."""
    parse = partial(kinds.path, must_exist=must_exist)
    return cast("Path", declare(variable, "path", parse, default, about, lambda: Path(MARK)))


@overload
def secret(
    variable: b.str, *, default: b.str = ..., min_length: b.int = ..., **about: Unpack[About]
) -> b.str: ...
@overload
def secret(
    variable: b.str, *, default: None, min_length: b.int = ..., **about: Unpack[About]
) -> b.str | None: ...
def secret(
    variable: b.str, *, default: b.str | None = UNSET, min_length: b.int = 1, **about: Unpack[About]
) -> b.str | None:
    """Declare a secret, which ``VARIABLE_FILE`` may give as a file. Refuses placeholders."""
    parse = partial(kinds.secret, minimum_length=min_length)
    return cast("b.str", declare(variable, "secret", parse, default, about, placeholder, secret=True))


@overload
def choice(
    variable: b.str, *, choices: Collection[_Choice], default: _Choice = ..., **about: Unpack[About]
) -> _Choice: ...
@overload
def choice(
    variable: b.str, *, choices: Collection[_Choice], default: None, **about: Unpack[About]
) -> _Choice | None: ...
def choice(
    variable: b.str,
    *,
    choices: Collection[_Choice],
    default: _Choice | None = UNSET,
    **about: Unpack[About],
) -> _Choice | None:
    """Declare one of ``choices``, spelled as they are. Raises TypeError for a default that is none."""
    if default is not UNSET and default is not None and default not in choices:
        raise TypeError(f"{variable} is declared with a default that is none of its choices.")
    parse = partial(kinds.choice, choices=tuple(choices))
    return cast("_Choice", declare(variable, "choice", parse, default, about, lambda: next(iter(choices))))


@overload
def database(
    variable: b.str, *, default: b.dict[b.str, Any] = ..., **about: Unpack[About]
) -> b.dict[b.str, Any]: ...
@overload
def database(variable: b.str, *, default: None, **about: Unpack[About]) -> b.dict[b.str, Any] | None: ...
def database(
    variable: b.str, *, default: b.dict[b.str, Any] | None = UNSET, **about: Unpack[About]
) -> b.dict[b.str, Any] | None:
    """Declare a database's URL, which becomes an entry of DATABASES; the dialect is dj-database-url's."""
    at_build = f"postgresql://placeholder@{MARK}.invalid/placeholder"
    field = declare(
        variable, "database URL", _database, default, about, lambda: kinds.database(at_build), secret=True
    )
    return cast("b.dict[b.str, Any]", field)


def _database(text: b.str) -> b.dict[b.str, Any]:
    entry = kinds.database(text.strip())
    if kinds.placeholder(entry.get("PASSWORD") or ""):
        raise Invalid("expected a password, found a placeholder")
    return entry


@overload
def redis(variable: b.str, *, default: b.str = ..., **about: Unpack[About]) -> b.str: ...
@overload
def redis(variable: b.str, *, default: None, **about: Unpack[About]) -> b.str | None: ...
def redis(variable: b.str, *, default: b.str | None = UNSET, **about: Unpack[About]) -> b.str | None:
    """Declare a Redis address: ``redis://``, ``rediss://`` or ``unix://``. The value is the address."""

    at_build = f"redis://{MARK}.invalid"
    return cast(
        "b.str", declare(variable, "Redis URL", _redis, default, about, lambda: at_build, secret=True)
    )


def _redis(text: b.str) -> b.str:
    return kinds.redis_url(text.strip()).reveal()
