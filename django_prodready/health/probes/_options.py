"""What the constructors of probes accept. A sentence names the option and never shows its value."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# A run that was abandoned holds a thread and a connection until its own time-out: let it be soon.
LONGEST_TIMEOUT_S = 2.0
HIGHEST_PORT = 65535


def require_package(name: str, *, extra: str) -> Any:
    """Import an optional package; ImproperlyConfigured names the extra that installs it."""
    try:
        return import_module(name)
    except ImportError:
        raise ImproperlyConfigured(
            f"This probe needs the package {name}: install django-prodready[{extra}]."
        ) from None


def require_seconds(option: str, value: object) -> float:
    """Return a time-out that lets an abandoned run end soon."""
    if not _is_number(value) or not 0 < value < LONGEST_TIMEOUT_S:  # type: ignore[operator]
        raise ValueError(f"{option} must be a number of seconds above 0 and below {LONGEST_TIMEOUT_S:g}.")
    return float(value)  # type: ignore[arg-type]


def require_percents(warn_percent: object, max_percent: object) -> tuple[float, float]:
    """Return the share of use that is degraded, and the one that is down."""
    for option, value in (("warn_percent", warn_percent), ("max_percent", max_percent)):
        if not _is_number(value) or not 0 < value <= 100:  # type: ignore[operator]
            raise ValueError(f"{option} must be a number above 0 and at most 100.")
    if warn_percent > max_percent:  # type: ignore[operator]
        raise ValueError("warn_percent must not be above max_percent.")
    return float(warn_percent), float(max_percent)  # type: ignore[arg-type]


def require_text(option: str, value: object) -> str:
    """Return text that is not empty and fits on one line."""
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError(f"{option} must be text on one line, and not empty.")
    return value


def optional_text(option: str, value: object) -> str | None:
    """Return the text, or None when the option was not given."""
    return None if value is None else require_text(option, value)


def require_choice(option: str, value: object, choices: Collection[str]) -> str:
    """Return one of a few words."""
    if value not in choices:
        raise ValueError(f"{option} must be one of: {', '.join(choices)}.")
    return str(value)


def require_flag(option: str, value: object) -> bool:
    """Return True or False; 1 and "yes" are neither."""
    if not isinstance(value, bool):
        raise ValueError(f"{option} must be True or False.")  # noqa: TRY004 - what options raise
    return value


def require_count(option: str, value: object, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number within its limits."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):  # type: ignore[operator]
        limit = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{option} must be a whole number, {limit}.")
    return int(value)  # type: ignore[call-overload,no-any-return]


def require_port(option: str, value: object) -> int:
    """Return a TCP port."""
    return require_count(option, value, least=1, most=HIGHEST_PORT)


def require_address(option: str, value: object, schemes: Iterable[str]) -> str:
    """Return a URL with one of the schemes. No part of it is told: it may hold a password."""
    text = require_text(option, value)
    known = tuple(schemes)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        # urllib quotes what it could not read, which is a part of the password when that is not encoded.
        raise ValueError(
            f"{option} cannot be read as a URL: percent-encode the special characters of its password."
        ) from None
    if parts.scheme not in known:
        raise ValueError(f"{option} must be a URL that begins with one of: {', '.join(known)}.")
    return text


def secret_address(url: object, url_env: object, schemes: Iterable[str]) -> str:
    """Return the address in ``url``, or in the environment variable that ``url_env`` names."""
    if (url is None) == (url_env is None):
        raise ValueError(
            "Give either url or url_env, the name of the environment variable that holds the URL."
        )
    if url is not None:
        return require_address("url", url, schemes)
    value = os.environ.get(require_text("url_env", url_env))
    if not value:
        raise ValueError("The environment variable that url_env names is not set.")
    return require_address("The environment variable that url_env names", value, schemes)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
