"""Which of the configured probes an answer is about: ``?probe=``, ``?group=`` and ``?exclude=``.

Named probes and the probes of named groups add up; without either it is the group "ready". What is
excluded is then taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django_prodready.health.answer import refusal
from django_prodready.health.outcome import ProbeSpec
from django_prodready.health.query import EMPTY, Query

READY = "ready"

# Unknown names are told to who asked; not without bounds.
MAX_UNKNOWN = 10
MAX_CHARS = 64


def select(specs: Mapping[str, ProbeSpec], query: Query) -> Mapping[str, ProbeSpec]:
    """Return what ``query`` asks for of ``specs``, in their order.

    Raises:
        Refusal: a name is unknown.
    """
    if query is EMPTY:
        return _ready(specs)
    _refuse_unknown(specs, query)
    return _selected(specs, query)


def _selected(specs: Mapping[str, ProbeSpec], query: Query) -> Mapping[str, ProbeSpec]:
    groups = query.groups or (() if query.probes else (READY,))
    return {
        name: spec
        for name, spec in specs.items()
        if name not in query.excluded
        and (name in query.probes or any(group in groups for group in spec.groups))
    }


_last: tuple[Mapping[str, ProbeSpec], Mapping[str, ProbeSpec]] | None = None


def _ready(specs: Mapping[str, ProbeSpec]) -> Mapping[str, ProbeSpec]:
    """Return those of the group "ready", which nearly every request is about; worked out once per set."""
    global _last  # noqa: PLW0603 - it is replaced as a whole, so any thread reads a pair that belongs together
    known = _last
    if known is None or known[0] is not specs:
        known = _last = (specs, _selected(specs, EMPTY))
    return known[1]


def _refuse_unknown(specs: Mapping[str, ProbeSpec], query: Query) -> None:
    unknown = list(dict.fromkeys(_unknown(specs, query)))
    if unknown:
        told = [name[:MAX_CHARS] for name in unknown[:MAX_UNKNOWN]]
        raise refusal(404, {"status": "unknown_probe", "unknown": told})


def _unknown(specs: Mapping[str, ProbeSpec], query: Query) -> Iterator[str]:
    yield from (name for name in (*query.probes, *query.excluded) if name not in specs)
    if query.groups:
        groups = {READY}.union(*(spec.groups for spec in specs.values()))
        yield from (name for name in query.groups if name not in groups)
