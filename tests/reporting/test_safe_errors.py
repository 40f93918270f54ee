"""What is said of an exception: names, files and places, never a value."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.reporting.redaction import Redactor, safe_exception_text, safe_traceback

REDACTOR = Redactor(["hunter2"])
WITHHELD = "(message withheld: it may hold a value)"


class Unprintable(ImproperlyConfigured):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (KeyError("SECRET_KEY"), "KeyError: 'SECRET_KEY'"),
        (ImportError("no x"), "ImportError: no x"),
        (ModuleNotFoundError("No module named 'x'"), "ModuleNotFoundError: No module named 'x'"),
        (NameError("name 'x' is not defined"), "NameError: name 'x' is not defined"),
        (AttributeError("no attribute 'x'"), "AttributeError: no attribute 'x'"),
        (ImproperlyConfigured("Set it, not to hunter2"), "ImproperlyConfigured: Set it, not to [redacted]"),
        (ImproperlyConfigured(), "ImproperlyConfigured"),
        (
            SyntaxError("'(' was never closed", ("settings.py", 3, 1, "SECRET_KEY = (", 3, 2)),
            "SyntaxError: '(' was never closed (settings.py:3)",
        ),
        (SyntaxError("invalid syntax"), "SyntaxError: invalid syntax"),
        (
            FileNotFoundError(2, "No such file or directory", "/run/secrets/key"),
            "FileNotFoundError: No such file or directory: /run/secrets/key",
        ),
        (FileNotFoundError("cannot find hunter3"), f"FileNotFoundError {WITHHELD}"),
        (PermissionError(13, "Permission denied", b"key"), "PermissionError: Permission denied: key"),
        (OSError(9, "Bad file descriptor"), f"OSError {WITHHELD}"),
        (ValueError("invalid literal for int(): 'hunter3'"), f"ValueError {WITHHELD}"),
        (TypeError("hunter3"), f"TypeError {WITHHELD}"),
        (UnicodeDecodeError("ascii", b"\xff", 0, 1, "no"), f"UnicodeDecodeError {WITHHELD}"),
        (Unprintable(), f"Unprintable {WITHHELD}"),
    ],
)
def test_only_messages_that_cannot_echo_a_value_are_shown(exc, expected):
    assert safe_exception_text(exc, REDACTOR) == expected


def caught(function) -> BaseException:
    with pytest.raises(BaseException) as info:  # noqa: PT011 - any
        function()
    return info.value


def test_a_traceback_names_places_and_shows_no_source(tmp_path, monkeypatch):
    module = tmp_path / "settings_of_shop.py"
    module.write_text("def load():\n    key = 'hunter3'\n    return int(key)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    import settings_of_shop  # type: ignore[import-not-found]

    text = safe_traceback(caught(settings_of_shop.load), REDACTOR)
    sys.modules.pop("settings_of_shop")

    assert text.startswith(f"ValueError {WITHHELD}\n")
    assert text.endswith("\n  settings_of_shop.py:3 in load")
    assert "hunter3" not in text


def test_causes_follow_newest_first():
    def fail():
        try:
            int("hunter3")
        except ValueError as error:
            raise ImproperlyConfigured("PORT is no number") from error

    lines = [line for line in safe_traceback(caught(fail), REDACTOR).splitlines() if not line.startswith(" ")]

    assert lines == ["ImproperlyConfigured: PORT is no number", f"caused by ValueError {WITHHELD}"]


def test_the_context_counts_unless_it_was_suppressed():
    def implicit():
        try:
            int("hunter3")
        except ValueError:
            raise NameError("x")  # noqa: B904 - the point

    def suppressed():
        try:
            int("hunter3")
        except ValueError:
            raise NameError("x") from None

    assert "caused by ValueError" in safe_traceback(caught(implicit), REDACTOR)
    assert "ValueError" not in safe_traceback(caught(suppressed), REDACTOR)


def test_a_chain_that_bites_its_tail_ends():
    one, two = NameError("one"), NameError("two")
    one.__cause__, two.__cause__ = two, one

    assert safe_traceback(one, REDACTOR) == "NameError: one\ncaused by NameError: two"


def test_installed_packages_and_foreign_files_are_named_shortly(tmp_path, monkeypatch):
    package = tmp_path / "lib" / "site-packages" / "shop_plugin.py"
    package.parent.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere" / "other.py"
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    code = "def call(): raise NameError('x')"
    texts = []
    for path in (package, elsewhere):
        names: dict[str, object] = {}
        exec(compile(code, str(path), "exec"), names)
        texts.append(safe_traceback(caught(names["call"]), REDACTOR))

    assert "  shop_plugin.py:1 in call" in texts[0]
    assert f"  {Path(elsewhere)}:1 in call" in texts[1]
