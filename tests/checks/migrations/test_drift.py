import pytest
from prodready_shelves import INITIAL, MODELS, SHELF, app, migration

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

CONTENTTYPES = "django.contrib.contenttypes"


def judge(files, **settings):
    settings = {"INSTALLED_APPS": [CONTENTTYPES, "shelves"]} | settings
    return run_check("migrations.drift", settings=settings, files=files)


def with_models(models):
    return app(models, m0001_initial=migration(INITIAL))


@pytest.mark.parametrize(
    ("models", "operations"),
    [
        (f"{SHELF}    name = models.CharField(max_length=9)\n", "Add field name to shelf"),
        (SHELF.replace("models.IntegerField()", "models.BigIntegerField()"), "Alter field width on shelf"),
        (SHELF.replace("width", "breadth"), "Remove field width from shelf, Add field breadth to shelf"),
        (SHELF.replace("Shelf", "Board"), "Create model Board, Delete model Shelf"),
        (f"{SHELF}    at = models.DateTimeField(auto_now_add=True)\n", "Add field at to shelf"),
        (f"{SHELF}    code = models.UUIDField(unique=True, default=list)\n", "Add field code to shelf"),
        (f"{SHELF}    class Meta:\n        managed = False\n", "Change Meta options on shelf"),
        (MODELS, "Delete model Shelf"),
        (f"{SHELF}class Wide(Shelf):\n    class Meta:\n        proxy = True\n", "Create proxy model Wide"),
    ],
)
def test_changed_models(models, operations):
    (finding,) = judge(with_models(models)).findings
    assert finding.message == (
        "The models of shelves are not those that its migrations make; "
        f"makemigrations would write: {operations}."
    )
    assert finding.hint == "Run manage.py makemigrations shelves and commit the file."


def test_a_column_that_must_not_be_null_any_more():
    null = INITIAL.replace("models.IntegerField()", "models.IntegerField(null=True)")
    (finding,) = judge(app(m0001_initial=migration(null))).findings
    assert "Alter field width on shelf" in finding.message


def test_many_operations_are_counted():
    more = "".join(f"    f{number} = models.IntegerField()\n" for number in range(7))
    (finding,) = judge(with_models(SHELF + more)).findings
    assert finding.message.endswith("Add field f4 to shelf and 2 more.")


def test_a_package_without_a_migration():
    (finding,) = judge(app() | {"shelves/migrations/__init__.py": ""}).findings
    assert "Create model Shelf" in finding.message


OWNER = """    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
"""
OWNED = migration(
    INITIAL.replace(
        '("width"', '("owner", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)), ("width"'
    ),
    body="run_before = []",
).replace("dependencies = [", "dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)")
IMPORT = "from django.conf import settings\n"
PERSON = f"""{MODELS}from django.contrib.auth.base_user import AbstractBaseUser
class Person(AbstractBaseUser):
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=9, unique=True)
    USERNAME_FIELD = "name"
"""
PERSONS = migration(
    'migrations.CreateModel("Person", ['
    '("password", models.CharField(max_length=128, verbose_name="password")), '
    '("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")), '
    '("id", models.BigAutoField(primary_key=True, serialize=False)), '
    '("name", models.CharField(max_length=9, unique=True))], options={"abstract": False}),'
)


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (app(m0001_initial=migration(INITIAL)), {}),
        (app(), {}),
        (app(""), {}),
        (with_models(MODELS), {"MIGRATION_MODULES": {"shelves": None}}),
        (with_models(f"{SHELF}class Base(models.Model):\n    class Meta:\n        abstract = True\n"), {}),
        (
            app(
                f"{MODELS}class View(models.Model):\n    id = models.BigAutoField(primary_key=True)\n"
                "    class Meta:\n        managed = False\n",
                m0001_initial=migration(
                    'migrations.CreateModel("View", [("id", models.BigAutoField(primary_key=True, '
                    'serialize=False))], options={"managed": False}),'
                ),
            ),
            {},
        ),
        (
            app(IMPORT + SHELF + OWNER, m0001_initial=IMPORT + OWNED),
            {"INSTALLED_APPS": [CONTENTTYPES, "django.contrib.auth", "shelves"]},
        ),
        (
            app(IMPORT + SHELF + OWNER, m0001_initial=IMPORT + OWNED)
            | app(PERSON, name="persons", m0001_initial=PERSONS),
            {
                "INSTALLED_APPS": [CONTENTTYPES, "django.contrib.auth", "persons", "shelves"],
                "AUTH_USER_MODEL": "persons.Person",
            },
        ),
    ],
)
def test_models_as_migrated(files, settings):
    result = judge(files, **settings)
    assert result.outcome is Outcome.PASS, result


AUTOMATIC = f"{MODELS}class Shelf(models.Model):\n    width = models.IntegerField()\n"
AS_BIG = migration(
    INITIAL.replace("primary_key=True", 'auto_created=True, primary_key=True, verbose_name="ID"')
)


@pytest.mark.parametrize("place", ["site-packages", "vendor", "lib/third_party"])
def test_apps_of_others_drift_by_our_settings(place):
    path = place.replace("/", ".")
    files = {f"{place}/{name}": text for name, text in app(AUTOMATIC, m0001_initial=AS_BIG).items()}
    settings = {
        "INSTALLED_APPS": [CONTENTTYPES, f"{path}.shelves"],
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
    }
    assert judge(files, **settings).outcome is Outcome.PASS
    own = judge(app(AUTOMATIC, m0001_initial=AS_BIG), DEFAULT_AUTO_FIELD="django.db.models.AutoField")
    assert "Alter field id on shelf" in own.findings[0].message


def test_own_migrations_of_an_installed_app():
    installed = {
        f"site-packages/{name}": text
        for name, text in app(f"{SHELF}    more = models.IntegerField()\n").items()
    }
    own = {"moved/__init__.py": "", "moved/0001_initial.py": migration(INITIAL)}
    settings = {"INSTALLED_APPS": ["site-packages.shelves"], "MIGRATION_MODULES": {"shelves": "moved"}}
    (finding,) = judge(installed | own, **settings).findings
    assert "Add field more to shelf" in finding.message


def test_a_conflict_is_told_of_alone():
    files = app(MODELS, m0001_initial=migration(INITIAL), m0001_other=migration())
    result = judge(files)
    assert (result.outcome, result.reason) == (Outcome.NOT_RUN, "migrations.conflict did not pass")


COMMAND = """
from django.core.management.commands.makemigrations import Command as Base
from django.db.migrations.autodetector import MigrationAutodetector

class Blind(MigrationAutodetector):
    def changes(self, *args, **kwargs):
        return {}

class Command(Base):
    autodetector = Blind
"""


def commanded(text):
    return {
        "shelves/management/__init__.py": "",
        "shelves/management/commands/__init__.py": "",
        "shelves/management/commands/makemigrations.py": text,
    }


@pytest.fixture
def fresh_commands():
    """Let Django look for commands again, now and afterwards."""
    from django.core.management import get_commands

    get_commands.cache_clear()
    yield
    get_commands.cache_clear()


@pytest.mark.usefixtures("fresh_commands")
@pytest.mark.parametrize(("text", "count"), [(COMMAND, 0), ("raise RuntimeError('boom')", 1)])
def test_the_projects_own_makemigrations_says_what_counts(text, count):
    assert len(judge(with_models(MODELS) | commanded(text)).findings) == count
