import sqlite3
import sys

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections
from prodready_databases import install, postgres_entry, sqlite_entry
from prodready_databases.pgbouncer import pgbouncer_before

from django_prodready.health.probe import Skipped
from django_prodready.health.probes.migrations import (
    MigrationsProbe,
    UnappliedMigrationsError,
    UnreadableMigrationsError,
)


@pytest.fixture(autouse=True)
def database_access(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def code(settings, tmp_path, monkeypatch):
    """Give the app "auth" these migrations and every other app none: code(("0001_a", {...}), ...)."""
    monkeypatch.syspath_prepend(tmp_path)
    made = []

    def configure(*migrations, app="auth"):
        package = f"made_migrations_{app}"
        folder = tmp_path / package
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        for name, attributes in migrations:
            lines = [f"    {key} = {value!r}" for key, value in attributes.items()]
            (folder / f"{name}.py").write_text(
                "\n".join(
                    [
                        "from django.db import migrations",
                        "class Migration(migrations.Migration):",
                        *lines,
                        "    operations = []",
                    ]
                )
            )
        made.append((app, package))
        settings.MIGRATION_MODULES = dict.fromkeys(config.label for config in apps.get_app_configs()) | dict(
            made
        )
        return folder

    yield configure
    for name in [name for name in sys.modules if name.startswith("made_migrations_")]:
        del sys.modules[name]


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Make "default" a database where these migrations of "auth" are applied: recorded("0001_a", ...)."""
    file = tmp_path / "shop.sqlite3"

    def configure(*names):
        database = sqlite3.connect(file)
        database.execute("CREATE TABLE IF NOT EXISTS django_migrations (id INTEGER, app, name, applied)")
        database.execute("DELETE FROM django_migrations")
        rows = [name.split(".") if "." in name else ("auth", name) for name in names]
        database.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", rows)
        database.commit()
        database.close()
        install(monkeypatch, sqlite_entry(file))
        return file

    return configure


FIRST = ("0001_a", {"dependencies": []})
SECOND = ("0002_b", {"dependencies": [("auth", "0001_a")]})
THIRD = ("0003_c", {"dependencies": [("auth", "0002_b")]})
SQUASHED = ("0001_squashed", {"dependencies": [], "replaces": [("auth", "0001_a"), ("auth", "0002_b")]})
AFTER_SQUASHED = ("0003_c", {"dependencies": [("auth", "0001_squashed")]})


def said(probe):
    try:
        probe.run()
    except (UnappliedMigrationsError, UnreadableMigrationsError) as error:
        return str(error)
    finally:
        probe.close()
    return None


def test_all_are_applied(code, recorded):
    code(FIRST, SECOND)
    recorded("0001_a", "0002_b")
    assert said(MigrationsProbe()) is None


def test_one_is_missing(code, recorded):
    code(FIRST, SECOND)
    recorded("0001_a")
    assert said(MigrationsProbe()) == "1 migration is not applied: auth.0002_b."


def test_those_that_are_missing_are_named_in_their_order(code, recorded):
    code(FIRST, SECOND, THIRD)
    recorded("0001_a", "other.0002_b")
    assert said(MigrationsProbe()) == "2 migrations are not applied: auth.0002_b, auth.0003_c."


def test_of_many_some_are_named(code, recorded):
    code(*[(f"{number:04}", {"dependencies": []}) for number in range(12)])
    recorded()
    told = said(MigrationsProbe())
    assert told.startswith("12 migrations are not applied: auth.0000, ")
    assert told.endswith(", auth.0009 and 2 more.")


def test_a_database_without_the_table_has_none(code, tmp_path, monkeypatch):
    code(FIRST, SECOND)
    file = tmp_path / "empty.sqlite3"
    file.touch()
    install(monkeypatch, sqlite_entry(file))
    assert said(MigrationsProbe()) == "2 migrations are not applied: auth.0001_a, auth.0002_b."


def test_a_database_ahead_of_the_code_is_well(code, recorded):
    code(FIRST)
    recorded("0001_a", "0002_of_the_next_release", "gone.0001_initial")
    assert said(MigrationsProbe()) is None


def test_code_without_migrations_needs_none(code, recorded):
    code()
    recorded()
    assert said(MigrationsProbe()) is None


def test_a_gap_counts_though_later_ones_are_applied(code, recorded):
    code(FIRST, SECOND)
    recorded("0002_b")
    assert said(MigrationsProbe()) == "1 migration is not applied: auth.0001_a."


def test_another_app_that_is_depended_on_counts(code, recorded):
    code(("0001_other", {"dependencies": []}), app="sessions")
    code(("0001_a", {"dependencies": [("sessions", "__first__")]}))
    recorded("0001_a")
    assert said(MigrationsProbe()) == "1 migration is not applied: sessions.0001_other."


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("0001_a", "0002_b", "0003_c"), None),
        (("0001_squashed", "0001_a", "0002_b", "0003_c"), None),
        (("0001_a", "0002_b"), "1 migration is not applied: auth.0003_c."),
        ((), "2 migrations are not applied: auth.0001_squashed, auth.0003_c."),
        (("0001_a",), "2 migrations are not applied: auth.0002_b, auth.0003_c."),
    ],
    ids=["by the old", "by the new", "before the next", "none", "halfway"],
)
def test_squashed_migrations(code, recorded, names, told):
    code(FIRST, SECOND, SQUASHED, AFTER_SQUASHED)
    recorded(*names)
    assert said(MigrationsProbe()) == told


def test_squashed_migrations_whose_parts_are_gone(code, recorded):
    code(SQUASHED, AFTER_SQUASHED)
    recorded("0001_a", "0002_b", "0003_c")
    assert said(MigrationsProbe()) is None


def test_it_agrees_with_django(code, recorded, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    code(FIRST, SECOND, SQUASHED, AFTER_SQUASHED)
    install(monkeypatch, sqlite_entry(recorded("0001_a")), "judged")
    try:
        executor = MigrationExecutor(connections["judged"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
        assert said(MigrationsProbe()) == f"{len(plan)} migrations are not applied: {names}."
    finally:
        connections["judged"].close()
        del connections["judged"]


def test_what_is_applied_meanwhile_is_seen_and_the_code_is_read_once(code, recorded):
    folder = code(FIRST, SECOND)
    recorded("0001_a")
    probe = MigrationsProbe()
    assert said(probe) == "1 migration is not applied: auth.0002_b."
    (folder / "0003_c.py").write_text("raise AssertionError('read again')")
    recorded("0001_a", "0002_b")
    assert said(probe) is None


def test_once_all_are_applied_nothing_is_asked_again(code, recorded):
    code(FIRST)
    file = recorded("0001_a")
    probe = MigrationsProbe()
    assert said(probe) is None
    file.unlink()
    assert said(probe) is None


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ("import no_such_package_at_all", "ModuleNotFoundError"),
        ("", "BadMigrationError"),
    ],
)
def test_code_that_cannot_be_read_is_down_each_time(code, recorded, broken, kind):
    folder = code(FIRST)
    (folder / "0002_broken.py").write_text(broken)
    recorded("0001_a")
    probe = MigrationsProbe()
    assert said(probe).startswith(f"{kind}: ")
    assert said(probe).startswith(f"{kind}: ")
    probe.close()


def test_code_that_does_not_fit_together_is_down(code, recorded):
    code(THIRD)
    recorded("0003_c")
    assert said(MigrationsProbe()).startswith("NodeNotFoundError: ")


def test_a_database_that_cannot_be_asked_is_down(monkeypatch, tmp_path):
    install(monkeypatch, sqlite_entry(tmp_path / "missing.sqlite3"))
    with pytest.raises(OperationalError):
        MigrationsProbe().run()
    assert not (tmp_path / "missing.sqlite3").exists()


def test_no_database_is_skipped(monkeypatch):
    install(monkeypatch, {})
    with pytest.raises(Skipped):
        MigrationsProbe().run()


def test_an_unknown_alias_is_an_error_at_once():
    with pytest.raises(ValueError, match="alias must be a key of DATABASES"):
        MigrationsProbe(alias="nobody")


@pytest.fixture
def migrated(monkeypatch, postgres_database):
    """Apply what this project has to a database of the alias "orders", as a deployment would."""
    install(monkeypatch, postgres_entry(postgres_database), "orders")
    call_command("migrate", database="orders", verbosity=0)
    connections["orders"].close()
    yield postgres_database
    connections["orders"].close()
    del connections["orders"]


def test_what_migrate_applied_is_applied(migrated, monkeypatch):
    import psycopg

    assert said(MigrationsProbe("orders")) is None
    with pgbouncer_before(migrated) as address:
        install(monkeypatch, postgres_entry(address), "orders")
        assert said(MigrationsProbe("orders")) is None
    with psycopg.connect(migrated, autocommit=True) as own:
        own.execute("DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0012%'")
    install(monkeypatch, postgres_entry(migrated), "orders")
    told = "1 migration is not applied: auth.0012_alter_user_first_name_max_length."
    assert said(MigrationsProbe("orders")) == told


def test_a_table_that_may_not_be_read_is_down_and_not_empty(migrated, monkeypatch):
    import psycopg

    with psycopg.connect(migrated, autocommit=True) as own:
        own.execute("DROP ROLE IF EXISTS prodready_nobody")
        own.execute("CREATE ROLE prodready_nobody")
        try:
            entry = postgres_entry(migrated, OPTIONS={"assume_role": "prodready_nobody"})
            install(monkeypatch, entry, "orders")
            with pytest.raises(DatabaseError, match="permission denied"):
                MigrationsProbe("orders").run()
        finally:
            own.execute("DROP ROLE prodready_nobody")


def test_a_table_that_is_locked_is_down_in_time(migrated):
    import psycopg

    with psycopg.connect(migrated) as own:
        own.execute("LOCK TABLE django_migrations")
        with pytest.raises(OperationalError):
            MigrationsProbe("orders").run()
