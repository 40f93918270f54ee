"""What migrations of ordinary projects do all the time, and what is nothing to talk about."""

from __future__ import annotations

import pytest
from django.db.migrations.loader import MigrationLoader
from prodready_static_migrations import SHOP, judge_operations, migration_of, plan_of

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.plan import Plan, Step
from django_prodready.migration_safety.static.judge import judge

CODE = """
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import transaction
from django.db.models.functions import Lower, Now
from django.utils import timezone

def create_tags(apps, schema_editor):
    Tag = apps.get_model("shop", "Tag")
    Tag.objects.using(schema_editor.connection.alias).get_or_create(label="new")
    Tag.objects.bulk_create([Tag(label=label) for label in ("a", "b")], ignore_conflicts=True)

def fix_one(apps, schema_editor):
    apps.get_model("shop", "Tag").objects.filter(pk=3).update(label="b")

def in_batches(apps, schema_editor):
    Book = apps.get_model("shop", "Book")
    keys = Book.objects.order_by("pk").values_list("pk", flat=True)
    batch = list(keys[:1000])
    while batch:
        Book.objects.filter(pk__in=batch).update(weight=0)
        batch = list(keys.filter(pk__gt=batch[-1])[:1000])

def iterate(apps, schema_editor):
    Book = apps.get_model("shop", "Book")
    changed = []
    for book in Book.objects.filter(weight=None).iterator(chunk_size=500):
        book.weight = 0
        changed.append(book)
        if len(changed) == 500:
            Book.objects.bulk_update(changed, ["weight"])
            changed.clear()
    Book.objects.bulk_update(changed, ["weight"])

def nothing(apps, schema_editor):
    pass

def only_postgres(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("COMMENT ON TABLE shop_book IS 'books'")

def flush(apps, schema_editor):
    from django.core.cache import cache
    cache.clear()
"""

ADD = 'migrations.AddField("book", "{}", {})'
ALTER = 'migrations.AlterField("book", "{}", {})'
CHECK = 'models.CheckConstraint(condition=models.Q(stock__gte=0), name="stocked")'
KNOWN = 'models.CheckConstraint(condition=models.Q(weight__isnull=False), name="known")'

ORDINARY = {
    # Models
    "a model": """
migrations.CreateModel(
    "Shelf",
    [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("name", models.CharField(db_index=True, max_length=50, unique=True)),
        ("slug", models.SlugField()),
        ("made", models.DateTimeField(auto_now_add=True)),
        ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
        ("first", models.OneToOneField("shop.Book", models.SET_NULL, null=True, related_name="+")),
        ("books", models.ManyToManyField("shop.Book", blank=True)),
        ("labels", ArrayField(models.CharField(max_length=9), default=list)),
    ],
    options={
        "ordering": ["name"],
        "indexes": [models.Index(fields=["made"], name="shelf_made"), GinIndex(fields=["labels"], name="g")],
        "constraints": [models.UniqueConstraint(Lower("name"), name="shelf_name")],
    },
)""",
    "a model in steps": """
migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
migrations.AddField("shelf", "book", models.ForeignKey("shop.Book", models.CASCADE)),
migrations.AddField("shelf", "code", models.CharField(max_length=9, unique=True)),
migrations.AddIndex("shelf", models.Index(fields=["code"], name="shelf_code")),
migrations.AlterUniqueTogether("shelf", {("book", "code")}),
migrations.RenameField("shelf", "code", "key"),
migrations.AlterField("shelf", "key", models.TextField()),
migrations.RemoveField("shelf", "book"),
migrations.RenameModel("Shelf", "Rack"),
migrations.DeleteModel("Rack"),
""",
    "a proxy": 'migrations.CreateModel("Cheap", [], options={"proxy": True}, bases=("shop.book",))',
    "a child": """
migrations.CreateModel(
    "Comic",
    [("book_ptr", models.OneToOneField("shop.Book", models.CASCADE, parent_link=True, primary_key=True))],
    bases=("shop.book",),
)""",
    "an unmanaged model": (
        'migrations.CreateModel("Seen", [("id", models.IntegerField(primary_key=True))],'
        ' options={"managed": False, "db_table": "seen"})'
    ),
    "options": (
        'migrations.AlterModelOptions("book", {"verbose_name": "book", "ordering": ["title"],'
        ' "permissions": [("lend", "Can lend")], "get_latest_by": "published"})'
    ),
    "managers": 'migrations.AlterModelManagers("book", [("objects", models.Manager())])',
    "the comment of a table": 'migrations.AlterModelTableComment("book", "Books.")',
    "the same table": 'migrations.AlterModelTable("book", "shop_book")',
    # New columns
    "null": ADD.format("x", "models.CharField(max_length=9, null=True, blank=True)"),
    "null and a default": ADD.format("x", "models.IntegerField(null=True, default=3)"),
    "a default in the database": ADD.format("x", "models.BooleanField(default=False, db_default=False)"),
    "now in the database": ADD.format("x", "models.DateTimeField(default=timezone.now, db_default=Now())"),
    "a list that may be null": ADD.format("x", "ArrayField(models.IntegerField(), null=True)"),
    "a file": ADD.format("x", 'models.FileField(upload_to="x", null=True)'),
    "a key without index": ADD.format(
        "x", 'models.ForeignKey("shop.Author", models.CASCADE, null=True, db_index=False, related_name="+")'
    ),
    "a user": ADD.format(
        "x", "models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)"
    ),
    "many to many": ADD.format("x", 'models.ManyToManyField("shop.Tag", related_name="+")'),
    # Changed columns
    "choices": ALTER.format("title", 'models.CharField(max_length=100, choices=[("a", "A")])'),
    "words of a field": ALTER.format(
        "title", 'models.CharField("The title", max_length=100, help_text="Say it.", db_column="title")'
    ),
    "blank": ALTER.format("title", "models.CharField(max_length=100, blank=True)"),
    "a default in Python": ALTER.format("title", 'models.CharField(max_length=100, default="none")'),
    "validators": ALTER.format("title", "models.CharField(max_length=100, validators=[print])"),
    "longer": ALTER.format("title", "models.CharField(max_length=200)"),
    "text": ALTER.format("title", "models.TextField()"),
    "more digits": ALTER.format("price", "models.DecimalField(max_digits=12, decimal_places=2)"),
    "null allowed": ALTER.format("stock", "models.IntegerField(default=0, null=True)"),
    "an e-mail": ALTER.format("title", "models.EmailField(max_length=100)"),
    "what is done on delete": ALTER.format("author", 'models.ForeignKey("shop.Author", models.PROTECT)'),
    "the name of the way back": ALTER.format(
        "author", 'models.ForeignKey("shop.Author", models.CASCADE, related_name="books")'
    ),
    "another way back of many": (
        'migrations.AlterField("tag", "books", models.ManyToManyField("shop.Book", related_name="tags"))'
    ),
    "another name, the same column": """
migrations.AlterField("book", "title", models.CharField(max_length=100, db_column="title")),
migrations.RenameField("book", "title", "name"),
""",
    "another model, the same table": """
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.RenameModel("Author", "Writer"), migrations.AlterModelTable("writer", "shop_author")
    ],
)""",
    # Indexes and constraints
    "a constraint that is not checked": f'postgres.AddConstraintNotValid("book", {CHECK})',
    "an index less": 'migrations.AlterField("tag", "label", models.CharField(max_length=50))',
    "not unique any more": ALTER.format("isbn", "models.CharField(max_length=13)"),
    # Code and SQL
    "code": "migrations.RunPython(create_tags, migrations.RunPython.noop, elidable=True)",
    "code for one row": "migrations.RunPython(fix_one, nothing)",
    "code that does nothing": "migrations.RunPython(nothing, nothing)",
    "a step of a squash": "migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)",
    "code for PostgreSQL": "migrations.RunPython(only_postgres, nothing)",
    "SQL": (
        'migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop, elidable=True)'
    ),
    "SQL that grants": 'migrations.RunSQL(["GRANT SELECT ON shop_book TO reader"], migrations.RunSQL.noop)',
    "limits first": """
migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
migrations.AddField("book", "x", models.IntegerField(null=True)),
""",
    "a sequence": 'migrations.RunSQL("CREATE SEQUENCE numbers", "DROP SEQUENCE numbers")',
    "rows by their key": (
        "migrations.RunSQL([(\"UPDATE shop_tag SET label = %s WHERE id = %s\", ['a', 1])],"
        " migrations.RunSQL.noop)"
    ),
    "nothing": "",
}


def is_silent(judgement):
    told = [finding.message for finding in judgement.findings]
    assert (judgement.verdict, told, judgement.not_checked) == (Verdict.SAFE, [], ())


@pytest.mark.parametrize("operations", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_operations_are_safe(operations):
    is_silent(judge_operations(operations, code=CODE))


NOT_ATOMIC = {
    "an index": 'postgres.AddIndexConcurrently("book", models.Index(fields=["title"], name="i"))',
    "several": """
postgres.AddIndexConcurrently("book", models.Index(Lower("title"), name="i")),
postgres.AddIndexConcurrently("book", GinIndex(fields=["title"], name="j", opclasses=["gin_trgm_ops"])),
""",
    "batches": "migrations.RunPython(in_batches, nothing)",
    "batches of objects": "migrations.RunPython(iterate, nothing)",
    "an index in SQL": (
        'migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON shop_book (title)", "DROP INDEX CONCURRENTLY i")'
    ),
}


@pytest.mark.parametrize("operations", NOT_ATOMIC.values(), ids=NOT_ATOMIC)
def test_ordinary_operations_outside_of_a_transaction_are_safe(operations):
    is_silent(judge_operations(operations, code=CODE, atomic=False))


AFTERWARDS = {
    "it is validated": (
        f'postgres.AddConstraintNotValid("book", {CHECK})',
        'postgres.ValidateConstraint("book", "stocked")',
    ),
    "NOT NULL that is proven": (
        f'postgres.AddConstraintNotValid("book", {KNOWN}), postgres.ValidateConstraint("book", "known")',
        ALTER.format("weight", "models.IntegerField()") + ', migrations.RemoveConstraint("book", "known")',
    ),
    "a column that is forgotten": (
        """
migrations.SeparateDatabaseAndState(
    [migrations.RunSQL("ALTER TABLE shop_book ALTER stock DROP NOT NULL", migrations.RunSQL.noop)],
    [migrations.RemoveField("book", "stock")],
)""",
        'migrations.RunSQL("ALTER TABLE shop_book DROP stock", migrations.RunSQL.noop)',
    ),
    "a table that is forgotten": (
        'migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Tag")])',
        'migrations.RunSQL("DROP TABLE shop_tag_books, shop_tag", migrations.RunSQL.noop)',
    ),
    "an index goes": (
        'migrations.AddIndex("book", models.Index(fields=["title"], name="i"))',
        'migrations.RemoveIndex("book", "i")',
    ),
    "an index is renamed": (
        'migrations.AddIndex("book", models.Index(fields=["title"], name="i"))',
        'migrations.RenameIndex("book", new_name="j", old_name="i")',
    ),
    "a constraint goes": (
        f'migrations.AddConstraint("book", {CHECK})',
        'migrations.RemoveConstraint("book", "stocked")',
    ),
    "unique_together goes": (
        'migrations.AlterUniqueTogether("book", {("title", "author")})',
        'migrations.AlterUniqueTogether("book", set())',
    ),
    "a default of the database goes with null": (
        ADD.format("x", "models.IntegerField(null=True, db_default=1)"),
        ALTER.format("x", "models.IntegerField(null=True)"),
    ),
    "the key gets its constraint": (
        ADD.format("x", 'models.ForeignKey("shop.Author", models.CASCADE, null=True, db_constraint=False)'),
        """
migrations.SeparateDatabaseAndState(
    [
        migrations.RunSQL(
            "ALTER TABLE shop_book ADD CONSTRAINT k FOREIGN KEY (x_id) REFERENCES shop_author NOT VALID",
            "ALTER TABLE shop_book DROP CONSTRAINT k",
        )
    ],
    [migrations.AlterField("book", "x", models.ForeignKey("shop.Author", models.CASCADE, null=True))],
)""",
    ),
}


@pytest.mark.parametrize(("deployed", "operations"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_second_steps_are_safe(deployed, operations):
    is_silent(judge_operations(operations, deployed=deployed, code=CODE))


def test_a_squash_of_it_all_is_safe_where_nothing_is_deployed():
    whole = ", ".join(
        (SHOP.strip().rstrip(","), ORDINARY["options"], ORDINARY["code"], ORDINARY["many to many"])
    )
    (judgement,) = judge(plan_of((migration_of(whole, "0001_squashed", code=CODE), "judged")))
    is_silent(judgement)


@pytest.fixture
def contrib(settings):
    """Plan to judge the migrations of Django's own apps."""
    names = ("admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites")
    settings.INSTALLED_APPS = [f"django.contrib.{name}" for name in names]
    settings.SITE_ID = 1

    def plan(*, each_deployed: bool) -> Plan:
        loader = MigrationLoader(None)
        order = dict.fromkeys(
            node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf)
        )
        steps = (Step(loader.graph.nodes[key], is_judged=True, is_deployed=False) for key in order)
        return Plan(alias="default", loader=loader, steps=tuple(steps), each_deployed=each_deployed)

    return plan


def test_djangos_own_apps_are_safe_to_install(contrib):
    judged = judge(contrib(each_deployed=False))
    assert len(judged) > 15
    assert {judgement.verdict for judgement in judged} == {Verdict.SAFE}


def test_djangos_own_apps_were_seldom_unsafe_to_upgrade(contrib):
    judged = {one.key: one for one in judge(contrib(each_deployed=True)) if one.verdict is not Verdict.SAFE}
    assert {
        key: sorted({finding.rule for finding in one.findings if finding.category is not None})
        for key, one in judged.items()
    } == {
        ("contenttypes", "0002_remove_content_type_name"): ["column-removed", "data-dropped"],
        ("sites", "0002_alter_domain_unique"): ["index-build", "unique-constraint"],
    }
