"""run_check: what the author of a check uses, in any process."""

import importlib
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connections

from django_prodready.audit import Case, Check, Finding, Need, Outcome, Severity
from django_prodready.audit.testing import project, run_check


def test_one_line_judges_one_check():
    result = run_check("hosts.unmatchable", settings={"ALLOWED_HOSTS": ["*.example.org"]})
    assert result.outcome is Outcome.FAIL
    assert result.findings[0].severity is Severity.ERROR


def test_works_in_a_process_without_settings(python, tmp_path):
    code = (
        "from django_prodready.audit.testing import run_check\n"
        "print(run_check('hosts.unmatchable', settings={'ALLOWED_HOSTS': ['*.x.org']}).outcome.value)\n"
        "print(run_check('hosts.unmatchable').outcome.value)\n"
    )
    ended = python("-c", code, cwd=tmp_path)
    assert ended.stdout.split() == ["fail", "pass"], ended.stderr


def test_what_the_process_configured_plays_no_part():
    with project(Case()) as facts:
        assert "ROOT_URLCONF" in facts.explicit
        assert "ALLOWED_HOSTS" in facts.explicit
        assert settings.ROOT_URLCONF != "testproject.urls"
    assert settings.ROOT_URLCONF == "testproject.urls"


def test_takes_a_check_that_is_not_registered():
    def judge(facts):
        assert facts.files.read("note.txt") == "hello"
        assert facts.environ == {"PORT": "80"}
        assert facts.entry == facts.root / "manage.py"
        yield Finding(message="It is wrong.", hint="Mend it.")

    check = Check(name="acme.thing", severity=Severity.WARNING, judge=judge, needs=frozenset())
    files = {"note.txt": "hello", "manage.py": ""}
    (finding,) = run_check(check, files=files, environ={"PORT": "80"}).findings
    assert finding.severity is Severity.WARNING


def test_folders_without_init_can_be_imported_meanwhile():
    files = {f"outer_of_a_case/{folder}/deep/leaf.py": "" for folder in ("one", "two")}
    with project(Case(files=files)):
        importlib.import_module("outer_of_a_case.one.deep.leaf")
        importlib.import_module("outer_of_a_case.two.deep.leaf")
    assert not [name for name in sys.modules if name.startswith("outer_of_a_case")]


def test_secrets_of_the_case_are_hidden():
    def judge(facts):
        message = f"It is {facts.settings.SECRET_KEY} and {facts.environ['API_TOKEN']}."
        yield Finding(message=message, hint="Hide it.")

    check = Check(name="acme.thing", severity=Severity.WARNING, judge=judge, needs=frozenset({Need.SETTINGS}))
    settings = {"SECRET_KEY": "hq7-TESTS-ONLY-w2"}
    (finding,) = run_check(check, settings=settings, environ={"API_TOKEN": "t0k-TESTS-ONLY-e9"}).findings
    assert finding.message == "It is [redacted] and [redacted]."


def test_files_can_be_imported_meanwhile():
    case = Case(
        files={"urls_of_a_case.py": "urlpatterns = []\n"}, settings={"ROOT_URLCONF": "urls_of_a_case"}
    )
    with project(case) as facts:
        import urls_of_a_case

        assert urls_of_a_case.urlpatterns == []
        assert facts.root.is_dir()
    assert "urls_of_a_case" not in sys.modules
    assert not facts.root.exists()


def test_a_package_without_init_is_gone_afterwards_too():
    case = Case(files={"loose_package/middleware.py": "def one(get_response): return get_response\n"})
    with project(case):
        import loose_package.middleware

        assert loose_package.middleware.one
    assert not [name for name in sys.modules if name.partition(".")[0] == "loose_package"]


def test_an_unknown_name():
    with pytest.raises(KeyError, match=r"hosts\.nothing"):
        run_check("hosts.nothing")


def test_a_project_that_cannot_be_set_up_is_put_back():
    with pytest.raises(ModuleNotFoundError):
        run_check("hosts.empty", settings={"INSTALLED_APPS": ["app_that_is_not_there"]})
    assert run_check("hosts.empty").outcome.value == "pass"


def test_a_setting_that_django_cannot_take_is_judged_all_the_same():
    settings = {"DATABASE_ROUTERS": "x", "CACHES": None}
    found = {finding.subject for finding in run_check("settings.type-mismatch", settings=settings).findings}
    assert found == {"DATABASE_ROUTERS", "CACHES"}


@pytest.mark.parametrize("wrong", [None, 3, "x", []])
def test_a_wrong_value_leaves_the_process_as_it_was(wrong):
    caches["default"].set("kept", 1)
    run_check("settings.type-mismatch", settings={"CACHES": wrong, "DATABASE_ROUTERS": wrong})
    assert caches["default"].get("kept") == 1
    assert list(caches) == ["default"]


def test_a_case_has_its_own_caches():
    case = Case(settings={"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}})
    with project(case):
        assert type(caches["default"]).__name__ == "DummyCache"
    assert type(caches["default"]).__name__ == "LocMemCache"


def test_a_case_has_its_own_databases():
    before = connections["default"]
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": "of-the-case.sqlite3"}
    with project(Case(settings={"DATABASES": {"default": entry}})):
        assert connections["default"].settings_dict["NAME"] == "of-the-case.sqlite3"
    assert connections["default"] is before


def test_a_check_may_connect_where_it_needs_to():
    def judge(facts):
        yield Finding(message=f"It is {connections['default'].vendor}.", hint="Leave it.")

    check = Check(name="acme.live", severity=Severity.ERROR, judge=judge, needs=frozenset({Need.LIVE}))
    (finding,) = run_check(check).findings
    assert finding.message == "It is sqlite."


def test_models_are_forgotten():
    text = "from django.db import models\n\nclass Thing(models.Model):\n    {} = models.IntegerField()\n"
    for field in ("first", "second"):
        files = {"things_of_a_case/__init__.py": "", "things_of_a_case/models.py": text.format(field)}
        with project(Case(files=files, settings={"INSTALLED_APPS": ["things_of_a_case"]})):
            assert apps.get_model("things_of_a_case.Thing")._meta.get_field(field)
    assert not apps.all_models["things_of_a_case"]
