import json

import pytest
from prodready_commands import run_command
from prodready_databases import install, postgres_entry, sqlite_entry
from prodready_shelves import INITIAL, SHELF, app, migration

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

FIRST = "shelves.0001_initial"
INDEX = 'migrations.AddIndex("shelf", models.Index(fields=["width"], name="shelf_width")),'
NULLABLE = 'migrations.AddField("shelf", "depth", models.IntegerField(null=True)),'
REMOVE = 'migrations.RemoveField("shelf", "width"),'
UNREAD = 'migrations.RunPython(eval("lambda apps, schema_editor: None"), migrations.RunPython.noop),'


def shelves(operations, *more):
    later = {
        f"m000{number}_more": migration(text, f"000{number - 1}_{'next' if number == 3 else 'more'}")
        for number, text in enumerate(more, start=3)
    }
    return app(m0001_initial=migration(INITIAL), m0002_next=migration(operations, "0001_initial"), **later)


def judge(default, files, *, others=None, **settings):
    settings = {"INSTALLED_APPS": ["shelves"], "DATABASES": {"default": default} | (others or {})} | settings
    return run_check("migrations.unsafe-op", settings=settings, files=files)


def test_one_that_blocks(database):
    (finding,) = judge(database(FIRST), shelves(INDEX)).findings
    assert finding.message == (
        "1 of 1 pending migrations would take the running site down: shelves.0002_next (blocking)."
    )
    assert finding.hint == "Run manage.py prodmigrate --lint, which names the safe way."
    assert finding.severity is Severity.ERROR
    assert str(finding.at) == "shelves/migrations/0002_next.py:8"


def test_the_worst_verdict_is_one_row(database):
    (finding,) = judge(database(FIRST), shelves(NULLABLE, UNREAD, f"{INDEX}{REMOVE}")).findings
    assert finding.message.startswith(
        "1 of 3 pending migrations would take the running site down: shelves.0004_more"
    )
    assert "blocking" in finding.message
    assert "incompatible" in finding.message


def test_one_that_cannot_be_read_is_a_warning(database):
    (finding,) = judge(database(FIRST), shelves(NULLABLE, UNREAD)).findings
    assert finding.message == (
        "1 of 2 pending migrations cannot be judged without running: shelves.0003_more."
    )
    assert finding.hint == "Run manage.py prodmigrate --lint --trace, which runs them on a scratch database."
    assert finding.severity is Severity.WARNING
    assert finding.at.file == "shelves/migrations/0003_more.py"


def test_another_database(database):
    others = {"beside": database(FIRST, name="beside.sqlite3")}
    result = judge(database(FIRST, "shelves.0002_next"), shelves(INDEX), others=others)
    assert result.findings[0].hint.startswith("Run manage.py prodmigrate --database beside --lint,")


def test_two_databases_have_one_row(database):
    others = {"beside": database(FIRST, name="beside.sqlite3")}
    (finding,) = judge(database(FIRST), shelves(INDEX), others=others).findings
    assert finding.message.startswith("1 of 1 pending migrations")


@pytest.mark.parametrize(
    ("operations", "applied"),
    [
        (NULLABLE, [FIRST]),
        (INDEX, [FIRST, "shelves.0002_next"]),
        (INDEX, []),  # the table is new
        (f"{INDEX}  # prodready: ignore[index-build] -- the table has ten rows", [FIRST]),
    ],
)
def test_safe_or_accepted(database, operations, applied):
    result = judge(database(*applied), shelves(operations))
    assert result.outcome is Outcome.PASS, result


def test_those_of_installed_apps_are_not_judged(database):
    result = judge(database(), {}, INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
    assert result.outcome is Outcome.PASS


def test_what_the_baseline_knows_does_not_count(database):
    files = shelves(INDEX) | {"prodready.toml": 'baseline = "known.json"\n'}
    entry = database(FIRST)
    fingerprints = fingerprints_of(entry, files)
    known = {
        "schema": 1,
        "findings": [
            {"check": "index-build", "fingerprint": name, "reason": "small", "since": "2026-01-01"}
            for name in fingerprints
        ],
    }
    assert judge(entry, files | {"known.json": json.dumps(known)}).outcome is Outcome.PASS


def fingerprints_of(entry, files):
    from django_prodready.audit import Case
    from django_prodready.audit.testing import project
    from django_prodready.migration_safety.lint import Request, lint
    from django_prodready.migration_safety.plan import Selection
    from django_prodready.reporting.redaction import Redactor

    case = Case(settings={"INSTALLED_APPS": ["shelves"], "DATABASES": {"default": entry}}, files=files)
    with project(case) as facts:
        request = Request(
            selection=Selection(), alias="default", root=facts.root, redactor=Redactor.from_settings({}, {})
        )
        return [one.fingerprint for judged in lint(request).report.judgements for one in judged.findings]


def test_no_database_that_lasts():
    assert judge(sqlite_entry(":memory:"), shelves(INDEX)).outcome is Outcome.NOT_APPLICABLE


def test_a_server_that_is_not_there(connecting):
    result = judge(postgres_entry("postgres://app:pl4nted-password@127.0.0.1:1/app"), shelves(INDEX))
    assert result.outcome is Outcome.NOT_RUN
    assert "pl4nted-password" not in str(result)


def test_a_database_that_is_gone_meanwhile(database, monkeypatch):
    from django_prodready.migration_safety.target import TargetError

    def gone(request):
        raise TargetError("The database 'default' cannot be asked.")

    monkeypatch.setattr("django_prodready.migration_safety.lint.lint", gone)
    result = judge(database(FIRST), shelves(INDEX))
    assert (result.outcome, result.reason) == (Outcome.NOT_RUN, "The database 'default' cannot be asked.")


def test_prodcheck_shows_the_row(database, monkeypatch, tmp_path, settings):
    """The command, on a project that is installed in this process."""
    files = {path.replace("shelves", "row_shelves", 1): text for path, text in shelves(INDEX).items()}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text.replace('"shelves"', '"row_shelves"'))
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    settings.INSTALLED_APPS = ["row_shelves", "django_prodready"]
    entry = database("row_shelves.0001_initial")
    monkeypatch.setitem(settings.DATABASES, "default", entry)
    install(monkeypatch, entry)
    arguments = ("--only", "migrations", "--format", "json")
    ended, out = run_command("prodcheck", *arguments, "--live")
    results = {result["check"]: result for result in json.loads(out)["results"]}
    (finding,) = results["migrations.unsafe-op"]["findings"]
    assert "row_shelves.0002_next (blocking)" in finding["message"]
    assert results["migrations.unapplied"]["outcome"] == "fail"
    assert ended == 1
    results = {each["check"]: each for each in json.loads(run_command("prodcheck", *arguments)[1])["results"]}
    assert results["migrations.unsafe-op"]["reason"] == (
        "needs live, which this run does not have: --live opens the connections"
    )


def test_models_beside_do_not_matter(database):
    files = shelves(NULLABLE) | {"shelves/models.py": f"{SHELF}    depth = models.IntegerField(null=True)\n"}
    assert judge(database(FIRST), files).outcome is Outcome.PASS
