"""prodmigrate --lint --trace: what a real PostgreSQL adds, and what it must not show or leave behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from prodready_databases import postgres_entry
from prodready_linted import CALLS_QUIETLY, INDEX, SAFE, Project, make_project

import django_prodready
from django_prodready.migration_safety import tracing
from django_prodready.migration_safety.trace import client, scratch
from django_prodready.migration_safety.trace.protocol import TraceError

PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent

CALL = "migrations.RunPython(forwards, migrations.RunPython.noop),"
CALLS = """
import socket


def forwards(apps, schema_editor):
    print("calling home")
    socket.create_connection(("203.0.113.9", 80))
"""


def databases(url: str) -> set[str]:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def manage(project: Project, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py prodmigrate."""
    return subprocess.run(
        [sys.executable, "manage.py", "prodmigrate", *arguments],
        cwd=project.root,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
            "PYTHONPATH": str(PACKAGE_ROOT),
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_is_seen_counts_and_is_told_in_the_words_of_the_operation(
    project: Project,
    judged: Callable[..., dict[str, Any]],
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = project.migration("0002_index", f"{SAFE}\n{INDEX}", "0001_initial")
    project.migration("0003_call", CALL, "0002_index", head=CALLS)
    project.migration("0004_after", INDEX.replace("book_title", "book_title_2"), "0003_call")
    project.migration("0005_safe", SAFE.replace("subtitle", "note"), "0004_after")
    project.migration("0006_other", SAFE.replace("subtitle", "other"), "0002_index")
    project.migration("0007_merge", "", "0005_safe")
    merge = project.migrations / "0007_merge.py"
    merge.write_text(merge.read_text().replace('"0005_safe")', '"0005_safe"), ("shop", "0006_other")'))
    monkeypatch.setenv("PRODREADY_SCRATCH_URL", postgres_url)
    before = databases(postgres_url)
    told = judged("--all", "--trace")
    assert databases(postgres_url) == before
    assert told["traced"] is True
    migrations = {migration["name"][:4]: migration for migration in told["migrations"]}
    assert {name: (one["verdict"], one["traced"]) for name, one in migrations.items()} == {
        "0001": ("safe", True),
        "0002": ("unsafe", True),
        "0003": ("unknown", True),
        "0004": ("unsafe", True),
        "0005": ("safe", True),
        "0006": ("safe", True),
        "0007": ("safe", True),
    }
    (finding,) = migrations["0002"]["findings"]
    assert (finding["evidence"], finding["operation"], finding["line"]) == ("traced", 1, line + 1)
    # The column before it was added under a stronger lock, which is held until the end.
    assert finding["locks"] == [{"table": "shop_book", "mode": "AccessExclusiveLock"}]
    assert finding["message"].startswith("Reads and writes of shop_book wait")
    assert 'AddIndexConcurrently("book"' in finding["safe_way"]
    assert migrations["0002"]["duration_ms"] > 0
    assert migrations["0003"]["not_checked"] == [
        "It tried to reach 203.0.113.9:80, which was refused while tracing.",
        "It was not run whole: it needs what is out of reach in a trace (ConnectionRefusedError).",
    ]
    assert not [note for note in told["notes"] if "Judged from the operations alone" in note]


def test_an_attempt_that_did_no_harm_is_told(
    project: Project, judged: Callable[..., dict[str, Any]], postgres_url: str
) -> None:
    project.migration("0002_call", CALL, "0001_initial", head=CALLS_QUIETLY)
    (migration,) = judged("shop", "0002", "--trace", "--scratch-url", postgres_url)["migrations"]
    assert (migration["verdict"], migration["traced"]) == ("safe", True)
    assert migration["not_checked"] == ["It tried to reach 203.0.113.10:80, which was refused while tracing."]


def test_what_cannot_be_applied_in_front_is_told(
    project: Project, judged: Callable[..., dict[str, Any]], postgres_url: str
) -> None:
    project.migration("0002_call", 'migrations.RunSQL("SELECT nothing"),', "0001_initial")
    project.migration("0003_safe", SAFE, "0002_call")
    told = judged("shop", "0003", "--trace", "--scratch-url", postgres_url)
    (migration,) = told["migrations"]
    assert migration["verdict"] == "unknown"
    assert [
        note for note in told["notes"] if note.startswith("shop.0002_call, which is not judged: It could not")
    ]


def test_what_was_traced_is_remembered(
    project: Project,
    judged: Callable[..., dict[str, Any]],
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.migration("0002_index", INDEX, "0001_initial")
    project.migration("0003_call", CALL, "0002_index", head=CALLS_QUIETLY)
    monkeypatch.setenv("PRODREADY_SCRATCH_URL", postgres_url)
    arguments = ("--all", "--trace", "--cache", "kept")
    first = judged(*arguments)
    assert [migration["verdict"] for migration in first["migrations"]] == ["safe", "unsafe", "safe"]

    def refuse(*_: object) -> None:
        raise AssertionError("it is traced again")

    with monkeypatch.context() as patch:
        patch.setattr(tracing, "trace", refuse)
        assert judged(*arguments) == first
    project.migration("0004_safe", SAFE, "0003_call")
    assert len(judged(*arguments)["migrations"]) == 4


def test_nothing_to_judge_needs_no_server(
    project: Project, judged: Callable[..., dict[str, Any]], settings: Any
) -> None:
    settings.INSTALLED_APPS = ["django_prodready"]
    told = judged("--all", "--trace", "--scratch-url", "postgresql://u:hunter2hunter2@127.0.0.1:9/d")
    assert (told["traced"], told["migrations"]) == (True, [])


def test_a_server_that_is_down_is_one_sentence(project: Project) -> None:
    with pytest.raises(CommandError) as caught:
        call_command(
            "prodmigrate",
            "--lint",
            "--all",
            "--trace",
            "--scratch-url",
            "postgresql://u:hunter2hunter2@127.0.0.1:9/d",
        )
    assert caught.value.returncode == 2
    assert "(127.0.0.1:9) cannot be used" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_could_not_be_dropped_is_told_of_a_trace_that_fails(
    project: Project, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TraceError("The trace has failed.")

    def refuse(_: object) -> None:
        raise OperationalError("no such luck")

    monkeypatch.setenv("PRODREADY_SCRATCH_URL", postgres_url)
    monkeypatch.setattr(client, "run_all", fail)
    with monkeypatch.context() as patch:
        patch.setattr(scratch.Scratch, "drop_all", refuse)
        with pytest.raises(CommandError) as caught:
            call_command("prodmigrate", "--lint", "--all", "--trace")
    said = str(caught.value)
    assert said.startswith("The trace has failed. The scratch database prodready_scratch_")
    assert said.endswith(" could not be dropped: no such luck. The next run with --trace tries again.")
    assert any(name in said for name in databases(postgres_url))
    with pytest.raises(CommandError, match=r"The trace has failed\.$"):
        call_command("prodmigrate", "--lint", "--all", "--trace")
    assert not [name for name in databases(postgres_url) if name in said]


def test_psycopg_2_does_as_well(tmp_path: Path, postgres_database: str) -> None:
    project = make_project(tmp_path, postgres_entry(postgres_database))
    settings = project.root / project.package / "settings.py"
    settings.write_text(f'import sys\n\nsys.modules["psycopg"] = None\n{settings.read_text()}')
    write = "migrations.RunSQL(\"UPDATE shop_author SET name = 'x'\", migrations.RunSQL.noop),"
    project.migration("0002_write", write, "0001_initial")
    project.migration("0003_remove", 'migrations.RemoveField("book", "title"),', "0002_write")
    ended = manage(project, "--lint", "--trace", "--all", "--scratch-on-target", "--format", "json")
    assert ended.stderr == ""
    told = json.loads(ended.stdout)["migrations"]
    assert [[finding["rule"] for finding in migration["findings"]] for migration in told] == [
        [],
        ["bulk-write"],
        ["data-dropped", "column-removed"],
    ]
    assert all(migration["traced"] and not migration["not_checked"] for migration in told)


def test_the_target_is_left_alone(tmp_path: Path, postgres_database: str) -> None:
    entry = postgres_entry(postgres_database, OPTIONS={"options": "-c default_transaction_read_only=on"})
    project = make_project(tmp_path, entry)
    project.migration("0002_call", CALL, "0001_initial", head=CALLS)
    before = databases(postgres_database)
    ended = manage(project, "--lint", "--trace", "--scratch-on-target", "-v", "2")
    assert databases(postgres_database) == before
    with psycopg.connect(postgres_database) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        assert tables.fetchone() == (0,)
    assert ended.returncode == 1
    assert "calling home" in ended.stderr
    assert "1 unknown, 1 safe - UNKNOWN." in ended.stdout
    assert "calling home" not in ended.stdout


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_password_is_shown(tmp_path: Path, postgres_database: str, form: str) -> None:
    project = make_project(tmp_path, postgres_entry(postgres_database))
    password = urlsplit(postgres_database).password or ""
    head = f"def forwards(apps, schema_editor):\n    print({password!r})\n    int({password!r})"
    project.migration(
        "0002_show", f"{CALL}  # prodready: ignore[index-build] -- {password}", "0001_initial", head=head
    )
    arguments = ("--lint", "--trace", "--scratch-url", postgres_database.rpartition("/")[0], "--format", form)
    ended = manage(project, *arguments, "-v", "2")
    assert ended.returncode == 1, ended.stderr
    assert password
    assert password not in ended.stdout + ended.stderr
    if form == "json":
        (migration,) = (one for one in json.loads(ended.stdout)["migrations"] if one["name"] == "0002_show")
        assert [finding["rule"] for finding in migration["findings"]] == ["migration-fails"]


def test_what_ended_the_process_is_named(project: Project, postgres_url: str) -> None:
    ends = "import os\n\n\ndef forwards(apps, schema_editor):\n    os._exit(3)\n"
    project.migration("0002_ends", CALL, "0001_initial", head=ends)
    with pytest.raises(CommandError, match=r"exit code 3, .* shop\.0002_ends was running\.$"):
        call_command("prodmigrate", "--lint", "--all", "--trace", scratch_url=postgres_url)


def test_ends_by_exit_code(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert manage(project, "--lint").returncode == 0
    project.migration("0002_index", INDEX, "0001_initial")
    assert manage(project, "--lint", "--all").returncode == 1
    assert manage(project, "--lint", "--all", "--fail-level", "never").returncode == 0
    usage = manage(project, "--lint", "--format", "postgresql://u:hunter2hunter2@h/d")
    assert (usage.returncode, "hunter2" in usage.stderr) == (2, False)
    assert usage.stderr.startswith("usage: manage.py prodmigrate")
    applying = manage(project)
    assert applying.returncode == 2
    assert applying.stderr == (
        "CommandError: This version judges migrations, with --lint; applying them comes with a later one. "
        "Until then run migrate.\n"
    )
