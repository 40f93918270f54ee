import contextlib
import time

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import ProgrammingError, connections, migrations, models, transaction
from django.db.migrations import (
    AddConstraint,
    AddField,
    AlterField,
    AlterModelTable,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Upper
from prodready_schema import ALIAS

from django_prodready.migration_safety.trace import compatibility
from django_prodready.migration_safety.trace.compatibility import baseline, new_failures, probe
from django_prodready.migration_safety.trace.compatibility_touched import asks_the_same, models_to_probe
from django_prodready.migration_safety.trace.compatibility_words import KINDS, is_breakage


class Opaque(models.Field):
    """A field of an unknown type."""

    def db_type(self, connection):
        return "tid"


class Picky(models.CharField):
    """A field that takes nothing but its own kind of value."""

    def get_prep_value(self, value):
        if value is not None and not str(value).startswith("picky"):
            raise ValueError("not picky")
        return value


class Asking(models.CharField):
    """A field that asks the database for a table that is not there."""

    def get_prep_value(self, value):
        with contextlib.suppress(ProgrammingError), connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")
        with transaction.atomic(ALIAS), connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1")
        return value


def ask(schema, *found):
    return probe(found or schema.state.apps.get_models(), schema.connection)


def broken(event):
    """A trigger whose function names a column that is not there."""
    return RunSQL(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF TG_OP = 'INSERT' THEN NEW.nope := 1; ELSE PERFORM OLD.nope; END IF; RETURN NEW; END $$;"
        f"CREATE TRIGGER broken BEFORE {event} ON shop_thing FOR EACH ROW EXECUTE FUNCTION broken()"
    )


def told(failures):
    """What failures say, in short."""
    return [(each.kind, each.field, each.column, each.sqlstate) for each in failures]


FIELDS = {
    "name": lambda: models.CharField(max_length=20),
    "code": lambda: models.CharField(max_length=9, null=True, default="none"),
    "kind": lambda: models.CharField(max_length=9, choices=[("new", "New"), ("done", "Done")], default="new"),
    "size": models.IntegerField,
    "price": lambda: models.DecimalField(max_digits=8, decimal_places=2, null=True),
    "day": models.DateField,
    "data": models.JSONField,
    "words": lambda: ArrayField(models.CharField(max_length=9), default=list),
    "count": lambda: models.IntegerField(db_default=0),
    "text": models.TextField,
    "parent": lambda: models.ForeignKey("shop.Parent", models.CASCADE),
    "loose": lambda: models.ForeignKey(
        "shop.Parent", models.CASCADE, null=True, db_constraint=False, related_name="+"
    ),
}


@pytest.fixture
def thing(schema):
    """A table with a parent and tags, and the models of the release that is in production."""
    schema.table({"title": models.CharField(max_length=9)}, "Parent")
    schema.table({}, "Tag")
    fields = {name: make() for name, make in FIELDS.items()}
    schema.table(fields | {"tags": models.ManyToManyField("shop.Tag")}, ordering=["-day", "parent__title"])
    return schema.model()


def test_what_fits_has_no_failure_and_leaves_nothing_behind(schema, thing):
    assert ask(schema) == ()
    assert schema.sql("SELECT count(*) FROM shop_thing") == [(0,)]
    schema.sql("ALTER TABLE shop_thing DROP COLUMN day")


def test_a_question_takes_little_time(schema, thing):
    ask(schema, thing)
    taken_s = []
    for _ in range(5):
        began_s = time.perf_counter()
        ask(schema, thing)
        taken_s.append(time.perf_counter() - began_s)
    assert min(taken_s) < 0.2  # some 10 ms where nothing else runs


SAFE = {
    "nullable column": AddField("thing", "more", models.IntegerField(null=True)),
    "stored default": AddField("thing", "more", models.IntegerField(db_default=3)),
    "longer": AlterField("thing", "name", models.CharField(max_length=30)),
    "text": AlterField("thing", "name", models.TextField()),
    "bigger": AlterField("thing", "size", models.BigIntegerField()),
    "nullable": AlterField("thing", "size", models.IntegerField(null=True)),
    "more digits": AlterField(
        "thing", "price", models.DecimalField(max_digits=9, decimal_places=2, null=True)
    ),
    "unique": AlterField("thing", "size", models.IntegerField(unique=True)),
    "check": AddConstraint("thing", CheckConstraint(condition=Q(size__gt=10_000), name="many")),
    "no name fits": AddConstraint("thing", CheckConstraint(condition=Q(name="other"), name="never")),
    "enough for the choices": AlterField("thing", "kind", models.CharField(max_length=4)),
    "enum": RunSQL(
        "CREATE TYPE kind AS ENUM ('new', 'done', 'more');"
        "ALTER TABLE shop_thing ALTER COLUMN kind TYPE kind USING kind::kind"
    ),
    "state only": SeparateDatabaseAndState(state_operations=[RemoveField("thing", "size")]),
    "trigger that forbids": RunSQL(
        "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
        "CREATE TRIGGER forbid BEFORE INSERT ON shop_thing EXECUTE FUNCTION forbid()"
    ),
}


@pytest.mark.parametrize("change", SAFE)
def test_changes_that_the_deployed_release_survives(schema, thing, change):
    before = baseline([thing], schema.connection)
    schema.apply(SAFE[change])
    assert [each for each in new_failures(ask(schema, thing), before) if each.kind != "bulk_create"] == []


UNSAFE = {
    "removed": (RemoveField("thing", "size"), [("select", "size", "size", "42703")]),
    "renamed": (
        RenameField("thing", "size", "width"),
        [("select", "size", "size", "42703"), ("insert", None, "width", "23502")],
    ),
    "ordering removed": (RemoveField("thing", "day"), [("select", "day", "day", "42703")]),
    "required": (
        AddField("thing", "more", models.IntegerField(default=0)),
        [("insert", None, "more", "23502")],
    ),
    "two required": (
        SeparateDatabaseAndState(
            [
                AddField("thing", "more", models.IntegerField(default=0)),
                AddField("thing", "even", models.CharField(max_length=3, default="a")),
                AlterField("thing", "name", models.CharField(max_length=8)),
            ],
        ),
        [
            ("insert", None, "more", "23502"),
            ("insert", None, "even", "23502"),
            ("insert_boundary", "name", "name", "22001"),
        ],
    ),
    "required of an unknown type": (
        RunSQL("ALTER TABLE shop_thing ADD COLUMN more tid NOT NULL"),
        [("insert", None, "more", "23502")],
    ),
    "no longer null": (
        RunSQL("ALTER TABLE shop_thing ALTER COLUMN price SET NOT NULL"),
        [("insert", "price", "price", "23502")],
    ),
    "null no more, with a default": (
        AlterField("thing", "code", models.CharField(max_length=9, default="none")),
        [("insert_null", "code", "code", "23502")],
    ),
    "stored default gone": (
        AlterField("thing", "count", models.IntegerField()),
        [("insert", "count", "count", "23502")],
    ),
    "shorter": (
        AlterField("thing", "name", models.CharField(max_length=10)),
        [("insert_boundary", "name", "name", "22001")],
    ),
    "limited": (
        AlterField("thing", "text", models.CharField(max_length=1000)),
        [("insert_boundary", "text", "text", "22001")],
    ),
    "smaller": (
        AlterField("thing", "size", models.SmallIntegerField()),
        [("insert_boundary", "size", "size", "22003"), ("insert_boundary", "size", "size", "22003")],
    ),
    "fewer digits": (
        AlterField("thing", "price", models.DecimalField(max_digits=7, decimal_places=2, null=True)),
        [("insert_boundary", "price", "price", "22003"), ("insert_boundary", "price", "price", "22003")],
    ),
    "another type": (
        RunSQL("ALTER TABLE shop_thing ALTER COLUMN size TYPE uuid USING gen_random_uuid()"),
        [
            ("filter", "size", "size", "42883"),
            ("insert", "size", "size", "42804"),
        ],
    ),
    "parent's type": (
        RunSQL("ALTER TABLE shop_thing ALTER COLUMN loose_id TYPE text"),
        [("filter", "loose", "loose_id", "42883"), ("join", "loose", "loose_id", "42883")],
    ),
    "value of an enum gone": (
        RunSQL(
            "CREATE TYPE kind AS ENUM ('new');"
            "ALTER TABLE shop_thing ALTER COLUMN kind TYPE kind USING 'new'::kind"
        ),
        [
            ("filter", "kind", "kind", "22P02"),
            ("insert_boundary", "kind", "kind", "22P02"),
            ("insert_boundary", "kind", "kind", "22P02"),
        ],
    ),
    "generated": (
        SeparateDatabaseAndState(
            [
                RemoveField("thing", "name"),
                AddField(
                    "thing",
                    "name",
                    models.GeneratedField(
                        expression=Upper("text"), output_field=models.TextField(), db_persist=True
                    ),
                ),
            ]
        ),
        [("insert", "name", "name", "428C9")],
    ),
    "removed, and another type": (
        SeparateDatabaseAndState(
            [
                RemoveField("thing", "day"),
                RunSQL("ALTER TABLE shop_thing ALTER COLUMN size TYPE uuid USING gen_random_uuid()"),
            ]
        ),
        [
            ("select", "day", "day", "42703"),
            ("filter", "size", "size", "42883"),
            ("insert", "size", "size", "42804"),
        ],
    ),
    "taken away again": (
        RunSQL(
            "CREATE FUNCTION empty() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN NEW.size := NULL; RETURN NEW; END $$;"
            "CREATE TRIGGER empty BEFORE INSERT ON shop_thing FOR EACH ROW EXECUTE FUNCTION empty()"
        ),
        [("insert", "size", "size", "23502")],
    ),
    "table removed": (DeleteModel("Thing"), [("select", None, None, "42P01")]),
    "table renamed": (AlterModelTable("thing", "wares"), [("select", None, None, "42P01")]),
    "parent removed": (
        RunSQL("ALTER TABLE shop_parent RENAME TO shop_ancestor"),
        [
            ("order", None, None, "42P01"),
            ("join", "parent", "parent_id", "42P01"),
            ("join", "loose", "loose_id", "42P01"),
        ],
    ),
    "tags renamed": (
        RenameField("thing", "tags", "labels"),
        [("m2m", "tags", None, "42P01")],
    ),
    "tags column renamed": (
        RunSQL("ALTER TABLE shop_thing_tags RENAME tag_id TO label_id"),
        [("m2m", "tags", "tag_id", "42703"), ("m2m", "tags", "label_id", "23502")],
    ),
    "broken trigger on insert": (broken("INSERT"), [("insert", None, None, "42703")]),
    "broken trigger on update": (broken("UPDATE"), [("update", None, None, "42703")]),
    "broken trigger on a column": (broken("UPDATE OF size"), [("update", "size", "size", "42703")]),
    "broken trigger on delete": (broken("DELETE"), [("delete", None, None, "42703")]),
}


def test_a_trigger_that_forbids_to_delete_breaks_no_code(schema, thing):
    before = baseline([thing], schema.connection)
    schema.apply(
        RunSQL(
            "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'kept for ten years'; END $$;"
            "CREATE TRIGGER kept BEFORE DELETE ON shop_thing FOR EACH ROW EXECUTE FUNCTION forbid()"
        )
    )
    assert told(new_failures(ask(schema, thing), before)) == []


def test_code_asks_the_same_of_a_model_that_nothing_has_changed():
    states = [ProjectState(), ProjectState()]
    for state in states:
        state.add_model(ModelState("shop", "Thing", [("id", models.BigAutoField(primary_key=True))]))
    one, other = states
    thing = one.apps.get_model("shop", "Thing")
    assert asks_the_same(thing, one, one.clone())
    assert not asks_the_same(thing, one, other)  # the field was made anew
    assert not asks_the_same(thing, ProjectState(), one)
    changed = one.clone()
    changed.alter_model_options("shop", "thing", {"ordering": ["id"]})
    assert not asks_the_same(thing, one, changed)


@pytest.mark.parametrize("change", UNSAFE)
def test_changes_that_break_the_deployed_release(schema, thing, change):
    operation, expected = UNSAFE[change]
    before = baseline([thing], schema.connection)
    schema.apply(operation)
    failures = new_failures(ask(schema, thing), before)
    assert told(failures) == expected
    assert {each.kind for each in failures} <= set(KINDS)
    assert {each.model for each in failures} == {"Thing"}


def test_the_new_models_on_a_schema_that_kept_a_column(schema, thing):
    schema.apply(SeparateDatabaseAndState(state_operations=[RemoveField("thing", "text")]))
    assert told(ask(schema, schema.model())) == [("insert", None, "text", "23502")]


def test_both_ends_are_told_apart(schema, thing):
    schema.apply(AlterField("thing", "size", models.SmallIntegerField()))
    assert [each.end for each in ask(schema, thing)] == ["greatest", "least"]


def test_a_value_that_a_rule_forbade_before_is_no_evidence(schema):
    rules = [CheckConstraint(condition=Q(size__gte=0), name="positive")]
    model = schema.table({"size": models.IntegerField(), "other": models.IntegerField()}, constraints=rules)
    before = baseline([model], schema.connection)
    schema.apply(
        AlterField("thing", "size", models.SmallIntegerField()),
        AlterField("thing", "other", models.SmallIntegerField()),
    )
    left = new_failures(ask(schema, model), before)
    assert [(each.field, each.end) for each in left] == [
        ("size", "greatest"),
        ("other", "greatest"),
        ("other", "least"),
    ]


@pytest.mark.parametrize("default", [None, "none"])
def test_a_null_that_a_rule_forbade_before_is_no_evidence(schema, default):
    rules = [CheckConstraint(condition=Q(city__isnull=False), name="city_is_given")]
    city = {"max_length": 20, "default": default} if default else {"max_length": 20}
    fields = {
        "city": models.CharField(null=True, **city),
        "zone": models.IntegerField(null=True),
        "size": models.IntegerField(),
    }
    model = schema.table(fields, constraints=rules)
    before = baseline([model], schema.connection)
    schema.sql("ALTER TABLE shop_thing ALTER COLUMN city SET NOT NULL")
    assert new_failures(ask(schema, model), before) == ()
    schema.sql("ALTER TABLE shop_thing ALTER COLUMN zone SET NOT NULL")
    assert told(new_failures(ask(schema, model), before)) == [("insert", "zone", "zone", "23502")]


@pytest.mark.parametrize("default", [None, lambda: None])
def test_null_by_default_where_none_may_be_asks_for_a_value(schema, default):
    model = schema.table({"code": models.CharField(max_length=20, default=default)})
    assert ask(schema, model) == ()


def test_what_failed_before_is_no_news(schema, thing):
    schema.sql("ALTER TABLE shop_thing DROP COLUMN size")
    before = baseline([thing], schema.connection)
    schema.sql("ALTER TABLE shop_thing DROP COLUMN day")
    assert told(new_failures(ask(schema, thing), before)) == [("select", "day", "day", "42703")]


def test_a_model_that_could_not_be_read_before_has_no_news(schema, thing):
    schema.sql("ALTER TABLE shop_thing RENAME TO elsewhere")
    before = baseline([thing], schema.connection)
    schema.sql("ALTER TABLE elsewhere RENAME TO shop_thing")
    schema.sql("ALTER TABLE shop_thing DROP COLUMN day")
    assert told(ask(schema, thing)) == [("select", "day", "day", "42703")]
    assert new_failures(ask(schema, thing), before) == ()


def test_permissions_are_part_of_a_schema(schema, thing):
    schema.sql("CREATE ROLE prodready_nobody")
    schema.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO prodready_nobody")
    schema.sql("SET LOCAL ROLE prodready_nobody")
    found = told(ask(schema, thing))
    schema.sql("RESET ROLE")
    assert found == [
        ("insert", None, None, "42501"),
        ("update", None, None, "42501"),
        ("delete", None, None, "42501"),
        ("m2m", "tags", None, "42501"),
    ]


def test_a_rule_that_no_small_row_meets_hides_nothing(schema):
    schema.table(
        {"low": models.IntegerField(), "high": models.IntegerField(), "name": models.CharField(max_length=20)}
    )
    model = schema.model()
    schema.apply(
        AddConstraint("thing", CheckConstraint(condition=Q(high__gt=F("low")), name="order")),
        AlterField("thing", "name", models.CharField(max_length=10)),
    )
    assert told(ask(schema, model)) == [("insert_boundary", "name", "name", "22001")]
    schema.sql("ALTER TABLE shop_thing ADD CHECK (low IS NULL)")  # nothing will do now
    assert told(ask(schema, model)) == [("insert_boundary", "name", "name", "22001")]


def test_parents_are_made_where_a_foreign_key_is_checked_at_once(schema):
    schema.table({}, "Parent")
    schema.table(
        {
            "parent": models.ForeignKey("shop.Parent", models.CASCADE, db_constraint=False),
            "second": models.ForeignKey("shop.Parent", models.CASCADE, null=True, related_name="+"),
            "name": models.CharField(max_length=20),
        }
    )
    model = schema.model()
    schema.sql("ALTER TABLE shop_thing ADD FOREIGN KEY (parent_id) REFERENCES shop_parent")
    assert ask(schema, model) == ()
    schema.sql("ALTER TABLE shop_thing ALTER name TYPE varchar(10)")
    schema.sql("ALTER TABLE shop_parent ADD CHECK (false)")
    assert told(ask(schema, model)) == [("insert_boundary", "name", "name", "22001")]
    assert schema.sql("SELECT count(*) FROM shop_parent") == [(0,)]


def test_keys_of_several_columns_and_inherited_tables(schema):
    schema.table({"name": models.CharField(max_length=9)}, "Place")
    schema.table({"stars": models.IntegerField()}, "Hotel", bases=("shop.Place",), ordering=["name"])
    schema.table(
        {
            "pk": models.CompositePrimaryKey("place", "number"),
            "place": models.ForeignKey("shop.Place", models.CASCADE),
            "number": models.IntegerField(),
            "note": models.TextField(blank=True, default=""),
        },
        "Line",
    )
    models_before = [schema.model(name) for name in ("Place", "Hotel", "Line")]
    assert ask(schema, *models_before) == ()
    schema.apply(RemoveField("line", "note"), AddField("hotel", "more", models.IntegerField(default=0)))
    assert [(each.model, *rest) for each in ask(schema, *models_before) for rest in told([each])] == [
        ("Hotel", "insert", None, "more", "23502"),
        ("Line", "select", "note", "note", "42703"),
    ]
    schema.sql("ALTER TABLE shop_line DROP COLUMN number")
    assert told(ask(schema, models_before[2])) == [
        ("select", "number", "number", "42703"),
        ("select", "note", "note", "42703"),
    ]


def test_generated_columns_are_read_and_not_written(schema):
    upper = models.GeneratedField(
        expression=Upper("name"), output_field=models.CharField(max_length=20), db_persist=True
    )
    schema.table({"name": models.CharField(max_length=20), "upper": upper})
    assert ask(schema) == ()


def test_a_table_of_keys_alone(schema):
    schema.table({})
    model = schema.model()
    assert ask(schema) == ()
    schema.apply(AddField("thing", "more", models.IntegerField(default=1)))
    assert told(ask(schema, model)) == [("insert", None, "more", "23502")]


def test_fields_that_are_not_understood_are_asked_for_less(schema):
    schema.table({"opaque": Opaque()}, "Dark")
    schema.table({"opaque": Opaque(null=True), "picky": Picky(max_length=9), "size": models.IntegerField()})
    dark, thing = schema.model("Dark"), schema.model()
    assert ask(schema) == ()
    schema.apply(RemoveField("dark", "opaque"), AlterField("thing", "size", models.SmallIntegerField()))
    assert told(ask(schema, dark)) == [("select", "opaque", "opaque", "42703")]
    assert {each.kind for each in ask(schema, thing)} == {"insert_boundary"}


def test_a_field_that_asks_the_database_itself(schema):
    schema.table({"name": Asking(max_length=9), "size": models.IntegerField()})
    thing = schema.model()
    assert ask(schema) == ()
    schema.apply(RemoveField("thing", "size"))
    assert told(ask(schema, thing)) == [("select", "size", "size", "42703")]


def test_a_column_of_an_unknown_type_that_may_not_be_empty_any_more(schema):
    schema.table({"opaque": Opaque(null=True)})
    schema.sql("ALTER TABLE shop_thing ALTER COLUMN opaque SET NOT NULL")
    assert told(ask(schema)) == [("insert", "opaque", "opaque", "23502")]


def test_rows_that_are_refused_together_alone_do(schema):
    schema.table({"kind": models.CharField(max_length=4)})
    schema.sql("CREATE TYPE kind AS ENUM ('103', '104', '113', '114', 'a', 'xxxx', '100')")
    schema.sql("ALTER TABLE shop_thing ALTER COLUMN kind TYPE kind USING kind::kind")
    assert told(ask(schema)) == [("bulk_create", None, None, "42804")]


def test_what_is_no_table_of_the_models_is_not_asked(schema):
    schema.table({}, "Real")
    schema.table({}, "Alias", bases=("shop.Real",), proxy=True)
    schema.table({"real": models.ForeignKey("shop.Real", models.CASCADE)}, "Between")
    schema.apply(
        AddField(
            "Between", "other", models.ForeignKey("shop.Real", models.CASCADE, related_name="+", null=True)
        ),
        AddField(
            "Real",
            "others",
            models.ManyToManyField("shop.Real", through="shop.Between", through_fields=("real", "other")),
        ),
    )
    schema.sql("DROP TABLE shop_between")
    found = probe([schema.model("Real"), schema.model("Alias")], schema.connection)
    assert found == ()


def test_the_models_that_a_migration_touches(schema, thing):
    schema.table({}, "Other")

    def names(migration, changed):
        found = models_to_probe(schema.state.apps, migration, changed)
        return sorted(model.__name__ for model in found)

    migration = migrations.Migration("0002", "shop")
    migration.operations = [
        RenameModel("Tag", "Label"),
        SeparateDatabaseAndState([AlterField("Parent", "title", models.TextField())]),
        RunSQL("SELECT 1"),
    ]
    assert names(migration, ()) == ["Parent", "Tag"]
    assert names(migration, {"shop_other"}) == ["Other", "Parent", "Tag"]
    assert names(migrations.Migration("0002", "elsewhere"), {"shop_thing_tags", "unknown"}) == ["Thing"]
    assert compatibility.models_to_probe is models_to_probe


def test_models_that_ask_for_other_columns_are_touched(schema, thing):
    before = schema.state.clone()
    schema.state.rename_model("shop", "tag", "Label")
    untouched = migrations.Migration("0002", "elsewhere")
    found = models_to_probe(schema.state.apps, untouched, (), before.apps)
    # The one has another table, the other another column in the table between.
    assert sorted(model.__name__ for model in found) == ["Label", "Thing"]
    assert models_to_probe(schema.state.apps, untouched, (), schema.state.clone().apps) == ()


@pytest.mark.parametrize(
    ("sqlstate", "counts"),
    [
        ("42703", True),
        ("22001", True),
        ("23502", True),
        ("55000", True),
        ("0A000", True),
        ("3F000", True),
        ("22012", False),
        ("23505", False),
        ("23514", False),
        ("23P01", False),
        ("P0001", False),
        ("", False),
    ],
)
def test_which_refusals_are_breakage(sqlstate, counts):
    assert is_breakage(sqlstate) is counts
