"""Makes plans of migrations that are written in tests: the shop's tables first, then what a test says."""

from __future__ import annotations

import ast
import linecache
import textwrap
import zlib
from types import SimpleNamespace
from typing import Any, cast

import django.contrib.postgres.operations as postgres
from django.db import migrations, models

from django_prodready.migration_safety.model import Judgement
from django_prodready.migration_safety.plan import Plan, Step
from django_prodready.migration_safety.rule import Example
from django_prodready.migration_safety.static.judge import judge

SHOP = """
    migrations.CreateModel(
        "Author",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=100)),
            ("email", models.CharField(max_length=100, null=True)),
        ],
    ),
    migrations.CreateModel(
        "Book",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("author", models.ForeignKey("shop.Author", models.CASCADE)),
            ("title", models.CharField(max_length=100)),
            ("isbn", models.CharField(max_length=13, unique=True)),
            ("subtitle", models.CharField(max_length=100, null=True)),
            ("price", models.DecimalField(max_digits=8, decimal_places=2)),
            ("stock", models.IntegerField(default=0)),
            ("pages", models.PositiveIntegerField(null=True)),
            ("weight", models.IntegerField(null=True)),
            ("rank", models.IntegerField(db_default=0)),
            ("published", models.DateField(db_index=True)),
        ],
    ),
    migrations.CreateModel(
        "Tag",
        [
            ("id", models.AutoField(primary_key=True)),
            ("label", models.CharField(max_length=50, db_index=True)),
            ("books", models.ManyToManyField("shop.Book")),
        ],
    ),
"""


def migration_of(
    operations: str, name: str, app_label: str = "shop", *, code: str = "", atomic: bool = True
) -> Any:
    """Make a migration of the Python of its operations."""
    namespace: dict[str, Any] = {"migrations": migrations, "models": models, "postgres": postgres}
    text = f"{textwrap.dedent(code)}\noperations = [{operations}]"
    file = f"<{app_label}.{name}.{zlib.crc32(text.encode())}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), namespace)
    attributes = {"operations": namespace["operations"], "atomic": atomic}
    return type("Migration", (migrations.Migration,), attributes)(name, app_label)


def migrations_in(text: str) -> list[Any]:
    """Make the migrations of a safe way, as if each were pasted into a file with the usual two imports."""
    namespace: dict[str, Any] = {"migrations": migrations, "models": models}
    file = f"<way.{zlib.crc32(text.encode())}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    found = []
    for node in ast.parse(text).body:
        exec(compile(ast.Module([node], []), file, "exec"), namespace)
        if "operations" in namespace:
            attributes = {"operations": namespace.pop("operations"), "atomic": namespace.pop("atomic", True)}
            found.append(
                type("Migration", (migrations.Migration,), attributes)(f"0005_way_{len(found)}", "shop")
            )
    return found


def ways_of(example: Example, rule: str) -> list[list[Any]]:
    """Make plans of what an example's findings of a rule propose instead: what is deployed before, and it."""
    (judgement,) = judge(plan_of_example(example))
    judged = migration_of(example.operations, "0004_judged", code=example.code)
    found = []
    for finding in judgement.findings:
        proposed = migrations_in(finding.safe_way) if finding.rule == rule else []
        if proposed and "..." not in finding.safe_way:
            before = [step.migration for step in plan_of_example(example).steps[:-1]]
            judged.operations = judged.operations[: finding.operation]
            found.append([*before, judged, *proposed])
    return found


def plan_of(*steps: tuple[Any, str], each_deployed: bool = False, alias: str = "default") -> Plan:
    """Make a plan: each step is a migration with "deployed", "pending" or "judged"."""
    return Plan(
        alias=alias,
        loader=cast("Any", SimpleNamespace(unmigrated_apps=set())),
        steps=tuple(
            Step(migration, is_judged=role == "judged", is_deployed=role == "deployed")
            for migration, role in steps
        ),
        each_deployed=each_deployed,
    )


def plan_of_example(example: Example) -> Plan:
    """Make the plan of an example: the shop, what is deployed on it, what runs before, what is judged."""
    steps = [(migration_of(SHOP, "0001_shop"), "deployed")]
    if example.deployed:
        steps.append((migration_of(example.deployed, "0002_deployed", code=example.code), "deployed"))
    if example.earlier:
        steps.append((migration_of(example.earlier, "0003_earlier", code=example.code), "pending"))
    judged = migration_of(example.operations, "0004_judged", code=example.code, atomic=example.atomic)
    return plan_of(*steps, (judged, "judged"))


def judge_operations(operations: str, **more: Any) -> Judgement:
    """Judge operations, written as Python, on top of the shop."""
    (judgement,) = judge(plan_of_example(Example(operations=operations, **more)))
    return judgement
