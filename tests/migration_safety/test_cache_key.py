"""Names of verdicts: another one whenever what a verdict depends on is another, else the same."""

from __future__ import annotations

import re
import sys
import textwrap
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from django_prodready.migration_safety import cache_key
from django_prodready.migration_safety.cache_key import keys_of
from django_prodready.migration_safety.plan import Plan, Selection, Step, make_plan

MIGRATION = """
from django.db import migrations, models
{code}

class Migration(migrations.Migration):
    dependencies = {needs}
    operations = [{operations}]
"""
CREATE = 'migrations.CreateModel("Book", [("id", models.AutoField(primary_key=True))])'
READ = "from pathlib import Path; sql = Path(__file__).read_text()"
VERSION = 150018


class Unspeakable:
    """What cannot be put into words."""

    def __repr__(self) -> str:
        raise ValueError


class Project:
    """Apps in a folder of their own, under names that no other test has."""

    def __init__(self, folder: Path, settings: Any) -> None:
        self.name = f"keyed_{uuid.uuid4().hex}"
        self.folder = folder / self.name
        self.folder.mkdir()
        self.settings = settings
        self.write("__init__.py", "")
        self.write("migrations/__init__.py", "")
        self.migration("0001_first", CREATE)
        self.migration("0002_second", "", [(self.name, "0001_first")])
        self.migration("0003_third", "", [(self.name, "0002_second")])

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text))
        return file

    def migration(
        self, name: str, operations: str = "", needs: list[tuple[str, str]] | None = None, code: str = ""
    ) -> Path:
        text = MIGRATION.format(code=code, needs=needs or [], operations=operations)
        return self.write(f"migrations/{name}.py", text)

    def install(self, *more: str) -> Project:
        self.settings.INSTALLED_APPS = ["django.contrib.contenttypes", "django_prodready", self.name, *more]
        return self

    def plan(self, **selection: Any) -> Plan:
        return make_plan(Selection(**({"everything": True} | selection)), None)

    def keys(self, **selection: Any) -> dict[str, str]:
        """The names by the first letters of the migrations."""
        return {name[:4]: key for (_, name), key in keys_of(self.plan(**selection), VERSION).items()}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Project]:
    monkeypatch.syspath_prepend(tmp_path)
    made = Project(tmp_path, settings)
    yield made
    for name in [name for name in sys.modules if name.startswith(made.name)]:
        del sys.modules[name]


def differing(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


ALL = {"0001", "0002", "0003"}


class TestContent:
    def test_nothing_changed_is_the_same(self, project: Project) -> None:
        keys = project.install().keys()
        assert set(keys) == ALL
        assert len(set(keys.values())) == 3
        assert all(len(key) == 64 for key in keys.values())
        assert project.keys() == keys

    def test_a_change_counts_from_its_migration_on(self, project: Project) -> None:
        before = project.install().keys()
        project.migration("0002_second", "", [(project.name, "0001_first")], code="# more")
        assert differing(before, project.keys()) == {"0002", "0003"}

    def test_a_helper_belongs_to_who_imports_it(self, project: Project) -> None:
        project.write("tools.py", "from . import far")
        project.write("far.py", "x = 1")
        project.migration(
            "0002_second",
            "",
            [(project.name, "0001_first")],
            code="def f(apps, editor):\n    from .. import tools",
        )
        before = project.install().keys()
        project.write("far.py", "x = 2")
        assert differing(before, project.keys()) == {"0002", "0003"}
        project.write("unused.py", "x = 2")
        assert differing(before, project.keys()) == {"0002", "0003"}

    def test_sql_counts_wherever_it_came_from(self, project: Project) -> None:
        code = "import os\nsql = os.environ.get('KEYED_SQL', 'SELECT 1')"
        operations = (
            "migrations.SeparateDatabaseAndState("
            "database_operations=[migrations.RunSQL([(sql, [None])], migrations.RunSQL.noop)])"
        )
        project.migration("0002_second", operations, [(project.name, "0001_first")], code)
        plan = project.install().plan()
        before = keys_of(plan, VERSION)
        (operation,) = plan.loader.disk_migrations[project.name, "0002_second"].operations
        operation.database_operations[0].sql = [("SELECT 2", [None])]
        after = keys_of(plan, VERSION)
        assert {name[:4] for (_, name) in before if before[_, name] != after[_, name]} == {"0002", "0003"}

    @pytest.mark.parametrize(
        ("code", "changed", "counts"),
        [
            (f"{READ} + 'rows.sql'", "migrations/rows.sql", True),
            ("call_command = print; call_command('loaddata', 'rows')", "fixtures/rows.json", True),
            (f"{READ} + 'rows.sql'", "migrations/other.sql", False),
            (READ, "sql/any.txt", True),
            (READ, "elsewhere/any.txt", False),
            ("sql = 'rows.sql'", "migrations/rows.sql", False),
        ],
    )
    def test_files_count_for_those_who_read_them(
        self, project: Project, code: str, changed: str, counts: bool
    ) -> None:
        for name in ("migrations/rows.sql", "fixtures/rows.json", "sql/any.txt"):
            project.write(name, "one")
        project.migration("0002_second", "", [(project.name, "0001_first")], code)
        before = project.install().keys()
        project.write(changed, "two")
        assert differing(before, project.keys()) == ({"0002", "0003"} if counts else set())

    def test_files_of_one_name_count_each(self, project: Project) -> None:
        for name in ("migrations/rows.sql", "sql/rows.sql"):
            project.write(name, "one")
        project.migration("0002_second", "", [(project.name, "0001_first")], f"{READ} + 'rows.sql'")
        before = project.install().keys()
        for name in ("migrations/rows.sql", "sql/rows.sql"):
            project.write(name, "two")
            now = project.keys()
            assert differing(before, now) == {"0002", "0003"}
            before = now

    @pytest.mark.parametrize("base", [str, Path])
    def test_files_count_that_are_named_from_the_projects_folder(
        self, project: Project, settings: Any, base: type
    ) -> None:
        settings.BASE_DIR = base(project.folder.parent)
        code = f"{READ} + '{project.name}/data/rows.csv' + '{'x' * 250}'"
        project.write("data/rows.csv", "one")
        project.migration("0002_second", "", [(project.name, "0001_first")], code)
        before = project.install().keys()
        project.write("data/rows.csv", "two")
        assert differing(before, project.keys()) == {"0002", "0003"}

    def test_files_of_an_app_that_is_not_installed_by_this_name(self, project: Project) -> None:
        file = project.migration("0002_second", "", [(project.name, "0001_first")], READ)
        plan = project.install().plan()
        (migration,) = (step.migration for step in plan.steps if step.key[1] == "0002_second")
        migration.app_label = "renamed"
        assert len(keys_of(plan, VERSION)) == 3
        assert file.exists()

    def test_a_setting_counts_for_who_reads_it(self, project: Project, settings: Any) -> None:
        code = "from django.conf import settings\nx = getattr(settings, 'SHOP_LIMIT', settings.USE_I18N)"
        project.migration("0002_second", "", [(project.name, "0001_first")], code)
        before = project.install().keys()
        settings.SHOP_LIMIT = {"a": ({1, 2}, 2.5, Path("x"), object(), Unspeakable(), Unspeakable.__repr__)}
        after = project.keys()
        assert differing(before, after) == {"0002", "0003"}
        settings.SHOP_LIMIT = {"a": ({1, 2}, 2.5, Path("x"), object(), Unspeakable(), Unspeakable.__repr__)}
        assert project.keys() == after

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (date(2026, 1, 1), date(2026, 1, 2)),
            (Decimal("0.1"), Decimal("0.2")),
            (b"a", b"b"),
            (re.compile("c"), re.compile("d")),
            (len, max),
        ],
    )
    def test_settings_of_every_kind_count(
        self, project: Project, settings: Any, one: object, other: object
    ) -> None:
        code = "from django.conf import settings as own\nx = lambda: own.SHOP_LIMIT"
        project.migration("0002_second", "", [(project.name, "0001_first")], code)
        settings.SHOP_LIMIT = [one]
        before = project.install().keys()
        settings.SHOP_LIMIT = [other]
        assert differing(before, project.keys()) == {"0002", "0003"}

    def test_what_cannot_be_read_has_no_name_nor_has_what_follows(self, project: Project) -> None:
        plan = project.install().plan()
        (project.folder / "migrations" / "0002_second.py").unlink()
        assert [name for _, name in keys_of(plan, VERSION)] == ["0001_first"]

    def test_a_migration_without_a_file_has_no_name(self) -> None:
        made = type("Migration", (migrations.Migration,), {"__module__": "no_such_module"})("0001", "shop")
        loader = MigrationLoader(None, load=False)
        loader.unmigrated_apps = set()
        step = Step(made, is_judged=True, is_deployed=False)
        plan = Plan(alias="default", loader=loader, steps=(step,), each_deployed=True)
        assert keys_of(plan, VERSION) == {}


class TestPlan:
    def test_one_migration_has_the_name_that_it_has_among_all(self, project: Project) -> None:
        keys = project.install().keys()
        one = project.keys(everything=False, app_label=project.name, name="0002")
        assert one == {"0002": keys["0002"]}

    def test_what_is_deployed_counts_where_it_is_not_all(self, project: Project) -> None:
        pending = project.install().keys(everything=False)
        assert set(pending) == ALL
        assert differing(project.keys(), pending) == ALL
        plan = project.plan(everything=False)
        steps = [
            Step(
                step.migration, is_judged=step.key[1] == "0003_third", is_deployed=step.key[1] != "0003_third"
            )
            for step in plan.steps
        ]
        deployed = keys_of(
            Plan(alias="default", loader=plan.loader, steps=tuple(steps), each_deployed=False), VERSION
        )
        assert deployed[project.name, "0003_third"] != pending["0003"]

    def test_installed_migrations_count(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        before = project.install().keys(third_party=True)
        assert set(before) > ALL - {"0003"}
        monkeypatch.setattr(cache_key, "_digest_of_file", lambda path: f"changed {path.name}")
        assert differing(before, project.keys(third_party=True)) == set(before)


class TestSurroundings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DEFAULT_AUTO_FIELD", "django.db.models.AutoField"),
            ("USE_TZ", False),
            ("TIME_ZONE", "Europe/Paris"),
            ("MIGRATION_MODULES", {"contenttypes": None}),
            ("DATABASE_ROUTERS", ["types.SimpleNamespace"]),
            ("DATABASE_ROUTERS", [object()]),
        ],
    )
    def test_settings_count(self, project: Project, settings: Any, name: str, value: object) -> None:
        before = project.install().keys()
        setattr(settings, name, value)
        assert differing(before, project.keys()) == ALL

    def test_swapped_models_count(self, project: Project, settings: Any) -> None:
        code = """
        from django.db import models

        class Author(models.Model):
            class Meta:
                swappable = "SHOP_AUTHOR"
        """
        project.write("models.py", code)
        settings.SHOP_AUTHOR = f"{project.name}.Author"
        before = project.install().keys()
        settings.SHOP_AUTHOR = "contenttypes.ContentType"
        assert differing(before, project.keys()) == ALL

    def test_apps_without_migrations_count(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        before = project.install().keys()
        bare = project.write("bare/__init__.py", "").parent
        (bare / "models.py").write_text("x = 1")
        installed = project.install(f"{project.name}.bare").keys()
        assert differing(before, installed) == ALL
        (bare / "models.py").write_text("x = 2")
        changed = project.keys()
        assert differing(installed, changed) == ALL
        monkeypatch.setattr(apps.get_app_config("bare"), "default_auto_field", "django.db.models.AutoField")
        assert differing(changed, project.keys()) == ALL

    def test_a_router_of_the_project_counts(self, project: Project, settings: Any) -> None:
        file = project.write("routers.py", "class Router: pass")
        settings.DATABASE_ROUTERS = [f"{project.name}.routers.Router"]
        before = project.install().keys()
        file.write_text("class Router: x = 1")
        assert differing(before, project.keys()) == ALL

    def test_secrets_and_addresses_do_not_count(self, project: Project, settings: Any) -> None:
        code = "from django.conf import settings\nx = settings.SECRET_KEY, settings.SHOP_API_TOKEN"
        project.migration("0001_first", CREATE, code=code.replace("settings.SHOP", "lambda: settings.SHOP"))
        before = project.install().keys()
        settings.SECRET_KEY = "another" * 10
        settings.SHOP_API_TOKEN = "token" * 10
        assert project.keys() == before

    @pytest.mark.parametrize(
        ("change", "counts"),
        [
            ({"PASSWORD": "x", "HOST": "db", "USER": "me"}, False),
            ({"OPTIONS": {"sslmode": "require"}}, False),
            ({"OPTIONS": {"options": "-c search_path=own"}}, True),
            ({"OPTIONS": {"server_side_binding": True}}, True),
            ({"TEST": {"MIRROR": "default"}}, True),
            ({"ENGINE": "django.db.backends.postgresql"}, True),
            ({"ENGINE": "no_such.backend"}, True),
        ],
    )
    def test_entries_of_databases(
        self, project: Project, change: dict[str, object], counts: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import connections

        before = project.install().keys()
        monkeypatch.setitem(connections.settings, "default", connections.settings["default"] | change)
        assert differing(before, project.keys()) == (ALL if counts else set())

    def test_the_server_counts(self, project: Project) -> None:
        plan = project.install().plan()
        assert not set(keys_of(plan, 150018).values()) & set(keys_of(plan, 150019).values())

    def test_versions_of_packages_count(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        before = project.install().keys()
        monkeypatch.setattr(cache_key, "_listings", lambda: (("\ndjango/apps.py\n", "Django 99"),))
        cache_key._distributions_of.cache_clear()
        try:
            assert differing(before, project.keys()) == ALL
        finally:
            cache_key._distributions_of.cache_clear()

    def test_our_own_code_counts(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        before = project.install().keys()
        monkeypatch.setattr(cache_key, "_own_code", lambda: "another")
        assert differing(before, project.keys()) == ALL


class TestDistributions:
    def test_packages_are_found_by_their_files(self) -> None:
        assert len(cache_key._distributions_of("django")) == 1
        assert cache_key._distributions_of("django")[0].lower().startswith("django ")
        assert cache_key._distributions_of("no_such_thing") == ()

    def test_those_of_other_makers_are_found_by_their_tops(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        egg = tmp_path / "Keyed-1.2.egg-info"
        egg.mkdir()
        (egg / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: Keyed\nVersion: 1.2\n")
        (egg / "top_level.txt").write_text("keyed_a\nkeyed_b\n")
        broken = tmp_path / "broken-1.dist-info"
        broken.mkdir()
        monkeypatch.syspath_prepend(tmp_path)
        cache_key._listings.cache_clear()
        cache_key._distributions_of.cache_clear()
        try:
            assert cache_key._distributions_of("keyed_b") == ("Keyed 1.2",)
        finally:
            cache_key._listings.cache_clear()
            cache_key._distributions_of.cache_clear()
