import pytest

from django_prodready.audit.bare_project import SETTINGS


@pytest.fixture
def bare_apps():
    return SETTINGS["INSTALLED_APPS"]
