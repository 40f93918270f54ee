"""Set Django up in a process of its own for one case, and make the database that all others come from."""

import multiprocessing
import sys

import psycopg

from migration_corpus.label import Case
from migration_corpus.proof.database import BASE, Shelf, django_settings
from migration_corpus.proof.judge import Proof, prove

CONTRIB = ("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres")


def create(url: str, folder: str) -> None:
    """Make the database that has the tables of Django's own apps and no more."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(f'DROP DATABASE IF EXISTS "{BASE}"')
    Shelf(url, "base").execute(f'CREATE DATABASE "{BASE}"')
    # A process of its own, because Django is set up once a process.
    process = multiprocessing.get_context("fork").Process(target=_migrate_contrib, args=(url, folder))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("The base database could not be migrated.")


def prove_in_child(job: tuple[Case, str, str]) -> Proof:
    """Set Django up with the one app and measure its case."""
    case, folder, url = job
    try:
        set_up(url, folder, [case.name])
    except Exception as error:  # noqa: BLE001 - a case that does not import must not end the others
        return Proof(case.name, trouble=f"{type(error).__name__}: {error}")
    return prove(case, url)


def set_up(url: str, folder: str, apps: list[str]) -> None:
    """Configure Django in this process."""
    import django
    from django.conf import settings

    sys.path.insert(0, folder)
    sys.setswitchinterval(0.0005)
    settings.configure(
        SECRET_KEY="nobody is served here",
        INSTALLED_APPS=[*CONTRIB, *apps],
        DATABASES={"default": django_settings(url, BASE)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def _migrate_contrib(url: str, folder: str) -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    set_up(url, folder, [])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    connection.close()
