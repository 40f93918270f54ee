"""The effects of adding and dropping columns and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import postgres, volatility
from django_prodready.migration_safety.static.catalogue import Catalogue, Constraint, Index, Kind
from django_prodready.migration_safety.static.dependents import computed_from, taken_along
from django_prodready.migration_safety.static.fields import FieldFacts, related_type
from django_prodready.migration_safety.static.models import PairTable
from django_prodready.migration_safety.static.volatility import Volatility


def create_table(
    table: str, fields: Iterable[FieldFacts], source: e.Origin, constraints: tuple[Constraint, ...] = ()
) -> Iterator[e.Effect]:
    """Create a table with all that its fields bring along."""
    present = [facts for facts in fields if facts.column is not None]
    inline = [one for facts in present for one in own_constraints(table, facts)]
    yield e.CreateTable(
        table=table,
        origin=source,
        columns=tuple(facts.as_column for facts in present),
        constraints=(*inline, *constraints),
    )
    for facts in present:
        key = foreign_key(table, facts)
        if key is not None:
            yield e.AddConstraint(table=table, origin=source, constraint=key, is_deferred=True)
        for index in own_indexes(table, facts):
            yield e.CreateIndex(table=table, origin=source, index=index, is_deferred=True)


def create_pairs(pair: PairTable, source: e.Origin) -> Iterator[e.Effect]:
    """Create the table of a many-to-many field."""
    names = (pair.near.column or "", pair.far.column or "")
    unique = Constraint(name=postgres.index_name(pair.table, names, "_uniq"), kind=Kind.UNIQUE, columns=names)
    yield from create_table(pair.table, (pair.id, pair.near, pair.far), source, (unique,))


def add_column(
    table: str, facts: FieldFacts, catalogue: Catalogue, source: e.Origin, *, fills: bool
) -> Iterator[e.Effect]:
    """Add a column to a table. ``fills``: existing rows get the default that Django computes."""
    if facts.column is None:  # a GenericForeignKey's kin
        return
    if facts.generated is not None and volatility.changes(facts.field.expression):
        reason = "a generated column is to have the same value at any time, and its expression has not"
        yield e.Fails(table=table, origin=source, reason=reason)
        return
    fill = _fill(facts, catalogue, fills=fills)
    yield e.AddColumn(
        table=table,
        origin=source,
        column=facts.as_column,
        fill=fill,
        default=_default_in_words(facts),
    )
    for one in own_constraints(table, facts):
        yield e.AddConstraint(table=table, origin=source, constraint=one)
    key = foreign_key(table, facts)
    if key is not None:
        yield e.AddConstraint(table=table, origin=source, constraint=key, rows_are_null=fill is e.Fill.NULL)
    for index in own_indexes(table, facts):
        yield e.CreateIndex(table=table, origin=source, index=index, is_deferred=True)


def drop_column(table: str, column: str, catalogue: Catalogue, source: e.Origin) -> Iterator[e.Effect]:
    """Drop a column, with CASCADE where Django does."""
    is_cascading = "CASCADE" in BaseDatabaseSchemaEditor.sql_delete_column  # until Django 5.2
    if is_cascading:
        for view in taken_along(catalogue, table, column):
            yield e.DropTable(table=view, origin=source, is_cascading=True)
        for other in computed_from(catalogue.get(table), column):
            yield e.DropColumn(table=table, origin=source, column=other, is_cascading=True)
    yield e.DropColumn(table=table, origin=source, column=column, is_cascading=is_cascading)


def own_constraints(table: str, facts: FieldFacts) -> Iterator[Constraint]:
    """Name what PostgreSQL makes of PRIMARY KEY, UNIQUE and CHECK in the definition of a column."""
    column = (facts.column or "",)
    if facts.primary_key:
        yield Constraint(name=f"{table}_pkey", kind=Kind.PRIMARY_KEY, columns=column)
    elif facts.unique:
        yield Constraint(name=f"{table}_{column[0]}_key", kind=Kind.UNIQUE, columns=column)
    if facts.is_positive:
        yield Constraint(name=f"{table}_{column[0]}_check", kind=Kind.CHECK, columns=column)


def own_indexes(table: str, facts: FieldFacts) -> Iterator[Index]:
    """Name the indexes that a field brings along."""
    column = (facts.column or "",)
    if facts.db_index and not facts.unique:
        yield Index(name=postgres.index_name(table, column, ""), columns=column)
    if (facts.db_index or facts.unique) and facts.has_like_index:
        yield like_index(table, facts)


def like_index(table: str, facts: FieldFacts) -> Index:
    """Name the second index of a text column, which serves LIKE."""
    column = (facts.column or "",)
    kind = "text" if facts.type == "text" else "varchar"
    return Index(
        name=postgres.index_name(table, column, "_like"), columns=column, opclass=f"{kind}_pattern_ops"
    )


def foreign_key(table: str, facts: FieldFacts) -> Constraint | None:
    """Name the constraint of a foreign key; None where there is none."""
    relation = facts.relation
    if relation is None or not relation.has_constraint or facts.column is None:
        return None
    return Constraint(
        name=postgres.foreign_key_name(table, facts.column, relation.table, relation.column),
        kind=Kind.FOREIGN_KEY,
        columns=(facts.column,),
        to_table=relation.table,
        to_columns=(relation.column,),
    )


def related_column_type(facts: FieldFacts) -> str | None:
    """Return the type that columns referencing the field get; None where it is not known."""
    type_ = related_type(facts)
    return None if type_ is None or type_.startswith("?") else type_


def _fill(facts: FieldFacts, catalogue: Catalogue, *, fills: bool) -> e.Fill:
    if facts.generated == "stored":
        return e.Fill.STORED
    if facts.generated == "virtual":
        return e.Fill.NULL
    if facts.is_auto:
        return e.Fill.VOLATILE
    if facts.has_db_default:
        if volatility.of(facts.db_default, catalogue) is not Volatility.CONSTANT:
            return e.Fill.VOLATILE
        return e.Fill.CONSTANT if facts.db_default is not None else _without_default(facts)
    return e.Fill.CONSTANT if fills else _without_default(facts)


def _without_default(facts: FieldFacts) -> e.Fill:
    return e.Fill.NULL if facts.null and not facts.primary_key else e.Fill.NOTHING


def _default_in_words(facts: FieldFacts) -> str:
    if facts.is_auto:
        return "a sequence"
    return type(facts.db_default).__name__ if facts.has_db_default else ""
