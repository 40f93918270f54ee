import pytest

from django_prodready.audit.facts.log_setup import applied_logging, configuring_file, given_logging
from django_prodready.audit.model import Case, NotApplicable
from django_prodready.audit.testing import project

LOGGING = {"version": 1}


def test_gives_logging():
    with project(Case(settings={"LOGGING": LOGGING})) as facts:
        assert applied_logging(facts) == given_logging(facts) == LOGGING


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"LOGGING": {}},
        {"LOGGING": None},
        {"LOGGING": ["console"]},
        {"LOGGING": LOGGING, "LOGGING_CONFIG": None},
        {"LOGGING": LOGGING, "LOGGING_CONFIG": "shop.configure"},
    ],
)
def test_is_not_applicable(settings):
    with project(Case(settings=settings)) as facts, pytest.raises(NotApplicable):
        applied_logging(facts)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conf.py", "import logging\nlogging.basicConfig(level='INFO')\n"),
        ("site1/apps.py", "root.addHandler(handler)\n"),
        ("gunicorn.conf.py", "logconfig_dict = {'version': 1}\n"),
        ("Procfile", "web: gunicorn --log-config logging.ini site1.wsgi\n"),
    ],
)
def test_finds_the_file_that_configures(path, text):
    with project(Case(files={path: text}, settings_module="conf")) as facts:
        assert configuring_file(facts) == path


@pytest.mark.parametrize("path", ["tests/test_log.py", "scripts/import_books.py"])
def test_finds_no_other(path):
    with project(Case(files={path: "logging.basicConfig()\n"})) as facts:
        assert configuring_file(facts) is None
