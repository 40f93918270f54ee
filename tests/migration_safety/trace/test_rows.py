import uuid

import pytest
from django.contrib.postgres import fields as postgres
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import BtreeGistExtension, HStoreExtension
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.migrations import AddField, AlterField
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now, Upper
from django.db.models.lookups import GreaterThan as Greater
from prodready_schema import ALIAS

from django_prodready.migration_safety.trace import rows
from django_prodready.migration_safety.trace.rows_cells import hints_of
from django_prodready.migration_safety.trace.rows_server import opened, refusal_of


class Picky(models.CharField):
    """A field that takes nothing but its own kind of value."""

    def get_prep_value(self, value):
        if value is not None and not str(value).startswith("picky"):
            raise ValueError("not picky")
        return value


class Opaque(models.Field):
    """A field of an unknown type."""

    def db_type(self, connection):
        return "tid"


class Typed(models.Field):
    """A field that is known by its column alone, and that spoils what it is given."""

    def db_type(self, connection):
        return "varchar(20)"

    def get_prep_value(self, value):
        return None if value is None else "x" * 30


def fails():
    raise LookupError("no default today")


def check(condition, name):
    return CheckConstraint(condition=condition, name=name)


def seed(schema, *names, count=24):
    return rows.seed([schema.model(name) for name in names or ("Thing",)], schema.connection, count)


def filled(schema, *names, count=24):
    """Fill tables without a complaint; return their models' rows."""
    seeded = seed(schema, *names, count=count)
    assert seeded.unfilled == {}
    return [list(schema.model(name).objects.using(ALIAS)) for name in names or ("Thing",)]


EVERY_FIELD = {
    "array": lambda: postgres.ArrayField(models.CharField(max_length=5), size=3),
    "big": models.BigIntegerField,
    "binary": models.BinaryField,
    "boolean": models.BooleanField,
    "char": lambda: models.CharField(max_length=8),
    "cichar": lambda: models.CharField(max_length=8, db_collation="C"),
    "date": models.DateField,
    "date_range": postgres.DateRangeField,
    "decimal": lambda: models.DecimalField(max_digits=4, decimal_places=2),
    "duration": models.DurationField,
    "email": models.EmailField,
    "file": models.FileField,
    "file_path": models.FilePathField,
    "float": models.FloatField,
    "hstore": postgres.HStoreField,
    "image": lambda: models.ImageField(width_field="integer"),
    "integer": models.IntegerField,
    "integer_range": postgres.IntegerRangeField,
    "ip": models.GenericIPAddressField,
    "json": models.JSONField,
    "moment": models.DateTimeField,
    "moment_range": postgres.DateTimeRangeField,
    "numeric_range": postgres.DecimalRangeField,
    "positive": models.PositiveIntegerField,
    "search": SearchVectorField,
    "slug": models.SlugField,
    "small": models.SmallIntegerField,
    "text": models.TextField,
    "time": models.TimeField,
    "url": models.URLField,
    "uuid": models.UUIDField,
}


def test_every_class_of_field_is_filled(schema):
    schema.apply(HStoreExtension())
    schema.table({name: make() for name, make in EVERY_FIELD.items()})
    [things] = filled(schema)
    assert len(things) == 24
    assert sum(thing.boolean for thing in things) == 8
    assert {thing.image.name for thing in things} == {""}  # its size would be read from the file


def test_nullable_columns_are_empty_in_half_of_the_rows(schema):
    schema.apply(HStoreExtension())
    schema.table({name: make() for name, make in EVERY_FIELD.items()})
    for name, make in EVERY_FIELD.items():
        nullable = make()
        nullable.null = True
        schema.apply(AlterField("thing", name, nullable))
    [things] = filled(schema)
    for name in EVERY_FIELD:
        empty = sum(getattr(thing, name) in (None, "") for thing in things)
        assert empty == (24 if name == "image" else 12)


def test_two_runs_give_the_same_rows(schema):
    schema.table({"name": models.CharField(max_length=20), "at": models.DateTimeField(auto_now=True)})
    [first] = filled(schema)
    schema.sql("DELETE FROM shop_thing")
    [second] = filled(schema)
    assert [(thing.name, thing.at) for thing in first] == [(thing.name, thing.at) for thing in second]


def test_a_second_run_adds_other_rows(schema):
    schema.table({"code": models.CharField(max_length=3, unique=True)})
    filled(schema)
    [things] = filled(schema)
    assert len({thing.code for thing in things}) == 48


def test_unique_columns_are_distinct(schema):
    schema.table(
        {
            "letter": models.CharField(max_length=1, unique=True, default="a"),
            "public": models.UUIDField(unique=True, null=True, default=uuid.uuid4),
            "kind": models.CharField(max_length=9, choices=[("a", "A"), ("b", "B")], unique=True),
        }
    )
    [things] = filled(schema)
    assert [thing.kind for thing in things] == ["a", "b"]


def test_defaults_are_taken_in_some_of_the_rows(schema):
    schema.table(
        {
            "plain": models.IntegerField(default=77),
            "made": models.CharField(max_length=9, default=lambda: "made"),
            "failing": models.IntegerField(default=fails),
            "stored": models.IntegerField(db_default=88),
            "moment": models.DateTimeField(db_default=Now()),
            "none": models.IntegerField(null=True, default=None),
        }
    )
    [things] = filled(schema)
    assert 0 < sum(thing.plain == 77 for thing in things) < 24
    assert 0 < sum(thing.made == "made" for thing in things) < 24
    assert 0 < sum(thing.stored == 88 for thing in things) < 24


def test_generated_columns_are_left_to_the_database(schema):
    schema.table(
        {
            "name": models.CharField(max_length=20),
            "shout": models.GeneratedField(
                expression=Upper("name"), output_field=models.CharField(max_length=20), db_persist=True
            ),
        }
    )
    [things] = filled(schema)
    assert things[0].shout == "NAME 1"


def test_parents_are_filled_first_and_unique_relations_get_one_each(schema):
    schema.table({"name": models.CharField(max_length=9)}, "Author")
    schema.table({"author": models.OneToOneField("shop.Author", models.CASCADE, primary_key=True)}, "Profile")
    schema.table(
        {
            "author": models.ForeignKey("shop.Author", models.CASCADE),
            "profile": models.ForeignKey("shop.Profile", models.CASCADE, null=True),
            "only": models.OneToOneField("shop.Author", models.CASCADE, null=True, related_name="+"),
        },
        "Book",
    )
    seeded = seed(schema, "Book")
    assert seeded.rows == {"shop_author": 24, "shop_profile": 24, "shop_book": 24}
    assert seed(schema, "Profile", count=60).rows["shop_profile"] == 84  # 24 stood, and 60 new parents came
    assert schema.model("Book").objects.using(ALIAS).filter(profile=None).count() == 12


def test_what_a_parent_may_do_without_is_left_out(schema):
    schema.table({}, "Country")
    schema.table({"country": models.ForeignKey("shop.Country", models.CASCADE, null=True)}, "Author")
    schema.table({"author": models.ForeignKey("shop.Author", models.CASCADE)}, "Book")
    assert seed(schema, "Book").rows == {"shop_author": 24, "shop_book": 24}
    assert seed(schema, "Author").rows == {"shop_country": 24, "shop_author": 48}


def test_references_to_the_own_table(schema):
    schema.table({"parent": models.ForeignKey("self", models.CASCADE, null=True)}, "Node")
    schema.table({"parent": models.ForeignKey("self", models.CASCADE)}, "Root")
    schema.table(
        {
            "code": models.UUIDField(primary_key=True),
            "parent": models.ForeignKey("self", models.CASCADE),
        },
        "Coded",
    )
    nodes, roots, coded = filled(schema, "Node", "Root", "Coded")
    assert {node.parent_id for node in nodes} == {None}
    assert all(root.parent_id == root.id for root in roots)
    assert all(row.parent_id == row.code for row in coded)


def test_cycles_are_entered_where_a_column_may_be_null(schema):
    schema.table({}, "Team")
    schema.table({"team": models.ForeignKey("shop.Team", models.CASCADE)}, "Player")
    schema.apply(
        AddField(
            "team", "captain", models.ForeignKey("shop.Player", models.CASCADE, null=True, related_name="+")
        )
    )
    schema.apply(
        AddField(
            "team", "keeper", models.ForeignKey("shop.Player", models.CASCADE, null=True, related_name="+")
        )
    )
    assert seed(schema, "Team").rows == {"shop_team": 24}
    assert seed(schema, "Team", "Player").unfilled == {}


def test_a_cycle_without_a_way_in_is_told(schema):
    schema.table({}, "Team")
    schema.table({"team": models.ForeignKey("shop.Team", models.CASCADE)}, "Player")
    schema.apply(AddField("team", "captain", models.ForeignKey("shop.Player", models.CASCADE, default=0)))
    seeded = seed(schema, "Team")
    assert seeded.rows == {"shop_player": 0, "shop_team": 0}
    assert seeded.unfilled == {
        "shop_player": "There is no row of shop_team for column team_id to refer to.",
        "shop_team": "There is no row of shop_player for column captain_id to refer to.",
    }


def test_a_relation_without_a_constraint_needs_no_parent(schema):
    schema.table({}, "Parent")
    schema.sql("ALTER TABLE shop_parent ADD CHECK (false)")
    schema.table({"parent": models.ForeignKey("shop.Parent", models.CASCADE, db_constraint=False)}, "Child")
    seeded = seed(schema, "Child")
    assert seeded.rows == {"shop_parent": 0, "shop_child": 24}
    assert seeded.unfilled["shop_parent"] == "CHECK constraint shop_parent_check refuses each generated row."


def test_inherited_tables_are_filled_with_their_parents(schema):
    schema.table({"name": models.CharField(max_length=9)}, "Place")
    schema.table({"stars": models.IntegerField()}, "Hotel", bases=("shop.Place",))
    [hotels] = filled(schema, "Hotel")
    assert len(hotels) == 24


def test_a_child_has_no_more_rows_than_its_parent_has_free(schema):
    schema.table({}, "Place")
    schema.table({"place": models.OneToOneField("shop.Place", models.CASCADE)}, "Hotel")
    filled(schema, "Place")
    schema.sql("ALTER TABLE shop_place ADD CHECK (false) NOT VALID")
    seeded = seed(schema, "Hotel", count=30)
    assert seeded.rows == {"shop_place": 24, "shop_hotel": 24}
    why = "There is no row of shop_place for column place_id to refer to."
    assert seed(schema, "Hotel").unfilled["shop_hotel"] == why


def test_rows_one_by_one_where_parents_are_few(schema):
    schema.table({}, "Place")
    schema.table(
        {
            "place": models.OneToOneField("shop.Place", models.CASCADE),
            "low": models.IntegerField(null=True),
            "high": models.IntegerField(null=True),
        },
        "Hotel",
        constraints=[
            check(
                Q(low__isnull=True, high__isnull=False) | Q(low__isnull=False, high__isnull=True), "either"
            ),
            check(~Q(high=9) | Q(low=None) & ~Q(high__lt=5), "odd"),
            check(~Q(low=10), "even"),
        ],
    )
    filled(schema, "Place", count=20)
    schema.sql("ALTER TABLE shop_place ADD CHECK (false) NOT VALID")
    assert 15 < seed(schema, "Hotel").rows["shop_hotel"] <= 20


def test_tables_between_get_a_few_rows(schema):
    schema.table({}, "Tag")
    schema.table({"tags": models.ManyToManyField("shop.Tag")})
    assert seed(schema).rows == {"shop_thing": 24, "shop_tag": 24, "shop_thing_tags": 6}


def test_composite_keys(schema):
    schema.table({"name": models.CharField(max_length=9)}, "Order")
    schema.table(
        {
            "pk": models.CompositePrimaryKey("order", "number"),
            "order": models.ForeignKey("shop.Order", models.CASCADE),
            "number": models.IntegerField(),
        },
        "Line",
    )
    assert seed(schema, "Line").rows == {"shop_order": 24, "shop_line": 24}


@pytest.mark.parametrize(
    "conditions",
    [
        [Q(low__lte=F("high"))],
        [Q(high__lt=F("low"))],
        [Q(low=F("high"))],
        [Q(low__range=(500, 600), high__in=[7000, 8000])],
        [Q(low__isnull=True, high__isnull=False) | Q(low__isnull=False, high__isnull=True)],
        [Q(low__isnull=True) & Q(high__isnull=True)],
        [Q(low__isnull=False) & Q(high__isnull=False)],
        [Q(start__lt=F("end")), ~Q(low=3)],
        [Q(low=99, high=98)],
    ],
    ids=str,
)
def test_constraints_are_satisfied_by_one_variant_or_another(schema, conditions):
    schema.table(
        {
            "low": models.IntegerField(null=True, default=99),
            "high": models.IntegerField(null=True, default=98),
            "start": models.DateField(),
            "end": models.DateField(),
        },
        constraints=[check(condition, f"rule{number}") for number, condition in enumerate(conditions)],
    )
    [things] = filled(schema)
    assert len(things) >= 10


def test_hints_are_the_plain_values_of_conditions(schema):
    model = schema.table(
        {"a": models.IntegerField(), "b": models.IntegerField(), "c": models.IntegerField(null=True)},
        constraints=[
            check(Q(a__gte=5) & (Q(b__in=[1, 2]) | Q(b=F("a"))), "one"),
            check(Q(c__isnull=True), "two"),
            check(Q(c=None), "three"),
            check(models.expressions.RawSQL("a > b", (), models.BooleanField()), "four"),
            check(Q(Greater(F("a"), 0)), "six"),
            UniqueConstraint(fields=["a"], name="seven"),
        ],
    )
    assert hints_of(model) == {"a": [5], "b": [1, 2], "c": []}


def test_a_hint_that_its_field_refuses_is_passed_over(schema):
    schema.table(
        {"name": Picky(max_length=9, default="picky"), "size": models.IntegerField()},
        constraints=[check(Q(size__gt=100), "size")],
    )
    model = schema.model()
    model._meta.constraints.append(check(Q(name="other"), "name"))
    [things] = filled(schema)
    assert {thing.name for thing in things} == {"picky"}


def test_fields_of_unknown_kinds(schema):
    schema.table({"picky": Picky(max_length=9), "opaque": Opaque(null=True), "typed": Typed()})
    [things] = filled(schema)
    assert things[0].opaque is None
    assert len({thing.typed for thing in things}) > 10


def test_a_column_without_a_known_value_is_told(schema):
    schema.table({"opaque": Opaque()})
    seeded = seed(schema)
    assert seeded.unfilled == {
        "shop_thing": "Column opaque could not be given a value: no value of the type tid is known."
    }


def test_exclusion_and_deferrable_constraints(schema):
    schema.apply(BtreeGistExtension())
    schema.table(
        {"room": models.IntegerField(), "time": postgres.DateTimeRangeField()},
        constraints=[ExclusionConstraint(name="free", expressions=[("room", "="), ("time", "&&")])],
    )
    schema.table(
        {"place": models.IntegerField()},
        "Entry",
        constraints=[
            UniqueConstraint(fields=["place"], name="place", deferrable=models.Deferrable.IMMEDIATE)
        ],
    )
    assert seed(schema, "Thing", "Entry").rows == {"shop_thing": 24, "shop_entry": 24}
    # The constraint is checked at once, as it was declared.
    with opened(schema.connection) as server:
        refused = server.ask("INSERT INTO shop_entry (place) SELECT place FROM shop_entry LIMIT 1")
    assert refused.sqlstate == "23505"


def test_nothing_is_left_pending(schema):
    schema.table({}, "Parent")
    schema.table({"parent": models.ForeignKey("shop.Parent", models.CASCADE)}, "Child")
    filled(schema, "Child")
    schema.sql("ALTER TABLE shop_child ADD COLUMN later integer")
    schema.sql("INSERT INTO shop_child (parent_id) VALUES (-5)")  # deferred still
    with opened(schema.connection) as server:
        refused = server.ask("ALTER TABLE shop_child DROP COLUMN later")
    assert refused.sqlstate == "55006"


def test_questions_in_one_message_are_answered_alone(schema):
    schema.table({"code": models.CharField(max_length=3, unique=True)})
    schema.sql("ALTER TABLE shop_thing ADD CONSTRAINT filled CHECK (code <> '')")
    insert = "INSERT INTO shop_thing (code) VALUES (%s)"
    with opened(schema.connection) as server:
        assert server.ask(insert, ["a"]) == []
        answers = server.ask_each(
            [
                (insert, ["b"]),
                (insert, ["b"]),  # which is not there
                (insert, ["a"]),
                (insert, [""]),
                (insert, ["it's"]),
                (insert, ["%s"]),
                (insert, [None]),
                (insert, ["\0"]),
                ("SELECT 1 FROM nowhere", ()),
                ("SELECT 'a' WHERE 'a' LIKE '%%'", ()),
                ("no statement", ()),
            ]
        )
        assert [answer and answer.sqlstate for answer in answers] == [
            *(None, None, "23505", "23514", "22001", None, "23502"),
            *("", "42P01", None, "42601"),
        ]
        assert (answers[3].constraint, answers[6].column) == ("filled", "code")
        assert server.ask_each([]) == []
        assert server.ask_each([(insert, ["\0"])])[0].sqlstate == ""
        assert server.rows("SELECT code FROM shop_thing") == [("a",)]


def test_questions_that_take_too_long_are_refused(schema):
    schema.table({"code": models.CharField(max_length=3)})
    schema.sql("SET LOCAL statement_timeout = 50")
    with opened(schema.connection) as server:
        assert server.ask("INSERT INTO shop_thing (code) VALUES ('a')") == []
        answers = server.ask_each([("SELECT 1", ()), ("SELECT pg_sleep(9)", ())])
        assert [answer.sqlstate for answer in answers] == ["57014", "57014"]
        assert server.rows("SELECT code FROM shop_thing") == [("a",)]


def test_what_was_refused_takes_back_nothing_else(schema):
    schema.table({"code": models.CharField(max_length=3)})
    insert = "INSERT INTO shop_thing (code) VALUES (%s)"
    with opened(schema.connection) as server:
        assert server.ask(insert, ["a"]) == []
        with server.undone():
            assert server.ask(insert, ["b"]) == []
            assert server.ask(insert, ["long"]).sqlstate == "22001"
            assert server.rows("SELECT nothing FROM shop_thing") == []
            assert server.rows("SELECT code FROM shop_thing") == [("a",), ("b",)]
        assert server.ask(insert, ["c"], "no statement").sqlstate == "42601"
        assert server.ask(insert, ["d"]) == []
    schema.sql("SAVEPOINT after")  # the transaction goes on
    with opened(schema.connection) as server:
        assert server.rows("SELECT code FROM shop_thing") == [("a",), ("d",)]


def test_triggers_of_the_caller_that_fail_are_the_callers(schema):
    schema.table({}, "Parent")
    schema.table({"parent": models.ForeignKey("shop.Parent", models.CASCADE)}, "Child")
    schema.sql("INSERT INTO shop_child (parent_id) VALUES (-5)")
    seeded = seed(schema, "Parent")
    assert seeded.unfilled["shop_parent"].startswith("Foreign key constraint shop_child_parent_id_")


def test_what_has_no_table_of_its_own_is_passed_over(schema):
    schema.table({}, "Real")
    schema.table({}, "Alias", bases=("shop.Real",), proxy=True)
    schema.table({}, "View", managed=False)
    schema.table({"view": models.ForeignKey("shop.View", models.CASCADE, db_constraint=False)}, "Reader")
    schema.table({}, "Gone")
    schema.sql("DROP TABLE shop_gone")
    assert seed(schema, "Alias", "View", "Gone", "Reader").rows == {"shop_reader": 24}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("ALTER TABLE shop_thing DROP COLUMN name", "It does not have the columns of the model."),
        (
            "ALTER TABLE shop_thing ADD COLUMN more integer NOT NULL",
            "Column more must have a value, and the model gives it none.",
        ),
        (
            "ALTER TABLE shop_thing ALTER COLUMN name TYPE boolean USING false",
            "PostgreSQL refuses each generated row (SQLSTATE 22P02).",
        ),
        (
            "ALTER TABLE shop_thing ADD CHECK (name = 'x')",
            "CHECK constraint shop_thing_name_check refuses each generated row.",
        ),
    ],
    ids=["column", "not-null", "type", "check"],
)
def test_why_nothing_was_brought_in(schema, statement, reason):
    schema.table({"name": models.CharField(max_length=9)})
    schema.sql(statement)
    seeded = seed(schema)
    assert seeded.rows == {"shop_thing": 0}
    assert seeded.unfilled == {"shop_thing": reason}


def test_a_refusal_by_the_driver_has_no_state():
    from django.db import InterfaceError

    assert refusal_of(InterfaceError("closed")).sqlstate == ""


def test_a_table_of_keys_alone(schema):
    schema.table({})
    assert seed(schema).rows == {"shop_thing": 24}


def test_a_table_that_may_not_be_read_counts_as_empty(schema):
    schema.table({"name": models.CharField(max_length=9)})
    schema.sql("CREATE ROLE prodready_nobody")
    schema.sql("SET LOCAL ROLE prodready_nobody")
    seeded = seed(schema)
    schema.sql("RESET ROLE")
    assert seeded.rows == {"shop_thing": 0}
    assert seeded.unfilled == {"shop_thing": "The role may not write it."}


def many(schema, *names, count=2_000):
    return rows.multiply([schema.model(name) for name in names or ("Thing",)], schema.connection, count)


def test_many_rows_of_every_class_that_can_be_unique(schema):
    schema.table(
        {
            "binary": models.BinaryField(unique=True),
            "char": models.CharField(max_length=20, unique=True),
            "short": models.CharField(max_length=5, unique=True),
            "date": models.DateField(unique=True),
            "decimal": models.DecimalField(max_digits=9, decimal_places=2, unique=True),
            "duration": models.DurationField(unique=True),
            "email": models.EmailField(unique=True),
            "float": models.FloatField(unique=True),
            "integer": models.IntegerField(unique=True),
            "ip": models.GenericIPAddressField(unique=True),
            "json": models.JSONField(unique=True),
            "moment": models.DateTimeField(unique=True),
            "slug": models.SlugField(unique=True),
            "text": models.TextField(unique=True),
            "time": models.TimeField(unique=True),
            "url": models.URLField(unique=True),
            "uuid": models.UUIDField(unique=True),
            "plain": models.CharField(max_length=9, null=True),
        }
    )
    assert many(schema) == rows.Seeded({"shop_thing": 2_000}, {})


def test_many_rows_need_many_parents_where_each_has_one_of_its_own(schema):
    schema.table({}, "Place")
    schema.table({}, "City")
    schema.table({"city": models.ForeignKey("shop.City", models.CASCADE)}, "Hotel", bases=("shop.Place",))
    assert many(schema, "Place", "Hotel").rows == {"shop_place": 2_000, "shop_city": 24, "shop_hotel": 2_000}


def test_many_rows_under_rules_for_several_columns(schema):
    schema.table({}, "User")
    schema.table(
        {
            "user": models.ForeignKey("shop.User", models.CASCADE),
            "kind": models.CharField(max_length=9, choices=[("a", "A"), ("b", "B")]),
            "day": models.DateField(),
        },
        unique_together={("user", "kind", "day")},
    )
    schema.table(
        {
            "pk": models.CompositePrimaryKey("user", "other"),
            "user": models.ForeignKey("shop.User", models.CASCADE, related_name="+"),
            "other": models.ForeignKey("shop.User", models.CASCADE, related_name="+"),
        },
        "Pair",
        constraints=[UniqueConstraint(fields=["other", "user"], name="pair")],
    )
    assert many(schema, "Thing", "Pair").rows == {"shop_user": 2_000, "shop_thing": 2_000, "shop_pair": 2_000}


def test_fewer_rows_where_there_are_not_as_many_values(schema):
    schema.table({"kind": models.CharField(max_length=9, choices=[("a", "A"), ("b", "B")], unique=True)})
    schema.table({"number": models.SmallIntegerField(unique=True)}, "Small")
    schema.table({"hopeless": models.IntegerField()}, "Empty", constraints=[check(Q(hopeless=None), "no")])
    made = many(schema, "Thing", "Small", "Empty", count=40_000)
    assert made.rows == {"shop_thing": 2, "shop_small": 24, "shop_empty": 0}
    assert made.unfilled["shop_small"] == "PostgreSQL refuses each generated row (SQLSTATE 22003)."
