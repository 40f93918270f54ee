"""No rule is malformed: its page, its words, and its examples, which are judged."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from prodready_static_migrations import (
    judge_operations,
    migrations_in,
    plan_of,
    plan_of_example,
    ways_of,
)

from django_prodready.migration_safety import rules
from django_prodready.migration_safety.harm import OVER_ROWS, Harm
from django_prodready.migration_safety.model import Category, Evidence, Lock, Verdict
from django_prodready.migration_safety.rule import HEADINGS, Example, Rule, all_rules, finding_of, page_of
from django_prodready.migration_safety.static.judge import judge
from django_prodready.reporting.finding import Severity

FILES = sorted(path.stem for path in Path(rules.__path__[0]).glob("[!_]*.py"))
FROM_DECIMAL = "from decimal import Decimal"
LOCK = Lock("shop_book", "AccessExclusiveLock")


def module_of(name: str):
    return importlib.import_module(f"{rules.__name__}.{name.replace('-', '_')}")


def examples(kind: str):
    return [
        pytest.param(name, example, id=f"{kind}-{name}-{number}")
        for name in all_rules()
        for number, example in enumerate(getattr(module_of(name), kind))
        if not example.needs_trace
    ]


def test_each_file_is_a_rule_of_its_name():
    assert [name.replace("-", "_") for name in all_rules()] == FILES


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_the_page_is_whole(rule: Rule):
    page = page_of(rule)
    assert page.title.endswith(".")
    assert "\n" not in rule.documentation.split("\n\n")[0]
    assert tuple(page.sections) == HEADINGS
    assert all(page.sections.values())
    assert "](https://" in page.sections["References"]


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_there_are_at_least_as_many_safe_examples_as_one(rule: Rule):
    module = module_of(rule.name)
    assert len(module.UNSAFE) >= 1
    assert len(module.SAFE) >= 1
    written = [*module.SAFE, *module.UNSAFE]
    assert len(
        {(example.operations, example.deployed, example.earlier, example.atomic) for example in written}
    ) == len(written)


def test_there_are_as_many_safe_examples_as_unsafe_ones():
    modules = [module_of(name) for name in all_rules()]
    assert sum(len(module.SAFE) for module in modules) >= sum(len(module.UNSAFE) for module in modules)


@pytest.mark.parametrize(("name", "example"), examples("UNSAFE"))
def test_an_unsafe_example_is_found(name, example):
    (judgement,) = judge(plan_of_example(example))
    assert name in [finding.rule for finding in judgement.findings]


@pytest.mark.parametrize(("name", "example"), examples("SAFE"))
def test_a_safe_example_is_not_called_so_by_its_rule(name, example):
    (judgement,) = judge(plan_of_example(example))
    assert name not in [finding.rule for finding in judgement.findings]


def harms(name: str):
    bare = Harm(rule=name)
    table = Harm(rule=name, table="shop_book")
    column = Harm(rule=name, table="shop_book", columns=("price",))
    columns = Harm(rule=name, table="shop_book", columns=("price", "title"), locks=(LOCK,))
    unnamed = Harm(rule=name, columns=("price",), other_table="shop_author")
    model = Harm(
        rule=name,
        operation=0,
        app_label="shop",
        model="Book",
        field="price",
        table="shop_book",
        columns=("price",),
        name="book_price",
        other_table="shop_author",
    )
    return (bare, table, column, columns, unnamed, model)


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_words_read_well_whatever_is_known(rule: Rule):
    for harm in harms(rule.name):
        finding = finding_of(harm, Evidence.INFERRED)
        text = f"{finding.message} {finding.hint}"
        assert finding.message.endswith(".")
        assert finding.hint.endswith(".")
        assert not [gap for gap in ("None", "  ", "()", "..") if gap in text]
        assert text.count("Lock") == 0
        ast.parse(finding.safe_way)
        assert "None" not in finding.safe_way


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_the_severity_is_that_of_the_category(rule: Rule):
    expected = {Category.FAILS: Severity.CRITICAL, None: Severity.INFO}.get(rule.category, Severity.ERROR)
    assert rule.severity is expected


@pytest.mark.parametrize(("name", "example"), [*examples("UNSAFE"), *examples("SAFE")])
def test_what_is_to_be_pasted_is_python_without_gaps(name, example):
    (judgement,) = judge(plan_of_example(example))
    for finding in judgement.findings:
        ast.parse(finding.safe_way)
        assert "None" not in finding.safe_way.replace("default=None", "")


@pytest.mark.parametrize(("name", "example"), examples("UNSAFE"))
def test_what_is_proposed_instead_is_safe(name, example):
    for migrations in ways_of(example, name):
        steps = [(one, "judged" if one.name.startswith("0005_way") else "deployed") for one in migrations]
        for judgement in judge(plan_of(*steps, each_deployed=True)):
            told = [finding.message for finding in judgement.findings if finding.category is not None]
            assert (judgement.verdict, told) == (Verdict.SAFE, [])


def test_most_rules_propose_what_can_be_pasted():
    proposing = {
        name for name, example in (one.values for one in examples("UNSAFE")) if ways_of(example, name)
    }
    # The others take several releases, or a look at what was meant.
    assert len(proposing) >= 14, sorted(set(all_rules()) - proposing)


def test_a_name_that_cannot_be_written_proposes_nothing():
    harm = Harm(
        rule="index-build", model="Book", table="shop_book", name='a"b', detail='models.Index(name="a"b")'
    )
    assert finding_of(harm, Evidence.INFERRED).safe_way == ""


FIELDS = """
import uuid
from datetime import date, datetime
from decimal import Decimal
from django.contrib.postgres.fields import ArrayField
from django.db.models.functions import Now, Upper
from django.utils import timezone
"""


@pytest.mark.parametrize(
    ("field", "imports"),
    [
        ('models.ForeignKey("shop.Author", models.PROTECT, null=True)', []),
        ("models.IntegerField(null=True, unique=True)", []),
        ('models.OneToOneField("shop.Author", models.CASCADE, null=True)', []),
        (
            "models.DecimalField(max_digits=5, decimal_places=2, default=Decimal('1.5'))",
            [FROM_DECIMAL],
        ),
        ("models.DateField(default=date(2020, 1, 1))", ["import datetime"]),
        ("models.DateTimeField(default=timezone.now, db_index=True)", ["import django.utils.timezone"]),
        ("models.DateTimeField(default=datetime.now, db_index=True)", ["import datetime"]),
        ("models.UUIDField(default=uuid.uuid4)", ["import uuid"]),
        (
            "ArrayField(models.IntegerField(), null=True, db_index=True)",
            ["import django.contrib.postgres.fields"],
        ),
        ("models.PositiveBigIntegerField(db_default=1)", []),
        ("models.DateTimeField(db_default=Now(), unique=True, null=True)", []),
        ("models.SlugField(unique=True, null=True)", []),
    ],
)
def test_imports_that_are_not_usual_are_named(field, imports):
    judgement = judge_operations(f'migrations.AddField("book", "x", {field})', code=FIELDS)
    ways = [finding.safe_way for finding in judgement.findings if 'AddField("book"' in finding.safe_way]
    assert ways
    assert all(migrations_in(way) for way in ways)
    named = {line for way in ways for line in way.splitlines() if line.startswith(("import ", "from "))}
    assert named == set(imports)


def test_the_subject_names_the_table_and_what_it_is_about():
    rule = "index-build"
    subjects = [finding_of(harm, Evidence.TRACED).subject for harm in harms(rule)]
    assert subjects == [
        None,
        "shop_book",
        "shop_book.price",
        "shop_book.price, title",
        None,
        "shop_book.book_price",
    ]


def test_the_subject_of_a_renamed_column_is_the_column():
    (finding,) = judge_operations('migrations.RenameField("book", "title", "name")').findings
    assert finding.subject == "shop_book.title"
    assert 'db_column="title"' in finding.safe_way.replace("'", '"')


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ('migrations.RunSQL("DELETE FROM shop_book", "")', ".delete()  #"),
        ('migrations.RunSQL("UPDATE shop_book SET title = upper(title)", "")', ".update("),
    ],
)
def test_rows_are_written_in_batches_by_what_python_takes(operation, change):
    ways = [one.safe_way for one in judge_operations(operation).findings if one.rule == "bulk-write"]
    assert len(ways) == 1
    assert change in ways[0]
    assert "**" not in ways[0]


def test_an_index_for_patterns_keeps_its_operator_class():
    added = 'migrations.AddField("book", "code", models.CharField(max_length=9, null=True, db_index=True))'
    ways = [one.safe_way for one in judge_operations(added).findings if one.rule == "index-build"]
    patterns = [way for way in ways if "_like" in way]
    assert patterns
    assert all("varchar_pattern_ops" in way for way in patterns)


def test_what_fails_only_over_rows_is_not_to_be_looked_for_without():
    harm = Harm(rule="migration-fails", old=OVER_ROWS, detail="KeyError in fill, 0002.py line 9")
    finding = finding_of(harm, Evidence.TRACED)
    assert "as soon as there are rows" in finding.message
    assert "empty database" not in f"{finding.hint} {finding.safe_way}"


def test_a_finding_has_the_locks_in_the_words_of_sql():
    added = 'migrations.AddField("book", "code", models.IntegerField(null=True, unique=True))'
    judgement = judge_operations(added)
    (finding,) = judgement.findings
    assert "ACCESS EXCLUSIVE" in finding.message
    assert finding.locks == (LOCK,)
    assert finding.tables == ("shop_book",)


@pytest.mark.parametrize(
    "field",
    [
        'models.ForeignKey("shop.Author", models.CASCADE, default=1, related_name="+")',
        'models.CharField(max_length=9, db_index=True, default="x")',
        'models.CharField(max_length=9, unique=True, default="x")',
        "models.DateTimeField(auto_now_add=True)",
        "models.DateTimeField(default=timezone.now, db_index=True)",
        "models.DateField(auto_now=True)",
        "models.DateField(default=date(2020, 1, 1))",
        "models.UUIDField(default=uuid.uuid4)",
        "models.TextField(blank=True)",
        "models.PositiveSmallIntegerField(default=1, db_index=True, unique=True)",
        "models.PositiveIntegerField(default=1)",
        'models.OneToOneField("shop.Author", models.CASCADE, null=True, related_name="+")',
    ],
)
def test_each_way_to_add_a_field_is_safe_as_a_whole(field):
    add = f'migrations.AddField("book", "x", {field})'
    judged = 0
    for finding in judge_operations(add, code=FIELDS).findings:
        if "AddField" not in finding.safe_way or finding.rule == "same-value-for-every-row":
            continue
        shop = (plan_of_example(Example(operations=add, code=FIELDS)).steps[0].migration, "deployed")
        ways = [(migration, "judged") for migration in migrations_in(finding.safe_way)]
        told = [one.findings for one in judge(plan_of(shop, *ways, each_deployed=True))]
        assert told == [()] * len(ways) or {one.category for found in told for one in found} == {None}
        judged += 1
    assert judged


def test_a_field_that_cannot_be_written_has_no_way_of_its_own():
    code = """
class Odd(models.IntegerField):
    def deconstruct(self):
        raise TypeError
"""
    for field in ("Odd(db_index=True, default=1)", "Odd(default=1)", "Odd()"):
        judgement = judge_operations(f'migrations.AddField("book", "x", {field})', code=code)
        assert judgement.findings
        assert all("Odd" not in finding.safe_way for finding in judgement.findings)
