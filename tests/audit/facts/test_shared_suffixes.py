"""Domains below which anybody may have a host."""

import pytest

from django_prodready.audit.facts.shared_suffixes import shared_suffix


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("herokuapp.com", "Heroku"),
        ("Fly.Dev", "Fly.io"),
        ("europe-west1.run.app", "Google Cloud"),
        ("com", None),
        ("co.uk", None),
    ],
)
def test_shared(domain, provider):
    shared = shared_suffix(domain)
    assert (shared.domain, shared.provider) == (domain.lower(), provider)


@pytest.mark.parametrize(
    "domain", ["", "example.org", "myapp.fly.dev", "a.b.run.app", "localhost", "internal"]
)
def test_own(domain):
    assert shared_suffix(domain) is None
