"""Django's system checks of ``PRODREADY["PROBES"]``. Importing registers them.

No message holds the value of an option: it may be a password. What is wrong with the types of the
entries' own keys is said by :mod:`~django_prodready.health.system_checks`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name
from django.core.exceptions import ImproperlyConfigured

from django_prodready.conf import get_config
from django_prodready.health.probe import Probe
from django_prodready.health.probe_set import (
    BUILT_IN,
    Entry,
    NotAProbeError,
    dotted_path,
    entries,
    load_class,
)

_UNKNOWN, _NO_CLASS, _OPTIONS, _TWICE, _NAME, _NOTHING = (
    f"django_prodready.{code}" for code in ("E003", "E004", "E005", "E006", "E007", "W002")
)
_USABLE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_TELLING_LENGTH = 6  # a text this long in a message may be the value of an option


@register
def check_probes(**_: Any) -> list[CheckMessage]:
    """Report every entry of PROBES that names, makes or adds no probe."""
    configured = entries()
    return [
        *_unknown_names(),
        *_unusable_names(configured),
        *_unbuildable(configured),
        *_duplicates(configured),
        *_nothing_asked(configured),
    ]


def _unknown_names() -> Iterator[Error]:
    for name, entry in get_config().probes.items():
        if name in BUILT_IN or (entry is not None and "PROBE" in entry):
            continue
        nearest = _nearest(name, BUILT_IN)
        rename = f"Rename it to {nearest!r}" if nearest else f"Use one of: {', '.join(BUILT_IN)}"
        if entry is None:
            yield Error(f"{_place(name)} removes a probe that does not exist.", f"{rename}.", id=_UNKNOWN)
        else:
            yield Error(
                f"{_place(name)} has no PROBE, and no built-in probe has this name.",
                f"{rename}, or set PROBE to the dotted path of a subclass of django_prodready.health.Probe.",
                id=_UNKNOWN,
            )


def _unusable_names(configured: Mapping[str, Entry]) -> Iterator[Error]:
    words = [(f"{_place(name)} is a name", name) for name in configured]
    words += [
        (f"{_place(name)}['GROUPS'] has {group!r}", group)
        for name, entry in configured.items()
        for group in entry.get("GROUPS", ())
    ]
    for place, word in words:
        if not _USABLE_NAME.fullmatch(word):
            yield Error(
                f"{place} that does not fit into a query string and a metric's label.",
                "Use letters, digits, and any of _ - . only.",
                id=_NAME,
            )


def _unbuildable(configured: Mapping[str, Entry]) -> Iterator[Error]:
    for name, entry in configured.items():
        path = dotted_path(name, entry)
        if path is None:
            continue
        try:
            probe_class = load_class(path)
        except NotAProbeError as error:
            yield _no_class(name, str(error))
        except Exception as error:  # noqa: BLE001 - any code may run while a project's module is imported
            yield _no_class(name, f"cannot be imported ({type(error).__name__})")
        else:
            yield from _wrong_options(name, probe_class, entry.get("OPTIONS", {}))


def _no_class(name: str, what: str) -> Error:
    return Error(
        f"{_place(name)}['PROBE'] {what}. The probe {name} is down until it is.",
        "Set PROBE to the dotted path of a subclass of django_prodready.health.Probe.",
        id=_NO_CLASS,
    )


def _wrong_options(name: str, probe_class: type[Probe], options: Mapping[Any, Any] | None) -> Iterator[Error]:
    if options is None:
        return
    place = f"{_place(name)}['OPTIONS']"
    problems = list(_mismatches(place, inspect.signature(probe_class), options))
    if problems:
        yield from problems
        return
    try:
        probe_class(**options)
    except Exception as error:  # noqa: BLE001 - a project's own constructor may raise anything
        told = _sentence(probe_class, error, options) or f"The constructor raised {type(error).__name__}."
        yield Error(f"{place} make no probe. {told}", "Correct the option that is wrong.", id=_OPTIONS)


def _mismatches(place: str, signature: inspect.Signature, options: Mapping[Any, Any]) -> Iterator[Error]:
    parameters = signature.parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return
    known = [parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL]
    for option in options:
        if option not in known:
            nearest = _nearest(str(option), known)
            rename = f"Rename it to {nearest!r}" if nearest else f"Known are: {', '.join(known) or 'none'}"
            yield Error(f"{place}[{option!r}] is not an option of this probe.", f"{rename}.", id=_OPTIONS)
    for parameter in parameters:
        is_needed = parameter.name in known and parameter.default is parameter.empty
        if is_needed and parameter.name not in options:
            yield Error(
                f"{place} lacks {parameter.name!r}, which this probe needs.",
                f"Add {parameter.name!r} to OPTIONS.",
                id=_OPTIONS,
            )


def _sentence(probe_class: type[Probe], error: Exception, options: Mapping[Any, Any]) -> str | None:
    """Return what one of our own constructors says; a foreign one's text may hold anything."""
    is_ours = probe_class.__module__.startswith("django_prodready.")
    text = str(error)
    tells_a_value = any(
        isinstance(value, str) and len(value) >= _TELLING_LENGTH and value in text
        for value in options.values()
    )
    if is_ours and isinstance(error, ValueError | ImproperlyConfigured) and not tells_a_value:
        return text
    return None


def _duplicates(configured: Mapping[str, Entry]) -> Iterator[Error]:
    for first, second in combinations(configured, 2):
        if first.casefold() == second.casefold():
            yield Error(
                f"The probes {first!r} and {second!r} differ in nothing but case.", "Rename one.", id=_TWICE
            )
        elif _asks_the_same(*((name, configured[name]) for name in (first, second))):
            yield Error(
                f"The probes {first!r} and {second!r} have the same PROBE and the same OPTIONS.",
                f"Give one other OPTIONS, or remove {second!r}.",
                id=_TWICE,
            )
    for name, entry in configured.items():
        groups = entry.get("GROUPS", ())
        for group in sorted({group for group in groups if groups.count(group) > 1}):
            yield Error(f"{_place(name)}['GROUPS'] has {group!r} twice.", "Remove one.", id=_TWICE)


def _asks_the_same(first: tuple[str, Entry], second: tuple[str, Entry]) -> bool:
    paths = {dotted_path(*named) for named in (first, second)}
    return None not in paths and len(paths) == 1 and _options(first[1]) == _options(second[1])


def _options(entry: Entry) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = entry.get("OPTIONS", {})
    return found


def _nothing_asked(configured: Mapping[str, Entry]) -> Iterator[Warning]:
    path = get_config().ready_path
    if path is None or any("ready" in entry.get("GROUPS", ("ready",)) for entry in configured.values()):
        return
    yield Warning(
        f"No probe is asked for /{path}, which therefore answers 200 whatever happens.",
        "Add a probe to PRODREADY['PROBES'], or set PRODREADY['READY_PATH'] to None.",
        id=_NOTHING,
    )


def _place(name: str) -> str:
    return f"PRODREADY['PROBES'][{name!r}]"


def _nearest(name: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # only a mistake needs it, and it is slow to import

    return next(iter(get_close_matches(name.casefold(), list(known), n=1)), None)
