import pytest
from prodready_shelves import INITIAL, MODELS, SHELF, app, migration

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(files, **settings):
    settings = {"INSTALLED_APPS": ["shelves"]} | settings
    return run_check("migrations.no-package", settings=settings, files=files)


def test_an_app_without_migrations():
    (finding,) = judge(app()).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "The app shelves has models (Shelf) and no migrations: its tables are made once and never changed."
    )
    assert finding.hint == "Run manage.py makemigrations shelves and commit the package."


def test_a_folder_that_is_no_package():
    (finding,) = judge(app() | {"shelves/migrations/0001_initial.py": migration(INITIAL)}).findings
    assert "(the folder migrations has no __init__.py)" in finding.message
    assert finding.hint == "Add shelves/migrations/__init__.py."


def test_an_app_in_a_folder():
    files = {f"apps/{path}": text for path, text in app().items()}
    (finding,) = judge(files, INSTALLED_APPS=["apps.shelves"]).findings
    assert finding.subject == "shelves"


META = "{models}class Shelf(models.Model):\n    class Meta:\n        {meta}\n"


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (app(m0001_initial=migration(INITIAL)), {}),
        (app() | {"shelves/migrations/__init__.py": ""}, {}),
        (app(MODELS), {}),
        (app(""), {}),
        ({"shelves/__init__.py": ""}, {}),
        (app(META.format(models=MODELS, meta="managed = False")), {}),
        (app(META.format(models=MODELS, meta="abstract = True")), {}),
        (
            app(
                "from django.contrib.contenttypes.models import ContentType\n"
                "class Kind(ContentType):\n    class Meta:\n        proxy = True\n"
            ),
            {"INSTALLED_APPS": ["django.contrib.contenttypes", "shelves"]},
        ),
        (
            app(META.format(models=MODELS, meta="swappable = 'SHELF_MODEL'")),
            {"SHELF_MODEL": "contenttypes.ContentType"},
        ),
        (app(), {"MIGRATION_MODULES": {"shelves": None}}),
        (app() | {"elsewhere/__init__.py": ""}, {"MIGRATION_MODULES": {"shelves": "elsewhere"}}),
        (
            {f"site-packages/{path}": text for path, text in app().items()},
            {"INSTALLED_APPS": ["site-packages.shelves"]},
        ),
        ({f"vendor/{path}": text for path, text in app().items()}, {"INSTALLED_APPS": ["vendor.shelves"]}),
        (
            {f"site_of_a_case/tests/{path}": text for path, text in app().items()},
            {"INSTALLED_APPS": ["site_of_a_case.tests.shelves"]},
        ),
        (
            {},
            {
                "INSTALLED_APPS": ["django.contrib.contenttypes"],
                "MIGRATION_MODULES": {"contenttypes": "gone"},
            },
        ),
    ],
)
def test_apps_that_need_none(files, settings):
    result = judge(files, **settings)
    assert result.outcome is Outcome.PASS, result


def test_what_cannot_be_loaded_is_not_judged():
    assert judge(app(m0001_initial="pass")).outcome is Outcome.NOT_RUN


def test_models_are_those_of_the_file():
    files = app(f"{SHELF}class Board(Shelf):\n    pass\n")
    (finding,) = judge(files).findings
    assert "(Shelf, Board)" in finding.message
