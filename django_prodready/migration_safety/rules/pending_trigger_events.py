"""Rows and schema of one table change in one transaction, which PostgreSQL refuses.

What happens
------------
Django's foreign keys are checked at the end of the transaction. Once rows were written, their checks are
pending, and an `ALTER TABLE` in the same transaction fails: "cannot ALTER TABLE because it has pending
trigger events".

Why it matters
--------------
It depends on rows: the migration passes on an empty database, in tests and in review, and fails in
production.

The safe way
------------
Two migrations: one for the rows, one for the schema.

When it is intended
-------------------
Never.

References
----------
[SET CONSTRAINTS](https://www.postgresql.org/docs/current/sql-set-constraints.html),
[data migrations](https://docs.djangoproject.com/en/stable/topics/migrations/#data-migrations)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Constraint, Kind, Table
from django_prodready.migration_safety.static.view import Act, View

_CODE = """
def add_book(apps, schema_editor):
    Book = apps.get_model("shop", "Book")
    Book.objects.create(author_id=1, title="New", isbn="1", price=1, published="2026-01-01")


def add_author(apps, schema_editor):
    apps.get_model("shop", "Author").objects.create(name="New")
"""
_COLUMN = 'migrations.AddField("book", "colour", models.IntegerField(null=True)),'
_NO_KEY = 'migrations.RunSQL("UPDATE shop_book SET stock = 1 WHERE id = 1"),'
UNSAFE = (
    Example(operations=f"migrations.RunPython(add_book), {_COLUMN}", code=_CODE),
    Example(
        operations="""
migrations.RunSQL(
    "INSERT INTO shop_book (author_id, title, isbn, price, stock, published) "
    "SELECT author_id, title, 'copy', price, 0, published FROM shop_book LIMIT 1"
),
migrations.AddIndex("book", models.Index(fields=["stock"], name="book_stock")),
"""
    ),
    Example(
        operations="""
migrations.RunSQL("DELETE FROM shop_author WHERE name LIKE 'Test %'"),
migrations.AddField("author", "born", models.IntegerField(null=True)),
""",
        deployed="migrations.RunSQL(\"INSERT INTO shop_author (name) VALUES ('Test one')\")",
    ),
)
SAFE = (
    Example(operations=f"{_COLUMN} migrations.RunPython(add_book),", code=_CODE),
    Example(operations=f"migrations.RunPython(add_book), {_COLUMN}", code=_CODE, atomic=False),
    Example(
        operations="""
migrations.RunPython(add_author),
migrations.AddField("author", "born", models.IntegerField(null=True)),
""",
        code=_CODE,
    ),
    Example(operations=_NO_KEY + _COLUMN),
    Example(
        operations=f"""
migrations.RunPython(add_book),
migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),
{_COLUMN}
""",
        code=_CODE,
    ),
)
# What PostgreSQL refuses while checks are pending; renaming, dropping an index and locking are allowed.
_REFUSED = (
    e.AddColumn,
    e.AddConstraint,
    e.AlterType,
    e.CreateIndex,
    e.DropColumn,
    e.DropConstraint,
    e.DropNotNull,
    e.DropTable,
    e.RewriteTable,
    e.SetDefault,
    e.SetIdentity,
    e.SetNotNull,
    e.Truncate,
    e.ValidateConstraint,
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table that is altered while checks of foreign keys are pending on it."""
    transaction, pending, immediate = -1, dict[str, set[str]](), set[str]()
    for act in view.acts:
        effect = act.effect
        if act.transaction != transaction:
            transaction, pending, immediate = act.transaction, {}, set()
        if isinstance(effect, r.Immediate):
            immediate = _switched(effect, pending, immediate)
        elif isinstance(effect, e.RenameTable):
            pending[effect.new] = pending.pop(effect.table, set())
        elif isinstance(effect, e.WriteRows):
            keys = set() if "" in immediate else _put_off(act, effect, view)
            pending.setdefault(effect.table, set()).update(keys - immediate)
        elif isinstance(effect, _REFUSED):
            immediate |= _as_django_does(effect, act, pending)
            if pending.get(effect.table):
                yield view.harm("pending-trigger-events", act)


def _switched(effect: r.Immediate, pending: Mapping[str, set[str]], immediate: set[str]) -> set[str]:
    """Follow SET CONSTRAINTS; return those that are checked at once from now on, "" for all."""
    names = set(effect.names or ("",))
    if not effect.is_over:
        _check_now(effect.names, pending)
        return immediate | names
    return immediate - names if effect.names else set()


def _check_now(names: tuple[str, ...], pending: Mapping[str, set[str]]) -> None:
    """Take these foreign keys off the list; all of them where none is named."""
    for keys in pending.values():
        keys.difference_update(names or tuple(keys))


def _as_django_does(effect: e.Effect, act: Act, pending: Mapping[str, set[str]]) -> set[str]:
    """Have the checks done of a foreign key that Django drops; return the one that it adds."""
    if effect.origin.operation.startswith("Run"):
        return set()
    if isinstance(effect, e.DropConstraint):
        _check_now((effect.name,), pending)
    if isinstance(effect, e.DropColumn):
        keys = act.table.of_kind(Kind.FOREIGN_KEY) if act.table is not None else ()
        for key in keys:
            if effect.column in key.columns:
                _check_now((key.name,), pending)
    return {effect.constraint.name} if isinstance(effect, e.AddConstraint) else set()


def _put_off(act: Act, effect: e.WriteRows, view: View) -> set[str]:
    """Name the foreign keys whose checks wait for the end of the transaction."""
    if isinstance(effect, r.Write) and not effect.is_certain:
        return set()
    own = act.table.of_kind(Kind.FOREIGN_KEY) if act.table is not None else ()
    if effect.verb == "DELETE":
        own = tuple(_referencing(effect.table, view.before.values()))
    written = effect.columns if isinstance(effect, r.Write) and effect.verb == "UPDATE" else None
    return {
        key.name
        for key in own
        if key.is_deferred and (written is None or not set(written).isdisjoint(key.columns))
    }


def _referencing(table: str, tables: Iterable[Table]) -> Iterator[Constraint]:
    for one in tables:
        yield from (key for key in one.of_kind(Kind.FOREIGN_KEY) if key.to_table == table)


def word(harm: Harm) -> Words:
    """Say that it fails where there are rows."""
    return Words(
        message=f"The migration fails once there are rows: {words.table(harm)} is altered after rows were "
        "written in the "
        "same transaction, while checks of its foreign keys are pending.",
        hint="Split the migration: one for the rows, one for the schema.",
        safe_way=words.plan(
            "A migration with the operation that writes rows.",
            "A migration after it with the operations that change the schema.",
        ),
    )


RULE = declare(category=Category.FAILS, word=word, infer=infer)
