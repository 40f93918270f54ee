"""Whether Django sends any SQL for an altered field, and whether two defaults are the same."""

from __future__ import annotations

from typing import Any

from django_prodready.migration_safety.static.fields import FieldFacts


def differs(old: FieldFacts, new: FieldFacts, ignoring: frozenset[str] = frozenset()) -> bool:
    """Whether Django alters the column: options that the database does not see do not count."""
    if old.column is not None and new.column is not None and old.column != new.column:
        return True
    if old.is_many_to_many and new.is_many_to_many and old.name != new.name:
        return True
    old_path, old_args, old_options = _taken_apart(old, ignoring)
    new_path, new_args, new_options = _taken_apart(new, ignoring)
    if _points_to_same_table(old, new):
        old_options.pop("to", None)
        new_options.pop("to", None)
    return (old_path, old_args, old_options) != (new_path, new_args, new_options)


def _taken_apart(facts: FieldFacts, ignoring: frozenset[str]) -> tuple[str, list[Any], dict[str, Any]]:
    _, path, args, options = facts.field.deconstruct()
    unseen = ignoring.union(facts.field.non_db_attrs)
    return path, list(args), {key: value for key, value in options.items() if key not in unseen}


def _points_to_same_table(old: FieldFacts, new: FieldFacts) -> bool:
    if old.relation is None or new.relation is None:
        return False
    return old.relation.table == new.relation.table


def defaults_differ(old: FieldFacts, new: FieldFacts) -> bool:
    """Whether Django sees another default than before: it calls a function twice and compares."""
    before, after = old.field.default, new.field.default
    if callable(before) or callable(after):
        return before is not after or after not in (dict, list, set, str, int, bool, float)
    return bool(before != after)
