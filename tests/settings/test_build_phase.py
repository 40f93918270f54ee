"""PRODREADY_BUILD=1: static files are collected without secrets, and nothing else runs."""

import importlib
import sys

import pytest

from django_prodready.settings import Production, SettingsError, WhiteNoise, env
from django_prodready.settings.environment.build import MARK, is_build_command
from django_prodready.settings.mixin import SettingsMixin

BUILD = {"PRODREADY_BUILD": "1"}
REFUSED = "is for collectstatic and compilemessages alone"


class Every(SettingsMixin):
    TEXT = env.str("TEXT")
    SWITCH = env.bool("SWITCH")
    WHOLE = env.int("WHOLE", minimum=3)
    NUMBER = env.float("NUMBER")
    ITEMS = env.list("ITEMS")
    PAIRS = env.dict("PAIRS")
    ADDRESS = env.url("ADDRESS", schemes=("wss",))
    PLACE = env.path("PLACE")
    KEY = env.secret("KEY")
    PLAN = env.choice("PLAN", choices=("small", "large"))
    DATABASE = env.database("DATABASE")
    REDIS = env.redis("REDIS")
    OWN = env.custom("OWN", parse=int, placeholder=lambda: 0)


@pytest.fixture
def collecting(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic", "--noinput"])


@pytest.mark.usefixtures("collecting")
class TestCollecting:
    def test_every_kind_has_a_placeholder(self, applied):
        found = applied(Every, environ=BUILD)

        assert (found["SWITCH"], found["WHOLE"], found["NUMBER"], found["PAIRS"]) == (False, 3, 0.0, {})
        assert (found["PLAN"], found["OWN"]) == ("small", 0)
        for name in ("TEXT", "ITEMS", "ADDRESS", "PLACE", "KEY", "DATABASE", "REDIS"):
            assert MARK in str(found[name])
        assert found["DATABASE"]["ENGINE"] == "django.db.backends.postgresql"

    def test_production_needs_no_variable(self, applied):
        found = applied(WhiteNoise, Production, environ=BUILD, module={"STATIC_ROOT": "/x"})

        assert found["SECRET_KEY"].startswith(MARK)
        assert len(found["SECRET_KEY"]) >= 50
        assert found["ALLOWED_HOSTS"] == [f"{MARK}.invalid"]

    def test_what_is_set_is_taken_and_what_is_wrong_is_told(self, applied, problems):
        assert applied(Every, environ={**BUILD, "WHOLE": "5"})["WHOLE"] == 5
        assert [name for name, _ in problems(Every, environ={**BUILD, "WHOLE": "five"})] == ["WHOLE"]

    def test_a_kind_of_one_s_own_without_placeholder_is_needed(self, problems):
        assert problems(OWN=env.custom("OWN", parse=int), environ=BUILD) == [("OWN", "required, not set")]

    @pytest.mark.parametrize("entry", ["django.core.wsgi", "django.core.asgi"])
    def test_a_process_with_the_entry_of_a_site_builds_nothing(self, problems, monkeypatch, entry):
        importlib.import_module(entry)

        [(variable, rule)] = problems(environ=BUILD)

        assert variable == "PRODREADY_BUILD"
        assert rule.startswith(REFUSED)

    def test_without_the_variable_nothing_is_made_up(self, problems):
        assert problems(TEXT=env.str("TEXT")) == [("TEXT", "required, not set")]

    def test_off_is_off(self, problems):
        assert problems(TEXT=env.str("TEXT"), environ={"PRODREADY_BUILD": "0"}) == [
            ("TEXT", "required, not set")
        ]

    def test_a_value_that_is_no_switch_is_told(self, problems):
        assert problems(environ={"PRODREADY_BUILD": "maybe"}) == [
            ("PRODREADY_BUILD", "expected true/false/1/0/yes/no/on/off")
        ]


@pytest.mark.parametrize(
    "argv",
    [
        ["manage.py", "prodcheck"],
        ["manage.py", "runserver"],
        ["manage.py", "migrate", "collectstatic"],
        ["/usr/bin/gunicorn", "site.wsgi"],
        ["manage.py"],
        [],
    ],
)
def test_anything_else_refuses_to_start_whatever_is_set(argv, monkeypatch, sound):
    monkeypatch.setattr(sys, "argv", argv)

    with pytest.raises(SettingsError) as caught:
        Production.apply({"MIDDLEWARE": []}, {**sound, **BUILD})

    assert [(problem.variable, problem.rule[: len(REFUSED)]) for problem in caught.value.problems] == [
        ("PRODREADY_BUILD", REFUSED)
    ]


@pytest.mark.parametrize("environ", [{}, BUILD])
def test_a_placeholder_that_was_kept_is_refused(problems, monkeypatch, environ):
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic"])
    kept = {"KEY": f"{MARK}-{'0123456789abcdef' * 4}", "ADDRESS": f"https://{MARK}.invalid/"}

    assert problems(KEY=env.secret("KEY"), ADDRESS=env.url("ADDRESS"), environ={**kept, **environ}) == [
        ("ADDRESS", "expected a value that outlives the build, found a placeholder"),
        ("KEY", "expected a value that outlives the build, found a placeholder"),
    ]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["manage.py", "collectstatic"], True),
        (["./manage.py", "compilemessages", "-l", "de"], True),
        (["/app/bin/django-admin", "collectstatic"], True),
        (["/site-packages/django/__main__.py", "collectstatic"], True),
        (["manage.py", "collectstatics"], False),
        (["manage.py", "--settings=x", "collectstatic"], False),
    ],
)
def test_which_commands_build(argv, expected):
    assert is_build_command(argv) is expected
