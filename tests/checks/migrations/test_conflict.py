import pytest
from prodready_shelves import INITIAL, app, migration

from django_prodready.audit import Outcome
from django_prodready.audit.testing import project, run_check


def judge(files, **settings):
    settings = {"INSTALLED_APPS": ["shelves"]} | settings
    return run_check("migrations.conflict", settings=settings, files=files)


ONE = app(m0001_initial=migration(INITIAL))
TWO = app(
    m0001_initial=migration(INITIAL),
    m0002_a=migration("", "0001_initial"),
    m0002_b=migration("", "0001_initial"),
)
MERGED = app(
    m0001_initial=migration(INITIAL),
    m0002_a=migration("", "0001_initial"),
    m0002_b=migration("", "0001_initial"),
    m0003_merge=migration("", "0002_a", "0002_b"),
)
SQUASHED = app(
    m0001_initial=migration(INITIAL),
    m0002_a=migration("", "0001_initial"),
    m0001_squashed=migration(INITIAL, body='replaces = [("shelves", "0001_initial"), ("shelves", "0002_a")]'),
)


def test_two_branches():
    (finding,) = judge(TWO).findings
    assert finding.message == (
        "The app shelves has 2 last migrations (0002_a, 0002_b): migrate refuses to run, in all apps."
    )
    assert finding.hint == "Run manage.py makemigrations --merge and commit the file."


def test_in_an_installed_app():
    files = {f"site-packages/{path}": text for path, text in TWO.items()}
    (finding,) = judge(files, INSTALLED_APPS=["site-packages.shelves"]).findings
    assert finding.hint == "Install another version of the package that has the app shelves."


@pytest.mark.parametrize("files", [ONE, MERGED, SQUASHED, app(), app("")])
def test_one_last_migration(files):
    assert judge(files).outcome is Outcome.PASS


def test_apps_of_django():
    settings = {
        "INSTALLED_APPS": ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites"]
    }
    assert run_check("migrations.conflict", settings=settings).outcome is Outcome.PASS


def test_two_where_migrations_are_off():
    assert judge(TWO, MIGRATION_MODULES={"shelves": None}).outcome is Outcome.PASS
    assert judge(TWO, MIGRATION_MODULES={"shelves": "no_such_package"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import not_there_at_all", "the migrations cannot be loaded: ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "the migrations cannot be loaded: SystemExit (message withheld"),
        ("pass", "the migrations cannot be loaded: BadMigrationError: Migration 0001_initial in app shelves"),
        (migration("", "0000_gone"), "NodeNotFoundError: Migration shelves.0001_initial dependencies"),
    ],
)
def test_what_cannot_be_loaded_is_not_judged(text, reason):
    result = judge(app(m0001_initial=text))
    assert result.outcome is Outcome.NOT_RUN
    assert reason in result.reason


def test_a_project_that_cannot_be_set_up():
    from django_prodready.audit import Case
    from django_prodready.audit.testing import judge as judge_facts

    with project(Case(load_failure=ImportError("no"))) as facts:
        result = judge_facts(facts, "migrations.conflict")
    assert (result.outcome, result.reason) == (Outcome.NOT_RUN, "the project could not be set up")
