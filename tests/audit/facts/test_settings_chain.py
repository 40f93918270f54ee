"""Which files are read, in which order, and what they define."""

import os
import sys
import textwrap
from pathlib import Path

import pytest

from django_prodready.audit.facts import chain_modules, chain_reader
from django_prodready.audit.facts.settings_chain import SettingsChain
from django_prodready.reporting.finding import Location


@pytest.fixture
def chain(tmp_path):
    def make(module: str | None, **files: str) -> SettingsChain:
        for path, text in files.items():
            target = tmp_path / f"{path.replace('__', '/').replace('/init', '/__init__')}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(text))
        return SettingsChain(module, root=tmp_path)

    return make


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """A folder outside the root from which modules can be imported."""
    folder = tmp_path.parent / f"{tmp_path.name}-path"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_without_a_module_nothing_is_known(chain):
    found = chain(None)
    assert (found.files, found.names, found.loads) == ((), frozenset(), frozenset())
    assert found.origin("DEBUG", value=True) is None
    assert found.expression("DEBUG") is None


def test_a_module_without_source_gives_nothing(chain):
    assert chain("no.such.settings").files == ()


def test_star_imports_are_followed_relative_and_absolute(chain):
    found = chain(
        "proj.settings.production",
        proj__settings__init="from .production import *\n",
        proj__settings__base="from proj.defaults import *\nDEBUG = True\nlower = 1\n",
        proj__settings__production="from .base import *\nDEBUG = False\n",
        proj__defaults="SITE_ID = 1\n_PRIVATE = 2\n",
    )
    assert found.files == ("proj/settings/production.py", "proj/settings/base.py", "proj/defaults.py")
    assert found.names == {"DEBUG", "SITE_ID"}
    assert found.origin("DEBUG", value=False) == Location("proj/settings/production.py", 2)
    assert found.origin("SITE_ID", value=1) == Location("proj/defaults.py", 1)


def test_a_settings_package_reads_its_init(chain):
    found = chain(
        "proj.settings", proj__settings__init="from .base import *\n", proj__settings__base="DEBUG = True\n"
    )
    assert found.files == ("proj/settings/__init__.py", "proj/settings/base.py")


def test_the_package_wins_over_the_module_of_the_same_name(chain):
    found = chain(
        "proj.settings.production",
        proj__settings="DEBUG = 'module'\n",
        proj__settings__init="from .base import *\n",
        proj__settings__base="DEBUG = 'base'\n",
        proj__settings__production="from ..settings import *\n",
    )
    assert found.origin("DEBUG", value="base") == Location("proj/settings/base.py", 1)


@pytest.mark.parametrize("folder", ["src", "backend"])
def test_a_project_one_folder_down_is_found(chain, folder):
    found = chain("proj.settings", **{f"{folder}__proj__settings": "DEBUG = True\n"})
    assert found.files == (f"{folder}/proj/settings.py",)


def test_circular_imports_end(chain):
    found = chain(
        "proj.a",
        proj__a="ONE = 1\nfrom .b import *\nTHREE = 3\n",
        proj__b="TWO = 2\nfrom .a import *\n",
    )
    assert found.names == {"ONE", "TWO", "THREE"}
    assert found.files == ("proj/a.py", "proj/b.py")


def test_a_second_star_import_sets_the_names_again(chain):
    found = chain(
        "proj.a",
        proj__a="from .b import *\nDEBUG = False\nfrom .b import *\n",
        proj__b="DEBUG = bool(1)\n",
    )
    assert found.origin("DEBUG", value=True) == Location("proj/b.py", 1)


@pytest.mark.parametrize("broken", ["DEBUG = (\n", "DEBUG = '\0'\n", "X = " + "(" * 5000 + ")" * 5000])
def test_a_file_that_is_not_python_is_skipped(chain, broken):
    found = chain("proj.a", proj__a="from .b import *\nSITE_ID = 1\n", proj__b=broken)
    assert found.names == {"SITE_ID"}
    assert found.files == ("proj/a.py", "proj/b.py")


def test_an_unreadable_file_is_skipped(chain, tmp_path):
    found = chain("proj.a", proj__a="from .b import *\nSITE_ID = 1\n", proj__b="DEBUG = 1\n")
    os.truncate(tmp_path / "proj" / "b.py", 2 * 1024 * 1024)
    assert found.names == {"SITE_ID"}


def test_an_invalid_escape_is_not_reported_by_us(chain):
    assert chain("proj.a", proj__a='PATTERN = "\\d"\n').names == {"PATTERN"}


def test_relative_imports_that_lead_out_of_the_top_are_passed_over(chain):
    assert chain("settings", settings="from .base import *\nfrom ..x import *\nDEBUG = 1\n").names == {
        "DEBUG"
    }


def test_a_missing_star_import_is_passed_over(chain):
    found = chain(
        "proj.a",
        proj__a="""
            DEBUG = False
            try:
                from .local import *
            except ImportError:
                pass
        """,
    )
    assert found.names == {"DEBUG"}


def test_from_the_package_itself(chain):
    found = chain("proj.production", proj__production="from . import *\n", proj__init="DEBUG = False\n")
    assert found.origin("DEBUG", value=False) == Location("proj/__init__.py", 1)


def test_single_names_come_from_where_they_are_assigned(chain):
    found = chain(
        "proj.settings",
        proj__settings="""
            import os
            from os import SEEK_SET
            from django.conf.global_settings import LANGUAGES
            from .constants import LANGUAGE_CODE, helper, ZONE as TIME_ZONE
            from .constants import NOTHING_THERE
            from .absent import ALSO_ABSENT
        """,
        proj__constants="LANGUAGE_CODE = 'de'\nZONE = 'UTC'\nOTHER = 1\n",
    )
    assert found.files == ("proj/settings.py",)
    assert found.names == {"LANGUAGES", "LANGUAGE_CODE", "TIME_ZONE", "NOTHING_THERE", "ALSO_ABSENT"}
    assert found.origin("LANGUAGE_CODE", value="de") == Location("proj/constants.py", 1)
    assert found.origin("TIME_ZONE", value="UTC") == Location("proj/constants.py", 2)
    assert found.origin("LANGUAGES", value=[("de", "German")]) == Location("proj/settings.py", 4)
    assert found.origin("NOTHING_THERE", value=1) == Location("proj/settings.py", 6)


def test_the_standard_library_is_not_read_unless_the_project_bears_its_name(chain):
    found = chain(
        "site.settings",
        site__settings="from site.base import *\nfrom logging import *\n",
        site__base="A = 1\n",
    )
    assert found.files == ("site/settings.py", "site/base.py")


def test_names_of_an_installed_package_are_not_the_projects(chain, on_path, monkeypatch):
    packages = on_path / "site-packages"
    (packages / "acme").mkdir(parents=True)
    (packages / "acme" / "__init__.py").write_text("")
    (packages / "acme" / "defaults.py").write_text("ACME_SIZE = 20\nSITE_ID = 1\n")
    monkeypatch.syspath_prepend(str(packages))
    found = chain(
        "proj.settings", proj__settings="from acme.defaults import *\nfrom acme.defaults import SITE_ID\n"
    )
    assert found.names == {"SITE_ID"}
    assert found.origin("ACME_SIZE", value=20) == Location((packages / "acme" / "defaults.py").as_posix(), 1)
    assert found.origin("SITE_ID", value=1) == Location("proj/settings.py", 2)
    assert "acme" not in sys.modules


def test_the_installed_project_itself_is_the_project(chain, on_path, monkeypatch):
    packages = on_path / "site-packages"
    (packages / "acme").mkdir(parents=True)
    (packages / "acme" / "settings.py").write_text("DEBUG = False\n")
    monkeypatch.syspath_prepend(str(packages))
    assert chain("acme.settings").names == {"DEBUG"}


class TestWithoutImporting:
    def test_parents_of_a_module_on_the_path_are_not_run(self, chain, on_path):
        (on_path / "loud").mkdir()
        (on_path / "loud" / "__init__.py").write_text("raise RuntimeError('was run')")
        (on_path / "loud" / "settings.py").write_text("DEBUG = True\n")
        found = chain("loud.settings")
        assert found.names == {"DEBUG"}
        assert found.files == ((on_path / "loud" / "settings.py").as_posix(),)

    @pytest.mark.parametrize("module", ["plain.settings", "nowhere.settings", "spaces", "sys"])
    def test_what_has_no_source_is_none(self, on_path, tmp_path, module):
        (on_path / "plain.py").write_text("")
        (on_path / "spaces").mkdir()
        assert chain_modules.find_source(module, root=tmp_path) is None

    def test_a_finder_that_fails_is_passed_over(self, on_path, tmp_path, monkeypatch):
        class Failing:
            def find_spec(self, name, path):
                raise RuntimeError

        (on_path / "plain.py").write_text("")
        monkeypatch.setattr(sys, "meta_path", [Failing(), object(), *sys.meta_path])
        assert chain_modules.find_source("plain", root=tmp_path) == on_path / "plain.py"

    def test_locate_package_gives_the_folder_the_file_or_none(self, on_path):
        (on_path / "pack").mkdir()
        (on_path / "pack" / "__init__.py").write_text("")
        (on_path / "single.py").write_text("")
        assert chain_modules.locate_package("pack") == on_path / "pack"
        assert chain_modules.locate_package("single") == on_path / "single.py"
        assert chain_modules.locate_package("no_such_package") is None
        assert chain_modules.locate_package("sys") is None

    def test_an_absent_root_has_no_modules(self, tmp_path):
        assert chain_modules.find_source("no.settings", root=tmp_path / "absent") is None


class TestLoadedSettings:
    """What was imported decides which branches were taken."""

    @pytest.fixture
    def loaded(self, chain, tmp_path, monkeypatch):
        found = chain(
            "shopx.settings",
            shopx__init="",
            shopx__settings__init="""
                import os
                if os.environ.get("SHOP_ENVIRONMENT", "prod") == "prod":
                    from .prod import *
                    from .names import NAME
                else:
                    from .dev import *
                    from .other import NAME
            """,
            shopx__settings__prod="DEBUG = False\n",
            shopx__settings__dev="DEBUG = False\nDEV_ONLY = 1\n",
            shopx__settings__names="NAME = 'a'\n",
            shopx__settings__other="NAME = 'a'\n",
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        __import__("shopx.settings")
        yield found
        for name in [name for name in sys.modules if name.partition(".")[0] == "shopx"]:
            del sys.modules[name]

    def test_a_module_that_was_not_imported_is_not_read(self, loaded):
        assert loaded.files == ("shopx/settings/__init__.py", "shopx/settings/prod.py")
        assert "DEV_ONLY" not in loaded.names
        assert loaded.origin("DEBUG", value=False) == Location("shopx/settings/prod.py", 1)

    def test_a_file_below_another_root_wins_over_the_loaded_one(self, loaded, tmp_path):
        root = tmp_path / "checkout"
        (root / "shopx").mkdir(parents=True)
        (root / "shopx" / "settings.py").write_text("OTHER = 1\n")
        assert SettingsChain("shopx.settings", root=root).names == {"OTHER"}

    def test_the_loaded_file_is_found_from_any_root(self, loaded, tmp_path):
        (tmp_path / "empty").mkdir()
        found = SettingsChain("shopx.settings", root=tmp_path / "empty")
        assert found.files[0] == (tmp_path / "shopx" / "settings" / "__init__.py").as_posix()

    @pytest.mark.parametrize("module", ["sys", "no.such.module"])
    def test_a_module_that_was_not_loaded_from_source_has_no_file(self, module):
        assert chain_modules.loaded_source(module) is None


class TestStatements:
    def test_bodies_of_all_blocks_are_walked(self, chain):
        found = chain(
            "s",
            s="""
                import os, contextlib
                if os.name: A = 1
                elif os.sep: B = 1
                else: C = 1
                for _ in (): D = 1
                else: E = 1
                while os.name: F = 1
                with contextlib.suppress(KeyError): G = 1
                try: H = 1
                except KeyError: I = 1
                else: J = 1
                finally: K = 1
                match os.name:
                    case "x": L = 1
                    case _: M = 1
                try: N = 1
                except* ValueError: pass
                def function():
                    HIDDEN = 1
            """,
        )
        assert found.names == set("ABCDEFGHIJKLMN")

    @pytest.mark.parametrize(
        "test", ["False", "0", "not True", "TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'"]
    )
    def test_a_branch_that_never_runs_is_not_read(self, chain, test):
        assert chain("s", s=f"if {test}:\n    A = 1\nelse:\n    B = 1\n").names == {"B"}

    @pytest.mark.parametrize("test", ["True", "1", "not TYPE_CHECKING"])
    def test_a_branch_that_always_runs_leaves_out_the_other(self, chain, test):
        assert chain("s", s=f"if {test}:\n    A = 1\nelse:\n    B = 1\n").names == {"A"}

    @pytest.mark.parametrize("test", ["not DEBUG", "DEBUG", "a > b", "f()"])
    def test_other_conditions_are_not_decided(self, chain, test):
        assert chain("s", s=f"if {test}:\n    A = 1\nelse:\n    B = 1\n").names == {"A", "B"}

    def test_targets_of_every_kind(self, chain):
        found = chain(
            "s",
            s="""
                A = B = 1
                C, (D, E) = 2, (3, 4)
                F, *G = make()
                H: int = 5
                I: int
                [J, K] = make()
                module.L = 6
                make().M["x"] = 7
                lower, N = 1, 2
                O, P = 1, 2, 3
                print(Q := 8)
            """,
        )
        assert found.names == set("ABCDEFHJKNOP")
        assert found.origin("E", value=4) == Location("s.py", 3)
        assert found.origin("K", value=9) == Location("s.py", 7)

    def test_a_deleted_name_is_gone_unless_that_may_not_have_run(self, chain):
        found = chain("s", s="A = 1\nB = 1\nC = {}\nif B:\n    del B\ndel A, C['x']\n")
        assert found.names == {"B", "C"}

    def test_calls_that_hide_names(self, chain):
        text = "DEBUG = True\n{call}\n"
        for call in ("globals().update(x)", "Settings.apply(globals())", "exec(code)", "done = f(locals())"):
            assert chain("s", s=text.format(call=call)).origin("DEBUG", value=False) is None
        assert chain("s", s=text.format(call="print(1)")).origin("DEBUG", value=False) == Location("s.py", 1)
        assert chain("s", s=text.format(call="globals().update(x)")).origin("DEBUG", value=True) is not None

    def test_names_that_are_never_assigned_are_unknown(self, chain):
        assert chain("s", s="globals().update(SITE_ID=1)\n").origin("SITE_ID", value=1) is None


class TestClasses:
    FILES = {  # noqa: RUF012 - read only
        "conf__base": """
            from configurations import Configuration
            class Helper:
                HELPER = 1
            class Kind(str, Enum):
                KIND = 1
            class Base(Configuration):
                DEBUG = False
                TIMEOUT = compute()
                MIDDLEWARE = ["a"]
                @property
                def CACHES(self):
                    return {}
                def method(self):
                    LOCAL = 1
        """,
        "conf__settings": """
            from .base import *
            class Dev(Base):
                DEBUG = True
                TIMEOUT = compute()
            class Mixin:
                pass
            class Production(Mixin, Base):
                MIDDLEWARE = Base.MIDDLEWARE + ["b"]
            class Test(Base):
                TIMEOUT = compute()
        """,
    }

    def test_upper_case_attributes_are_settings(self, chain, monkeypatch):
        monkeypatch.delenv("DJANGO_CONFIGURATION", raising=False)
        found = chain("conf.settings", **self.FILES)
        assert found.names == {"DEBUG", "TIMEOUT", "MIDDLEWARE", "CACHES"}
        assert found.origin("DEBUG", value=True) == Location("conf/settings.py", 4)
        assert found.origin("DEBUG", value=False) == Location("conf/base.py", 8)
        assert found.origin("CACHES", value={"x": 1}) == Location("conf/base.py", 12)
        assert found.origin("MIDDLEWARE", 0, value=["a", "b"]) == Location("conf/base.py", 10)
        assert found.origin("MIDDLEWARE", 1, value=["a", "b"]) == Location("conf/settings.py", 9)

    def test_the_chosen_class_and_its_bases_decide(self, chain, monkeypatch):
        monkeypatch.setenv("DJANGO_CONFIGURATION", "Production")
        found = chain("conf.settings", **self.FILES)
        assert found.origin("TIMEOUT", value=3) == Location("conf/base.py", 9)
        monkeypatch.setenv("DJANGO_CONFIGURATION", "Dev")
        assert chain("conf.settings").origin("TIMEOUT", value=3) == Location("conf/settings.py", 5)

    def test_a_chosen_class_that_is_not_there_decides_nothing(self, chain, monkeypatch):
        monkeypatch.setenv("DJANGO_CONFIGURATION", "Elsewhere")
        found = chain("conf.settings", **self.FILES)
        assert found.origin("TIMEOUT", value=3) == Location("conf/settings.py", 11)

    def test_a_diamond_of_classes_is_read_once(self, chain, monkeypatch):
        monkeypatch.setenv("DJANGO_CONFIGURATION", "D")
        found = chain(
            "s", s="class A(X): N = f()\nclass B(A): pass\nclass C(A): N = f()\nclass D(B, C): pass\n"
        )
        assert found.origin("N", value=1) == Location("s.py", 3)


class TestSplitSettings:
    def test_included_files_are_read_in_the_names_of_the_including(self, chain):
        found = chain(
            "proj.settings",
            proj__settings__init="""
                from split_settings.tools import include, optional
                include("components/*.py", optional("local.py"), "absent.py", 3, "data.json", scope=globals())
                include("components/*.py")
                other("components/*.py")
            """,
            proj__settings__components__a="DEBUG = False\ninclude('../more.py', 'a.py')\n",
            proj__settings__components__b="from .extra import *\n",
            proj__settings__more="SITE_ID = 1\n",
            proj__settings__extra="EXTRA = 1\n",
            proj__settings__local="DEBUG = True\n",
        )
        assert found.files == (
            "proj/settings/__init__.py",
            "proj/settings/components/a.py",
            "proj/settings/more.py",
            "proj/settings/components/b.py",
            "proj/settings/extra.py",
            "proj/settings/local.py",
        )
        assert found.origin("DEBUG", value=True) == Location("proj/settings/local.py", 1)

    def test_a_list_of_files_kept_in_a_name(self, chain):
        found = chain(
            "proj.s",
            proj__s="""
                _files = ("a.py", optional("b.py"))
                tools.include(*_files, *["c.py"], *unknown, *make())
            """,
            proj__a="A = 1\n",
            proj__b="B = 1\n",
            proj__c="C = 1\n",
        )
        assert found.names == {"A", "B", "C"}

    @pytest.mark.parametrize("pattern", ["f'env/{ENV}.py'", "'env/{0}.py'.format(ENV)"])
    def test_a_computed_file_counts_when_only_one_fits(self, chain, pattern):
        found = chain("proj.s", proj__s=f"include({pattern})\n", proj__env__prod="A = 1\n")
        assert found.names == {"A"}
        assert chain("proj.s", proj__env__dev="B = 1\n").names == set()

    def test_a_format_without_a_place_is_itself(self, chain):
        assert chain("proj.s", proj__s="include('a.py'.format(ENV))\n", proj__a="A = 1\n").names == {"A"}

    def test_of_several_the_one_that_was_really_included(self, chain, tmp_path, monkeypatch):
        found = chain(
            "proj.s",
            proj__s="include(f'env/{ENV}.py')\n",
            proj__env__prod="A = 1\n",
            proj__env__dev="B = 1\n",
        )
        module = type(sys)("_split_settings.proj.env.prod")
        module.__file__ = str(tmp_path / "proj" / "env" / "prod.py")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        assert found.names == {"A"}

    def test_a_pattern_that_is_no_path_is_passed_over(self, chain):
        assert chain("proj.s", proj__s="include('/absolute/*.py')\nA = 1\n").names == {"A"}


def test_loads_are_names_that_another_expression_uses(chain):
    found = chain(
        "s",
        s="""
            REDIS_HOST = env("REDIS_HOST")
            CACHES = {"default": {"LOCATION": f"redis://{REDIS_HOST}"}}
            APPS = []
            APPS = APPS + ["x"]
            APPS += ["y"]
            APPS.append("z")
            OPTIONS["a"]["b"] = 1
            TEMPLATE = Base.TEMPLATE + 1
            if STRICT:
                raise ValueError
            print(make().shown)
            function(CALLED)
            module.ATTRIBUTE
            "a string"
        """,
    )
    assert found.loads == {"REDIS_HOST", "STRICT", "CALLED", "ATTRIBUTE"}


def test_expression_is_the_right_side_of_the_winner(chain):
    found = chain("s", s="SECRET_KEY = 'a'\nif x:\n    SECRET_KEY = 'b'\nSECRET_KEY += ''\nOTHER['x'] = 1\n")
    assert found.expression("SECRET_KEY").value == "b"
    assert found.expression("SECRET_KEY", value="a").value == "a"
    assert found.expression("SECRET_KEY", value="neither").value == "b"
    assert found.expression("OTHER") is None


def test_parsing_is_bounded_by_what_can_be_read(tmp_path):
    assert chain_reader.parse(Path(tmp_path)) is None
