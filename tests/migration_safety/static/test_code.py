"""What the code of RunPython does, read from its source. Each case is a body on the models of the shop."""

from __future__ import annotations

import textwrap

import pytest
from prodready_static_migrations import judge_operations

from django_prodready.migration_safety.model import Verdict

HEAD = """
import functools
import itertools
import logging
from django.core.paginator import Paginator
from django.core.management import call_command
from django.db import connection, transaction
from django.db import models as m
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import slugify
from psycopg import sql

logger = logging.getLogger(__name__)
STATES = {"a": "b", "c": "d"}


"""
BODY = """def code(apps, schema_editor):
    Author = apps.get_model("shop", "Author")
    Book = apps.get_model("shop.Book")
    Tag = apps.get_model("shop", model_name="Tag") if False else apps.get_model("shop", "Tag")
"""
NEW = 'migrations.AddField("book", "new", models.IntegerField(null=True)),'


def judge(body, *, code="", before="", **more):
    text = (
        HEAD + textwrap.dedent(code) + "\n\n" + BODY + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    )
    return judge_operations(f"{before} migrations.RunPython(code),", code=text, **more)


def judge_module(code, operation="migrations.RunPython(code)", **more):
    return judge_operations(f"{operation},", code=HEAD + textwrap.dedent(code), **more)


def rules_of(judgement):
    return sorted({finding.rule for finding in judgement.findings if finding.category is not None})


HARMLESS = [
    "pass",
    "Book.objects.filter(pk=1).update(stock=1)",
    "Book.objects.filter(isbn='x').update(stock=F('stock') + 1)",
    "Book.objects.filter(isbn__in=['a', 'b']).delete()",
    "Book.objects.filter(pk__in={1, 2}).update(stock=1)",
    "Book.objects.filter(author=3).update(stock=1)",
    "Book.objects.filter(author__id=3).update(stock=1)",
    "Book.objects.filter(author__name='x').update(stock=1)",
    "Book.objects.filter(author__isnull=True).update(stock=1)",
    "Book.objects.filter(title='x').update(stock=1)",
    "Book.objects.filter(title__icontains='x').update(stock=1)",
    "Book.objects.filter(title=None).update(stock=1)",
    "Book.objects.filter(stock__gt=5, published__lt='2000-01-01').update(stock=1)",
    "Book.objects.filter(pk__lt=500).update(stock=1)",
    "Book.objects.filter(pk__gt=500).update(stock=1)",
    "Book.objects.filter(pk__range=(1, 50)).update(stock=1)",
    "Book.objects.filter(stock__range=(1, 50)).update(stock=1)",
    "Book.objects.filter(Exists(Tag.objects.filter(books=OuterRef('pk')))).update(stock=1)",
    "Book.objects.filter(Q(isbn='x') | Q(pk=1) & Q(title='x')).update(stock=1)",
    "Book.objects.filter(~Q(title__contains='x')).update(stock=1)",
    "Book.objects.exclude(title__contains='x').update(stock=1)",
    "Book.objects.exclude(title__isnull=False).update(stock=1)",
    "Book.objects.exclude(title='x', isbn__contains='y').update(stock=1)",
    "Book.objects.none().delete()",
    "Book.objects.filter(pk__in=Book.objects.all()[:10]).update(stock=1)",
    "Book.objects.filter(author__in=Author.objects.filter(name='x')).update(stock=1)",
    "Book.objects.filter(author__in=Author.objects.filter(pk=1)).update(stock=1)",
    "Author.objects.create(name='a')",
    "Author(name='a').save()",
    "a = Author(name='a')\na.save()\na.name = 'b'\na.save()",
    "Tag.objects.get_or_create(label='a', defaults={})",
    (
        "tag, made = Tag.objects.update_or_create(label='a')\nif made:\n"
        "    tag.books.add(Book.objects.get(isbn='1'))"
    ),
    "tag = Tag.objects.first()\ntag.books.set([])\ntag.books.all()",
    "Tag.objects.bulk_create([Tag(label=x) for x in ('a', 'b') if x])",
    "Author.objects.bulk_create(Author(name=b.title) for b in Book.objects.all())",
    "book = Book.objects.order_by('pk').first()\nif book is None:\n    return\nbook.stock = 1\nbook.save()",
    "book = Book.objects.all()[0]\nbook.refresh_from_db().save()\nbook.delete()",
    "for book in Book.objects.filter(isbn__in=['a']):\n    book.save()",
    "for book in Book.objects.all()[:10]:\n    book.stock = 1\n    book.save()",
    "for state in ('a', 'b'):\n    Tag.objects.create(label=state)\nelse:\n    pass",
    "for old, new in STATES.items():\n    Book.objects.filter(title=old).update(title=new)",
    "for key in STATES:\n    Book.objects.filter(isbn=key).update(title=STATES.get(key), stock=1)",
    "for number in range(3):\n    Author.objects.create(name=f'{number}')",
    "for book in Book.objects.all():\n    if book.stock < 0:\n        book.stock = 0\n        book.save()",
    "for book in Book.objects.all():\n    if book.title == 'x' and book.stock > 3:\n        book.save()",
    (
        "for book in Book.objects.all():\n    if not (book.title == 'x' or 1 == 2):\n"
        "        continue\n    book.save()"
    ),
    (
        "for book in Book.objects.all():\n    title = book.title.strip()\n"
        "    if title != book.title:\n        book.title = title\n        book.save()"
    ),
    "print(Book.objects.count())\nlogger.info('%s', Book.objects.last())",
    "assert Book.objects.exists()\nlen(Book.objects.all())\nlist(Book.objects.values('pk'))",
    "if Book.objects.all():\n    pass",
    "if schema_editor.connection.vendor != 'postgresql':\n    Book.objects.all().delete()",
    "if schema_editor.connection.vendor == 'sqlite':\n    Book.objects.all().delete()\nelse:\n    pass",
    "if not schema_editor.connection.vendor.lower() == 'postgresql':\n    Book.objects.all().delete()",
    "schema_editor.execute('SELECT 1')",
    (
        "with schema_editor.connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT id FROM shop_book WHERE id = %s', [1])\n"
        "    row = cursor.fetchone()"
    ),
    (
        "with connection.cursor() as cursor:\n"
        "    cursor.execute(f'UPDATE {Book._meta.db_table} SET stock = 1 WHERE id = {5}')"
    ),
    (
        "table = schema_editor.quote_name(Book._meta.db_table)\n"
        "schema_editor.execute('COMMENT ON TABLE %s IS NULL' % table)"
    ),
    "schema_editor.execute('COMMENT ON TABLE {} IS NULL'.format(connection.ops.quote_name('shop_book')))",
    (
        "name = sql.SQL('SELECT 1 FROM {} LIMIT 1').format(sql.Identifier('shop_book'))\n"
        "schema_editor.execute(name)"
    ),
    "def helper(x, *rest, y=1, **more):\n    return x\nhelper(1, y=2)",
    "try:\n    Book.objects.get(pk=1)\nexcept Book.DoesNotExist:\n    return\nfinally:\n    pass",
    (
        "rows = []\nrows.append(1)\nrows.extend([2])\nrows.clear()\nrows.pop()\ndel rows[0]\n"
        "rows += [3]\nn: int = 5\nm: int"
    ),
    "x = {'a': 1, **{}}['a']\ny = [1, 2][5]\nz = -1 * 3\nw = not x\nv = 'a' * 3",
    "x = 1 if 2 > 1 else 3\ny = Author if STATES else Book\nlambda: 1",
    "first, *rest = 1, 2\n[one, (two, three)] = [1, [2, 3]]",
    "now = timezone.now()\nBook.objects.filter(published__gt=now).delete()",
    "ids = set()\nfor one in zip([1], [2]):\n    ids.add(one)",
    "author = Author.objects.get(pk=1)\nauthor.book_set.update(stock=1)\nauthor.book_set.all()",
    "Book.objects.get(pk=1).author.save()",
    "import os.path, json\nfrom . import nothing\nfrom os import path as p\np.join('a', 'b')\nos.path",
    "while False:\n    break",
    "Book.objects.filter(pk=1, **{'stock': 3}).update(**{'stock': 2})",
    "Book.objects.filter(*[Q(pk=1)]).update(stock=1)",
    "class_ = type(Book)\nisinstance(Book, type)\nhash(1)",
    (
        "book = Book.objects.get(pk=1)\nbook.stock += 1\nsetattr(book, 'rank', 2)\n"
        "getattr(book, 'title')\nbook.save()"
    ),
    "getattr(Book, apps)\nsetattr(apps, 'x', 1)\nAuthor.x = 1\ndel apps",
    (
        "rows = {book.pk: book for book in Book.objects.all()}\n"
        "for pk, book in rows.items():\n    pass\nrows.values()"
    ),
    "book = Book.objects.in_bulk([1])[1]\nBook.objects.in_bulk().get(1)",
    "x = 'a' if Book else 'b'\ny = None if 1 in [2] else 3\nz = 1 if [1] else 2",
    "if Author and Book:\n    pass\nif 1 and 2:\n    pass\nif 1 and 0:\n    pass\nif None or 0:\n    pass",
    "x = [one for one in 'abc' if one]\n'%s' % Author.x\nx = y = [*x]\nx[0][1:]",
    "Book.objects.filter(~Q(Exists(Tag.objects.all()))).update(stock=1)",
    "Book.objects.filter(~Exists(Tag.objects.all())).update(stock=1)",
    "Book.objects.filter(~(~Q(pk=1))).update(stock=1)",
    "Tag.books.through.objects.filter(pk=1).delete()\napps.get_model('shop', 'Tag_books').objects.create()",
    "Book.objects.bulk_update([], ['stock'])\nBook.objects.bulk_update([1], ['stock'])",
    "Book.objects.bulk_update([1 for one in range(3)], ['stock'])",
    "for one in Author.x:\n    Book.objects.get(pk=1)",
    "schema_editor.connection.alias\nschema_editor.connection.introspection.get_constraints(None, 'a')",
    (
        "list(map(str, ['a']))\nmap(slugify, Book.objects.values_list('title'))\n"
        "'a,b'.split(',')[0].format(1, x=2)\n'{}'.format(Author.x)\n'{} {}'.format(1)"
    ),
    "schema_editor.remove_index(Author, None)",
    "for one in range(5):\n    for two in [(1, 2)]:\n        pass",
    "schema_editor.connection.ops().x\nschema_editor.quote_name(Author.x)\nrows = []\nrows.sort()",
    "from django.conf import settings\nsettings.TIME_ZONE.lower()\nsettings.configured",
    (
        "del apps[0]\nfor one in 'abc':\n    pass\nbook = Book()\nbook.x = 1\nbook.x\n"
        "Author.MultipleObjectsReturned"
    ),
    "Book.objects.filter(pk=1, **Author.x)\nAuthor.objects.all().explode",
    "with open('x'):\n    pass",
    "import datetime\ndatetime.datetime.fromisoformat(Book.objects.first())",
    "import sys\nsys.maxsize\nx = sys.modules['a'].b",
]


@pytest.mark.parametrize("body", HARMLESS)
def test_harmless(body):
    judgement = judge(body)
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())


BULK = [
    "Book.objects.update(stock=1)",
    "Book._default_manager.using('default').select_related('author').update(stock=1)",
    "Book.objects.filter(pk__gte=1).update(stock=1)",
    "Book.objects.filter(stock__gte=0).update(stock=1)",
    "Book.objects.filter(published__lte=timezone.now()).update(stock=1)",
    "Book.objects.filter(title__isnull=False).update(stock=1)",
    "Book.objects.filter(subtitle__isnull=False).update(stock=1)",
    "Book.objects.filter(subtitle__isnull=True).update(subtitle='')",
    "Book.objects.filter(subtitle=None).update(subtitle='')",
    "Book.objects.exclude(title='x').update(stock=1)",
    "Book.objects.exclude(subtitle=None).update(stock=1)",
    "Book.objects.exclude(pk__in=[1]).update(stock=1)",
    "Book.objects.exclude(Q(title='x')).update(stock=1)",
    "Book.objects.exclude(title='x', isbn='y').update(stock=1)",
    "Book.objects.filter(~Q(title='x')).update(stock=1)",
    "Book.objects.filter(~(Q(title='x') | Q(isbn='y'))).update(stock=1)",
    "Book.objects.filter(Q(pk__gt=0) | Q(title='x')).update(stock=1)",
    "Book.objects.filter(pk__in=Book.objects.values('pk')).update(stock=1)",
    "Book.objects.update(title=Subquery(Author.objects.filter(pk=OuterRef('author')).values('name')[:1]))",
    "for book in Book.objects.all():\n    book.stock = 1\n    book.save(update_fields=['stock'])",
    "for book in Book.objects.iterator():\n    Book.objects.filter(pk=book.pk).update(stock=book.stock + 1)",
    "for pk in Book.objects.values_list('pk', flat=True):\n    Book.objects.filter(pk=pk).update(stock=1)",
    (
        "for pk, title in Book.objects.values_list('pk', 'title'):\n"
        "    Book.objects.filter(pk=pk).update(stock=1)"
    ),
    "for number, book in enumerate(Book.objects.all()):\n    book.save()",
    "for author in Author.objects.all():\n    author.book_set.update(stock=1)",
    "for author in Author.objects.all():\n    for book in author.book_set.all():\n        book.save()",
    "for author in Author.objects.all():\n    Book.objects.filter(author=author).update(stock=1)",
    "for book in Book.objects.all():\n    if book.title:\n        book.stock = 1\n        book.save()",
    (
        "for book in Book.objects.all():\n    if not book.subtitle:\n"
        "        book.subtitle = slugify(book.title)\n        book.save()"
    ),
    (
        "for book in Book.objects.all():\n    if book.subtitle is not None:\n"
        "        continue\n    book.subtitle = ''\n    book.save()"
    ),
    (
        "for book in Book.objects.all():\n"
        "    if 'x' != book.title and book.stock not in (1, 2):\n        book.save()"
    ),
    "for book in Book.objects.all():\n    if book.title == 'x' or book.title:\n        book.save()",
    "books = [book for book in Book.objects.all() if book.stock]\nBook.objects.bulk_update(books, ['stock'])",
    (
        "books = []\nfor book in Book.objects.all():\n    books.append(book)\n"
        "Book.objects.bulk_update(books, fields=['stock'], batch_size=10)"
    ),
    "books = list(Book.objects.all())\nBook.objects.bulk_update(objs=books, fields=['stock'])",
    (
        "with connection.cursor() as cursor:\n    cursor.execute('SELECT id FROM shop_book')\n"
        "    for row in cursor.fetchall():\n"
        "        cursor.execute('UPDATE shop_book SET stock = 1 WHERE id = %s', row)"
    ),
    (
        "with connection.cursor() as cursor:\n"
        "    cursor.executemany('UPDATE shop_book SET stock = 1 WHERE id = %s', [])"
    ),
    (
        "for start in range(0, Book.objects.count(), 100):\n"
        "    schema_editor.execute(f'UPDATE shop_book SET stock = 1 WHERE id BETWEEN {start} "
        "AND {start + 100}')"
    ),
    "Book.objects.bulk_update(Author.x, ['stock'])",
    "Book.objects.bulk_update(Book.objects.all(), ['stock'])",
    "if Author.objects.exists():\n    return\nelse:\n    Book.objects.update(stock=1)",
    "if Author.objects.exists():\n    Book.objects.update(stock=1)\nelif Tag:\n    return",
]


@pytest.mark.parametrize("body", BULK)
def test_one_transaction_writes_nearly_all(body):
    assert rules_of(judge(body)) == ["bulk-write"]


def test_authors_of_all_books_are_all_authors():
    assert rules_of(judge("for book in Book.objects.all():\n    book.author.save()")) == ["bulk-write"]


BATCHES = [
    "for book in Book.objects.all():\n    book.stock = 1\n    book.save()",
    "for book in Book.objects.all():\n    with transaction.atomic():\n        book.save()",
    """
    while True:
        ids = list(Book.objects.filter(subtitle=None).values_list("pk", flat=True)[:100])
        if not ids:
            break
        Book.objects.filter(pk__in=ids).update(subtitle="")
    """,
    """
    last = 0
    while True:
        books = list(Book.objects.filter(pk__gt=last).order_by("pk")[:100])
        if not books:
            return
        with transaction.atomic():
            for book in books:
                book.stock = 1
            Book.objects.bulk_update(books, ["stock"])
        last = books[-1].pk
    """,
    """
    top = Book.objects.aggregate(top=Max("pk"))["top"]
    start = 0
    while start <= top:
        Book.objects.filter(pk__gte=start, pk__lt=start + 100).update(stock=1)
        start += 100
    """,
    """
    books = []
    for book in Book.objects.iterator():
        books.append(book)
        if len(books) == 100:
            Book.objects.bulk_update(books, ["stock"])
            books = []
    Book.objects.bulk_update(books, ["stock"])
    """,
    """
    pages = Paginator(Book.objects.order_by("pk"), 100)
    for number in pages.page_range:
        with transaction.atomic():
            for book in pages.page(number).object_list:
                book.save()
    """,
    """
    books = Book.objects.iterator()
    while batch := list(itertools.islice(books, 100)):
        Book.objects.bulk_update(batch, ["stock"])
    """,
    """
    cursor = connection.cursor()
    while True:
        cursor.execute("UPDATE shop_book SET stock = 1 WHERE id IN (SELECT id FROM shop_book LIMIT 100)")
        if not cursor.rowcount:
            break
    """,
    """
    def chunks(rows):
        last = 0
        while True:
            ids = list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:100])
            yield ids
            yield
            yield from [ids]
            yield ids
            last = ids[-1]
    for ids in chunks(Book.objects.all()):
        Book.objects.filter(pk__in=ids).update(stock=1)
    """,
]


@pytest.mark.parametrize("body", BATCHES)
def test_batches_are_safe_where_each_is_a_transaction(body):
    assert judge(body, atomic=False).verdict is Verdict.SAFE
    assert rules_of(judge(body)) == ["bulk-write"]


def test_a_transaction_around_a_loop_holds_all_rows():
    body = (
        "with transaction.atomic(), connection.cursor() as c:\n"
        "    for book in Book.objects.all():\n        book.save()"
    )
    assert rules_of(judge(body, atomic=False)) == ["bulk-write"]
    module = """
    @transaction.atomic
    def code(apps, schema_editor):
        for book in apps.get_model("shop", "Book").objects.all():
            book.save()
    """
    assert rules_of(judge_module(module, atomic=False)) == ["bulk-write"]


class TestNewColumns:
    @pytest.mark.parametrize(
        "body",
        [
            "Book.objects.filter(new=None).update(stock=1)",
            "Book.objects.filter(new__isnull=True).update(new=1)",
            "for book in Book.objects.filter(new__isnull=True):\n    book.save()",
            "for book in Book.objects.all():\n    if book.new != book.stock:\n        book.save()",
            "for book in Book.objects.all():\n    if not book.new:\n        book.save()",
        ],
    )
    def test_what_lacks_a_value_is_everything(self, body):
        assert rules_of(judge(body, deployed=NEW)) == ["bulk-write"]

    @pytest.mark.parametrize(
        "body",
        [
            "Book.objects.filter(new=5).update(stock=1)",
            "Book.objects.filter(new__isnull=False).update(stock=1)",
            "for book in Book.objects.all():\n    if book.new:\n        book.save()",
        ],
    )
    def test_what_has_one_is_nothing(self, body):
        assert judge(body, deployed=NEW).verdict is Verdict.SAFE


def test_a_row_of_an_app_without_migrations():
    owner = (
        'migrations.AddField("book", "kind", models.ForeignKey("contenttypes.ContentType", '
        "models.CASCADE, null=True)),"
    )
    assert judge("Book.objects.first().kind", deployed=owner).verdict is Verdict.SAFE


class TestLocks:
    def test_reading_all_under_a_lock(self):
        for body in (
            "Book.objects.count()",
            "Book.objects.filter(title='x').first()",
            "list(Author.objects.all())",
        ):
            assert rules_of(judge(body, before=NEW)) == ["scan-under-lock"]
            assert judge(body).verdict is Verdict.SAFE

    @pytest.mark.parametrize(
        "body",
        [
            "Book.objects.first()",
            "Book.objects.filter(pk=1).exists()",
            "Book.objects.aggregate(Max('pk'), b=Min('isbn'))",
            "Book.objects.get(isbn='x')",
        ],
    )
    def test_reading_little_under_a_lock(self, body):
        assert judge(body, before=NEW).verdict is Verdict.SAFE

    def test_the_greatest_value_without_index_takes_all(self):
        assert rules_of(judge("Book.objects.aggregate(Max('stock'))", before=NEW)) == ["scan-under-lock"]


class TestDeleting:
    def test_rows_that_reference_them_go_too(self):
        judgement = judge("Tag.objects.all()._raw_delete('default')")
        assert rules_of(judgement) == ["bulk-write", "data-deleted"]
        assert {one.subject for one in judgement.findings if one.category is not None} == {"shop_tag"}
        assert rules_of(judge("Tag.objects.filter(pk=1)._raw_delete('default')")) == []
        judgement = judge("Author.objects.all().delete()")
        assert rules_of(judgement) == ["bulk-write", "data-deleted"]
        assert {one.tables for one in judgement.findings if one.category} == {
            ("shop_author",),
            ("shop_book",),
        }

    def test_one_by_one(self):
        assert rules_of(judge("for tag in Tag.objects.all():\n    tag.delete()", atomic=False)) == [
            "data-deleted"
        ]

    def test_pairs(self):
        assert judge(
            "for tag in Tag.objects.filter(pk=1):\n    tag.books.clear()\n    tag.books.count()"
        ).verdict


class TestPendingChecks:
    @pytest.mark.parametrize(
        ("body", "after"),
        [
            ("Book.objects.create(author_id=1)", "book"),
            ("Book(author_id=1).save()", "book"),
            ("Tag.objects.first().books.add(1)", "tag"),
            ("for book in Book.objects.filter(title='x'):\n    book.author_id = 1\n    book.save()", "book"),
            ("Book.objects.filter(title='x').update(author=1)", "book"),
        ],
    )
    def test_rows_with_keys_before_the_schema(self, body, after):
        text = HEAD + BODY + textwrap.indent(body, "    ")
        add = f'migrations.AddField("{after}", "new", models.IntegerField(null=True)),'
        judgement = judge_operations(f"migrations.RunPython(code), {add}", code=text)
        assert ("pending-trigger-events" in rules_of(judgement)) is (after == "book")

    def test_a_key_set_to_null_is_not_checked(self):
        body = "Book.objects.filter(title='x').update(author=None)"
        text = HEAD + BODY + textwrap.indent(body, "    ")
        assert judge_operations(f"migrations.RunPython(code), {NEW}", code=text).verdict is Verdict.SAFE


class TestFunctions:
    def test_helpers_of_the_module_are_read(self):
        code = """
        def fill(model, value, *, field="stock"):
            return lambda: model.objects.update(**{field: value})
        """
        assert rules_of(judge("fill(Book, 1)()", code=code)) == ["bulk-write"]

    def test_a_helper_that_calls_itself_is_given_up(self):
        code = "def again(model):\n    again(model)\n"
        assert judge("again(Book)", code=code).verdict is Verdict.UNKNOWN

    def test_lambdas_partials_callables_and_methods(self):
        module = """
        code = lambda apps, schema_editor: apps.get_model("shop", "Book").objects.update(stock=1)

        def named(apps, schema_editor, name, value):
            apps.get_model("shop", name).objects.update(stock=value)

        class Fill:
            def __init__(self):
                self.value = 1

            def __call__(self, apps, schema_editor):
                apps.get_model("shop", "Book").objects.update(stock=self.value)

            def fill(self, apps, schema_editor):
                self(apps, schema_editor)
                apps.get_model("shop", "Book").objects.update(stock=1)

        def inner():
            name = "Book"
            def code(apps, schema_editor):
                apps.get_model("shop", name).objects.update(stock=1)
            return code

        def decorated(function):
            @functools.wraps(function)
            def wrapper(apps, schema_editor):
                return function(apps, schema_editor)
            return wrapper

        @decorated
        def wrapped(apps, schema_editor):
            apps.get_model("shop", "Book").objects.update(stock=1)
        """
        partial = 'functools.partial(named, name="Book", value=1)'
        for function in ("code", partial, "Fill()", "Fill().fill", "inner()", "wrapped"):
            judgement = judge_module(module, f"migrations.RunPython({function})")
            assert rules_of(judgement) == ["bulk-write"], function

    def test_two_lambdas_in_a_line_are_told_apart_by_their_arguments(self):
        module = """
        pair = (lambda apps, editor: apps.get_model((
            "shop"
        ), "Book").objects.update(stock=1), lambda a, b: None)
        same = (lambda a, b: 1, lambda a, b: 2)
        """
        assert rules_of(judge_module(module, "migrations.RunPython(pair[0])")) == ["bulk-write"]
        assert judge_module(module, "migrations.RunPython(pair[1])").verdict is Verdict.SAFE
        assert judge_module(module, "migrations.RunPython(same[0])").verdict is Verdict.UNKNOWN

    def test_a_class_of_the_project_stands_for_the_historical_model(self):
        module = """
        from django.contrib.auth.models import Group

        def code(apps, schema_editor):
            Group.objects.all().delete()
        """
        assert judge_module(module).verdict is Verdict.UNKNOWN

    def test_functions_without_source(self):
        assert (
            judge_module("", "migrations.RunPython(functools.partial(print, 1))").verdict is Verdict.UNKNOWN
        )
        text = "exec('def code(apps, schema_editor): pass')"
        assert judge_module(text).verdict is Verdict.UNKNOWN

    def test_a_name_that_is_not_bound_yet(self):
        module = """
        def outer():
            def code(apps, schema_editor):
                later.objects.update(stock=1)
            return code
            later = 1
        code = outer()
        """
        assert judge_module(module).verdict is Verdict.SAFE


class TestOperations:
    CODE = """
class Fill(migrations.operations.base.Operation):
    reversible = False

    def __init__(self, model_name, unused=None):
        self.model_name = model_name
        super().__init__()

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        super().describe()
        self.nothing
        self.fill(model)

    def fill(self, model):
        model.objects.update(stock=1)


class Careful(migrations.AddIndex):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("SET lock_timeout = 100")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Plain(Fill):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Broken(Fill):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.title()

    title = None


class Lost(migrations.operations.base.Operation):
    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().nothing()


def outside(self, app_label, schema_editor, from_state, to_state):
    super(Lost, Elsewhere).database_forwards(app_label, schema_editor, from_state, to_state)


class Elsewhere(Lost):
    database_forwards = outside


class Strange(migrations.operations.base.Operation):
    def state_forwards(self, app_label, state):
        pass

    database_forwards = property(lambda self: 1)
"""

    def test_the_code_of_an_operation_is_read(self):
        assert rules_of(judge_operations('Fill("book"),', code=self.CODE)) == ["bulk-write"]

    def test_what_django_does_for_it_counts(self):
        index = 'Careful("book", models.Index(fields=["title"], name="i")),'
        assert rules_of(judge_operations(index, code=self.CODE)) == ["index-build"]

    def test_what_another_class_of_the_project_does_for_it_counts(self):
        assert rules_of(judge_operations('Plain("book"),', code=self.CODE)) == ["bulk-write"]

    @pytest.mark.parametrize(
        ("operation", "name"),
        [
            ('Broken("book")', "title of the operation"),
            ("Lost()", "nothing of the operation"),
            ("Elsewhere()", "database_forwards"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, operation, name):
        judgement = judge_operations(f"{operation},", code=self.CODE)
        assert judgement.verdict is Verdict.UNKNOWN
        assert judgement.not_checked == (f"The code calls {name}, which was not read.",)

    def test_code_that_nobody_has_thought_of(self):
        assert judge_operations("Strange(),", code=self.CODE).verdict is Verdict.UNKNOWN

    def test_names_of_fields_are_known(self):
        code = """
class Required(migrations.AlterField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        field = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
        table, column = schema_editor.quote_name(field.model._meta.db_table), field.column
        schema_editor.execute(f"ALTER TABLE shop_book ADD CHECK ({column} IS NOT NULL) NOT VALID")
        if not field.null:
            schema_editor.execute(f'ALTER TABLE shop_book ALTER "{field.attname}" SET NOT NULL')
"""
        judgement = judge_operations('Required("book", "pages", models.IntegerField()),', code=code)
        assert rules_of(judgement) == ["not-null-scan", "not-null-without-default"]

    def test_what_was_not_read_may_relax_a_column(self):
        code = """
class Forget(migrations.RemoveField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        {}
"""
        forget = 'Forget("book", "title"),'
        assert rules_of(judge_operations(forget, code=code.format("pass"))) == ["not-null-without-default"]
        judgement = judge_operations(forget, code=code.format("schema_editor.relax(self)"))
        assert judgement.verdict is Verdict.UNKNOWN
        added = 'migrations.RunSQL("ALTER TABLE shop_book ADD COLUMN x text NOT NULL DEFAULT 1", ""),'
        added += 'migrations.RunSQL("ALTER TABLE shop_book ALTER COLUMN x DROP DEFAULT", ""),'
        judgement = judge_operations(added + forget, code=code.format("schema_editor.relax(self)"))
        assert judgement.verdict is Verdict.UNSAFE

    RELAX = """
import copy, os

class Forget(migrations.RemoveField):
    def __init__(self, model_name, name):
        super().__init__(model_name, name)
        self.step = "relax"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if self.step == "drop":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        {}
"""

    @pytest.mark.parametrize(
        "body",
        [
            "new = field.clone(); new.null = True; schema_editor.alter_field(model, field, new)",
            "new = copy.copy(field); new.null = True; schema_editor.alter_field(model, field, new, False)",
            """new = copy.deepcopy(field)
        new.null = True
        new.set_attributes_from_name(field.name)
        new.model = model
        if new.null and not field.null:
            schema_editor.alter_field(model, field, new)""",
        ],
    )
    def test_a_field_that_the_code_alters(self, body):
        code = self.RELAX.format(body)
        assert judge_operations('Forget("book", "title"),', code=code).verdict is Verdict.SAFE

    @pytest.mark.parametrize(
        "body",
        [
            "pass",
            "new = copy.copy(field); schema_editor.alter_field(model, field, new)",
            "new = copy.copy(field); new.null = False; schema_editor.alter_field(model, field, new)",
        ],
    )
    def test_one_that_it_leaves_as_it_is(self, body):
        judgement = judge_operations('Forget("book", "title"),', code=self.RELAX.format(body))
        assert rules_of(judgement) == ["not-null-without-default"]
        assert judgement.not_checked == ()

    @pytest.mark.parametrize(
        "body",
        [
            "schema_editor.alter_field(model, field)",
            "schema_editor.alter_field(field, field, field)",
            "schema_editor.alter_field(model, field, model)",
            "schema_editor.alter_field(model, None, field)",
            "new = field.clone(); new.null = os.getpid(); schema_editor.alter_field(model, field, new)",
            "new = field.clone(); new.max_length = 9; schema_editor.alter_field(model, field, new)",
            """new = field.clone()
        if os.environ.get("X"):
            new.null = True
        schema_editor.alter_field(model, field, new)""",
        ],
    )
    def test_one_of_which_that_is_not_known(self, body):
        judgement = judge_operations('Forget("book", "title"),', code=self.RELAX.format(body))
        assert judgement.verdict is Verdict.UNKNOWN
        assert judgement.not_checked == (
            "The code calls alter_field of the schema editor, which was not read.",
        )

    def test_a_many_to_many_field_that_it_alters(self):
        judgement = judge("tags = Tag._meta.get_field('books'); schema_editor.alter_field(Tag, tags, tags)")
        assert judgement.verdict is Verdict.UNKNOWN

    def test_a_field_that_it_alters_as_django_does(self):
        code = """
class Slow(migrations.AlterField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        old = from_state.apps.get_model(app_label, self.model_name)
        new = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.alter_field(
            old, old._meta.get_field(self.name), new._meta.get_field(self.name)
        )
"""
        longer = 'Slow("book", "title", models.CharField(max_length=200)),'
        assert judge_operations(longer, code=code).verdict is Verdict.SAFE
        shorter = 'Slow("book", "title", models.CharField(max_length=5)),'
        assert "column-type-rewrite" in rules_of(judge_operations(shorter, code=code))

    def test_a_model_that_is_new(self):
        code = """
class Filled(migrations.CreateModel):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        from_state.apps.get_model("shop", "Book").objects.update(stock=1)
"""
        create = 'Filled("Note", [("id", models.BigAutoField(primary_key=True))]),'
        assert rules_of(judge_operations(create, code=code)) == ["bulk-write"]

    def test_an_index_by_the_schema_editor(self):
        body = "schema_editor.add_index(Tag.books.through, m.Index(fields=['tag'], name='i'))"
        assert rules_of(judge(body)) == ["index-build"]


def test_a_new_table_that_was_filled_gets_its_key_too_late():
    create = """
migrations.CreateModel(
    "Note",
    [("id", models.BigAutoField(primary_key=True)), ("author", models.ForeignKey((
        "shop.Author"
    ), models.CASCADE))],
),
"""
    note = "Note = apps.get_model('shop', 'Note')\n"
    for fill in (
        "Note.objects.bulk_create([Note(author=one) for one in Author.objects.all()])",
        (
            "rows = []\nfor one in Author.objects.all():\n    rows.append(Note(author=one))\n"
            "Note.objects.bulk_create(rows)"
        ),
        "for one in Author.objects.all():\n    Note.objects.create(author=one)",
    ):
        assert rules_of(judge(note + fill, before=create)) == ["foreign-key-validation"]
    assert judge(note + "Note.objects.create(author_id=1)", before=create).verdict is Verdict.SAFE


def test_code_that_goes_round_in_circles():
    module = """
    def code(apps, schema_editor):
        pass
    code.__wrapped__ = code
    """
    assert judge_module(module).verdict is Verdict.UNKNOWN


def test_a_source_that_has_changed_and_is_no_python():
    module = """
    import linecache
    def code(apps, schema_editor):
        pass
    file = code.__code__.co_filename
    linecache.cache[file] = (1, None, ["def code(:"], file)
    """
    assert judge_module(module).verdict is Verdict.UNKNOWN


def test_a_source_that_is_no_python():
    assert judge_module("code = eval('lambda apps, schema_editor: None')").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        "Author.objects.first()(Book)",
        "foreign([Book for one in range(3)])",
        "call_command('loaddata', 'x')",
        "apps.get_model('shop', Book.__name__).objects.update(stock=1)",
        "apps.get_app_config('shop').get_model('Book').objects.update(stock=1)",
        "schema_editor.add_field(Book, None)",
        "schema_editor.execute('UPDATE ' + Book.table())",
        "schema_editor.execute()",
        "logger.root.handle(Book)",
        "logger.root.save()",
        "sorted(Book.objects.all(), key=len)[0].save()(Book)",
    ],
)
def test_what_is_not_read_is_said(body):
    judgement = judge(body)
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.not_checked
