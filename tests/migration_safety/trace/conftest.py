import pytest
from django.db import connections
from prodready_databases import install, postgres_entry
from prodready_histories import opened
from prodready_schema import ALIAS, schema_in_transaction


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
