"""The effective settings, each with where it came from and what may be shown of it."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.django_settings import DEFAULTS, KNOWN
from django_prodready.audit.facts.effective import Effective, all_values
from django_prodready.audit.project import facts_of_process
from django_prodready.management.prodsettings import known_secrets
from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.management.prodsettings.fingerprint import fingerprint_with, key_of
from django_prodready.management.prodsettings.hiding import Hider, Shown
from django_prodready.management.prodsettings.plain_values import Plain, canonical, plain
from django_prodready.settings.records import Record, latest, mark_of

__all__ = ["Listing", "Origin", "Setting", "carry_out"]

# Of the loading itself, by Django and by django-configurations: they say nothing of the site.
_OF_LOADING = frozenset({"CONFIGURATION", "DOTENV", "DOTENV_LOADED", "SETTINGS_MODULE"})
_LOOKS_LIKE_A_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a setting came from. Nothing of it is known for a value that some code computed."""

    mixins: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    given: tuple[str, ...] = ()  # of the variables, those that the environment has
    file: str | None = None
    line: int | None = None
    is_django: bool = False  # nobody set it, or to what it is anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective setting."""

    name: str
    shown: Shown
    is_default: bool
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was asked for."""

    settings_module: str | None
    settings: tuple[Setting, ...]
    total: int  # of all settings, listed or not
    asked: int  # of those among which was looked
    has_fingerprints: bool
    is_diff: bool


def carry_out(options: Mapping[str, Any]) -> Listing:
    """List the settings that ``options`` ask for. Raises :class:`UsageError` for a name that is none."""
    fingerprint = None
    if options["fingerprint"]:
        file: Path | None = options["fingerprint_key_file"]
        fingerprint = fingerprint_with(key_of(file))
    values = _values()
    names = _asked(options["names"], values)
    lister = _Lister(facts_of_process(), latest(), _hider(values, fingerprint))
    listed = [lister.setting(name, values[name]) for name in names]
    return Listing(
        settings_module=lister.facts.settings_module,
        settings=tuple(setting for setting in listed if not (options["diff"] and setting.is_default)),
        total=len(values),
        asked=len(names),
        has_fingerprints=fingerprint is not None,
        is_diff=options["diff"],
    )


def _hider(values: Mapping[str, Any], fingerprint: Callable[[Plain], str] | None) -> Hider:
    """Make one that hides everywhere what is hidden anywhere."""
    record = latest()
    first = Hider(known_secrets.redactor())
    for name, value in values.items():
        first.hide(name, plain(value), is_secret=known_secrets.is_declared_secret(record, name, value))
    return Hider(known_secrets.redactor(also=first.hidden), fingerprint)


def _values() -> dict[str, Any]:
    # Django fills DATABASES up in place when a connection is first asked for, which may have happened or not.
    with contextlib.suppress(Exception):
        _ = Effective().databases
    # dir() leaves out what Django would refuse to give, such as EMAIL_HOST beside MAILERS.
    given = frozenset(dir(settings)) - _OF_LOADING
    return {name: value for name, value in all_values(settings).items() if name in given}


def _asked(names: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    for number, name in enumerate(names, start=1):
        if name not in values:
            raise UsageError(_unknown(number, name, values))
    return sorted(set(names)) if names else sorted(values)


def _unknown(number: int, name: str, values: Mapping[str, Any]) -> str:
    """Say that it is none. What is not like a name is not repeated: it may be a secret."""
    nearest = difflib.get_close_matches(name.upper(), values, n=1)
    is_name = name.isidentifier() if nearest else _LOOKS_LIKE_A_NAME.fullmatch(name)
    said = name if is_name else f"NAME, number {number},"
    if name in KNOWN:
        return f"{name} is not set, and Django has no default for it."
    return f"{said} is no setting.{f' Is {nearest[0]} meant?' if nearest else ''}"


class _Lister:
    def __init__(self, facts: Facts, record: Record | None, hider: Hider) -> None:
        self.facts = facts
        self.record = record if record is not None and record.is_settled else None
        self.hider = hider

    def setting(self, name: str, value: object) -> Setting:
        tree = plain(value)
        is_default = name in DEFAULTS and canonical(tree) == canonical(plain(DEFAULTS[name]))
        is_secret = known_secrets.is_declared_secret(self.record, name, value)
        return Setting(
            name=name,
            shown=self.hider.hide(name, tree, is_secret=is_secret),
            is_default=is_default,
            origin=self._origin(name, value, is_default=is_default),
        )

    def _origin(self, name: str, value: object, *, is_default: bool) -> Origin:
        # django-configurations gives its classes all of Django's defaults; what it sets is explicit.
        if name not in self.facts.explicit:
            return Origin(is_django=True)
        origin = self.record.origins.get(name) if self.record else None
        # What is assigned behind the class's application is in force, and not the class's.
        if origin is not None and self.record and self.record.seen.get(name) == mark_of(value):
            given = tuple(name for name in origin.variables if os.environ.get(name, "").strip())
            return Origin(mixins=origin.mixins, variables=origin.variables, given=given)
        place = self.facts.origin(name)
        if place is not None:
            return Origin(file=place.file, line=place.line)
        return Origin(is_django=is_default)
