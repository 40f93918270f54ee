"""Finds the checks: one file under ``checks/`` is one check; other packages add theirs by entry point."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import importlib
import pkgutil
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from django_prodready.audit import checks as builtin_checks
from django_prodready.audit.model import Check, Need
from django_prodready.reporting.finding import Finding, Severity

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

ENTRY_POINT_GROUP = "django_prodready.checks"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*")


class UnknownSelectorError(ValueError):
    """A selector names neither a check nor a family."""


class BrokenCheckError(ImproperlyConfigured):
    """A check cannot be taken in; the message says what its author has to change."""


@functools.cache
def all_checks() -> Mapping[str, Check]:
    """Every check by name, sorted: ours first found, then those of installed packages.

    A package's check that cannot be loaded stands here too, and crashes when it is run, so that
    the report shows it and the other checks still judge.
    """
    found = {check.name: check for check in _builtin()}
    plugins: dict[str, EntryPoint] = {}
    for entry_point in entry_points(group=ENTRY_POINT_GROUP):
        check = _plugin(entry_point, taken=found)
        found[check.name] = check
        plugins[check.name] = entry_point
    for name, error in _unresolved(found, plugins):
        del found[name]
        check = _broken(plugins[name], error)
        found[check.name] = check
    return dict(sorted(found.items()))


def _unresolved(checks: Mapping[str, Check], names: Iterable[str]) -> list[tuple[str, BrokenCheckError]]:
    """Those of ``names`` whose requirements do not resolve, each with what is wrong."""
    found = []
    for name in names:
        try:
            with_requirements(checks, [name])
        except BrokenCheckError as error:
            found.append((name, error))
    return found


def _builtin() -> Iterator[Check]:
    for family in pkgutil.iter_modules(builtin_checks.__path__, f"{builtin_checks.__name__}."):
        package = importlib.import_module(family.name)
        for slug in pkgutil.iter_modules(package.__path__, f"{family.name}."):
            yield check_in(importlib.import_module(slug.name))


def check_in(module: object) -> Check:
    """The one check that ``module`` declares. Raises :class:`BrokenCheckError`."""
    declared = [value for value in vars(module).values() if isinstance(value, Check)]
    if len(declared) != 1:
        name = getattr(module, "__name__", module)
        raise BrokenCheckError(f"{name} declares {len(declared)} checks; a file has exactly one @check(…).")
    return declared[0]


def _plugin(entry_point: EntryPoint, taken: Mapping[str, Check]) -> Check:
    try:
        _require_name(entry_point.name, taken)
        loaded = entry_point.load()
        check = loaded if isinstance(loaded, Check) else check_in(loaded)
        _require_types(check.severity, check.needs)
        return dataclasses.replace(check, name=entry_point.name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - another package's code must not stop ours
        return _broken(entry_point, error)


def _require_name(name: str, taken: Container[str]) -> None:
    if not NAME.fullmatch(name):
        raise BrokenCheckError(
            f"The entry point {name!r} must be named family.slug, such as acme.queue-depth."
        )
    if name in taken:
        raise BrokenCheckError(f"The name {name} is taken by another check.")


def _require_types(severity: object, needs: Iterable[object]) -> None:
    if not isinstance(severity, Severity) or not all(isinstance(need, Need) for need in needs):
        raise BrokenCheckError("A check's severity must be a Severity, and each of its needs a Need.")


def _broken(entry_point: EntryPoint, error: BaseException) -> Check:
    def judge(facts: Facts) -> Iterable[Finding]:  # noqa: ARG001 - what every check takes
        raise error

    slug = re.sub(r"[^a-z0-9]+", "-", entry_point.name.lower()).strip("-") or "unnamed"
    return Check(name=f"plugin.{slug}", severity=Severity.INFO, judge=judge, needs=frozenset())


def select(
    checks: Mapping[str, Check], only: Iterable[str] = (), skip: Iterable[str] = ()
) -> Mapping[str, Check]:
    """The checks that ``only`` names (all, when empty) without those that ``skip`` names.

    A selector is a check's name or a family. Raises :class:`UnknownSelectorError`.
    """
    wanted = _named(checks, only) or set(checks)
    unwanted = _named(checks, skip)
    return {name: check for name, check in checks.items() if name in wanted and name not in unwanted}


def _named(checks: Mapping[str, Check], selectors: Iterable[str]) -> set[str]:
    names: set[str] = set()
    for selector in selectors:
        matched = {name for name, check in checks.items() if selector in (name, check.family)}
        if not matched:
            raise UnknownSelectorError(_unknown(checks, selector))
        names |= matched
    return names


def _unknown(checks: Mapping[str, Check], selector: str) -> str:
    known = sorted({*checks, *(check.family for check in checks.values())})
    nearest = difflib.get_close_matches(selector, known, n=1)
    guess = f" Did you mean {nearest[0]}?" if nearest else ""
    return f"{selector!r} is neither a check nor a family.{guess} See prodcheck --list."


def with_requirements(checks: Mapping[str, Check], selected: Iterable[str]) -> list[Check]:
    """The selected checks and all they require, each after what it requires.

    Raises :class:`BrokenCheckError` for a requirement that does not exist or requires itself.
    """
    ordered: dict[str, Check] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name in path or name not in checks:
            trail = " -> ".join([*path, name])
            raise BrokenCheckError(f"The requirements of checks do not resolve: {trail}.")
        path.append(name)
        for required in checks[name].requires:
            visit(required)
        path.pop()
        ordered[name] = checks[name]

    for name in selected:
        visit(name)
    return list(ordered.values())
