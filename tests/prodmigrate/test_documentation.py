"""docs/prodmigrate.md names what the command takes and says; docs/rules has a page for each rule."""

import argparse
import json
import re
from pathlib import Path

import pytest

from django_prodready.management.commands.prodmigrate import Command
from django_prodready.migration_safety import command
from django_prodready.migration_safety.lint import Linted
from django_prodready.migration_safety.model import (
    Category,
    Evidence,
    Finding,
    Judgement,
    Lock,
    Phase,
    Report,
    Verdict,
)
from django_prodready.migration_safety.options import SCRATCH_URL_VARIABLE
from django_prodready.migration_safety.renderers import ENDINGS, FORMATS
from django_prodready.migration_safety.renderers import json as json_renderer
from django_prodready.migration_safety.rule import all_rules
from django_prodready.reporting.finding import Severity

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "prodmigrate.md").read_text(encoding="utf-8")
SYNOPSIS = PAGE.split("```")[1]
FINDING = Finding(
    rule="index-build",
    category=Category.BLOCKING,
    evidence=Evidence.TRACED,
    message="m",
    hint="h",
    locks=(Lock("shop_book", "ShareLock"),),
)


def own_options():
    parser = argparse.ArgumentParser(add_help=False)
    command.add_arguments(parser)
    return {name for action in parser._actions for name in action.option_strings}


def test_the_synopsis_has_every_option_and_no_other():
    assert set(re.findall(r"--[a-z-]+", SYNOPSIS)) == own_options()


def test_no_other_option_is_spoken_of():
    parser = Command().create_parser("manage.py", "prodmigrate")
    known = {name for action in parser._actions for name in action.option_strings}
    of_others = {"--live", "--only", "--health-cmd", "--health-interval", "--health-retries"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE)) - known <= of_others


@pytest.mark.parametrize("kind", [Verdict, Category, Phase])
def test_the_tables_have_every_word(kind):
    rows = re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert {member.value for member in kind} <= set(rows)


def test_every_format_and_ending_is_there():
    assert [name for name in FORMATS if f"\n`--format {name}`\n" not in PAGE] == []
    assert [ending for ending in ENDINGS if f"`{ending}`" not in PAGE] == []


def test_the_exit_codes_are_those_of_the_command():
    codes = re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)
    assert [int(code) for code in codes] == [command.OK, command.UNSAFE, command.FAILED]


def test_the_variable_is_named():
    assert PAGE.count(SCRATCH_URL_VARIABLE) >= 3


def test_the_json_has_the_keys_of_a_report():
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    shown = json.loads(text)
    judgement = Judgement(key=("shop", "0002"), verdict=Verdict.UNSAFE, findings=(FINDING,))
    told = json_renderer.as_dict(
        Linted(report=Report(database="default", traced=True, judgements=(judgement,)))
    )
    assert list(shown) == list(told)
    assert list(shown["migrations"][0]) == list(told["migrations"][0])
    assert list(shown["migrations"][0]["findings"][0]) == list(told["migrations"][0]["findings"][0])


def test_the_severities_are_what_the_page_says():
    expected = {Category.FAILS: Severity.CRITICAL, None: Severity.INFO}
    assert all(rule.severity is expected.get(rule.category, Severity.ERROR) for rule in all_rules().values())


class TestRulePages:
    @pytest.fixture
    def pages(self, monkeypatch):
        monkeypatch.syspath_prepend(str(DOCS / "_ext"))
        import rule_pages

        return rule_pages.pages_of(all_rules().values())

    def test_there_is_one_for_each_rule(self, pages):
        assert sorted(pages) == sorted(["index.md", *(f"{name}.md" for name in all_rules())])

    def test_the_list_has_each_rule_once_and_every_category(self, pages):
        assert sorted(re.findall(r"^\| \{doc\}`([a-z-]+) <\1>`", pages["index.md"], re.MULTILINE)) == list(
            all_rules()
        )
        headings = re.findall(r"^## (.+)$", pages["index.md"], re.MULTILINE)
        assert sorted(headings) == sorted([*(category.value for category in Category), "no category"])

    def test_the_examples_are_python_in_the_order_of_the_file(self, pages):
        page = pages["index-build.md"]
        blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        for block in blocks:
            compile(block, "page", "exec")
        assert 'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title")),' in blocks[0]
        concurrent = page.partition("## Not reported")[2]
        assert "atomic = False\noperations = [\n    postgres.AddIndexConcurrently(" in concurrent
        assert "# In an earlier migration of the same release:\n" in concurrent
        assert "# Deployed already:\n" in concurrent

    def test_a_page_has_the_sections_and_how_to_silence_it(self, pages):
        page = pages["irreversible.md"]
        assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [
            *("What happens", "Why it matters", "The safe way", "When it is intended"),
            *("Reported", "Not reported", "References"),
        ]
        assert "`# prodready: ignore[irreversible] -- reason`" in page
        assert "[no category](index.md#no-category)" in page
        assert "def fill(apps, schema_editor):" in page

    def test_a_folder_is_kept_equal_to_its_pages(self, monkeypatch, tmp_path):
        monkeypatch.syspath_prepend(str(DOCS / "_ext"))
        import written_pages

        folder = tmp_path / "rules"
        written_pages.write(folder, {"a.md": "one", "b.md": "two"})
        written = (folder / "a.md").stat().st_mtime_ns
        written_pages.write(folder, {"a.md": "one", "c.md": "three"})
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.md": "one", "c.md": "three"}
        assert (folder / "a.md").stat().st_mtime_ns == written
