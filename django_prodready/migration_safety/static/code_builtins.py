"""Follows Python's builtins, and what Django and psycopg have that is known by name."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import models as django_models
from django.db import transaction

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static.code_names import Names

_CONSTRAINTS = (django_models.CheckConstraint, django_models.UniqueConstraint)
_PASSES_ITEMS: tuple[Any, ...] = (list, tuple, set, sorted, reversed, iter, filter)
_ASKS: tuple[Any, ...] = (len, any, all, sum, min, max, next, bool, str, int)
_HARMLESS: tuple[Any, ...] = (print, repr, isinstance, hasattr, type, id, hash)


class Builtins(Names):
    """Finds what builtins return."""

    def builtin(self, target: Any, given: list[v.Value], named: dict[str, v.Value]) -> v.Value | None:
        """Follow what is known by name; None for all else."""
        known = _of_django(target, given, named)
        if known is not None:
            return known
        if not given:
            return self._made(target)
        first = given[0]
        name = getattr(target, "__name__", "")
        if name in ("islice", "Paginator", "batched", "chunked"):
            return self._in_parts(name, first)
        if target in (getattr, setattr) and len(given) > 1:
            return self._by_name(given, is_set=target is setattr)
        if target in _HARMLESS:
            return v.UNKNOWN
        if target in (copy.copy, copy.deepcopy) and isinstance(first, v.Part):
            return first.copied()
        return self._of_items(target, given) or _of_psycopg(name, first)

    def _of_items(self, target: Any, given: list[v.Value]) -> v.Value | None:
        """Follow a builtin that goes through a list, or makes one."""
        first = given[0]
        if target is range:
            return self._range(given)
        if target in (enumerate, zip):
            items = [self.item_of(one) for one in given]
            return v.Items(v.Constant([v.UNKNOWN, *items] if target is enumerate else items), self.orm.loops)
        if target in _ASKS:
            self.looked_at(first)
            return v.Varying(share) if (share := v.covers(first)) is not None else v.UNKNOWN
        if target in _PASSES_ITEMS:
            return self._listed(given[-1] if target is filter else first)
        return None

    def _in_parts(self, name: str, whole: v.Value) -> v.Value:
        """Take rows in parts: one of them, or one after the other."""
        part = whole.sliced() if isinstance(whole, v.Rows) else whole
        return part if name == "islice" else v.Items(part, self.orm.loops)

    def _made(self, target: Any) -> v.Value | None:
        if target is super:
            own = next((one for one in self.local.values() if isinstance(one, v.Own)), None)
            return v.Inherited(own, self.names.get("__class__"))
        if target in (list, set):
            return v.Items(loops=self.orm.loops)
        return v.Now() if getattr(target, "__name__", "") == "now" else None

    def _range(self, given: Sequence[v.Value]) -> v.Value:
        if all(isinstance(one, v.Constant) for one in given):
            return v.UNKNOWN
        return v.Items(v.Varying(), self.orm.loops)

    def _listed(self, value: v.Value) -> v.Value:
        """What list() makes of something: rows that are fetched stay rows."""
        if isinstance(value, v.Rows):
            self.orm.iterate(value)
            return replace(value, is_fetched=True, is_locked=False)
        return value

    def _by_name(self, given: Sequence[v.Value], *, is_set: bool) -> v.Value:
        """Follow ``getattr`` and ``setattr``."""
        owner, name, *rest = given
        text = name.value if isinstance(name, v.Constant) else ""
        doubts = self.orm.doubts
        self.orm.doubts += is_set or bool(rest)
        found = self.attribute(owner, str(text)) if text else v.UNKNOWN
        self.orm.doubts = doubts
        if isinstance(owner, v.Row) and is_set and rest:
            owner.changed[str(text)] = rest[0]
        return found


def _of_django(target: Any, given: list[v.Value], named: dict[str, v.Value]) -> v.Value | None:
    """Follow conditions, references to fields, constraints and transactions."""
    if target is django_models.Q:
        return v.Condition("and", tuple(named.items()), tuple(given))
    if target is transaction.atomic:
        return v.Atomic()
    if isinstance(target, type) and issubclass(target, _CONSTRAINTS):
        name = named.get("name")
        return v.Made(target, str(name.value) if isinstance(name, v.Constant) else "")
    first = given[0] if given else v.UNKNOWN
    if isinstance(first, v.Constant) and target is django_models.F:
        return v.Reference((str(first.value),))
    if isinstance(first, v.Constant) and target in (django_models.Max, django_models.Min):
        return v.Extreme(str(first.value))
    return None


def _of_psycopg(name: str, first: v.Value) -> v.Value | None:
    """Follow psycopg.sql, which puts statements together."""
    if name not in ("SQL", "Identifier") or not isinstance(first, v.Constant):
        return None
    return first if name == "SQL" else v.Constant(f'"{first.value}"')
