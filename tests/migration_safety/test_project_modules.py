"""What code a migration consists of, read from modules that nobody runs."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from prodready_services import once

from django_prodready.migration_safety import project_modules
from django_prodready.migration_safety.project_modules import Modules, is_installed

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write modules: ``write(**{"pieces.tools": "..."})``; all of them would fail if they ran."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(**modules: str) -> None:
        for name, code in modules.items():
            path = tmp_path.joinpath(*name.split("."))
            is_package = code.startswith("# package")
            path = path / "__init__.py" if is_package else path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{textwrap.dedent(code)}\nraise RuntimeError('it was run')\n")

    return write


def named(name: str) -> set[str]:
    code = Modules().code_of(name)
    assert not {loaded for loaded in sys.modules if loaded.startswith("pieces")}
    return set(code.digests)


class TestImports:
    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            ("import pieces.tools", {"pieces.tools"}),
            ("import pieces.tools as t, pieces.deep.end", {"pieces.tools", "pieces.deep", "pieces.deep.end"}),
            ("from pieces import tools", {"pieces.tools"}),
            ("from pieces.tools import total", {"pieces.tools"}),
            ("from pieces.tools import *", {"pieces.tools"}),
            ("from . import tools", {"pieces.tools"}),
            ("from .tools import total", {"pieces.tools"}),
            ("from .deep import end", {"pieces.deep", "pieces.deep.end"}),
            ("def f(apps, editor):\n    from .tools import total", {"pieces.tools"}),
            ("import importlib; importlib.import_module('pieces.tools')", {"pieces.tools"}),
            ("import_string('pieces.tools.total')", {"pieces.tools"}),
            ("import_string('pieces')", set()),
            ("import_string('no module!')", set()),
            ("import_module(name)", set()),
            ("import_module()", set()),
            ("import plain.module", {"plain", "plain.module"}),
            ("import json, django.db.models", set()),
            ("(lambda: 1)()", set()),
        ],
    )
    def test_what_is_imported_belongs_to_it(self, write: Write, statement: str, found: set[str]) -> None:
        write(
            **{
                "pieces": "# package",
                "pieces.one": statement,
                "pieces.tools": "total = 1",
                "pieces.deep": "# package",
                "pieces.deep.end": "",
                "plain.module": "",  # a package without __init__.py
            }
        )
        assert named("pieces.one") == {"pieces", "pieces.one", *found}

    def test_near_and_far_and_in_circles(self, write: Write) -> None:
        write(
            **{
                "pieces": "# package",
                "pieces.one": "from . import two",
                "pieces.two": "from . import three",
                "pieces.three": "from . import one",
            }
        )
        assert named("pieces.one") == {"pieces", "pieces.one", "pieces.two", "pieces.three"}

    def test_a_package_resolves_relative_to_itself(self, write: Write) -> None:
        write(
            **{
                "pieces": "# package\nfrom .inner import x",
                "pieces.inner": "# package\nfrom ..outer import y",
                "pieces.outer": "",
            }
        )
        assert named("pieces") == {"pieces", "pieces.inner", "pieces.outer"}

    def test_relative_imports_that_lead_nowhere(self, write: Write) -> None:
        write(pieces="from . import x\nfrom ..... import y")
        assert named("pieces") == {"pieces"}

    def test_an_app_may_be_called_like_a_module_of_python(self, write: Write) -> None:
        write(pieces="import this, statistics", this="")
        assert named("pieces") == {"pieces", "this"}

    def test_what_does_not_parse_is_still_part_of_it(self, write: Write, tmp_path: Path) -> None:
        write(pieces="import broken")
        (tmp_path / "broken.py").write_text("def (")
        assert named("pieces") == {"pieces", "broken"}

    def test_a_module_that_is_loaded_is_read_from_its_file(self, write: Write) -> None:
        name = once.__name__
        write(pieces=f"import {name}")
        assert name in Modules().code_of("pieces").digests

    def test_a_change_changes_the_digest(self, write: Write) -> None:
        write(pieces="x = 1")
        before = Modules().code_of("pieces").digests
        write(pieces="x = 2")
        assert Modules().code_of("pieces").digests != before


class TestRest:
    def test_packages_are_named_by_their_first_part(self, write: Write) -> None:
        write(
            **{
                "pieces": "# package\nfrom pieces.tools import nothing, more",
                "pieces.tools": "import json, django.db.models, psycopg.types, no_such_thing.at",
            }
        )
        assert Modules().code_of("pieces").packages == {"django", "psycopg", "no_such_thing"}

    def test_settings_that_are_read_are_named(self, write: Write) -> None:
        write(
            pieces="""
            from django.conf import settings as own, x as other
            a = settings.SHOP_CURRENCY, settings.configure, other.NOTHING, conf.settings.SHOP_TAX, own.SHOP_X
            b = getattr(settings, "SHOP_LIMIT", 3) + getattr(settings, name) + getattr(other, "NOT_THIS")
            """
        )
        found = {"SHOP_CURRENCY", "SHOP_LIMIT", "SHOP_TAX", "SHOP_X"}
        assert Modules().code_of("pieces").settings == found

    def test_what_is_too_long_names_no_file(self, write: Write) -> None:
        write(pieces=f"short = 'x.sql'; long = {'y' * 100_000!r}; odd = 'a\\x00b'")
        texts = Modules().code_of("pieces").modules["pieces"].texts
        assert "x.sql" in texts
        assert all(len(text) < 100 and text.isprintable() for text in texts)

    @pytest.mark.parametrize(
        ("code", "reads"),
        [
            ("open('x')", True),
            ("(Path(__file__).parent / 'x.sql').read_text()", True),
            ("call_command('loaddata', 'x')", True),
            ("pandas.read_csv('x.csv')", True),
            ("load_workbook('x.xlsx')", True),
            ("openly('x')", False),
        ],
    )
    def test_who_reads_files_is_known(self, write: Write, code: str, reads: bool) -> None:
        write(pieces=code)
        assert Modules().code_of("pieces").reads_files is reads

    def test_texts_are_gathered(self, write: Write) -> None:
        write(pieces="x = 'one.sql', f'{y}/two', 3")
        assert {"one.sql", "/two"} <= Modules().code_of("pieces").texts

    def test_installed_files_are_told_apart(self, tmp_path: Path) -> None:
        import django

        assert is_installed(Path(django.__file__))
        assert is_installed(Path(textwrap.__file__))
        assert is_installed(Path("/usr/lib/python3/dist-packages/django/__init__.py"))
        assert not is_installed(tmp_path / "module.py")


class TestRemembered:
    def test_what_was_parsed_is_not_parsed_again(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        one = "from . import two, three; open('x.sql')"
        write(**{"pieces": "# package", "pieces.one": one, "pieces.two": "", "pieces.three": ""})
        first = Modules()
        code = first.code_of("pieces.one")
        known = json.loads(json.dumps(first.parsed))
        monkeypatch.setattr("ast.parse", lambda _: pytest.fail("parsed again"))
        second = Modules(known)
        assert second.code_of("pieces.one") == code
        assert second.parsed == first.parsed

    def test_what_another_version_read_out_of_it_does_not_count(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(pieces="import pieces_two", pieces_two="")
        before = Modules()
        before.code_of("pieces")
        monkeypatch.setattr(project_modules, "_own_digest", lambda: b"of another version")
        nothing = {"reads_files": False, "imports": [], "settings": [], "texts": []}
        after = Modules(dict.fromkeys(before.parsed, nothing))
        assert set(after.code_of("pieces").digests) == {"pieces", "pieces_two"}

    @pytest.mark.parametrize(
        "spoilt",
        [
            None,
            {},
            {"reads_files": True},
            {"reads_files": True, "imports": [1], "settings": [], "texts": []},
        ],
    )
    def test_what_is_spoilt_is_parsed_again(self, write: Write, spoilt: object) -> None:
        write(pieces="import pieces_two", pieces_two="")
        first = Modules()
        first.code_of("pieces")
        second = Modules(dict.fromkeys(first.parsed, spoilt))
        assert set(second.code_of("pieces").digests) == {"pieces", "pieces_two"}
        assert second.parsed == first.parsed

    def test_the_same_text_means_another_in_another_package(self, write: Write) -> None:
        text = "from . import tools"
        write(
            **{
                "pieces": "# package\nfrom . import one; import pieces.inner.one",
                "pieces.one": text,
                "pieces.tools": "",
                "pieces.inner": "# package",
                "pieces.inner.one": text,
                "pieces.inner.tools": "",
            }
        )
        assert {"pieces.tools", "pieces.inner.tools"} <= named("pieces")
