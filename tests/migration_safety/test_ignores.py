"""Comments in migration files: where they stand, what they silence, and what is said of those that do not."""

from __future__ import annotations

import importlib
import textwrap
from pathlib import Path

import pytest
from prodready_linted import make_project

from django_prodready.migration_safety.ignores import Ignores, read_ignores
from django_prodready.migration_safety.locations import source_of
from django_prodready.migration_safety.model import Evidence, Finding

RULES = ("index-build", "bulk-write")
CLASS = "class Migration(migrations.Migration):"
IGNORE = "# prodready: ignore[index-build] -- the table is small"
TWO = """
operations = [
    migrations.RunSQL("SELECT 1"),
    migrations.RunSQL(
        "SELECT 2",
    ),
]
"""


def finding(rule: str, operation: int | None) -> Finding:
    return Finding(
        rule=rule, category=None, evidence=Evidence.INFERRED, message="", hint="", operation=operation
    )


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Read the ignores of a migration that is written as text; the text of its class may be indented."""
    monkeypatch.syspath_prepend(str(tmp_path))
    project = make_project(tmp_path)

    def of(body: str, *, above: str = "", header: str = CLASS) -> Ignores:
        text = "\n".join(
            ("from django.db import migrations", above, header, textwrap.indent(body.strip("\n"), "    "), "")
        )
        (project.migrations / "0002_next.py").write_text(text)
        importlib.invalidate_caches()
        name = f"{project.package}.shop.migrations.0002_next"
        migration = importlib.import_module(name).Migration("0002_next", "shop")
        source = source_of(migration, tmp_path)
        assert source is not None
        return read_ignores(source, RULES)

    return of


def silenced(ignores: Ignores, rule: str = "index-build") -> list[int | None]:
    """Which of the operations (None: the migration as a whole) a rule is silenced for."""
    return [
        operation for operation in (None, 0, 1) if ignores.for_finding(finding(rule, operation)) is not None
    ]


@pytest.mark.parametrize(
    ("body", "operations"),
    [
        (TWO.replace('1"),', f'1"),  {IGNORE}'), [0]),
        (
            TWO.replace(
                '    migrations.RunSQL("SELECT 1"', f'    {IGNORE}\n    migrations.RunSQL("SELECT 1"'
            ),
            [0],
        ),
        (
            TWO.replace(
                "    migrations.RunSQL(\n", f"    {IGNORE}\n    # and so on\n\n    migrations.RunSQL(\n"
            ),
            [1],
        ),
        (TWO.replace('2",', f'2",  {IGNORE}'), [1]),
        (TWO.replace("    ),", f"        {IGNORE}\n    ),"), [1]),
        (TWO.replace("    ),", f"    ),  {IGNORE}"), [1]),
        (TWO.replace("[\n", f"[  {IGNORE}\n", 1), [None, 0, 1]),
        (f"{IGNORE}\n{TWO.strip()}", [None, 0, 1]),
        ('operations = [migrations.RunSQL("A"), migrations.RunSQL("B")]  ' + IGNORE, [0, 1]),
        (f'operations = (migrations.RunSQL("A"),) + (\n    migrations.RunSQL("B"),  {IGNORE}\n)', [1]),
        (f'operations = [\n    {IGNORE}\n    *[migrations.RunSQL("A")] * 2,\n]', [None, 0, 1]),
        (f'operations: list = [migrations.RunSQL("A")]  {IGNORE}', [0]),
    ],
)
def test_where_it_stands_says_what_it_silences(read, body, operations):
    ignores = read(body)
    assert (silenced(ignores), silenced(ignores, "bulk-write"), ignores.problems) == (operations, [], ())


@pytest.mark.parametrize(
    ("above", "header"),
    [
        (IGNORE, CLASS),
        ("", f"{CLASS}  {IGNORE}"),
        (f"{IGNORE}\n\n@(lambda migration: migration)", CLASS),
        (f"@(lambda migration: migration)\n{IGNORE}", CLASS),
    ],
)
def test_above_the_class_it_is_for_the_whole_migration(read, above, header):
    assert silenced(read(TWO, above=above, header=header)) == [None, 0, 1]


def test_a_class_without_operations_has_only_itself(read):
    ignores = read(f"atomic = True\nwith_more: int\nothers = 1\n{IGNORE}", above=IGNORE)
    assert silenced(ignores) == [None, 0, 1]
    assert len(ignores.problems) == 1


def test_several_rules_have_one_reason(read):
    ignores = read(
        TWO.replace('1"),', '1"),  # prodready:ignore[ index-build,bulk-write ]  --  both are small')
    )
    assert silenced(ignores) == silenced(ignores, "bulk-write") == [0]
    assert {ignore.reason for ignore in ignores.known} == {"both are small"}
    assert str(ignores.for_finding(finding("bulk-write", 0)).by) == "ignore"


def test_what_is_no_comment_is_no_ignore(read):
    ignores = read(TWO.replace("SELECT 1", IGNORE).replace('1"),', '1"),  # prodready is fine'))
    assert ignores == Ignores()


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (
            "# prodready: ignore[index-build]",
            "ignore[index-build] has no reason, and silences nothing. Write: ",
        ),
        ("# prodready: ignore[index-build] --  ", "ignore[index-build] has no reason"),
        (
            "# prodready: ignore[index-build] small",
            "the comment is not understood, and silences nothing. Write: ",
        ),
        ("# prodready: ignore[] -- small", "the comment is not understood"),
        ("# prodready: ignore -- small", "the comment is not understood"),
        ("# prodready: skip", "the comment is not understood"),
        (
            "# prodready: ignore[index_build] -- small",
            "there is no rule 'index_build', and the comment silences",
        ),
        ("# prodready: ignore[index_build] -- small", "Did you mean index-build?"),
        (
            "# prodready: ignore[nosuch] -- small",
            "there is no rule 'nosuch', and the comment silences nothing.",
        ),
    ],
)
def test_a_comment_that_silences_nothing_is_told(read, comment, said):
    ignores = read(TWO.replace('1"),', f'1"),  {comment}'))
    assert ignores.known == ()
    (problem,) = ignores.problems
    assert ".py:5: " in problem
    assert said in problem


@pytest.mark.parametrize("above", [f"{IGNORE}\nX = 1", f"X = 1  {IGNORE}"])
def test_a_comment_at_no_operation_is_told(read, above):
    ignores = read(TWO, above=above)
    assert ignores.known == ()
    assert "stands at no operation, and silences nothing. Put it on the operation, " in ignores.problems[0]


def test_a_comment_at_the_end_is_told(read):
    assert "stands at no operation" in read(f"{TWO}\n{IGNORE}").problems[0]


def test_what_meets_no_finding_is_told(read):
    ignores = read(TWO.replace('1"),', f'1"),  {IGNORE}'))
    assert list(ignores.unused([finding("index-build", 0)])) == []
    for other in ([], [finding("index-build", 1)], [finding("bulk-write", 0)]):
        (said,) = ignores.unused(other)
        assert said.endswith(".py:5: unused ignore[index-build]: it meets no finding there. Remove it.")
