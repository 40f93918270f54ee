import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.audit.facts.load_failure import (
    failing_app,
    missing_variable,
    named_variable,
    own_place,
    partial_settings,
    problems,
)


def raised(code, name="settings.py", **names):
    """Run ``code`` as if it stood in the file ``name``; return what it raises."""
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - that is the point
        exec(compile(code, name, "exec"), names)
    return caught.value


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError


class UndefinedValueError(Exception):
    """As python-decouple's."""


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (raised("import os\nos.environ['SECRET_KEY']"), "SECRET_KEY"),
        (raised("import os\nos.environ['secret_key']"), "secret_key"),
        (raised("import os\nos.environ['not a name']"), None),
        (raised("{}['SECRET_KEY']"), None),
        (KeyError("SECRET_KEY"), None),
        (KeyError(), None),
        (
            UndefinedValueError("SECRET_KEY not found. Declare it as envvar or define a default value."),
            "SECRET_KEY",
        ),
        (ImproperlyConfigured("Set the SECRET_KEY environment variable"), "SECRET_KEY"),
        (Exception('Environment variable "SECRET_KEY" not set'), "SECRET_KEY"),
        (Exception("Missing required environment variable: SECRET_KEY"), "SECRET_KEY"),
        (ImproperlyConfigured("Set the environment variable SECRET_KEY."), "SECRET_KEY"),
        (ImproperlyConfigured("SECRET_KEY is not set\nDATABASE_URL is not set"), "SECRET_KEY"),
        (ImproperlyConfigured("SECRET_KEY."), None),
        (ImproperlyConfigured("The SECRET_KEY setting must not be empty."), None),
        (ImproperlyConfigured("SECRET_KEY"), None),
        (ImproperlyConfigured("Set the database"), None),
        (ValueError("HUNTER2"), None),
        (UnspeakableError(), None),
    ],
)
def test_missing_variable(error, name):
    assert missing_variable(error) == name


@pytest.mark.parametrize(
    ("text", "name"), [("SECRET_KEY is not set", "SECRET_KEY"), ("DEBUG: no", "DEBUG"), ("Set it", None)]
)
def test_named_variable(text, name):
    assert named_variable(text) == name


def test_place_is_the_last_one_in_the_projects_own_files(tmp_path):
    library = tmp_path / ".venv" / "lib" / "site-packages" / "library.py"
    names = {"fail": lambda: exec(compile("\n1 / 0", str(library), "exec"), {})}
    error = raised("\n\nfail()", str(tmp_path / "conf" / "live.py"), **names)
    assert str(own_place(error, root=tmp_path)) == "conf/live.py:3"


def test_place_is_unknown_outside_of_the_project(tmp_path):
    assert own_place(raised("1 / 0", "<string>"), root=tmp_path) is None
    assert own_place(raised("1 / 0", os.__file__), root=tmp_path) is None


@pytest.mark.parametrize(("line", "expected"), [(7, 7), (None, 1)])
def test_place_of_a_syntax_error(tmp_path, line, expected):
    error = SyntaxError("invalid", (str(tmp_path / "conf.py"), line, 1, ""))
    assert str(own_place(error, root=tmp_path)) == f"conf.py:{expected}"


def test_syntax_error_elsewhere_is_placed_by_its_frames(tmp_path):
    error = raised("\nimport ast\nast.literal_eval('1 +')", str(tmp_path / "conf.py"))
    assert isinstance(error, SyntaxError)
    assert str(own_place(error, root=tmp_path)) == "conf.py:3"


def test_partial_settings_are_those_of_the_modules():
    error = raised("PASSWORD = 'hunter2'\nlower = 1\ndef inner():\n    LOCAL = 1\n    1 / 0\ninner()")
    assert partial_settings(error) == {"PASSWORD": "hunter2"}


class Own(ImproperlyConfigured):
    def __init__(self, problems):
        super().__init__("several")
        self.problems = problems


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Own(["A_B is bad", Path("x")]), ("A_B is bad", "x")),
        (Own("A_B is bad"), ()),
        (
            ImproperlyConfigured("2 problems:\n - A_B is bad\n\n * C_D is worse"),
            ("A_B is bad", "C_D is worse"),
        ),
        (ImproperlyConfigured("A_B is bad\nsee the manual"), ()),
        (ImproperlyConfigured("A_B is bad"), ()),
    ],
)
def test_problems(error, expected):
    assert problems(error) == expected


def test_no_app_fails_outside_of_setup():
    assert failing_app(raised("1 / 0")) is None


def test_app_of_a_registry_that_was_at_no_app_yet():
    """``django.apps.registry.populate`` fails in another function before its first app."""
    code = "def populate():\n    other()\ndef other():\n    1 / 0\npopulate()"
    assert failing_app(raised(code, __name__="django.apps.registry")) is None
