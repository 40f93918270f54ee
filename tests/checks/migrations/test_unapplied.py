import pytest
from prodready_databases import postgres_entry, sqlite_entry
from prodready_shelves import INITIAL, app, migration

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

TWO = app(m0001_initial=migration(INITIAL), m0002_next=migration("", "0001_initial"))
OTHER = app(name="boards", m0001_initial=migration(INITIAL, app="boards"))
FIRST, SECOND = "shelves.0001_initial", "shelves.0002_next"


def judge(default, files=TWO, *, others=None, **settings):
    settings = {"INSTALLED_APPS": ["shelves"], "DATABASES": {"default": default} | (others or {})} | settings
    return run_check("migrations.unapplied", settings=settings, files=files)


def said(result):
    return [finding.message for finding in result.findings]


def test_some_are_pending(database):
    (finding,) = judge(database(FIRST)).findings
    assert finding.message == "1 migration is not applied to the database 'default': shelves.0002_next."
    assert finding.hint == "Run manage.py migrate before this code serves."
    assert finding.subject == "DATABASES['default']"


def test_all_are_pending(database):
    assert said(judge(database())) == [
        "2 migrations are not applied to the database 'default': shelves.0001_initial, shelves.0002_next."
    ]


def test_a_database_that_nothing_was_ever_applied_to_stays_as_it_is(tmp_path, connecting):
    path = tmp_path / "empty.sqlite3"
    path.touch()
    assert len(judge(sqlite_entry(str(path))).findings) == 1
    assert path.read_bytes() == b""


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    path = tmp_path / "gone.sqlite3"
    (message,) = said(judge(sqlite_entry(str(path))))
    assert "'default', whose file is not there: shelves.0001_initial" in message
    assert not path.exists()


def test_those_of_installed_apps_count(database):
    settings = {"INSTALLED_APPS": ["django.contrib.contenttypes"]}
    assert "contenttypes.0001_initial" in judge(database(), **settings).findings[0].message


def test_many_are_counted(database):
    settings = {"INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth"]}
    (message,) = said(judge(database(), **settings))
    assert message.startswith("14 migrations are")
    assert message.endswith("and 9 more.")


@pytest.mark.parametrize(
    ("files", "applied"),
    [
        (TWO, [FIRST, SECOND]),
        (TWO, [FIRST, SECOND, "shelves.0003_of_the_next_release", "gone.0001_initial"]),
        (app(), []),
        (
            app(
                m0001_squashed=migration(
                    INITIAL, body='replaces = [("shelves", "0001_a"), ("shelves", "0002_b")]'
                )
            ),
            ["shelves.0001_a", "shelves.0002_b"],
        ),
    ],
)
def test_nothing_is_pending(database, files, applied):
    assert judge(database(*applied), files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "databases",
    [
        {},
        {"default": {}},
        {"default": sqlite_entry(":memory:")},
        {"default": sqlite_entry("file:memorydb?mode=memory&cache=shared")},
    ],
)
def test_no_database_that_lasts(databases):
    settings = {"INSTALLED_APPS": ["shelves"], "DATABASES": databases}
    result = run_check("migrations.unapplied", settings=settings, files=TWO)
    assert result.outcome is Outcome.NOT_APPLICABLE


# Other databases than the default one.


def routed(body):
    return TWO | OTHER | {"routing_of_a_case.py": f"class Router:\n    {body}\n\nclass Mute:\n    pass\n"}


ROUTERS = ["routing_of_a_case.Mute", "routing_of_a_case.Router"]
NOTHING_SAID = "def allow_migrate(self, db, app_label, **hints):\n        return None"
BOARDS_BESIDE = (
    "def allow_migrate(self, db, app_label, **hints):\n"
    "        return (db == 'beside') == (app_label == 'boards')"
)
DEFAULT_ALONE = "def allow_migrate(self, db, app_label, **hints):\n        return db == 'default'"
BOTH = ["shelves", "boards"]
ALL = (FIRST, SECOND, "boards.0001_initial")


def test_another_that_migrations_were_applied_to(database):
    others = {"beside": database(FIRST, name="beside.sqlite3")}
    (finding,) = judge(database(FIRST, SECOND), others=others).findings
    assert "'beside': shelves.0002_next" in finding.message
    assert finding.hint == "Run manage.py migrate --database beside before this code serves."


def test_another_that_a_router_sends_an_app_to(database):
    others = {"beside": database(name="beside.sqlite3")}
    settings = {"INSTALLED_APPS": BOTH, "DATABASE_ROUTERS": ROUTERS}
    result = judge(database(), routed(BOARDS_BESIDE), others=others, **settings)
    assert said(result) == [
        "2 migrations are not applied to the database 'default': shelves.0001_initial, shelves.0002_next.",
        "1 migration is not applied to the database 'beside': boards.0001_initial.",
    ]


@pytest.mark.parametrize("body", [NOTHING_SAID, DEFAULT_ALONE])
def test_another_that_no_router_speaks_of(database, body):
    others = {"beside": database(name="beside.sqlite3")}
    settings = {"INSTALLED_APPS": BOTH, "DATABASE_ROUTERS": ROUTERS}
    result = judge(database(*ALL), routed(body), others=others, **settings)
    assert result.outcome is Outcome.PASS, result


def test_another_without_routers_is_somebody_elses(database):
    others = {
        "legacy": database(name="legacy.sqlite3"),
        "gone": sqlite_entry("a-file-that-is-not-there.sqlite3"),
        "copy": sqlite_entry("a-copy.sqlite3", TEST={"MIRROR": "default"}),
    }
    assert judge(database(FIRST, SECOND), others=others).outcome is Outcome.PASS


def test_an_app_without_models_follows_its_label(database):
    settings = {"INSTALLED_APPS": BOTH, "DATABASE_ROUTERS": ROUTERS}
    files = routed(BOARDS_BESIDE) | {"boards/models.py": ""}
    assert judge(database(FIRST, SECOND), files, **settings).outcome is Outcome.PASS


# What cannot be asked.


def test_a_server_that_is_not_there(connecting):
    entry = postgres_entry("postgres://app:pl4nted-password@127.0.0.1:1/app")
    result = judge(entry)
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason.startswith("the database 'default' cannot be asked: ")
    assert "pl4nted-password" not in str(result)


def test_an_engine_that_is_not_installed(connecting):
    files = {path: text for path, text in TWO.items() if path != "shelves/models.py"}  # models ask the engine
    result = judge({"ENGINE": "engine_that_is_not_there", "NAME": "app"}, files)
    assert result.outcome is Outcome.NOT_RUN
    assert "engine_that_is_not_there" in result.reason


def test_one_that_is_asked_and_one_that_is_not_there(database):
    others = {"beside": postgres_entry("postgres://app:secret@127.0.0.1:1/app")}
    result = judge(database(FIRST), others=others)
    assert result.outcome is Outcome.FAIL
    assert len(result.findings) == 1
    assert result.reason.startswith("the database 'beside' cannot be asked")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (app(m0001_initial="pass"), "the migrations cannot be loaded"),
        (
            app(m0001_a=migration(INITIAL), m0001_b=migration()),
            "Several migrations are the last of their app",
        ),
    ],
)
def test_migrations_that_make_no_plan(database, files, reason):
    result = judge(database(), files)
    assert result.outcome is Outcome.NOT_RUN
    assert reason in result.reason


def test_postgresql_is_asked_and_not_written(postgres_database, connecting):
    import psycopg

    result = judge(postgres_entry(postgres_database))
    assert said(result) == [
        "2 migrations are not applied to the database 'default': shelves.0001_initial, shelves.0002_next."
    ]
    with psycopg.connect(postgres_database) as connection:
        assert connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,)
