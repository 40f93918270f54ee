"""What is said of migrations, beyond the examples of the rules."""

from __future__ import annotations

import pytest
from prodready_static_migrations import SHOP, judge_operations, migration_of, migrations_in, plan_of

from django_prodready.migration_safety.model import Phase, Verdict
from django_prodready.migration_safety.static.judge import judge

SHELF = """
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
)
"""


def rules_of(judgement):
    return [finding.rule for finding in judgement.findings]


def judged(*bodies: str, deployed: int = 1, each_deployed: bool = False, app_label: str = "shop"):
    """Judge the migrations after the first ``deployed`` ones."""
    steps = [
        (
            migration_of(body, f"{number:04}", app_label),
            "deployed" if number < deployed and not each_deployed else "judged",
        )
        for number, body in enumerate(bodies)
    ]
    return judge(plan_of(*steps, each_deployed=each_deployed))


def safe(operations: str, **more):
    judgement = judge_operations(operations, **more)
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())
    return judgement


def unsafe(operations: str, *rules: str, **more):
    judgement = judge_operations(operations, **more)
    assert judgement.verdict is Verdict.UNSAFE
    assert rules_of(judgement) == list(rules)
    return judgement


class TestWhatCounts:
    def test_a_table_of_an_earlier_migration_of_the_release_is_new(self):
        add = 'migrations.AddIndex("shelf", models.Index(fields=["number"], name="shelf_number"))'
        first, second = judged(SHOP, SHELF, add)
        assert first.verdict is second.verdict is Verdict.SAFE

    def test_with_each_deployed_it_is_in_use(self):
        add = 'migrations.AddIndex("shelf", models.Index(fields=["number"], name="shelf_number"))'
        shop, first, second = judged(SHOP, SHELF, add, each_deployed=True)
        assert shop.verdict is first.verdict is Verdict.SAFE
        assert rules_of(second) == ["index-build"]

    def test_a_table_that_is_renamed_stays_in_use(self):
        rename = 'migrations.AlterModelTable("book", "books")'
        add = 'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))'
        first, second = judged(SHOP, rename, add)
        assert rules_of(first) == ["table-renamed"]
        assert rules_of(second) == ["index-build"]
        assert second.findings[0].tables == ("books",)

    def test_nothing_is_in_use_where_nothing_is_deployed(self):
        add = 'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))'
        assert [one.verdict for one in judged(SHOP, add, deployed=0)] == [Verdict.SAFE, Verdict.SAFE]

    def test_a_pending_migration_that_is_not_judged_is_followed(self):
        steps = [
            (migration_of(SHOP, "0001"), "deployed"),
            (migration_of(SHELF, "0002"), "pending"),
            (migration_of('migrations.RemoveField("shelf", "number")', "0003"), "judged"),
        ]
        (judgement,) = judge(plan_of(*steps))
        assert judgement.verdict is Verdict.SAFE

    def test_a_column_that_an_earlier_migration_took_is_not_told_again(self):
        first, second = judged(
            SHOP,
            'migrations.RemoveField("book", "title")',
            'migrations.AddField("book", "x", models.IntegerField(null=True))',
        )
        assert rules_of(first) == ["column-removed", "data-dropped"]
        assert rules_of(second) == []

    def test_models_without_table_of_their_own_are_passed_over(self):
        options = '{"managed": False}', '{"proxy": True}'
        for option in options:
            bases = '("shop.Book",)' if "proxy" in option else "(models.Model,)"
            fields = "[]" if "proxy" in option else '[("id", models.BigAutoField(primary_key=True))]'
            create = f'migrations.CreateModel("Seen", {fields}, options={option}, bases={bases})'
            safe(create)
            safe('migrations.DeleteModel("Seen")', deployed=create)
            safe('migrations.AlterModelTable("seen", "other")', deployed=create)
            safe('migrations.AlterOrderWithRespectTo("seen", None)', deployed=create)
            safe('migrations.AlterUniqueTogether("seen", set())', deployed=create)
            safe('migrations.AlterIndexTogether("seen", set())', deployed=create)
            safe('migrations.RenameModel("Seen", "Viewed")', deployed=create)
            added = 'migrations.AddField("seen", "x", models.SlugField())'
            safe(added, deployed=create)
            safe('migrations.RemoveField("seen", "x")', deployed=f"{create}, {added}")
            safe('migrations.AlterField("seen", "x", models.TextField())', deployed=f"{create}, {added}")
            index = 'migrations.AddIndex("seen", models.Index(fields=["id"], name="i"))'
            safe(index, deployed=create)
            check = 'models.CheckConstraint(condition=models.Q(id__gt=0), name="c")'
            safe(f'migrations.AddConstraint("seen", {check})', deployed=create)

    def test_removals_in_models_without_table(self):
        create = (
            'migrations.CreateModel("Seen", [("id", models.BigAutoField(primary_key=True))],'
            ' options={"managed": False, "indexes": [models.Index(fields=["id"], name="i")],'
            ' "constraints": [models.CheckConstraint(condition=models.Q(id__gt=0), name="c")]})'
        )
        safe('migrations.RenameIndex("seen", "j", old_name="i")', deployed=create)
        safe('migrations.RemoveIndex("seen", "i")', deployed=create)
        safe('postgres.ValidateConstraint("seen", "c")', deployed=create)
        safe('migrations.RemoveConstraint("seen", "c")', deployed=create)

    def test_a_swapped_model_has_no_table(self, settings):
        settings.SHOP_USER_MODEL = "people.Person"
        create = (
            'migrations.CreateModel("User", [("id", models.BigAutoField(primary_key=True))],'
            ' options={"swappable": "SHOP_USER_MODEL"})'
        )
        safe('migrations.AddField("user", "x", models.SlugField())', deployed=create)
        settings.SHOP_USER_MODEL = "shop.User"
        assert judge_operations(
            'migrations.AddField("user", "x", models.SlugField())', deployed=create
        ).findings

    def test_routers_keep_operations_from_the_alias(self, settings):
        settings.DATABASE_ROUTERS = [Elsewhere()]
        safe('migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))')
        safe('migrations.RunSQL("SELECT 1", "", hints={"model_name": "book"})')

    def test_a_router_that_wants_the_class_of_a_model_is_not_asked(self, settings):
        settings.DATABASE_ROUTERS = [WantsClass()]
        unsafe('migrations.RemoveField("book", "weight")', "column-removed", "data-dropped")


class Elsewhere:
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return model_name != "book"


class WantsClass:
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return hints["model"] is not None


class TestPhase:
    def test_a_removal_may_run_when_the_old_code_is_gone(self):
        assert judge_operations('migrations.RemoveField("book", "title")').phase is Phase.CONTRACT

    def test_not_null_where_the_old_code_writes_null(self):
        altered = 'migrations.AlterField("book", "weight", models.IntegerField())'
        assert judge_operations(altered).phase is Phase.CONTRACT

    @pytest.mark.parametrize(
        "operations",
        [
            'migrations.AddField("book", "x", models.IntegerField(default=1))',
            'migrations.RenameField("book", "title", "name")',
            (
                'migrations.RemoveField("book", "title"), migrations.AddField("book", "x",'
                " models.IntegerField(null=True))"
            ),
            'migrations.SeparateDatabaseAndState([], [migrations.RemoveField("book", "title")])',
            'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))',
        ],
    )
    def test_what_the_new_code_needs_runs_before_it(self, operations):
        assert judge_operations(operations).phase is Phase.EXPAND


class TestUnread:
    def test_a_known_harm_beside_what_is_not_known_counts(self):
        code = """
class Own(migrations.operations.base.Operation):
    reversible = True
    def state_forwards(self, app_label, state):
        pass
"""
        judgement = judge_operations("Own()", code=code)
        assert judgement.verdict is Verdict.UNKNOWN
        assert judgement.not_checked == ("Own is an operation of its own; what it does was not read.",)
        judgement = judge_operations('Own(), migrations.RemoveField("book", "title")', code=code)
        assert judgement.verdict is Verdict.UNSAFE
        assert judgement.not_checked

    @pytest.mark.parametrize("operations", ['migrations.RunSQL("", "")', "migrations.RunSQL([], [])"])
    def test_no_sql_is_safe(self, operations):
        safe(operations)

    @pytest.mark.parametrize(
        "operations",
        [
            (
                'migrations.RunSQL("…", "", state_operations=[migrations.AddField("book", "x",'
                " models.IntegerField())])"
            ),
            (
                'migrations.SeparateDatabaseAndState([migrations.RunSQL("…", "")],'
                ' [migrations.AddField("book", "x", models.IntegerField())])'
            ),
        ],
    )
    def test_sql_is_taken_to_do_what_the_models_are_told(self, operations):
        assert judge_operations(operations).verdict is Verdict.UNKNOWN
        unsafe('migrations.RemoveField("book", "x")', "column-removed", "data-dropped", deployed=operations)

    def test_an_operation_of_its_own_may_change_any_model(self):
        code = """
class Everywhere(migrations.operations.base.Operation):
    reversible = True
    def state_forwards(self, app_label, state):
        state.add_field(app_label, "book", "x", models.IntegerField(null=True), True)
    def database_forwards(self, *args):
        raise AssertionError
class Nowhere(Everywhere):
    def state_forwards(self, app_label, state):
        pass
"""
        assert judge_operations("Everywhere()", code=code).verdict is Verdict.UNKNOWN
        assert judge_operations("Nowhere()", code=code).verdict is Verdict.UNKNOWN
        index = 'migrations.AddIndex("book", models.Index(fields=["x"], name="i"))'
        unsafe(index, "index-build", deployed="Everywhere()", code=code)

    def test_a_subclass_may_tell_the_models_more(self):
        code = """
class Twice(migrations.AddField):
    def state_forwards(self, app_label, state):
        super().state_forwards(app_label, state)
        state.add_field(app_label, "author", self.name, self.field, True)
"""
        index = 'migrations.AddIndex("author", models.Index(fields=["x"], name="i"))'
        twice = 'Twice("book", "x", models.IntegerField(null=True, db_column="y"))'
        judgement = unsafe(index, "index-build", deployed=twice, code=code)
        assert judgement.findings[0].subject == "shop_author.i"

    def test_a_subclass_with_code_of_its_own_is_not_known(self):
        code = """
class Careful(migrations.AddIndex):
    def database_forwards(self, *args):
        raise AssertionError
class Named(migrations.AddIndex):
    pass
class Apart(migrations.SeparateDatabaseAndState):
    def database_forwards(self, *args):
        raise AssertionError
"""
        index = '("book", models.Index(fields=["title"], name="i"))'
        assert judge_operations(f"Careful{index}", code=code).verdict is Verdict.UNKNOWN
        assert judge_operations("Apart()", code=code).verdict is Verdict.UNKNOWN
        unsafe(f"Named{index}", "index-build", code=code)

    def test_a_constraint_of_its_own_is_not_known(self):
        code = """
class Odd(models.BaseConstraint):
    pass
"""
        judgement = judge_operations('migrations.AddConstraint("book", Odd(name="odd"))', code=code)
        assert judgement.not_checked == ("What Odd adds to the database is not known.",)

    def test_what_is_missing_is_not_told_where_some_sql_is_not_read(self):
        add = 'migrations.AddField("book", "x", models.IntegerField(null=True))'
        judgement = judge_operations(
            f'migrations.RunSQL("…", ""), migrations.SeparateDatabaseAndState([], [{add}])'
        )
        assert judgement.findings == ()


class TestFails:
    @pytest.mark.parametrize(
        "operations",
        [
            'migrations.AlterField("tag", "books", models.IntegerField())',
            'migrations.RemoveField("book", "nothing")',
            'migrations.AlterField("nothing", "x", models.IntegerField())',
        ],
    )
    def test_what_django_refuses(self, operations):
        unsafe(operations, "migration-fails")

    def test_generated_fields_cannot_be_modified(self):
        field = (
            'models.GeneratedField(expression=models.F("stock") * {},'
            " output_field=models.IntegerField(), db_persist={})"
        )
        add = f'migrations.AddField("book", "x", {field.format(2, True)})'
        for changed in (field.format(3, True), field.format(2, False), "models.IntegerField()"):
            unsafe(f'migrations.AlterField("book", "x", {changed})', "migration-fails", deployed=add)
        safe(f'migrations.AlterField("book", "x", {field.format(2, True)})', deployed=add)

    def test_a_virtual_column_costs_nothing(self):
        field = (
            'models.GeneratedField(expression=models.F("stock") * 2,'
            " output_field=models.IntegerField(), db_persist=False)"
        )
        safe(f'migrations.AddField("book", "x", {field})')


class TestReversible:
    def test_parts_count(self):
        judgement = judge_operations(
            "migrations.SeparateDatabaseAndState([migrations.SeparateDatabaseAndState("
            '[migrations.RunSQL("")])])'
        )
        assert not judgement.reversible
        assert rules_of(judgement) == ["irreversible"]
        assert judgement.verdict is Verdict.SAFE


class TestFields:
    def test_nothing_is_known_of_the_type_of_a_field(self):
        code = """
class Odd(models.Field):
    def __init__(self, shape="round", **kwargs):
        self.shape = shape
        super().__init__(**kwargs)
    def db_type(self, connection):
        return connection.no_such_thing
    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "shape": self.shape}
"""
        safe('migrations.AddField("book", "x", Odd(null=True))', code=code)
        deployed = 'migrations.AddField("book", "x", Odd(null=True))'
        safe(
            'migrations.AlterField("book", "x", Odd(null=True, db_comment="x"))', code=code, deployed=deployed
        )
        judgement = judge_operations(
            'migrations.AlterField("book", "x", Odd("square", null=True))', code=code, deployed=deployed
        )
        assert judgement.verdict is Verdict.UNKNOWN
        assert judgement.not_checked == (
            "The type of shop_book.x is not known, nor what it takes to change it.",
        )

    def test_the_type_is_asked_of_the_stand_in_for_postgresql(self):
        code = """
class Odd(models.Field):
    def db_type(self, connection):
        return {"postgresql": "point"}.get(connection.vendor, "text")
"""
        deployed = 'migrations.AddField("book", "x", Odd(null=True))'
        finding, _ = unsafe(
            'migrations.AlterField("book", "x", models.TextField(null=True))',
            "column-narrowed",
            "column-type-rewrite",
            code=code,
            deployed=deployed,
        ).findings
        assert "from point to text" in finding.message

    def test_a_foreign_key_to_an_app_without_migrations(self):
        add = (
            'migrations.AddField("book", "kind", models.ForeignKey("contenttypes.ContentType",'
            " models.CASCADE, {}))"
        )
        unsafe(add.format("null=True"), "index-build")
        finding, _ = unsafe(
            add.format("default=1, db_index=False"), "foreign-key-validation", "not-null-without-default"
        ).findings
        assert "django_content_type" in finding.message

    def test_a_foreign_key_to_nothing_that_is_known(self):
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.ForeignKey("nowhere.Thing", models.CASCADE, null=True))'
        )
        assert rules_of(judgement) == ["index-build"]

    def test_a_foreign_key_to_a_model_class(self):
        code = "from django.contrib.contenttypes.models import ContentType"
        unsafe(
            'migrations.AddField("book", "x", models.ForeignKey(ContentType, models.CASCADE, null=True))',
            "index-build",
            code=code,
        )

    def test_foreign_keys_in_a_circle_and_to_another_field(self):
        create = """
migrations.CreateModel("Node", [
    ("code", models.CharField(max_length=9, unique=True)),
    ("up", models.ForeignKey("self", models.CASCADE, to_field="code")),
    ("near", models.ManyToManyField("self")),
    ("odd", models.ForeignKey("shop.Node", models.CASCADE, to_field="nothing", related_name="+")),
])"""
        safe(create)
        judgement = unsafe(
            'migrations.AlterField("node", "code", models.CharField(max_length=20, unique=True))',
            "foreign-key-validation",
            deployed=create,
        )
        assert judgement.findings[0].tables == ("shop_node",)

    def test_a_child_of_a_model_in_another_table(self):
        create = 'migrations.CreateModel("Atlas", [("maps", models.IntegerField())], bases=("shop.book",))'
        safe(create)
        unsafe('migrations.DeleteModel("Atlas")', "data-dropped", "table-removed", deployed=create)
        child = 'migrations.CreateModel("Globe", [("x", models.IntegerField())], bases=("shop.Atlas",))'
        safe(child, deployed=create)

    def test_a_model_whose_key_is_a_foreign_key(self):
        create = (
            'migrations.CreateModel("Cover", [("book", models.OneToOneField("shop.Book",'
            " models.CASCADE, primary_key=True))])"
        )
        safe(create)
        safe(
            (
                'migrations.CreateModel("Print", [("id", models.BigAutoField(primary_key=True)),'
                ' ("cover", models.ForeignKey("shop.Cover", models.CASCADE))])'
            ),
            deployed=create,
        )

    def test_a_wider_key_changes_all_that_point_to_it(self):
        widened = 'migrations.AlterField("tag", "id", models.BigAutoField(primary_key=True))'
        judgement = unsafe(widened, "column-type-rewrite", "column-type-rewrite", "foreign-key-validation")
        assert [finding.tables for finding in judgement.findings] == [
            ("shop_tag",),
            ("shop_tag_books",),
            ("shop_tag_books",),
        ]

    def test_an_identity_that_is_taken_away_breaks_the_deployed_insert(self):
        judgement = judge_operations(
            'migrations.AlterField("tag", "id", models.IntegerField(primary_key=True))'
        )
        assert "not-null-without-default" in rules_of(judgement)

    def test_a_new_primary_key(self):
        judgement = judge_operations(
            'migrations.AlterField("tag", "id", models.IntegerField()),'
            ' migrations.AlterField("tag", "label", models.CharField(max_length=50, primary_key=True))'
        )
        assert "unique-constraint" in rules_of(judgement)

    def test_an_identity_for_an_existing_table_computes_each_row(self):
        create = (
            'migrations.CreateModel("Plain", [("code", models.CharField(max_length=9, primary_key=True))])'
        )
        judgement = judge_operations(
            'migrations.AddField("plain", "number", models.AutoField(primary_key=True))', deployed=create
        )
        assert "volatile-default" in rules_of(judgement)

    def test_defaults_that_existing_rows_get(self):
        for field in (
            "models.DateTimeField(auto_now=True)",
            "models.CharField(max_length=9, blank=True)",
            "models.JSONField(default=dict)",
        ):
            unsafe(f'migrations.AddField("book", "x", {field})', "not-null-without-default")
        for field in ("models.IntegerField(default=None)", "models.IntegerField(blank=True)"):
            assert "fails-on-existing-rows" in rules_of(
                judge_operations(f'migrations.AddField("book", "x", {field})')
            )

    def test_null_as_default_of_the_database(self):
        safe('migrations.AddField("book", "x", models.IntegerField(null=True, db_default=None))')

    def test_null_is_filled_with_a_function_that_is_the_same(self):
        proven = (
            'migrations.AddField("book", "x", models.JSONField(null=True, default={})),'
            ' migrations.AddConstraint("book",'
            ' models.CheckConstraint(condition=models.Q(x__isnull=False), name="c"))'
        )
        safe(
            'migrations.AlterField("book", "x", models.JSONField(default=dict))',
            deployed=proven.format("dict"),
        )
        unsafe(
            'migrations.AlterField("book", "x", models.JSONField(default=list))',
            "scan-under-lock",
            deployed=proven.format("dict"),
        )
        safe(
            'migrations.AlterField("book", "x", models.JSONField(default=dict, db_default={}))',
            deployed=proven.format("dict").replace("default=dict", "default=dict, db_default={}"),
        )

    def test_a_nullable_unique_column_with_a_database_default(self):
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.IntegerField(db_default=1, unique=True))'
        )
        assert "same-value-for-every-row" in rules_of(judgement)

    def test_code_between_may_tell_the_rows_apart(self):
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.IntegerField(db_default=1)),'
            " migrations.RunPython(print, print),"
            ' migrations.AddConstraint("book", models.UniqueConstraint(fields=["x"],'
            ' include=["title"], name="c"))'
        )
        assert rules_of(judgement) == ["index-build"]
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.IntegerField(db_default=1)),'
            ' migrations.AddConstraint("book", models.UniqueConstraint(fields=["x"],'
            ' include=["title"], name="c"))'
        )
        assert rules_of(judgement) == ["index-build", "same-value-for-every-row"]


class TestRenames:
    def test_a_renamed_model_takes_foreign_keys_and_pairs_along(self):
        judgement = judge_operations('migrations.RenameModel("Book", "Volume")')
        assert sorted(rules_of(judgement)) == ["column-renamed", "foreign-key-validation", "table-renamed"]

    def test_a_renamed_model_that_points_to_itself(self):
        create = """
migrations.CreateModel("Node", [
    ("id", models.AutoField(primary_key=True)),
    ("up", models.ForeignKey("self", models.CASCADE)),
    ("near", models.ManyToManyField("self")),
    ("books", models.ManyToManyField("shop.Book", through="shop.Through")),
]),
migrations.CreateModel("Through", [
    ("id", models.AutoField(primary_key=True)),
    ("node", models.ForeignKey("shop.Node", models.CASCADE)),
    ("book", models.ForeignKey("shop.Book", models.CASCADE)),
])"""
        judgement = judge_operations('migrations.RenameModel("Node", "Knot")', deployed=create)
        assert "table-renamed" in rules_of(judgement)
        safe(
            (
                'migrations.AlterField("node", "books", models.ManyToManyField("shop.Book",'
                ' through="shop.Through", related_name="x"))'
            ),
            deployed=create,
        )
        unsafe('migrations.DeleteModel("Through")', "data-dropped", "table-removed", deployed=create)

    def test_a_model_that_keeps_its_table(self):
        create = (
            'migrations.CreateModel("Old", [("id", models.AutoField(primary_key=True))],'
            ' options={"db_table": "kept"})'
        )
        safe('migrations.RenameModel("Old", "New")', deployed=create)

    def test_an_index_that_waits_for_the_end_follows_a_renamed_table(self):
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.IntegerField(null=True, db_index=True)),'
            ' migrations.AlterModelTable("book", "books")'
        )
        assert ("index-build", ("books",)) in [
            (finding.rule, finding.tables) for finding in judgement.findings
        ]

    def test_the_name_of_a_field_that_others_point_to(self):
        create = """
migrations.CreateModel("Node", [
    ("code", models.CharField(max_length=9, unique=True)),
    ("up", models.ForeignKey("shop.Node", models.CASCADE, to_field="code")),
])"""
        assert rules_of(
            judge_operations('migrations.RenameField("node", "code", "key")', deployed=create)
        ) == ["column-renamed"]

    def test_a_field_that_moves_a_check_and_indexes_along(self):
        deployed = (
            'migrations.AddConstraint("book",'
            ' models.CheckConstraint(condition=models.Q(stock__isnull=False), name="c")),'
            ' migrations.AddIndex("book", models.Index(fields=["stock"], name="i"))'
        )
        first, second, third = judged(
            SHOP + deployed,
            'migrations.RenameField("book", "stock", "copies")',
            'migrations.AlterField("book", "copies", models.IntegerField(null=True))',
            'migrations.AlterField("book", "copies", models.BigIntegerField(null=True, db_index=True))',
        )
        assert rules_of(first) == ["column-renamed"]
        assert rules_of(second) == []
        assert "column-type-rewrite" in rules_of(third)


class TestTogether:
    def test_index_together(self):
        deployed = 'migrations.AlterIndexTogether("book", {("title", "stock")})'
        unsafe(deployed, "index-build")
        safe('migrations.AlterIndexTogether("book", set())', deployed=deployed)
        safe('migrations.RenameIndex("book", "named", old_fields=("title", "stock"))', deployed=deployed)

    def test_a_new_table_with_everything(self):
        safe(
            """
migrations.CreateModel("Shelf", [
    ("pk", models.CompositePrimaryKey("a", "b")),
    ("a", models.IntegerField()),
    ("b", models.PositiveIntegerField(db_index=True)),
    ("c", models.SlugField(unique=True)),
    ("books", models.ManyToManyField("shop.Book", db_constraint=False)),
], options={
    "unique_together": {("a", "c")},
    "index_together": {("b", "c")},
    "indexes": [models.Index("a", name="i")],
    "constraints": [
        models.UniqueConstraint(fields=["c"], name="u"),
        models.UniqueConstraint(fields=["c"], condition=models.Q(a=1), name="v"),
        models.CheckConstraint(condition=models.Q(a__gt=0), name="w"),
    ],
})"""
        )

    def test_order_with_respect_to_is_a_column(self):
        order = 'migrations.AlterOrderWithRespectTo("book", {})'
        deployed = order.format('"author"')
        unsafe(order.format("None"), "column-removed", "data-dropped", deployed=deployed)
        safe(order.format('"author"'), deployed=deployed)

    def test_a_unique_index_is_dropped_as_one(self):
        deployed = (
            'migrations.AddConstraint("book", models.UniqueConstraint(fields=["title"],'
            ' condition=models.Q(stock=1), name="u"))'
        )
        safe('migrations.RemoveConstraint("book", "u")', deployed=deployed)


class TestLocks:
    def test_the_lock_of_a_foreign_key_covers_the_other_table(self):
        create = """
migrations.CreateModel("Loan", [
    ("id", models.AutoField(primary_key=True)),
    ("book", models.ForeignKey("shop.Book", models.CASCADE)),
])"""
        deployed = (
            'postgres.AddConstraintNotValid("book",'
            ' models.CheckConstraint(condition=models.Q(stock__gt=0), name="c"))'
        )
        validate = 'postgres.ValidateConstraint("book", "c")'
        safe(f"{create}, {validate}", deployed=deployed)
        dropped = 'migrations.SeparateDatabaseAndState([migrations.RemoveField("loan", "book")])'
        judgement = judge_operations(f"{dropped}, {validate}", deployed=f"{deployed}, {create}")
        assert "check-validation" in rules_of(judgement)
        deleted = 'migrations.SeparateDatabaseAndState([migrations.DeleteModel("Loan")])'
        judgement = judge_operations(f"{deleted}, {validate}", deployed=f"{deployed}, {create}")
        assert "check-validation" in rules_of(judgement)
        detached = (
            'migrations.AlterField("loan", "book", models.ForeignKey("shop.Book",'
            " models.CASCADE, db_constraint=False))"
        )
        judgement = judge_operations(f"{detached}, {validate}", deployed=f"{deployed}, {create}")
        assert rules_of(judgement) == ["check-validation"]

    def test_the_strongest_lock_is_kept(self):
        judgement = judge_operations(
            'migrations.AddField("book", "x", models.IntegerField(null=True)),'
            ' migrations.AddIndex("book", models.Index(fields=["title"], name="i"))'
        )
        (finding,) = judgement.findings
        assert [lock.mode for lock in finding.locks] == ["AccessExclusiveLock"]


NODES = """
migrations.CreateModel("Node", [
    ("id", models.AutoField(primary_key=True)),
    ("up", models.ForeignKey("self", models.CASCADE)),
    ("books", models.ManyToManyField("shop.Book", through="shop.Through")),
]),
migrations.CreateModel("Through", [
    ("id", models.AutoField(primary_key=True)),
    ("node", models.ForeignKey("shop.Node", models.CASCADE)),
    ("book", models.ForeignKey("shop.Book", models.CASCADE)),
]),
migrations.CreateModel("Seen", [
    ("id", models.AutoField(primary_key=True)),
    ("node", models.ForeignKey("shop.Node", models.CASCADE)),
], options={"managed": False})
"""


class TestCorners:
    def test_a_many_to_many_field_with_a_model_of_its_own(self):
        field = 'models.ManyToManyField("shop.Book", through="shop.Through", related_name="+")'
        safe(f'migrations.AddField("node", "more", {field})', deployed=NODES)
        safe('migrations.RemoveField("node", "books")', deployed=NODES)
        altered = 'models.ManyToManyField("shop.Author", through="shop.Through")'
        safe(f'migrations.AlterField("node", "books", {altered})', deployed=NODES)
        judgement = judge_operations('migrations.RenameModel("Node", "Knot")', deployed=NODES)
        assert "foreign-key-validation" in rules_of(judgement)

    def test_a_key_that_its_own_table_and_an_unmanaged_one_point_to(self):
        judgement = judge_operations(
            'migrations.AlterField("node", "id", models.BigAutoField(primary_key=True))', deployed=NODES
        )
        rewritten = [one.subject for one in judgement.findings if one.rule == "column-type-rewrite"]
        assert rewritten == ["shop_node.id", "shop_node.up_id", "shop_through.node_id"]

    def test_the_comment_of_a_foreign_key(self):
        commented = 'models.ForeignKey("shop.Author", models.CASCADE, db_comment="who wrote it")'
        safe(f'migrations.AlterField("book", "author", {commented})')

    def test_another_default_for_rows_that_are_proven(self):
        proven = (
            'migrations.AddConstraint("book", models.CheckConstraint('
            'condition=models.Q(weight__isnull=False), name="c"))'
        )
        altered = 'migrations.AlterField("book", "weight", models.IntegerField(default=1))'
        unsafe(altered, "scan-under-lock", deployed=proven)

    def test_an_index_on_the_primary_key_by_its_other_name(self):
        unsafe(
            ('migrations.AddIndex("book", models.Index(fields=["pk", "author_id"], name="i"))'), "index-build"
        )

    def test_a_field_that_cannot_be_written(self):
        code = """
class Odd(models.IntegerField):
    def __init__(self, *args, **kwargs):
        if "null" in kwargs:
            raise TypeError
        super().__init__(*args, **kwargs)
class Shape:
    pass
class Shaped(models.IntegerField):
    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "shape": Shape()}
"""
        judgement = judge_operations('migrations.AddField("book", "x", Odd())', code=code)
        assert "fails-on-existing-rows" in rules_of(judgement)
        judgement = judge_operations(
            ('migrations.AddField("book", "x", Shaped(db_index=True, null=True))'), code=code
        )
        assert rules_of(judgement) == ["index-build"]

    def test_what_the_new_code_could_not_insert_before_is_not_told_again(self):
        first, second = judged(
            SHOP,
            'migrations.SeparateDatabaseAndState([], [migrations.RemoveField("book", "title")])',
            'migrations.AddField("book", "x", models.IntegerField(null=True))',
        )
        assert rules_of(first) == ["not-null-without-default"]
        assert rules_of(second) == []

    def test_a_proxy_of_what_is_not_known(self):
        create = 'migrations.CreateModel("Seen", [], options={"proxy": True}, bases=("nowhere.Thing",))'
        safe(create)

    def test_a_proxy_keeps_nothing_in_the_table(self):
        proxy = 'migrations.CreateModel("Cheap", [], options={"proxy": True}, bases=("shop.book",))'
        judgement = unsafe(
            'migrations.RunSQL("CREATE INDEX i ON shop_book (title)", "")', "index-build", deployed=proxy
        )
        assert "model" not in judgement.findings[0].message

    def test_a_default_that_is_filled_in_once_is_lent_only_if_it_is_another(self):
        deployed = """
migrations.AddField("book", "x", models.IntegerField(null=True, default=1)),
migrations.AddConstraint(
    "book", models.CheckConstraint(condition=models.Q(x__isnull=False), name="c")
)"""
        safe('migrations.AlterField("book", "x", models.IntegerField(default=1))', deployed=deployed)
        unsafe(
            'migrations.AlterField("book", "x", models.IntegerField(default=2))',
            "scan-under-lock",
            deployed=deployed,
        )

    def test_a_default_of_the_models_is_proposed_to_the_database(self):
        field = "models.CharField(max_length=9, db_default='it''s')".replace("''", "\\'")
        judgement = judge_operations(
            f'migrations.SeparateDatabaseAndState([], [migrations.AlterField("book", "title", {field})])'
        )
        (migration,) = migrations_in(judgement.findings[0].safe_way)
        assert migration.operations[0].sql.endswith("SET DEFAULT 'it''s'")
        now = "models.DateField(db_default=models.functions.Now())"
        judgement = judge_operations(
            f'migrations.SeparateDatabaseAndState([], [migrations.AlterField("book", "published", {now})])'
        )
        assert "SET DEFAULT ..." in judgement.findings[0].safe_way


class TestPairs:
    ADD = 'migrations.AddField("book", "tags", models.ManyToManyField("shop.Tag", related_name="+"))'

    def told(self, operations, **more):
        judgement = judge_operations(operations, **more)
        assert rules_of(judgement) == ["models-and-schema-differ"]
        return judgement.findings[0].message.partition(": ")[2]

    def test_a_table_that_only_the_models_have(self):
        apart = f"migrations.SeparateDatabaseAndState([], [{self.ADD}])"
        assert self.told(apart) == "there is no table shop_book_tags."
        safe('migrations.AlterField("book", "title", models.TextField())', deployed=apart)

    def test_a_column_that_only_the_models_rename(self):
        rename = 'migrations.RenameModel("Tag", "Label"), migrations.AlterModelTable("label", "shop_tag")'
        apart = f"""
migrations.SeparateDatabaseAndState([], [
    {rename},
    migrations.AlterField("label", "books", models.ManyToManyField("shop.Book", db_table="shop_tag_books")),
])"""
        assert self.told(apart) == "shop_tag_books has no column label_id."

    def test_where_not_all_was_read_nothing_is_missing(self):
        judgement = judge_operations(
            f'migrations.RunSQL("…", ""), migrations.SeparateDatabaseAndState([], [{self.ADD}])'
        )
        assert judgement.findings == ()
