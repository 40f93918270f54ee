from pathlib import Path

import pytest
from django.db import connections
from prodready_databases import install, postgres_entry
from prodready_histories import opened
from prodready_schema import ALIAS, schema_in_transaction
from prodready_services.once import once

# What differs from one Django or driver to another; the rest is run over PostgreSQL once.
IN_EVERY_ENVIRONMENT = (
    "test_client",
    "test_compatibility",
    "test_tracer_plans",
    "test_tracer_tables",
    "test_wire",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.stem not in IN_EVERY_ENVIRONMENT:
            item.add_marker(once)


@pytest.fixture
def schema(monkeypatch, postgres_url, django_db_blocker):
    """A schema of its own in a transaction that is rolled back."""
    install(monkeypatch, postgres_entry(postgres_url), ALIAS)
    with django_db_blocker.unblock(), schema_in_transaction() as found:
        yield found
    connections[ALIAS].close()
    del connections[ALIAS]


@pytest.fixture(scope="module")
def history(postgres_url, django_db_blocker):
    """Traces short histories of migrations, in a database of the module's own."""
    with django_db_blocker.unblock(), opened(postgres_url) as found:
        yield found
