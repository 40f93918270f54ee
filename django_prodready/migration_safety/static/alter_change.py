"""A field before and after it is altered."""

from __future__ import annotations

from dataclasses import dataclass

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field before and after, in a table under its new name."""

    scope: Scope
    table: str
    old: FieldFacts
    new: FieldFacts
    fills: bool  # existing rows get a value that Django computes
    has_default: bool = False  # the field says default=
    origin: e.Origin

    @property
    def column(self) -> str:
        """The column's new name."""
        return self.new.column or ""

    @property
    def changes_type(self) -> bool:
        """Whether the column gets another type or collation."""
        return self.old.type != self.new.type or self.old.collation != self.new.collation
