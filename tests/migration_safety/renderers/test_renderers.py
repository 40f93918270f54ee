"""What each format makes of one report that has everything."""

from __future__ import annotations

import dataclasses
import datetime
import re
import textwrap

import jsonschema
import pytest

from django_prodready import __version__
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
from django_prodready.migration_safety.renderers import ENDINGS, FORMATS, View, json, sarif
from django_prodready.migration_safety.rule import all_rules
from django_prodready.reporting.finding import Location, Severity, Suppression
from django_prodready.reporting.terminal import Style

FILE = "shop/migrations/0007_isbn.py"
INDEX = Finding(
    rule="index-build",
    category=Category.BLOCKING,
    evidence=Evidence.TRACED,
    message="Writes of shop_book wait while the index book_isbn is built.",
    hint="Build the index with CONCURRENTLY, in a migration of its own with atomic = False.",
    operation=1,
    tables=("shop_book",),
    locks=(Lock("shop_book", "ShareLock"), Lock("shop_tag", "RowExclusiveLock")),
    safe_way='atomic = False\noperations = [\n    AddIndexConcurrently("book", ...),\n]\n',
    subject="shop_book.book_isbn",
    rows=1_200_000,
    bytes=104_857_600,
    estimated_block_s=0.714,
    estimate_reason="an index is built at 150 MB/s",
    at=Location(FILE, 14),
    fingerprint="0123456789abcdef",
)
REWRITE = Finding(
    rule="table-rewrite",
    category=Category.BLOCKING,
    evidence=Evidence.TRACED,
    message="Reads and writes of shop_book wait while it is written anew.",
    hint="Do it in a quiet hour: 100 % of it, now.",
    rewrite=True,
    locks=(Lock("shop_book", "AccessExclusiveLock"),),
    estimated_block_s=12,
    at=Location(FILE, 5),
    fingerprint="1123456789abcdef",
)
IRREVERSIBLE = Finding(
    rule="irreversible",
    category=None,
    severity=Severity.INFO,
    evidence=Evidence.INFERRED,
    message="There is no way back.",
    hint="Give it one.",
    fingerprint="2123456789abcdef",
)
KNOWN = dataclasses.replace(
    INDEX,
    rows=None,
    bytes=512,
    estimated_block_s=None,
    suppressed=Suppression(by="baseline", reason="It was there.", until=datetime.date(2027, 3, 1)),
)
ACCEPTED = dataclasses.replace(REWRITE, suppressed=Suppression(by="ignore", reason="The table is small."))
JUDGEMENTS = (
    Judgement(key=("shop", "0006_fill"), verdict=Verdict.UNKNOWN, not_checked=("Its code was not read.",)),
    Judgement(
        key=("shop", "0007_isbn"),
        verdict=Verdict.UNSAFE,
        phase=Phase.CONTRACT,
        reversible=False,
        traced=True,
        duration_ms=3.14,
        findings=(INDEX, REWRITE, IRREVERSIBLE, KNOWN),
        not_checked=(
            "shop_tag: its rows could not be made up, so what needs them was not seen at all here.",
        ),
    ),
    Judgement(key=("shop", "0008_ok"), verdict=Verdict.SAFE, traced=True, duration_ms=1.0),
    Judgement(
        key=("shop", "0009_ok"),
        verdict=Verdict.SAFE,
        reversible=False,
        findings=(IRREVERSIBLE, ACCEPTED),
        not_checked=("One thing.",),
    ),
)
LINTED = Linted(
    report=Report(database="default", traced=True, judgements=JUDGEMENTS, notes=("A note, 50 % of all.",)),
    places={("shop", "0007_isbn"): Location(FILE, 5), ("shop", "0006_fill"): Location("/srv/a b/0006.py", 5)},
)
PLAIN = View(style=Style(colour=False), fail_level=Severity.ERROR)

TEXT = """
    prodmigrate --lint VERSION · database default · traced on a scratch database

    UNSAFE   shop.0007_isbn  (contract, irreversible, ran in 3 ms)
      shop/migrations/0007_isbn.py

      error index-build (blocking)  shop_book.book_isbn  line 14
        Writes of shop_book wait while the index book_isbn is built.
        lock  SHARE on shop_book: writes wait; ROW EXCLUSIVE on shop_tag
        size  1,200,000 rows, 100 MB, blocks for about 0.71 s (an index is built at
              150 MB/s)
        fix   Build the index with CONCURRENTLY, in a migration of its own with
              atomic = False.
        safe way
          atomic = False
          operations = [
              AddIndexConcurrently("book", ...),
          ]

      error table-rewrite (blocking)
        Reads and writes of shop_book wait while it is written anew.
        lock  ACCESS EXCLUSIVE on shop_book: reads and writes wait
        work  the table is written anew
        size  blocks for about 12 s
        fix   Do it in a quiet hour: 100 % of it, now.

      info irreversible
        There is no way back.
        fix   Give it one.

      not checked
        - shop_tag: its rows could not be made up, so what needs them was not seen
          at all here.

    UNKNOWN  shop.0006_fill
      /srv/a b/0006.py

      not checked
        - Its code was not read.

    SAFE     shop.0008_ok
    SAFE     shop.0009_ok  (irreversible, 1 suppressed, 1 not checked)

    notes
      - A note, 50 % of all.

    4 migrations judged: 1 unsafe, 1 unknown, 2 safe (2 findings suppressed) -
    UNSAFE.
"""


def rendered(form: str, linted: Linted = LINTED, **view: object) -> str:
    return FORMATS[form](linted, dataclasses.replace(PLAIN, **view)).replace(__version__, "VERSION")


def only(*judgements: Judgement) -> Linted:
    return Linted(report=Report(database="default", traced=False, judgements=judgements))


def test_text() -> None:
    assert rendered("text") == textwrap.dedent(TEXT).lstrip("\n")


def test_text_with_more_words() -> None:
    told = rendered("text", verbosity=2)
    assert "512 B\n" in told
    assert "    in the baseline: It was there.\n" in told
    assert "    ignored: The table is small.\n" in told
    assert "\n\nSAFE     shop.0009_ok  (irreversible)\n\n" in told
    assert max(map(len, told.splitlines())) <= 80


def test_text_with_fewer_words() -> None:
    assert rendered("text", verbosity=0) == (
        "4 migrations judged: 1 unsafe, 1 unknown, 2 safe (2 findings suppressed) - UNSAFE.\n"
    )


def test_text_in_colours() -> None:
    told = rendered("text", style=Style(colour=True))
    assert "\x1b[1;31mUNSAFE \x1b[0m  \x1b[1mshop.0007_isbn\x1b[0m" in told
    assert re.sub(r"\x1b\[[\d;]*m", "", told) == rendered("text")


def test_text_obeys_no_terminal_codes() -> None:
    finding = dataclasses.replace(INDEX, message="a\x1b[2Jb", safe_way="c\x1b[2Jd", subject="e\x1b[2Jf")
    told = rendered("text", only(Judgement(key=("shop", "1"), verdict=Verdict.UNSAFE, findings=(finding,))))
    assert "\x1b" not in told
    assert "\n  error index-build (blocking)  ef  line 14\n" in told


def test_text_has_the_worst_first_and_then_the_order_of_the_file() -> None:
    fails = dataclasses.replace(
        INDEX, rule="migration-fails", category=Category.FAILS, severity=Severity.CRITICAL, operation=3
    )
    later = dataclasses.replace(INDEX, rule="column-removed", category=Category.INCOMPATIBLE, operation=2)
    judgement = Judgement(
        key=("shop", "1"), verdict=Verdict.UNSAFE, findings=(IRREVERSIBLE, later, REWRITE, INDEX, fails)
    )
    told = rendered("text", only(judgement))
    assert re.findall(r"^  \w+ ([a-z]+-[a-z]+|irreversible)", told, re.MULTILINE) == [
        *("migration-fails", "index-build", "column-removed", "table-rewrite", "irreversible"),
    ]


def test_text_names_locks_where_work_is_done_under_them() -> None:
    removed = dataclasses.replace(INDEX, rule="column-removed", category=Category.INCOMPATIBLE)
    told = rendered("text", only(Judgement(key=("shop", "1"), verdict=Verdict.UNSAFE, findings=(removed,))))
    assert "lock  " not in told


def test_many_safe_migrations_take_few_lines() -> None:
    apps = [f"application_number_{number}" for number in range(8)]
    linted = only(
        *(Judgement(key=(app, f"000{number}"), verdict=Verdict.SAFE) for app in apps for number in range(2))
    )
    told = rendered("text", linted)
    assert "\nSAFE     16 migrations: application_number_0 2, application_number_1 2,\n" in told
    assert "\n         application_number_2 2" in told
    assert told.endswith("\n\n16 migrations judged: 16 safe - SAFE.\n")


def test_nothing_at_all() -> None:
    assert rendered("text", only()).endswith("not traced\n\nNo migration to judge.\n")


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 kB"), (5 * 1024**5, "5120 TB")]
)
def test_sizes(size: int, said: str) -> None:
    finding = dataclasses.replace(INDEX, bytes=size, rows=None, estimated_block_s=None)
    told = rendered("text", only(Judgement(key=("a", "1"), verdict=Verdict.UNSAFE, findings=(finding,))))
    assert f"    size  {said}\n" in told


def test_github() -> None:
    assert rendered("github").splitlines() == [
        (
            "::warning file=/srv/a b/0006.py,line=5,title=shop.0006_fill is unknown::"
            "No verdict.%0AIts code was not read."
        ),
        (
            f"::error file={FILE},line=14,title=index-build in shop.0007_isbn::"
            "Writes of shop_book wait while the index book_isbn is built.%0A"
            "Build the index with CONCURRENTLY, in a migration of its own with atomic = False.%0A%0A"
            'atomic = False%0Aoperations = [%0A    AddIndexConcurrently("book", ...),%0A]%0A'
        ),
        (
            f"::error file={FILE},line=5,title=table-rewrite in shop.0007_isbn::"
            "Reads and writes of shop_book wait while it is written anew.%0A"
            "Do it in a quiet hour: 100 %25 of it, now."
        ),
        (
            f"::notice file={FILE},line=5,title=irreversible in shop.0007_isbn::"
            "There is no way back.%0AGive it one."
        ),
        "::notice title=irreversible in shop.0009_ok::There is no way back.%0AGive it one.",
        "::notice title=prodmigrate::A note, 50 %25 of all.",
        "4 migrations judged: 1 unsafe, 1 unknown, 2 safe (2 findings suppressed) - UNSAFE.",
    ]


def test_github_escapes_what_would_end_a_property() -> None:
    judgement = Judgement(key=("a,b:c", "1\r\n%"), verdict=Verdict.UNKNOWN)
    (line, _) = rendered("github", only(judgement)).splitlines()
    assert line == "::warning title=a%2Cb%3Ac.1%0A%25 is unknown::No verdict."


def test_json_has_every_key_of_a_finding() -> None:
    told = json.as_dict(LINTED)
    assert told["migrations"][0]["file"] == "/srv/a b/0006.py"
    assert told["migrations"][2]["file"] is None
    index, rewrite, irreversible, known = told["migrations"][1]["findings"]
    assert (index["rows"], index["bytes"], index["estimated_block_s"]) == (1200000, 104857600, 0.714)
    assert index["estimate_reason"] == "an index is built at 150 MB/s"
    assert (rewrite["rewrite"], rewrite["estimate_reason"], rewrite["safe_way"]) == (True, None, "")
    assert (irreversible["category"], irreversible["file"], irreversible["line"]) == (None, None, None)
    assert known["suppressed"] == {"by": "baseline", "reason": "It was there.", "until": "2027-03-01"}
    assert list(index)[:13] == [
        *("rule", "severity", "category", "evidence", "operation", "locks", "rewrite", "rows", "bytes"),
        *("estimated_block_s", "estimate_reason", "message", "hint"),
    ]


# What the standard demands of the parts that are used here:
# https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}},
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^(file:///)?[\w./%-]+$"},
                        "uriBaseId": {"const": "%SRCROOT%"},
                    },
                    "additionalProperties": False,
                },
                "region": {
                    "type": "object",
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z-]+$"},
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": {**MESSAGE, "required": ["text", "markdown"]},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
        "properties": {"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": True}}},
    },
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "partialFingerprints", "suppressions"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "justification": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
NOTIFICATION = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
    },
    "additionalProperties": False,
}
INVOCATION = {
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {
        "executionSuccessful": {"type": "boolean"},
        "toolExecutionNotifications": {"type": "array", "items": NOTIFICATION},
    },
    "additionalProperties": False,
}
DRIVER = {
    "type": "object",
    "required": ["name", "semanticVersion", "rules"],
    "properties": {
        "name": {"type": "string"},
        "semanticVersion": {"type": "string"},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
    "additionalProperties": False,
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
        "invocations": {"type": "array", "items": INVOCATION},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
    "additionalProperties": False,
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("linted", [LINTED, only()])
def test_sarif_is_what_the_standard_says(linted: Linted) -> None:
    jsonschema.validate(sarif.as_dict(linted), LOG)


def test_sarif_says_all() -> None:
    (run,) = sarif.as_dict(LINTED)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(all_rules())
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    build = next(rule for rule in rules if rule["id"] == "index-build")
    assert build["shortDescription"]["text"].startswith("An index is built on an existing table without")
    assert "## The safe way\n\n`AddIndexConcurrently`" in build["help"]["markdown"]
    assert build["properties"]["tags"] == ["migration", "blocking"]
    index, _, irreversible, known, _, accepted = run["results"]
    place = index["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": FILE, "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 14}
    assert index["partialFingerprints"] == {"prodready/v1": "0123456789abcdef"}
    assert (index["level"], irreversible["level"]) == ("error", "note")
    assert "locations" not in irreversible
    assert known["suppressions"] == [{"kind": "external", "justification": "It was there."}]
    assert accepted["suppressions"] == [{"kind": "inSource", "justification": "The table is small."}]
    unknown, note = run["invocations"][0]["toolExecutionNotifications"]
    assert unknown["message"]["text"] == "There is no verdict on shop.0006_fill. Its code was not read."
    assert unknown["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///srv/a%20b/0006.py"
    }
    assert note == {"level": "note", "message": {"text": "A note, 50 % of all."}}


def test_sarif_of_a_migration_without_file() -> None:
    judgement = Judgement(key=("shop", "0001"), verdict=Verdict.UNKNOWN)
    (run,) = sarif.as_dict(only(judgement))["runs"]
    assert "locations" not in run["invocations"][0]["toolExecutionNotifications"][0]


def test_machines_get_the_same_whatever_is_shown() -> None:
    for form in ("json", "sarif"):
        assert rendered(form) == rendered(form, style=Style(colour=True), verbosity=0)
        assert rendered(form).isascii()


def test_endings_are_of_formats() -> None:
    assert set(ENDINGS.values()) <= set(FORMATS)
