"""Who reads a setting: the project, its settings, a package in use; and what the project imports."""

import sys
from pathlib import Path

import pytest

from django_prodready.audit.facts import source as module
from django_prodready.audit.facts.files import Files
from django_prodready.audit.facts.settings_chain import SettingsChain
from django_prodready.audit.facts.source import Source


def write(root: Path, **files: str) -> None:
    """Write Python files: ``shop__views`` is shop/views.py, ``shop__init`` is shop/__init__.py."""
    for path, text in files.items():
        target = root / f"{path.replace('__', '/').replace('/init', '/__init__')}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"

    def make(**files: str) -> Source:
        write(root, **{"proj__settings": "ACME_SIZE = 1\n", **files})
        return Source(Files(root), chain=SettingsChain("proj.settings", root=root))

    return make


@pytest.fixture
def packages(tmp_path, monkeypatch):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


READS = [
    "settings.ACME_SIZE",
    "from django.conf import settings as conf\nconf.ACME_SIZE",
    'getattr(settings, "ACME_SIZE", 20)',
    "hasattr(settings, 'ACME_SIZE')",
    'size = _setting("ACME_SIZE", 20)',
    'DEFAULTS = {"ACME_SIZE": 20}',
    "from proj.settings import ACME_SIZE",
    "if settings.ACME_SIZE == 3: pass",
    'getattr(settings, f"ACME_{name}")',
    'getattr(settings, "ACME_" + name)',
    "getattr(settings, 'ACME_%s' % name)",
    'settings_for("ACME_{}".format(name))',
    'PREFIX = "ACME"',
    'SETTINGS_PREFIX = "ACME_"',
    'app.config_from_object("django.conf:settings", namespace="ACME")',
    'class AcmeConf(AppConf):\n    class Meta:\n        prefix = "acme"',
]


@pytest.mark.parametrize("text", READS)
def test_the_projects_own_code_reads_a_setting(project, text):
    assert project(shop__views=text).reads("ACME_SIZE")


@pytest.mark.parametrize("text", READS)
def test_a_package_in_use_reads_a_setting(project, packages, settings, text):
    write(packages, acme__init="", acme__conf=text)
    settings.AUTHENTICATION_BACKENDS = ["acme.backends.Backend"]
    assert project().reads("ACME_SIZE")


@pytest.mark.parametrize(
    "text",
    [
        "ACME_SIZE = 3",
        "ACME_SIZE: int = 3",
        "ACME_SIZE += 3",
        "settings.ACME_SIZE = 3",
        "@override_settings(ACME_SIZE=3)\ndef test(): pass",
        "    # settings.ACME_SIZE is not read",
        'SIZE = env.int("ACME_SIZE")',
        'SIZE = os.environ["ACME_SIZE"]',
        'SIZE = os.environ.get("ACME_SIZE")',
        'SIZE = os.getenv("ACME_SIZE")',
        'SIZE = config("ACME_SIZE", default=3)',
        "settings.ACME_SIZES",
        'url = "MY_ACME_SIZE"',
        'name = "ACME_" + other',  # says nothing of settings
        'prefix = "acme"',
    ],
)
def test_what_does_not_read_a_setting(project, text):
    assert not project(shop__views=text).reads("ACME_SIZE")


def test_celery_without_a_namespace_reads_its_old_names(project):
    source = project(proj__celery='app.config_from_object("django.conf:settings")')
    assert source.reads("CELERYD_CONCURRENCY")
    assert source.reads("BROKER_URL")
    assert not source.reads("ACME_SIZE")


def test_the_settings_themselves_read_a_setting(project):
    assert project(proj__settings="ACME_SIZE = 1\nOTHER = {'x': ACME_SIZE}\n").reads("ACME_SIZE")
    assert not project(proj__settings="ACME_SIZE = 1\nACME_SIZE = ACME_SIZE + 1\n").reads("ACME_SIZE")


def test_what_the_settings_mention_in_text_is_not_read(project):
    assert not project(proj__settings='ACME_SIZE = env("ACME_SIZE")\nx = "ACME_SIZE"\n').reads("ACME_SIZE")


class TestPackages:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("AUTHENTICATION_BACKENDS", ["acme.Backend"]),
            ("ACME", {"x": {"BACKEND": ("acme.Backend",)}}),
            ("ACME_CLASSES", {"acme.One": 1}),
            ("ACME_CLASS", "acme.Class"),
        ],
    )
    def test_a_dotted_path_anywhere_in_the_settings_puts_a_package_to_use(
        self, project, packages, settings, name, value
    ):
        write(packages, acme__init="settings.ACME_SIZE")
        source = project()
        assert not Source(source._files, chain=source._chain).reads("ACME_SIZE")
        setattr(settings, name, value)
        assert source.reads("ACME_SIZE")

    def test_an_installed_app_of_one_word_puts_a_package_to_use(
        self, project, packages, settings, monkeypatch
    ):
        write(packages, acme_app__init="", acme_app__views="settings.ACME_SIZE")
        monkeypatch.delitem(sys.modules, "acme_app", raising=False)
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "acme_app"]
        assert project().reads("ACME_SIZE")

    def test_a_word_that_is_no_app_does_not(self, project, packages, settings):
        write(packages, acme__init="settings.ACME_SIZE")
        settings.COMPANY = "acme"
        assert not project().reads("ACME_SIZE")

    def test_an_import_of_the_project_puts_a_package_to_use(self, project, packages):
        write(packages, acme="settings.ACME_SIZE")
        assert project(shop__views="from acme import size").reads("ACME_SIZE")
        assert "acme" not in sys.modules

    def test_a_package_that_is_not_used_is_not_searched(self, project, packages, settings):
        write(packages, acme__init="settings.ACME_SIZE")
        settings.ACME_TEXTS = ["not a path: acme", 3, "no.such.package", {"deep": [[[[[["acme.X"]]]]]]}]
        assert not project().reads("ACME_SIZE")

    def test_tests_and_data_of_a_package_are_not_searched(self, project, packages):
        text = "settings.ACME_SIZE"
        write(packages, acme__init="", acme__tests__test_it=text, acme__migrations__m=text)
        (packages / "acme" / "not-code").mkdir()
        (packages / "acme" / "not-code" / "x.py").write_text(text)
        (packages / "acme" / "notes.txt").write_text(text)
        assert not project(shop__views="import acme").reads("ACME_SIZE")

    def test_the_search_of_a_package_is_bounded(self, project, packages, monkeypatch):
        write(packages, acme__init="", acme__a="", acme__b="settings.ACME_SIZE")
        monkeypatch.setattr(module, "MAX_FILES_PER_PACKAGE", 2)
        assert not project(shop__views="import acme").reads("ACME_SIZE")

    def test_a_package_is_searched_once(self, project, packages):
        write(packages, acme__init="settings.ACME_SIZE")
        source = project(shop__views="import acme")
        assert source.reads("ACME_SIZE")
        write(packages, acme__init="settings.ACME_COLOUR")
        assert not source.reads("ACME_COLOUR")

    def test_an_unreadable_file_is_passed_over(self, project, packages):
        write(packages, acme__init="settings.ACME_SIZE")
        (packages / "acme" / "broken.py").symlink_to(packages / "nowhere.py")
        assert project(shop__views="import acme").reads("ACME_SIZE")

    def test_an_appconf_without_a_prefix_takes_the_packages_name(self, project, packages):
        write(packages, acme__init="class AcmeConf(AppConf): SIZE = 1")
        assert project(shop__views="import acme").reads("ACME_SIZE")

    def test_django_and_this_package_are_never_searched(self, project, settings):
        settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
        source = project(shop__views="import django, django_prodready, configurations")
        assert not source.reads("FORMAT_MODULE_PATH")

    def test_the_projects_own_package_is_searched_once_as_its_own(self, project, monkeypatch, tmp_path):
        monkeypatch.syspath_prepend(str(tmp_path / "project"))
        source = project(shop__init="", shop__local="ACME_SIZE = 1", shop__views="import shop")
        assert not source.reads("ACME_SIZE")

    def test_an_installed_project_is_searched_without_its_settings(self, packages, tmp_path, settings):
        write(
            packages,
            acme__init="",
            acme__settings='ACME_SIZE = f("ACME_SIZE")',
            acme__dev="ACME_SIZE = 2",
        )
        settings.AUTHENTICATION_BACKENDS = ["acme.Backend"]
        (tmp_path / "empty").mkdir()
        root = tmp_path / "empty"
        assert not Source(Files(root), chain=SettingsChain("acme.settings", root=root)).reads("ACME_SIZE")
        write(packages, acme__views="settings.ACME_SIZE")
        assert Source(Files(root), chain=SettingsChain("acme.settings", root=root)).reads("ACME_SIZE")

    def test_without_a_settings_module_packages_are_still_searched(self, packages, tmp_path, settings):
        write(packages, acme__init="settings.ACME_SIZE")
        settings.AUTHENTICATION_BACKENDS = ["acme.Backend"]
        root = tmp_path / "absent"
        assert Source(Files(root), chain=SettingsChain(None, root=root)).reads("ACME_SIZE")


class TestFiles:
    def test_python_files_are_the_projects_own_with_tests(self, project):
        source = project(shop__views="", shop__tests__test_views="")
        assert source.python_files == ("proj/settings.py", "shop/tests/test_views.py", "shop/views.py")

    def test_a_file_too_long_to_read_is_passed_over(self, project, tmp_path):
        source = project(shop__data="settings.ACME_SIZE\n" + "x = 1\n" * 300_000)
        assert not source.reads("ACME_SIZE")
        assert not source.imports("celery")

    @pytest.mark.parametrize(
        "text",
        [
            "import celery",
            "import celery.schedules as s",
            "import os, celery",
            "from celery import Celery",
            "from celery.schedules import crontab",
            "def f():\n    from celery import Celery",
            "try:\n\timport celery\nexcept ImportError: pass",
        ],
    )
    def test_imports_are_seen(self, project, text):
        source = project(shop__tasks=text)
        assert source.imports("celery")
        assert source.imports("celery.schedules")

    @pytest.mark.parametrize(
        "text",
        [
            "import celery_extra",
            "from .celery import x",
            "from proj.celery import app",
            "# import celery",
            "",
        ],
    )
    def test_what_is_no_import(self, project, text):
        assert not project(shop__tasks=text).imports("celery")

    def test_an_import_that_goes_on_in_the_next_line_is_read_as_far_as_it_goes(self, project):
        source = project(shop__tasks="import os, \\\n    celery")
        assert source.imports("os")
        assert not source.imports("")
