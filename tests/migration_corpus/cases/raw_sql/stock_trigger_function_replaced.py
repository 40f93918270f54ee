"""The function behind a trigger is written anew and the trigger narrowed to one column.

verdict: safe
reason: Functions and triggers are the catalogue's; the statements within the function run when the shop
    writes, not now.
"""

from django.db import migrations, models

WATCH_OLD = """
CREATE OR REPLACE FUNCTION depot_shelf_watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO depot_shelf_change (shelf, pieces) VALUES (NEW.id, NEW.pieces);
    RETURN NULL;
END
$$
"""
WATCH_NEW = """
CREATE OR REPLACE FUNCTION depot_shelf_watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE depot_shelf_change SET pieces = NEW.pieces WHERE shelf = NEW.id;
    IF NOT FOUND THEN
        INSERT INTO depot_shelf_change (shelf, pieces) VALUES (NEW.id, NEW.pieces);
    END IF;
    RETURN NULL;
END
$$
"""


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shelf",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("aisle", models.CharField(max_length=8)),
                ("pieces", models.IntegerField(default=0)),
            ],
            options={"db_table": "depot_shelf"},
        ),
        migrations.CreateModel(
            "ShelfChange",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("shelf", models.BigIntegerField(db_index=True)),
                ("pieces", models.IntegerField()),
            ],
            options={"db_table": "depot_shelf_change"},
        ),
        migrations.RunSQL(WATCH_OLD, "DROP FUNCTION depot_shelf_watch()"),
        migrations.RunSQL(
            "CREATE TRIGGER shelf_watch AFTER UPDATE ON depot_shelf "
            "FOR EACH ROW EXECUTE FUNCTION depot_shelf_watch()",
            "DROP TRIGGER shelf_watch ON depot_shelf",
        ),
    ]


class WatchPieces(migrations.Migration):
    dependencies = [("stock_trigger_function_replaced", "0001_initial")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.RunSQL(WATCH_NEW, WATCH_OLD),
        migrations.RunSQL(
            "CREATE OR REPLACE TRIGGER shelf_watch AFTER UPDATE OF pieces ON depot_shelf "
            "FOR EACH ROW EXECUTE FUNCTION depot_shelf_watch()",
            "CREATE OR REPLACE TRIGGER shelf_watch AFTER UPDATE ON depot_shelf "
            "FOR EACH ROW EXECUTE FUNCTION depot_shelf_watch()",
        ),
    ]
