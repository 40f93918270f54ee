"""Which rows a run changed, by what PostgreSQL writes into each version of a row."""

from __future__ import annotations

from django.db import models, transaction
from prodready_histories import History, emptied
from prodready_schema import ALIAS, Schema

from django_prodready.migration_safety.trace import catalog, versions
from django_prodready.migration_safety.trace.versions import Changed


def relation_of(schema: Schema, name: str) -> catalog.Relation:
    found = catalog.relations(schema.connection)
    return next(relation for relation in found.values() if relation.name == name)


def test_rows_of_the_open_transaction_are_told_from_newer_ones(schema: Schema) -> None:
    schema.table({"n": models.IntegerField()})
    schema.sql("INSERT INTO shop_thing (n) SELECT generate_series(1, 4)")
    thing = relation_of(schema, "shop_thing")
    since = versions.next_savepoint(schema.connection, [thing])
    assert versions.next_savepoint(schema.connection, []) == 1
    with transaction.atomic(ALIAS):
        schema.sql("UPDATE shop_thing SET n = 0 WHERE n < 3")
    assert versions.count_newer(schema.connection, [thing.oid], since) == {thing.oid: 2}
    schema.sql("DROP TABLE shop_thing")
    assert versions.count_newer(schema.connection, [thing.oid], since) == {}


def test_what_others_committed_is_seen_by_the_versions(history: History) -> None:
    connection = history.connection
    with emptied(connection), connection.cursor() as cursor:
        for name in ("kept", "swept", "made_anew", "gone"):
            cursor.execute(f"CREATE TABLE {name} AS SELECT generate_series(1, 10) AS n")
        before = catalog.relations(connection)
        oids = {relation.name: oid for oid, relation in before.items()}
        since = versions.next_transaction(connection)
        cursor.execute("UPDATE kept SET n = 0 WHERE n < 4")
        cursor.execute("UPDATE kept SET n = 1 WHERE n > 8")
        cursor.execute("INSERT INTO kept SELECT 1")
        cursor.execute("DELETE FROM swept WHERE n < 8")
        cursor.execute("TRUNCATE made_anew")
        cursor.execute("DROP TABLE gone")
        found = versions.changed(connection, before, dict.fromkeys(oids.values(), 10), since)
        assert {*found} == {Changed(oids["kept"], 2, 0), Changed(oids["swept"], 0, 7)}
