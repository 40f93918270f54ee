"""What tests of the middleware share."""

import pytest
from surface_probes.fixtures import probes

from django_prodready.middleware.spoof_log import spoof_log

__all__ = ["probes"]


@pytest.fixture(autouse=True)
def nothing_is_told_yet(monkeypatch):
    """Let no test find that another one has told of the same thing a moment ago."""
    monkeypatch.setattr(spoof_log, "_counts", {})


@pytest.fixture
def addressed(settings):
    """The site that tells who is asking; a function that sets PRODREADY, and what else is given."""
    settings.ROOT_URLCONF = "prodready_clients.urls"
    settings.MIDDLEWARE = ["django_prodready.middleware.CloudflareRealIPMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]
    settings.USE_X_FORWARDED_HOST = True
    settings.USE_X_FORWARDED_PORT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def set_up(prodready=None, **others):
        settings.PRODREADY = prodready or {}
        for name, value in others.items():
            setattr(settings, name, value)

    set_up()
    return set_up
