"""What a field of a historical model is in the database: its column, type, default, relation."""

from __future__ import annotations

import contextlib
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.models import NOT_PROVIDED

from django_prodready.migration_safety.static.catalogue import Column
from django_prodready.migration_safety.static.names import mentioned
from django_prodready.migration_safety.static.postgres import AUTO, CONNECTION, POSITIVE

if TYPE_CHECKING:
    from django_prodready.migration_safety.static.models import Models


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Where a foreign key points to."""

    table: str
    column: str
    has_constraint: bool
    model: tuple[str, str]  # app label and lower-case name


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """A field, bound to its name."""

    name: str
    field: Any  # django.db.models.Field, a bound copy
    column: str | None  # None: no column, as with a many-to-many field
    type: str | None = None  # in PostgreSQL; "?…" where it is not known: then it only equals itself
    null: bool = False
    unique: bool = False
    primary_key: bool = False
    db_index: bool = False
    has_like_index: bool = False  # PostgreSQL gets a second index for LIKE
    collation: str | None = None
    comment: str | None = None
    is_positive: bool = False  # brings a CHECK along
    is_auto: bool = False
    generated: str | None = None  # "stored" or "virtual"
    fills: bool = False  # existing rows get a value that is computed in Python, once
    db_default: Any = NOT_PROVIDED
    relation: Relation | None = None
    parts: tuple[tuple[str, Any], ...] = field(default=(), compare=False)

    @property
    def has_db_default(self) -> bool:
        """Whether the database fills the column in."""
        return self.db_default is not NOT_PROVIDED

    @property
    def is_many_to_many(self) -> bool:
        """Whether it stands for a table of pairs."""
        return bool(self.field.many_to_many)

    @property
    def as_column(self) -> Column:
        """The column that Django makes of it; of a field that has one."""
        return Column(
            name=self.column or "",
            type=None if self.type is None or self.type.startswith("?") else self.type,
            is_nullable=self.null and not self.primary_key,
            has_default=self.has_db_default or self.is_auto,
            is_generated=self.generated is not None,
            computed_from=_computed_from(self.field),
            collation=self.collation,
        )


def read_field(name: str, unbound: Any, models: Models, key: tuple[str, str]) -> FieldFacts:
    """Bind a copy of a field to ``name`` and read it. ``key`` is its model's."""
    bound = copy.copy(unbound)
    bound.__dict__.pop("cached_col", None)
    bound.name = None  # makemigrations gives the field of a loaded migration the name that it has now
    bound.set_attributes_from_name(name)
    if bound.many_to_many:
        return FieldFacts(name=name, field=bound, column=None)
    relation, related = _relation(bound, models, key)
    type_ = related if relation is not None else type_of(bound)
    if type_ is None or bound.column is None:
        return FieldFacts(name=name, field=bound, column=None)
    internal = bound.get_internal_type()
    db_default = getattr(bound, "db_default", NOT_PROVIDED)
    collation = getattr(bound, "db_collation", None)
    return FieldFacts(
        name=name,
        field=bound,
        column=bound.column,
        type=type_,
        null=bool(bound.null),
        unique=bool(bound.unique),
        primary_key=bool(bound.primary_key),
        db_index=bool(bound.db_index),
        has_like_index=type_.startswith(("varchar", "text")) and "[" not in type_,
        collation=collation,
        comment=getattr(bound, "db_comment", None) or None,
        is_positive=internal in POSITIVE and relation is None,
        is_auto=internal in AUTO and relation is None,
        generated=_generated(bound),
        fills=fills_rows(bound),
        db_default=db_default,
        relation=relation,
    )


def type_of(bound: Any) -> str | None:
    """Return the type of a field's column in PostgreSQL; None where it has no column."""
    try:
        return _ask(bound, CONNECTION)
    except Exception:  # noqa: BLE001 - another package's code asks for more than the stand-in has
        return _type_elsewhere(bound)


def _ask(bound: Any, connection: Any) -> str | None:
    type_ = bound.db_parameters(connection=connection)["type"]
    return None if type_ is None else str(type_)


def _type_elsewhere(bound: Any) -> str:
    """Ask a configured PostgreSQL, which may have types that only its own engine knows (PostGIS)."""
    for alias in connections:
        if connections[alias].vendor == "postgresql":
            with contextlib.suppress(Exception):
                found = _ask(bound, connections[alias])
                if found is not None:
                    return found
    _, path, args, kwargs = bound.deconstruct()
    options = sorted((key, repr(value)) for key, value in kwargs.items() if key not in _NOT_OF_TYPE)
    return f"?{path}{args!r}{options!r}"


_NOT_OF_TYPE = frozenset(
    """
    blank choices db_column db_comment db_default db_index default editable error_messages help_text null
    primary_key related_name unique validators verbose_name
    """.split()  # noqa: SIM905 - words
)


def _generated(bound: Any) -> str | None:
    if not getattr(bound, "generated", False):
        return None
    return "stored" if bound.db_persist else "virtual"


def fills_rows(bound: Any) -> bool:
    """Whether Django gives existing rows a value when it adds the field. Calls no default."""
    if bound.has_default():
        return bound.default is not None
    if getattr(bound, "generated", False):
        return False
    if not bound.null and bound.blank and bound.empty_strings_allowed:
        return True
    return bool(getattr(bound, "auto_now", False) or getattr(bound, "auto_now_add", False))


def _computed_from(bound: Any) -> tuple[str, ...]:
    """Name the columns that a generated one mentions, by their fields' names and by those of foreign keys."""
    if not getattr(bound, "generated", False):
        return ()
    return tuple(column for name in mentioned(bound.expression) for column in (name, f"{name}_id"))


def _relation(bound: Any, models: Models, key: tuple[str, str]) -> tuple[Relation | None, str | None]:
    """Resolve where a foreign key points to, and the type of its column."""
    if bound.remote_field is None or not hasattr(bound, "db_constraint"):
        return None, None
    target = models.key_of(bound.remote_field.model, key)
    wanted = bound.remote_field.field_name or next(iter(getattr(bound, "to_fields", ()) or ()), None)
    found = models.target(target, wanted)
    if found is None:
        return None, None
    table, facts = found
    relation = Relation(
        table=table,
        column=facts.column or "id",
        has_constraint=bool(bound.db_constraint),
        model=target,
    )
    return relation, related_type(facts)


def related_type(facts: FieldFacts) -> str | None:
    """Return the type of a column that references the field."""
    if facts.relation is not None:
        return facts.type
    try:
        type_ = facts.field.rel_db_type(CONNECTION)
    except Exception:  # noqa: BLE001 - another package's code asks for more than the stand-in has
        return facts.type
    return str(type_) if type_ else facts.type
