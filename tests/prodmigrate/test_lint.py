"""prodmigrate --lint in this process: choice, verdicts, levels, formats, files, exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from prodready_commands import run_command
from prodready_databases import install, postgres_entry, sqlite_entry
from prodready_linted import INDEX, SAFE, UNREAD

from django_prodready import __version__
from django_prodready.management.commands.prodmigrate import Command
from django_prodready.migration_safety import command


def unread(project, name="0002_code", after="0001_initial"):
    """A migration whose code nobody can read."""
    return project.migration(name, UNREAD, after, head="forwards = eval('lambda apps, schema_editor: None')")


@pytest.mark.parametrize(
    ("operations", "code", "verdict"),
    [(SAFE, 0, "SAFE"), (INDEX, 1, "UNSAFE")],
)
def test_exit_codes(project, lint, operations, code, verdict):
    project.migration("0002_next", operations, "0001_initial")
    ended, out = lint("--all")
    assert ended == code
    assert out.endswith(f" - {verdict}.\n")


def test_what_is_not_known_is_not_safe(project, lint):
    unread(project)
    ended, out = lint("--all")
    assert ended == 1
    assert "\nUNKNOWN  shop.0002_code\n" in out
    assert out.endswith("1 unknown, 1 safe - UNKNOWN.\n")


@pytest.mark.parametrize(
    ("level", "code", "said"),
    [
        ("critical", 0, "PASSES at --fail-level critical"),
        ("error", 1, "UNSAFE"),
        ("warning", 1, "UNSAFE"),
        ("info", 1, "UNSAFE"),
        ("never", 0, "not rated"),
    ],
)
def test_fail_level(project, lint, level, code, said):
    project.migration("0002_index", INDEX, "0001_initial")
    ended, out = lint("--all", "--fail-level", level)
    assert (ended, f" - {said}." in " ".join(out.split())) == (code, True)
    (project.root / "prodready.toml").write_text(f'fail-level = "{level}"')
    assert lint("--all")[0] == code


def test_what_is_only_worth_knowing_fails_where_that_is_asked(project, lint):
    project.migration("0002_sql", 'migrations.RunSQL("SELECT 1")', "0001_initial")
    ended, out = lint("shop", "0002", "--fail-level", "info")
    assert ended == 1
    assert out.endswith("1 safe - FAILS at --fail-level info.\n")
    assert "SAFE     shop.0002_sql  (irreversible)\n" in out
    assert lint("shop", "0002")[0] == 0


def test_the_shape_of_json(project, lint):
    line = project.migration("0002_index", INDEX, "0001_initial")
    ended, out = lint("shop", "0002_index", "--format", "json")
    told = json.loads(out)
    (finding,) = told["migrations"][0].pop("findings")
    texts = {name: finding.pop(name) for name in ("message", "hint", "safe_way", "fingerprint")}
    notes = told.pop("notes")
    assert ended == 1
    assert told == {
        "schema": 1,
        "database": "default",
        "traced": False,
        "migrations": [
            {
                "app": "shop",
                "name": "0002_index",
                "verdict": "unsafe",
                "phase": "expand",
                "reversible": True,
                "duration_ms": None,
                "not_checked": [],
                "traced": False,
                "file": project.file("0002_index"),
                "line": 5,
            }
        ],
    }
    assert finding == {
        "rule": "index-build",
        "severity": "error",
        "category": "blocking",
        "evidence": "inferred",
        "operation": 0,
        "locks": [{"table": "shop_book", "mode": "ShareLock"}],
        "rewrite": False,
        "rows": None,
        "bytes": None,
        "estimated_block_s": None,
        "estimate_reason": None,
        "subject": "shop_book.book_title",
        "file": project.file("0002_index"),
        "line": line,
        "suppressed": None,
    }
    assert "Writes of shop_book wait" in texts["message"]
    assert "AddIndexConcurrently" in texts["safe_way"]
    assert re.fullmatch("[0-9a-f]{16}", texts["fingerprint"])
    assert [note.partition(".")[0] for note in notes] == [
        "The verdicts are those for PostgreSQL",
        "Judged from the operations alone",
    ]


def test_what_is_irreversible_has_no_category(project, judged):
    project.migration("0002_sql", 'migrations.RunSQL("SELECT 1")', "0001_initial")
    (migration,) = judged("shop", "0002")["migrations"]
    assert (migration["verdict"], migration["reversible"]) == ("safe", False)
    assert [(one["rule"], one["category"], one["severity"]) for one in migration["findings"]] == [
        ("irreversible", None, "info")
    ]


GIN = "migrations.RunSQL('CREATE INDEX book_words ON shop_book USING gin (title)', migrations.RunSQL.noop),"


def test_the_way_out_makes_the_same_kind_of_index(project, judged):
    project.migration("0002_next", GIN, "0001_initial")
    (finding,) = judged("shop", "0002")["migrations"][0]["findings"]
    assert 'CONCURRENTLY "book_words" ON "shop_book" USING gin ("title")' in finding["safe_way"]


def test_a_fingerprint_does_not_depend_on_its_place(project, judged):
    project.migration("0002_index", INDEX, "0001_initial")
    before = judged("--all")["migrations"][1]["findings"][0]["fingerprint"]
    other = INDEX.replace("book_title", "book_title_2")
    project.migration("0003_more", f"{SAFE}\n{INDEX}\n{other}", "0002_index")
    told = judged("--all")["migrations"]
    prints = [finding["fingerprint"] for migration in told for finding in migration["findings"]]
    assert prints[0] == before
    assert len(set(prints)) == len(prints) == 3


@pytest.mark.django_db
def test_pending_migrations_are_judged(project, judged):
    project.migration("0002_index", INDEX, "0001_initial")
    told = judged()
    assert [migration["name"] for migration in told["migrations"]] == ["0001_initial", "0002_index"]
    # Nothing of this release is deployed, so no table of it is in use.
    assert {migration["verdict"] for migration in told["migrations"]} == {"safe"}
    assert not [note for note in told["notes"] if "No migration is applied" in note]


def test_a_database_without_anything_is_in_nobodys_use(project, judged, target):
    project.migration("0002_index", INDEX, "0001_initial")
    told = judged("--database", "target")
    assert {migration["verdict"] for migration in told["migrations"]} == {"safe"}
    (note,) = (note for note in told["notes"] if "No migration is applied" in note)
    assert note == (
        "No migration is applied to the database 'target': no release is deployed that uses its tables, and "
        "only what fails or breaks the new code is unsafe. --all judges each as if all before it were "
        "deployed."
    )
    assert not [note for note in judged("--all")["notes"] if "No migration is applied" in note]


@pytest.mark.django_db
def test_pending_migrations_of_installed_apps_are_named(project, judged, settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.sites"]
    (note,) = (note for note in judged()["notes"] if "installed apps" in note)
    assert note == (
        "Pending migrations of installed apps (sites) are not judged; --third-party judges them too."
    )
    told = judged("--third-party")
    assert {migration["app"] for migration in told["migrations"]} == {"shop", "sites"}
    assert not [note for note in told["notes"] if "installed apps" in note]
    assert not [note for note in judged("shop")["notes"] if "installed apps" in note]


@pytest.mark.django_db
def test_a_project_without_apps_of_its_own_is_told_so(project, judged, settings):
    settings.INSTALLED_APPS = ["django.contrib.contenttypes", "django_prodready"]
    (note,) = judged("--all")["notes"]
    assert note == (
        "No app of the project has migrations. Those of installed apps (contenttypes) are judged with "
        "--third-party."
    )
    settings.INSTALLED_APPS = ["django_prodready"]
    assert judged("--all")["notes"] == []


def test_nothing_to_judge_is_safe(project, lint, monkeypatch, django_db_blocker):
    install(monkeypatch, {"ENGINE": "django.db.backends.sqlite3", "NAME": project.root / "db"}, "fresh")
    with django_db_blocker.unblock():
        call_command("migrate", "--fake", database="fresh", verbosity=0)
        ended, out = lint("--database", "fresh")
        assert ended == 0
        assert out.endswith("not traced\n\nNo migration to judge.\n")
        assert lint("--database", "fresh", verbosity=0)[1] == "No migration to judge.\n"
        connections["fresh"].close()
    del connections["fresh"]


@pytest.fixture
def target(monkeypatch, postgres_database, django_db_blocker):
    """The alias of an empty PostgreSQL database."""
    install(monkeypatch, postgres_entry(postgres_database), "target")
    with django_db_blocker.unblock():
        yield "target"
        connections["target"].close()
    del connections["target"]


def test_the_target_is_asked_in_a_transaction_that_cannot_write(project, judged, target, monkeypatch):
    said = []
    with connections[target].execute_wrapper(lambda run, sql, *rest: said.append(sql) or run(sql, *rest)):
        told = judged("--database", target)
    assert told["database"] == "target"
    assert [migration["name"] for migration in told["migrations"]] == ["0001_initial"]
    assert not [note for note in told["notes"] if "The verdicts are those" in note]
    limits = ["SET LOCAL statement_timeout = 10000", "SET LOCAL lock_timeout = 10000"]
    assert said[:3] == ["SET TRANSACTION READ ONLY", *limits]
    assert connections[target].connection is None
    assert connections[target].introspection.table_names() == []


def test_sizes_are_of_the_target_or_of_a_file(project, judged, lint, target):
    recorder = MigrationRecorder(connections[target])
    recorder.ensure_schema()
    recorder.record_applied("shop", "0001_initial")
    project.migration("0002_index", INDEX, "0001_initial")

    def size(*arguments):
        (migration,) = judged("shop", "0002", "--database", target, *arguments)["migrations"]
        (finding,) = migration["findings"]
        return migration["verdict"], finding["rows"], finding["estimated_block_s"]

    assert size() == ("unsafe", None, None)
    with connections[target].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE shop_book AS SELECT n AS id, 'a' AS title FROM generate_series(1, 1000) n"
        )
        cursor.execute("ANALYZE shop_book")
    assert size() == ("unsafe", 1000, 0.0)
    ended, out = run_command("prodmigrate", "--export-stats", "sizes.json", "--database", target)
    assert (ended, out) == (0, "The sizes of 2 tables are in sizes.json.\n")
    with connections[target].cursor() as cursor:
        cursor.execute("DROP TABLE shop_book")
    assert size("--stats", "sizes.json") == ("unsafe", 1000, 0.0)
    assert "    size  1,000 rows, " in lint("shop", "0002", "--stats", "sizes.json")[1]


def test_what_the_target_has_is_not_judged(project, judged, target):
    recorder = MigrationRecorder(connections[target])
    recorder.ensure_schema()
    recorder.record_applied("shop", "0001_initial")
    project.migration("0002_index", INDEX, "0001_initial")
    (migration,) = judged("--database", target)["migrations"]
    assert (migration["name"], migration["verdict"]) == ("0002_index", "unsafe")
    assert connections[target].connection is not None


def test_a_target_that_is_down_is_one_sentence(project, monkeypatch, django_db_blocker):
    entry = postgres_entry("postgresql://someone:hunter2hunter2@127.0.0.1:9/shop")
    install(monkeypatch, entry, "target")
    with django_db_blocker.unblock(), pytest.raises(CommandError) as caught:
        call_command("prodmigrate", "--lint", "--database", "target")
    assert caught.value.returncode == 2
    said = str(caught.value)
    assert said.startswith("The database 'target' cannot be asked for its applied migrations (")
    assert said.endswith("or judge without it: --all, or the app and name of one migration.")
    assert "hunter2" not in said
    assert "\n" not in said
    assert connections["target"].settings_dict["OPTIONS"] == {}
    assert run_command("prodmigrate", "--lint", "--all", "--database", "target")[0] == 0
    del connections["target"]


@pytest.mark.parametrize("options", [{"connect_timeout": 1}, {"pool": False}])
def test_limits_of_the_project_stay(project, monkeypatch, django_db_blocker, options):
    entry = postgres_entry("postgresql://someone@127.0.0.1:9/shop", OPTIONS=options)
    install(monkeypatch, entry, "target")
    with django_db_blocker.unblock(), pytest.raises(CommandError, match="cannot be asked"):
        call_command("prodmigrate", "--lint", "--database", "target")
    del connections["target"]


def test_a_file_that_is_not_there_is_not_made(project, judged, monkeypatch):
    install(monkeypatch, sqlite_entry(project.root / "db.sqlite3"), "target")
    assert judged("--database", "target")["migrations"][0]["name"] == "0001_initial"
    assert not (project.root / "db.sqlite3").exists()
    del connections["target"]


def test_other_databases_are_told_apart(project, judged, monkeypatch):
    install(monkeypatch, {"ENGINE": "django.db.backends.dummy"}, "target")
    assert judged("--all", "--database", "target")["notes"][0] == "The verdicts are those for PostgreSQL."
    del connections["target"]
    install(monkeypatch, {"ENGINE": "no_such_package.postgresql"}, "target")
    assert "Judged from the operations alone" in judged("--all", "--database", "target")["notes"][0]
    install(monkeypatch, {"ENGINE": "no_such_package.other"}, "target")
    assert judged("--all", "--database", "target")["notes"][0] == "The verdicts are those for PostgreSQL."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "This version judges migrations, with --lint; applying them comes with a later one."),
        (("shop",), "This version judges migrations, with --lint"),
        (("--trace",), "--trace goes with --lint."),
        (("--third-party",), "--third-party goes with --lint."),
        (("--format", "sarif"), "--format goes with --lint."),
        (("--stats", "f"), "--stats goes with --lint."),
        (("--lint", "--cache", "f"), "--cache goes with --trace."),
        (("--lint", "--export-stats", "f"), "--export-stats goes with --database alone."),
        (("--export-stats", "f", "shop"), "--export-stats goes with --database alone."),
        (("--export-stats", "f", "--all"), "--export-stats goes with --database alone."),
        (("--export-stats", "f"), "--export-stats reads PostgreSQL's catalogue"),
        (("--lint", "--all", "--stats", "nosuch.json"), "nosuch.json"),
        (("--lint", "--all", "shop"), "--all judges the migrations of all apps"),
        (("--lint", "--third-party", "shop"), "--third-party has no use beside an app"),
        (("--lint", "--scratch-on-target"), "--scratch-on-target goes with --trace."),
        (("--lint", "--scratch-url", "postgresql://h/d"), "--scratch-url goes with --trace."),
        (
            ("--lint", "--trace"),
            "--trace needs a PostgreSQL to make its scratch database on: give --scratch-url",
        ),
        (("--lint", "--trace"), "or say --scratch-on-target"),
        (("--lint", "--trace", "--scratch-on-target"), "DATABASES['default'] is no PostgreSQL"),
        (("--lint", "--trace", "--scratch-url", "mysql://u:hunter2hunter2@h/d"), "--scratch-url: "),
        (("--lint", "--database", "other"), "--database: DATABASES has no 'other'. It has default."),
        (("--lint", "nosuch"), "The app nosuch is not installed."),
        (("--lint", "shop", "0009"), "No migration of shop begins with 0009."),
        (("--lint", "postgresql://u:hunter2hunter2@h/d"), "is not installed"),
        (("--lint", "--all", "--output", "report.html"), "the ending says the format"),
        (("--lint", "--all", "--output", "nosuch/report.json"), "the folder nosuch does not exist"),
        (("--lint", "--all", "--baseline", "nosuch.json"), "The baseline nosuch.json cannot be read"),
        (("--lint", "--phase", "expand"), "unrecognized arguments: --phase"),
        (("--lint", "--al"), "unrecognized arguments: --al"),
        (("--lint", "a", "b", "c"), "unrecognized arguments: more names than an app and a migration"),
        (
            ("--lint", "--scratch", "postgresql://u:hunter2hunter2@h/d", "a", "b"),
            "unrecognized arguments: --scratch",
        ),
        (("--lint", "--format", "postgresql://u:hunter2hunter2@h/d"), "invalid choice (choose from"),
    ],
)
@pytest.mark.django_db
def test_usage_errors(project, arguments, said):
    with pytest.raises(CommandError) as caught:
        call_command("prodmigrate", *arguments)
    assert caught.value.returncode == 2
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_malformed_configuration_is_a_usage_error(project):
    (project.root / "prodready.toml").write_text('fail-level = "high"')
    with pytest.raises(CommandError, match="fail-level must be one of") as caught:
        call_command("prodmigrate", "--lint", "--all")
    assert caught.value.returncode == 2


def test_files_are_written_beside(project, lint):
    project.migration("0002_index", INDEX, "0001_initial")
    ended, _ = lint(
        "--all", "--output", "a.json", "--output", "b.sarif", "--output", "c.txt", force_color=True
    )
    assert ended == 1
    assert json.loads((project.root / "a.json").read_text())["schema"] == 1
    assert json.loads((project.root / "b.sarif").read_text())["version"] == "2.1.0"
    assert "\x1b" not in (project.root / "c.txt").read_text()
    (project.root / "d.json").mkdir()
    with pytest.raises(CommandError, match=r"d\.json cannot be written: Is a directory\."):
        call_command("prodmigrate", "--lint", "--all", "--output", "d.json")


def test_a_baseline_is_written_and_used(project, lint, judged, capsys):
    project.migration("0002_index", INDEX, "0001_initial")
    ended, out = lint("--all", "--write-baseline")
    assert ended == 0
    assert out.endswith("2 migrations judged: 2 safe (1 finding suppressed) - SAFE.\n")
    (written,) = json.loads((project.root / "prodready-baseline.json").read_text())["findings"]
    assert (written["check"], written["reason"]) == (
        "index-build",
        "It was there when the baseline was written.",
    )
    assert 'baseline = "prodready-baseline.json"' in capsys.readouterr().err
    assert lint("--all")[0] == 1
    assert lint("--all", "--baseline", "prodready-baseline.json", "--write-baseline")[0] == 0
    assert capsys.readouterr().err == ""
    (project.root / "prodready.toml").write_text('baseline = "prodready-baseline.json"')
    (finding,) = judged("--all")["migrations"][1]["findings"]
    assert finding["suppressed"] == {"by": "baseline", "reason": written["reason"], "until": None}


def test_a_baseline_keeps_what_others_have_written(project, lint):
    theirs = {"fingerprint": "0" * 16, "check": "hosts.wildcard", "reason": "Known.", "since": "2026-11-01"}
    gone = {**theirs, "fingerprint": "1" * 16, "check": "index-build"}
    file = project.root / "known.json"
    file.write_text(json.dumps({"schema": 1, "findings": [theirs, gone]}))
    project.migration("0002_index", INDEX, "0001_initial")

    def checks():
        return [(one["check"], one["reason"]) for one in json.loads(file.read_text())["findings"]]

    lint("--all", "--baseline", "known.json", "--write-baseline")
    assert len(checks()) == 3
    kept = json.loads(file.read_text())
    for entry in kept["findings"]:
        entry["reason"] = "Ours."
    file.write_text(json.dumps(kept))
    lint("--all", "--third-party", "--baseline", "known.json", "--write-baseline")
    assert ("hosts.wildcard", "Ours.") in checks()
    assert "1" * 16 not in file.read_text()
    assert ("index-build", "Ours.") in checks()


def test_a_baseline_of_another_rule_does_not_count(project, judged):
    project.migration("0002_index", INDEX, "0001_initial")
    print_ = judged("--all")["migrations"][1]["findings"][0]["fingerprint"]
    entry = {"fingerprint": print_, "check": "bulk-write", "reason": "Known.", "since": "2026-11-01"}
    (project.root / "known.json").write_text(json.dumps({"schema": 1, "findings": [entry]}))
    assert judged("--all", "--baseline", "known.json")["migrations"][1]["verdict"] == "unsafe"


def test_ignores_and_their_faults_are_told(project, lint, judged):
    project.migration(
        "0002_index",
        f"{INDEX}  # prodready: ignore[index-build] -- the table is small\n"
        f"# prodready: ignore[bulk-write] -- never\n{SAFE}\n"
        "# prodready: ignore[index-build]",
        "0001_initial",
    )
    told = judged("--all")
    migration = told["migrations"][1]
    assert migration["verdict"] == "safe"
    assert migration["findings"][0]["suppressed"] == {
        "by": "ignore",
        "reason": "the table is small",
        "until": None,
    }
    notes = [note for note in told["notes"] if ".py:" in note]
    assert [re.sub(r".*?\.py:\d+: ", "", note) for note in notes] == [
        (
            "ignore[index-build] has no reason, and silences nothing. "
            "Write: # prodready: ignore[index-build] -- why it may stay"
        ),
        "unused ignore[bulk-write]: it meets no finding there. Remove it.",
    ]
    ended, out = lint("--all")
    assert ended == 0
    assert "unused ignore[bulk-write]" in out
    assert "SAFE     shop.0002_index  (1 suppressed)" in out


def test_an_ignore_is_not_called_unused_where_not_all_was_read(project, judged):
    body = "# prodready: ignore[scan-under-lock] -- in a quiet hour"
    head = "forwards = eval('lambda apps, schema_editor: None')"
    project.migration("0002_code", f"{body}\n{UNREAD}\n{INDEX}", "0001_initial", head=head)
    told = judged("--all")
    assert not [note for note in told["notes"] if "unused" in note]
    project.migration(
        "0002_code",
        f"{UNREAD}\n{INDEX}  # prodready: ignore[index-build] -- the table is small",
        "0001_initial",
        head=head,
    )


def test_accepting_all_that_is_known_leaves_the_rest_unknown(project, judged):
    project.migration(
        "0002_code",
        f"{UNREAD}\n{INDEX}  # prodready: ignore[index-build] -- the table is small",
        "0001_initial",
        head="forwards = eval('lambda apps, schema_editor: None')",
    )
    migration = judged("--all")["migrations"][1]
    assert (migration["verdict"], len(migration["not_checked"])) == ("unknown", 1)


def test_no_abbreviations_and_the_version(project, capsys):
    with pytest.raises(SystemExit):
        call_command("prodmigrate", "--version")
    assert capsys.readouterr().out == f"{__version__}\n"


def test_colours_exclude_each_other(project):
    with pytest.raises(CommandError, match="--no-color and --force-color exclude each other"):
        Command().handle(no_color=True, force_color=True)


def test_a_migration_that_cannot_be_imported_is_told(project, lint):
    (project.migrations / "0002_lost.py").write_text("import nowhere_to_be_found\n")
    with pytest.raises(CommandError) as caught:
        lint("--all")
    assert str(caught.value) == (
        "The migrations cannot be loaded: ModuleNotFoundError: No module named 'nowhere_to_be_found'. "
        "manage.py showmigrations shows where."
    )


def test_settings_that_cannot_be_loaded_are_told(project):
    options = {"force_color": False, "no_color": False, "scratch_url": None}
    with pytest.raises(
        CommandError, match="The settings cannot be loaded: ImportError: nothing there"
    ) as caught:
        Command().handle(load_failure=ImportError("nothing there"), **options)
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("error", "verbosity", "said"),
    [
        (KeyboardInterrupt(), 1, "interrupted."),
        (ValueError("hunter2"), 1, "prodmigrate itself failed: ValueError (message withheld"),
        (ValueError("hunter2"), 2, "test_lint.py:"),
    ],
)
def test_its_own_failure_is_told_without_values(project, monkeypatch, error, verbosity, said):
    def fail(*_):
        raise error

    monkeypatch.setattr(command, "run", fail)
    with pytest.raises(CommandError) as caught:
        call_command("prodmigrate", "--lint", "--all", verbosity=verbosity)
    assert caught.value.returncode == 2
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_output_that_cannot_be_written_is_told(project):
    with Path("/dev/full").open("w") as full, pytest.raises(CommandError, match="No space left") as caught:
        call_command("prodmigrate", "--lint", "--all", stdout=full)
    assert caught.value.returncode == 2


def test_a_migration_that_is_made_has_no_place(project, lint, judged):
    text = (
        "from django.db import migrations, models\n"
        'Migration = type("Migration", (migrations.Migration,), {"__module__": __name__, '
        '"dependencies": [("shop", "0001_initial")], '
        f'"operations": [{INDEX}]}})\n'
    )
    (project.migrations / "0002_index.py").write_text(text)
    migration = judged("--all")["migrations"][1]
    assert (migration["verdict"], migration["file"], migration["line"]) == ("unsafe", None, None)
    assert migration["findings"][0]["line"] is None
    assert (
        "UNSAFE   shop.0002_index\n\n  error index-build (blocking)  shop_book.book_title\n"
        in lint("--all")[1]
    )
