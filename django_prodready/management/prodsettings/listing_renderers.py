"""The settings as text, one assignment each with its origin beside it, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import django

from django_prodready.management.prodsettings.hiding import Marker
from django_prodready.management.prodsettings.listing import Listing, Origin, Setting
from django_prodready.management.prodsettings.plain_values import Plain
from django_prodready.reporting.terminal import Style, printable, wrap

__all__ = ["as_json", "as_text"]

SCHEMA = 1
_WIDTH = 100  # a value that is longer is broken into a line for each of its items
_STEP = "    "


def as_text(listing: Listing, style: Style) -> str:
    """Return ``NAME = value  # origin`` for each setting, and how many there are."""
    lines = [line for setting in listing.settings for line in _assignment(setting, style)]
    return "".join(f"{line}\n" for line in [*lines, *([""] if lines else []), *_summary(listing)])


def as_json(listing: Listing) -> str:
    """Return the same for scripts. The order of the settings is that of their names."""
    return (
        json.dumps(
            {
                "schema": SCHEMA,
                "settings_module": listing.settings_module,
                "django": django.get_version(),
                "settings": {
                    setting.name: _entry(setting, with_fingerprints=listing.has_fingerprints)
                    for setting in listing.settings
                },
            },
            indent=2,
        )
        + "\n"
    )


def _entry(setting: Setting, *, with_fingerprints: bool) -> dict[str, Any]:
    origin = setting.origin
    entry = {
        "value": setting.shown.value,
        "is_default": setting.is_default,
        "is_secret": setting.shown.is_secret,
        "origin": {
            "mixins": list(origin.mixins),
            "variables": list(origin.variables),
            "file": origin.file,
            "line": origin.line,
        },
    }
    return {**entry, "fingerprints": setting.shown.fingerprints} if with_fingerprints else entry


def _assignment(setting: Setting, style: Style) -> Iterator[str]:
    """Yield the lines. The origin stands on the first, where a search for the name finds it."""
    first, *others = _spelled(setting.shown.value, len(f"{setting.name} = "))
    origin = style.dim(f"  # {printable(_said(setting.origin))}")
    yield f"{style.bold(setting.name)} = {first}{origin}"
    yield from others


def _said(origin: Origin) -> str:
    if origin.mixins or origin.variables:
        by = " + ".join(origin.mixins) or "the settings module"
        if origin.given:
            return f"{by}, from {', '.join(origin.given)}"
        is_alone = len(origin.variables) == 1
        return f"{by}, as {origin.variables[0]} is not set" if is_alone else by
    if origin.file is not None:
        return f"{origin.file}:{origin.line}"
    return "Django default" if origin.is_django else "computed by the settings"


def _spelled(value: Plain, indent: int, depth: int = 0) -> list[str]:
    """Spell a value as Python does: on one line where it fits, else with a line for each item."""
    line = _on_one_line(value)
    if not isinstance(value, dict | list) or not value or indent + len(line) <= _WIDTH:
        return [line]
    is_dict = isinstance(value, dict)
    labelled = (
        [(f"{_text(key)}: ", item) for key, item in value.items()]
        if isinstance(value, dict)
        else [("", item) for item in value]
    )
    lines = ["{" if is_dict else "["]
    margin = _STEP * (depth + 1)
    for label, item in labelled:
        first, *others = _spelled(item, len(margin + label) + 1, depth + 1)
        lines += [f"{margin}{label}{first}", *others]
        lines[-1] += ","
    return [*lines, _STEP * depth + ("}" if is_dict else "]")]


def _on_one_line(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_on_one_line(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return _text(value)


def _text(value: Plain) -> str:
    """Spell what holds nothing else. A marker stands without quotes: it is no value."""
    if not isinstance(value, Marker):
        return printable(repr(value))
    spelled = str(value) if value.is_whole else printable(repr(str(value)))
    return f"{spelled} ({value.fingerprint})" if value.fingerprint else spelled


def _summary(listing: Listing) -> list[str]:
    shown = len(listing.settings)
    module = listing.settings_module or "no module"
    differ = f"differ from Django {django.get_version()}'s defaults"
    if listing.is_diff:
        named = "named " if listing.asked < listing.total else ""
        said = f"{shown} of {listing.asked} {named}settings of {module} {differ}."
    elif listing.asked < listing.total:
        said = f"{shown} of {listing.total} settings of {module}."
    else:
        others = sum(not setting.is_default for setting in listing.settings)
        said = f"{shown} settings of {module}; {others} {differ} (--diff)."
    return wrap(said)
