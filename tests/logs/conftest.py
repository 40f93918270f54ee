"""What tests of the logs share."""

import logging

import pytest
from django.conf import settings as django_settings

from django_prodready.logs import scrubbing
from django_prodready.logs.filters import RedactionFilter

PASSWORD = "p@ss#w/rd-of-the-database"


@pytest.fixture(autouse=True)
def a_project_with_secrets(monkeypatch):
    """The environment of this process holds a password, and nobody has collected secrets yet."""
    monkeypatch.setenv("DATABASE_URL", f"postgres://owner:{PASSWORD}@db:5432/site")
    monkeypatch.setattr(scrubbing, "_project", None)
    assert django_settings.configured


@pytest.fixture
def password():
    return PASSWORD


@pytest.fixture
def made():
    """Make a record, as Logger does."""

    def make(msg, *args, exc_info=None, extra=None, name="shop", level=logging.INFO, stack=None):
        return logging.getLogger(name).makeRecord(
            name, level, "shop.py", 7, msg, args, exc_info, "buy", extra, stack
        )

    return make


@pytest.fixture
def redacted(made):
    """Make a record and let RedactionFilter see it."""

    def redact(*arguments, **options):
        record = made(*arguments, **options)
        assert RedactionFilter().filter(record) is True
        return record

    return redact


@pytest.fixture
def raised():
    """Raise an exception, and return what ``sys.exc_info()`` says of it."""

    def catch(error, cause=None):
        with pytest.raises(type(error)) as caught:
            raise error from cause
        return caught.type, caught.value, caught.value.__traceback__

    return catch
