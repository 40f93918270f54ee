"""What Django refuses of the code of RunPython, whatever the rows."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from types import SimpleNamespace

import pytest
from prodready_static_migrations import judge_operations, migration_of, plan_of

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.static.judge import judge as judge_plan

HEAD = """
import os
from django.apps import apps as real_apps
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import Count, F, Prefetch, Q, Value
from django.db.models.functions import Coalesce

def code(apps, schema_editor):
    Author = apps.get_model("shop", "Author")
    Book = apps.get_model("shop", "Book")
    Tag = apps.get_model(app_label="shop", model_name="Tag")
"""


def judge(body, *, before="", **more):
    text = HEAD + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return judge_operations(f"{before} migrations.RunPython(code, code),", code=text, **more)


def fails(judgement):
    return any(finding.rule == "migration-fails" for finding in judgement.findings)


@pytest.mark.parametrize(
    "body",
    [
        "Book.objects.all()[:10].update(stock=1)",
        "Book.objects.order_by('pk')[5:10].delete()",
        "Book.objects.all()[:10].filter(stock=1)",
        "Book.objects.all()[:10].exclude(stock=1)",
        "Book.objects.all()[:10].get(stock=1)",
        "Book.objects.all()[:10].order_by('stock')",
        "Book.objects.all()[:10].last()",
        "first = Book.objects.all()[:10]\nif first:\n    first.update(stock=1)",
        "Book.objects.values('pk').delete()",
    ],
)
def test_what_cannot_be_done_with_a_part_of_a_queryset(body):
    assert fails(judge(body))


@pytest.mark.parametrize(
    "body",
    [
        "Book.objects.filter(pk__in=Book.objects.all()[:10]).update(stock=1)",
        "for book in Book.objects.all()[:10]:\n    book.save()",
        "books = list(Book.objects.all()[:10])\nbooks.reverse()",
        "keys = set(Book.objects.values_list('pk', flat=True)[:10])\nkeys.update([1])",
        "Book.objects.all()[:10].filter()",
        "Book.objects.all()[:10].values_list('pk', flat=True).count()",
        "Book.objects.filter(pk=1).values('pk').update(stock=1)",
        "if os.environ:\n    Book.objects.all()[:10].update(stock=1)",
    ],
)
def test_what_can(body):
    assert not fails(judge(body))


LOCKS = [
    "for book in Book.objects.select_for_update().filter(pk=1):\n    book.save()",
    "Book.objects.select_for_update().get(pk=1)",
    "Book.objects.select_for_update().first()",
    "list(Book.objects.select_for_update()[:10])",
    "Book.objects.select_for_update().filter(pk=1).exists()",
]


@pytest.mark.parametrize("body", LOCKS)
def test_rows_cannot_be_locked_without_a_transaction(body):
    assert fails(judge(body, atomic=False))


@pytest.mark.parametrize("body", LOCKS)
def test_rows_can_be_locked_in_one(body):
    assert not fails(judge(body))
    inner = textwrap.indent(body, "    ")
    assert not fails(judge(f"with transaction.atomic():\n{inner}", atomic=False))
    inner = textwrap.indent(inner, "    ")
    loop = f"for tag in Tag.objects.all():\n    with transaction.atomic():\n{inner}"
    assert not fails(judge(loop, atomic=False))


def test_a_transaction_may_have_a_name():
    body = "block = transaction.atomic()\nwith block:\n    Book.objects.select_for_update().first()"
    assert not fails(judge(body, atomic=False))


def test_a_query_that_fetches_nothing_locks_nothing():
    for body in ("Book.objects.select_for_update().count()", "Book.objects.select_for_update()"):
        assert not fails(judge(body, atomic=False))


GONE = [
    "Book.objects.filter(stock=1)",
    "Book.objects.filter(stock__gt=1).update(weight=1)",
    "Book.objects.exclude(Q(pk=1) | ~Q(stock=1)).first()",
    "Book.objects.get(stock=1)",
    "Book.objects.get_or_create(isbn='x', stock=1)",
    "Book.objects.create(isbn='x', stock=1)",
    "Book(isbn='x', stock=1).save()",
    "Book.objects.filter(pk=1).update(stock=1)",
    "Book.objects.filter(pk=1).update(weight=F('stock'))",
    "Book.objects.filter(pk=1).update(weight=F('stock') * 2 + F('pk'))",
    "Book.objects.filter(pk=1).update(weight=1 - F('stock'))",
    "Book.objects.filter(pk=1).update(weight=Coalesce('stock', 0))",
    "Book.objects.filter(pk=1).update(weight=Coalesce(F('stock'), F('pk'), Value('title')))",
    "Book.objects.order_by('-stock')",
    "Book.objects.select_related('stock')",
    "Book.objects.values_list('pk', 'stock')",
    "Book.objects.only('stock')",
    "Author.objects.filter(book__stock=1)",
    "Tag.objects.filter(books__stock__gt=1)",
    "Tag.objects.filter(books__author__book__stock__gt=1)",
    "Book.objects.bulk_update([], ['stock'])",
    "for book in Book.objects.filter(pk=1):\n    book.weight = book.stock\n    book.save()",
    "Book.objects.first().stock",
    "Author.objects.first().book_set.filter(stock=1)",
    "if Book.objects.exists():\n    Book.objects.filter(stock=1)",
    "if not Book.objects.count():\n    return\nBook.objects.filter(stock=1)",
    "if schema_editor.connection.alias != 'default':\n    return\nBook.objects.filter(stock=1)",
    "try:\n    Book.objects.get(stock=1)\nexcept Book.DoesNotExist:\n    pass",
    "x = Book.objects.get(stock=1) if schema_editor.connection.vendor == 'postgresql' else None",
]


@pytest.mark.parametrize("body", GONE)
def test_a_field_that_was_removed_before(body):
    judgement = judge(body, before='migrations.RemoveField("book", "stock"),')
    assert any("has no " in one.message and "stock" in one.message for one in judgement.findings)


@pytest.mark.parametrize("body", GONE)
def test_a_field_that_is_there(body):
    assert not fails(judge(body))


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    Book.objects.filter(stock=1)\nexcept FieldError:\n    pass",
        "try:\n    Book.objects.filter(stock=1)\nexcept:\n    pass",
        "if 'stock' in [one.name for one in Book._meta.get_fields()]:\n    Book.objects.filter(stock=1)",
        "if os.environ:\n    return\nBook.objects.filter(stock=1)",
        "if os.environ:\n    pass\nelse:\n    Book.objects.filter(stock=1)",
        "x = Book.objects.filter(stock=1) if os.environ else None",
        "for name in os.listdir():\n    Book.objects.filter(stock=1)",
        "book = Book.objects.first()\ngetattr(book, 'stock', None)\nhasattr(book, 'stock')",
        "book = Book.objects.first()\nbook.stock = 1\nbook.stock",
        "Book.objects.annotate(stock=F('weight')).filter(stock=1).order_by('stock').first().stock",
        "Book.objects.annotate(**vars(os)).filter(stock=1)",
        "Book.objects.annotate(Count('tag')).filter(stock=1)",
        "Book.objects.extra(select={'stock': '1'}).order_by('stock')",
        "Author.objects.prefetch_related(Prefetch('book_set', to_attr='stock')).first().stock",
        "Author.objects.prefetch_related('book_set').first().book_set.all()",
        "Book.objects.values(stock=F('weight')).order_by('stock')",
        "Book.objects.filter(**vars(os))",
        "Book.objects.order_by('?')",
        "Book(**vars(os))",
        "os.stock = 1",
        "Book.stock = 1\nBook.objects.first().stock",
        "Book.add_to_class('stock', os)\nBook.objects.first().stock",
        "Book.objects.select_related('author', 'author__x' if os.environ else 'author')",
        "Author.objects.values('pk').annotate(c=Count('*')).filter(c__gt=1)",
        "Book.objects.filter(pk=1).update(title=Value('stock'), weight=Coalesce('weight', 'pk'))",
    ],
)
def test_a_field_that_may_not_be_needed(body):
    assert not fails(judge(body, before='migrations.RemoveField("book", "stock"),'))


@pytest.mark.parametrize(
    "body",
    [
        "Author.objects.filter(book__tag__label='x', book__isnull=False, book=3, pk=1, id=2)",
        "Book.objects.filter(author_id=3, author__pk=3, author__name__iexact='x', author__in=[1])",
        "Book.objects.filter(author_id__in=[3], published__year__gte=2000).order_by('author__name')",
        "author = Author.objects.first()\nauthor.book_set.all()\nauthor._state\nauthor.full_clean()",
        "book = Book.objects.first()\nbook.author.name\nbook.author_id\nbook.tag_set.all()",
        "book = Book.objects.first()\nbook.get_next_by_published()\nbook.DoesNotExist",
        "Book(pk=1, author_id=1, author=None)",
        "Book.objects.get_or_create(isbn='x', defaults={'stock': 1})",
    ],
)
def test_names_that_every_model_has(body):
    assert not fails(judge(body))


def test_a_method_of_the_class_of_today():
    judgement = judge("for book in Book.objects.all():\n    book.title = book.full_title()")
    assert any("Book has no full_title" in finding.message for finding in judgement.findings)


def test_relations_have_names_of_their_own():
    relation = (
        'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True)),'
        ' ("book", models.OneToOneField("shop.Book", models.CASCADE)),'
        ' ("by", models.ForeignKey("shop.Author", models.CASCADE, related_name="%(class)s_by",'
        ' related_query_name="noted")),'
        ' ("of", models.ForeignKey("shop.Tag", models.CASCADE, related_name="+"))]),'
    )
    for body in ("Book.objects.first().note", "Author.objects.first().note_by.all()"):
        assert not fails(judge(body, before=relation))
    assert not fails(judge("Author.objects.filter(noted__book__note__pk=1)", before=relation))
    for body in ("Book.objects.first().note_set", "Author.objects.filter(note=1)"):
        assert fails(judge(body, before=relation))


def test_models_that_may_have_more_are_left_alone():
    managed = (
        'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))],'
        ' managers=[("objects", Notes())]),'
        ' migrations.CreateModel("Long", [], bases=("shop.note",)),'
        ' migrations.CreateModel("Reply", [("id", models.BigAutoField(primary_key=True)),'
        ' ("note", models.ForeignKey("shop.Note", models.CASCADE)),'
        ' ("user", models.ForeignKey("auth.User", models.CASCADE))]),'
    )
    bodies = (
        "apps.get_model('shop', 'Note').objects.filter(x=1).first().y",
        "apps.get_model('shop', 'Long').objects.filter(x=1).first().y",
        "apps.get_model('shop', 'Reply').objects.filter(note__x=1, user__x=1).first().note.y",
        "apps.get_model('shop', 'Note')(x=1)",
        "apps.get_model('shop', 'Long').objects.create(x=1).x",
        "apps.get_model('shop', 'Long').objects.get_or_create(x=1)[0].x",
        "for one in apps.get_model('shop', 'Long').objects.in_bulk().values():\n        one.x",
        "Tag.books.through.objects.filter(x=1)",
    )
    code = "from django.db.models import Manager\nclass Notes(Manager):\n    use_in_migrations = True\n"
    for body in bodies:
        text = code + HEAD + textwrap.indent(body, "    ")
        assert not fails(judge_operations(f"{managed} migrations.RunPython(code, code),", code=text))


@pytest.mark.parametrize(("name", "is_there"), [("permission", True), ("logentry", False)])
def test_models_without_migrations_give_names_too(name, is_there):
    body = f"apps.get_model('contenttypes', 'ContentType').objects.filter({name}__pk=1)"
    create = 'migrations.CreateModel("ContentType", [("id", models.BigAutoField(primary_key=True))])'
    code = HEAD.split("    Author")[0] + f"    {body}\n"
    migration = migration_of(f"{create}, migrations.RunPython(code)", "0001", "contenttypes", code=code)
    plan = plan_of((migration, "judged"))
    plan = replace(plan, loader=SimpleNamespace(unmigrated_apps={"auth", "nowhere"}))
    (judgement,) = judge_plan(plan)
    assert fails(judgement) is not is_there


def test_a_model_that_is_gone():
    delete = 'migrations.DeleteModel("Tag"),'
    assert fails(judge("Book.objects.all()", before=delete))
    body = "try:\n    apps.get_model('shop', 'Gone')\nexcept LookupError:\n    pass"
    assert not fails(judge(body))


UPSERT = "update_conflicts=True, unique_fields=['id'], update_fields=['stock']"


@pytest.mark.parametrize(
    "body",
    [
        f"Book.objects.bulk_create([Book(id=b.id, stock=b.stock) for b in Book.objects.all()], {UPSERT})",
        f"Book.objects.bulk_create(list(Book.objects.all()), {UPSERT})",
        f"Book.objects.bulk_create([b for b in Book.objects.all()], {UPSERT})",
        f"b = [Book(id=b.pk) for b in Book.objects.all()]\nBook.objects.bulk_create(objs=b, {UPSERT})",
    ],
)
def test_rows_that_are_created_again_are_updated(body):
    judgement = judge(body)
    assert "bulk-write" in [finding.rule for finding in judgement.findings]


@pytest.mark.parametrize(
    "body",
    [
        f"Tag.objects.bulk_create([Tag(id=b.id) for b in Book.objects.all()], {UPSERT})".replace(
            "stock", "label"
        ),
        f"Book.objects.bulk_create([Book(stock=b.stock) for b in Book.objects.all()], {UPSERT})",
        f"Book.objects.bulk_create([Book(id=1, stock=1)], {UPSERT})",
        f"Book.objects.bulk_create([Book(id=b.id) for b in Book.objects.filter(isbn='x')], {UPSERT})",
        "Book.objects.bulk_create([Book(id=b.id) for b in Book.objects.all()], ignore_conflicts=True)",
    ],
)
def test_new_rows_and_few_rows_are_not(body):
    judgement = judge(body)
    assert "bulk-write" not in [finding.rule for finding in judgement.findings]


def test_an_operation_sees_the_models_before_it():
    code = """
class DeleteIfThere(migrations.DeleteModel):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if from_state.apps.get_model(app_label, self.name)._meta.db_table in os.environ:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
"""
    head = "import os\nfrom django.db import migrations\n"
    assert not fails(judge_operations('DeleteIfThere("Tag")', code=head + code))


class TestSchemaEditor:
    def test_one_of_the_codes_own(self):
        body = (
            "with {}.schema_editor() as editor:\n    editor.add_index(Book, models.Index('stock', name='x'))"
        )
        for where in ("connection", "schema_editor.connection"):
            judgement = judge(body.format(where), atomic=False)
            assert [finding.rule for finding in judgement.findings] == ["index-build"]

    def test_a_procedure_that_was_made_before(self):
        made = 'migrations.RunSQL("CREATE PROCEDURE tidy() AS $$ DELETE FROM shop_book $$", ""),'
        judgement = judge("with connection.cursor() as cursor:\n    cursor.callproc('tidy')", deployed=made)
        assert judgement.verdict is Verdict.UNSAFE

    @pytest.mark.parametrize(
        ("call", "found"),
        [
            ("remove_field(Book, Book._meta.get_field('weight'))", {"column-removed", "data-dropped"}),
            ("add_field(Book, Book._meta.get_field('stock'))", set()),
            (
                "add_constraint(Book, models.CheckConstraint(condition=Q(stock=1), name='x'))",
                {"check-validation"},
            ),
            ("add_constraint(Book, models.UniqueConstraint(fields=['stock'], name='x'))", {"index-build"}),
            ("add_constraint(Book, models.UniqueConstraint(fields=['stock'], name=str(1)))", {"index-build"}),
            ("remove_constraint(Book, None)", set()),
            ("remove_index(Book, None)", set()),
            ("delete_model(Tag)", {"data-dropped", "table-removed"}),
            ("alter_db_table(Tag, 'shop_tag', 'label')", {"table-renamed"}),
        ],
    )
    def test_its_methods_do_what_operations_do(self, call, found):
        judgement = judge(f"schema_editor.{call}")
        assert judgement.verdict is not Verdict.UNKNOWN
        rules = {finding.rule for finding in judgement.findings if finding.category is not None}
        assert found <= rules if found else "index-build" not in rules

    def test_a_table_of_its_own(self):
        told = (
            'migrations.SeparateDatabaseAndState(state_operations=[migrations.CreateModel("Shelf",'
            ' [("id", models.BigAutoField(primary_key=True))])]),'
        )
        judgement = judge("schema_editor.create_model(apps.get_model('shop', 'Shelf'))", before=told)
        assert judgement.verdict is Verdict.SAFE

    @pytest.mark.parametrize(
        "call",
        [
            "alter_field(Book, Book._meta.get_field('stock'), None)",
            "add_field(Book, models.IntegerField())",
            "add_field(Book)",
            "remove_field(Book)",
            "remove_field(Book, Book._meta.get_field('gone'))",
            "remove_field(Book, Book._meta.get_field())",
            "remove_field(Tag, Tag._meta.get_field('books'))",
            "remove_field(os, os._meta.get_field('books'))",
            "add_constraint(Book)",
            "alter_db_table(Tag, 'shop_tag', os.getpid())",
            "alter_db_table()",
        ],
    )
    def test_what_cannot_be_told_is_said(self, call):
        assert judge(f"schema_editor.{call}").verdict is Verdict.UNKNOWN


class TestPercents:
    """psycopg takes each % for a placeholder where there are parameters."""

    @pytest.mark.parametrize(
        "text",
        [
            "UPDATE shop_book SET stock = 1 WHERE id = %s AND title LIKE 'a%'",
            "UPDATE shop_book SET stock = stock % 10 WHERE id = %s",
            "UPDATE shop_book SET stock = 1 WHERE id = %s -- 50%!",
            "SELECT 'a%d', %s",
        ],
    )
    def test_a_bare_one(self, text):
        assert fails(judge_operations(f"migrations.RunSQL([({text!r}, [1])], migrations.RunSQL.noop),"))
        assert fails(judge(f"schema_editor.execute({text!r}, [1])"))
        assert fails(judge(f"with connection.cursor() as cursor:\n    cursor.execute({text!r}, (1,))"))

    @pytest.mark.parametrize(
        ("text", "parameters"),
        [
            ("UPDATE shop_book SET stock = 1 WHERE id = %s AND title LIKE 'a%%'", [1]),
            ("UPDATE shop_book SET stock = stock %% 10 WHERE id = %(id)s", {"id": 1}),
            ("UPDATE shop_book SET stock = 1 WHERE id = 1 AND title LIKE 'a%'", None),
            ("UPDATE shop_book SET stock = 1 WHERE id = 1 AND title LIKE 'a%'", []),
            ("UPDATE shop_book SET stock = 1 WHERE id = %s AND isbn = %b AND isbn = %t", [1, "a", "b"]),
            ("UPDATE shop_book SET stock = 1 WHERE id = %s -- 50%\n", [1]),
            ("UPDATE shop_book SET stock = 1 WHERE id = %s -- 50%", [1]),
        ],
    )
    def test_others(self, text, parameters):
        pair = (text, parameters)
        assert not fails(judge_operations(f"migrations.RunSQL([{pair!r}], migrations.RunSQL.noop),"))
        assert not fails(judge(f"schema_editor.execute({text!r}, {parameters!r})"))

    def test_a_statement_that_may_never_be_sent(self):
        body = "schema_editor.execute(\"SELECT 'a%', %s\", [1])"
        assert not fails(judge(f"if os.environ.get('X'):\n    {body}"))
        assert not fails(judge(f"try:\n    {body}\nexcept Exception:\n    pass"))

    def test_a_statement_that_is_put_together(self):
        text = "UPDATE shop_book SET stock = 1 WHERE title LIKE '%{os.environ.get('X')}' AND id = %s"
        assert not fails(judge(f'schema_editor.execute(f"{text}", [1])'))


class TestColumnsThatAreThere:
    """A column that the models have forgotten, and the table has not."""

    FORGET = """
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "pages")]),
"""
    AGAIN = 'migrations.AddField("book", "pages", models.IntegerField(null=True)),'

    def test_are_not_added_again(self):
        assert fails(judge_operations(self.AGAIN, deployed=self.FORGET))
        apart = f"migrations.SeparateDatabaseAndState(database_operations=[{self.AGAIN}]),"
        assert fails(judge_operations(apart))

    @pytest.mark.parametrize(
        "between",
        [
            """migrations.RunSQL("ALTER TABLE shop_book DROP COLUMN pages", ""),""",
            """migrations.RunSQL("ALTER TABLE shop_book RENAME pages TO leaves", ""),""",
            """migrations.RunSQL("ALTER TABLE shop_book RENAME TO old", ""),""",
            """migrations.RunPython(print),""",
            """migrations.RunSQL("SELECT tidy_up()", ""),""",
        ],
    )
    def test_unless_they_are_gone_or_may_be(self, between):
        assert not fails(judge_operations(self.AGAIN, deployed=self.FORGET + between))
        assert not fails(judge_operations(self.AGAIN, deployed=self.FORGET, earlier=between))
        assert not fails(judge_operations(between + self.AGAIN, deployed=self.FORGET))

    @pytest.mark.parametrize(
        "again",
        [
            AGAIN.replace("pages", "leaves"),
            AGAIN.replace("null", 'db_column="leaves", null'),
            'migrations.AddField("book", "pages", models.ManyToManyField("shop.Tag")),',
            f"migrations.SeparateDatabaseAndState(state_operations=[{AGAIN}]),",
            """migrations.RunSQL("ALTER TABLE shop_book ADD COLUMN IF NOT EXISTS pages integer", ""),""",
            AGAIN.replace("migrations.AddField", "Missing"),
        ],
    )
    def test_others_may_be(self, again):
        code = """
class Missing(migrations.AddField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM information_schema.columns WHERE column_name = 'pages'")
            if not cursor.fetchone():
                super().database_forwards(app_label, schema_editor, from_state, to_state)
"""
        assert not fails(judge_operations(again, deployed=self.FORGET, code=code))


class TestDurable:
    """Django refuses a durable transaction inside of another."""

    DURABLE = "with transaction.atomic(durable=True):\n    Book.objects.filter(pk=1).update(stock=1)"

    def test_in_an_atomic_migration(self):
        assert fails(judge(self.DURABLE))
        inside = "with transaction.atomic():\n    " + self.DURABLE.replace("\n", "\n    ")
        assert fails(judge(inside, atomic=False))
        each = "for book in Book.objects.all()[:9]:\n    " + self.DURABLE.replace("\n", "\n    ")
        assert fails(judge(each))

    def test_elsewhere(self):
        assert not fails(judge(self.DURABLE, atomic=False))
        for options in ("", "durable=False", "durable=os.name", "'other', durable=True", "True"):
            assert not fails(judge(self.DURABLE.replace("durable=True", options)))
        other = "using='other', durable=True"
        assert not fails(judge(self.DURABLE.replace("durable=True", other)))
        doubtful = "if os.environ.get('X'):\n    " + self.DURABLE.replace("\n", "\n    ")
        assert not fails(judge(doubtful))


class TestGenerated:
    CODE = "from django.db.models.functions import Lower, Now, Random"
    ADD = """
migrations.AddField("book", "x", models.GeneratedField(
    expression={}, output_field=models.TextField(), db_persist=True
)),
"""

    @pytest.mark.parametrize(
        "expression",
        [
            "Now()",
            "models.Case(models.When(published__lt=Now(), then=models.Value('a')), default=None)",
            "Random() + 1",
            "models.Func(function='NOW')",
        ],
    )
    def test_by_the_time_or_by_chance(self, expression):
        assert fails(judge_operations(self.ADD.format(expression), code=self.CODE))

    @pytest.mark.parametrize(
        "expression",
        [
            "Lower('title')",
            "models.F('title')",
            "models.Value('now()')",
            "models.Case(models.When(stock__lt=3, then=models.Value('a')), default=models.Value('b'))",
            "models.Func(models.F('title'), function='own')",
        ],
    )
    def test_by_columns(self, expression):
        assert not fails(judge_operations(self.ADD.format(expression), code=self.CODE))


def test_a_change_without_cast():
    deployed = 'migrations.AddField("book", "words", models.JSONField(default=list)),'
    code = "from django.contrib.postgres.fields import ArrayField"
    array = 'migrations.AlterField("book", "words", ArrayField(models.TextField(), default=list)),'
    assert fails(judge_operations(array, deployed=deployed, code=code))
    array = 'migrations.AlterField("book", "title", ArrayField(models.TextField(), default=list)),'
    assert not fails(judge_operations(array, code=code))
