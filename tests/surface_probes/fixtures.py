"""The fixture that configures the probes of this package; a conftest.py imports it."""

import pytest

import surface_probes as samples
from django_prodready.health import runner


@pytest.fixture
def probes(settings):
    """Configure these probes and no others: probes(search=Broken); more of PRODREADY goes into `also`."""

    def configure(also=None, **entries):
        given = {
            name: entry if isinstance(entry, dict) else samples.entry(entry)
            for name, entry in entries.items()
        }
        removed = dict.fromkeys({"database", "database_pool", "cache", "storage"} - given.keys())
        settings.PRODREADY = {"VERSION": "1.0.0", "PROBES": given | removed} | (also or {})

    runner.forget()
    yield configure
    samples.Hanging.go_on.set()
    runner.forget()
    samples.Hanging.go_on.clear()
    samples.Hanging.is_entered.clear()
    samples.Switched.is_down.clear()
