import json
import re

import pytest

from django_prodready.audit import Case, Outcome
from django_prodready.audit.testing import judge, project
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

CHECK = "env.missing-required"
SOURCE = (
    "import os\n"
    "A = os.environ['STRIPE_KEY']\n"
    "B = os.environ['MAIL_TOKEN']\n"
    "C = os.environ.get('LOG_LEVEL')\n"
    "if DEBUG:\n    D = os.environ['DEV_KEY']\n"
)
ENVIRON = "import environ\nenv = environ.{}()\nA = env('STRIPE_KEY')\nB = env('MAIL_TOKEN', default='')\n"


def result(error, source=SOURCE, environ=None, has_settings=False, files=None, module="conf"):
    case = Case(files={"conf.py": source, **(files or {})}, settings_module=module, environ=environ or {})
    with project(case) as facts, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(facts), "has_settings", has_settings)
        facts.load_failure = error
        return judge(facts, CHECK)


def names(*args, **kwargs):
    return [finding.subject for finding in result(*args, **kwargs).findings]


def test_variable_of_a_class():
    problem = Problem(
        variable="STRIPE_KEY", rule=MISSING, setting="STRIPE", mixin="Shop", example="sk_live_..."
    )
    (finding,) = result(SettingsError([problem]), source="X = env.secret('STRIPE_KEY')\n").findings
    assert finding.message == (
        "The environment variable STRIPE_KEY is not set, and conf does not load without it "
        "(for STRIPE of Shop)."
    )
    assert finding.hint == "Set STRIPE_KEY in the environment of the server, for example sk_live_...."
    assert finding.at is None


def test_place_and_reason_of_a_class():
    source = "from django_prodready.settings import env\nclass Shop:\n    KEY = env.secret('STRIPE_KEY')\n"
    problem = Problem(variable="STRIPE_KEY", rule=f"{MISSING}, while STRIPE_ID is")
    (finding,) = result(SettingsError([problem]), source=source, module=None).findings
    assert finding.at is None
    (finding,) = result(SettingsError([problem]), source=source).findings
    assert str(finding.at) == "conf.py:3"
    assert finding.message.endswith("does not load without it, while STRIPE_ID is.")


def test_variables_of_other_settings_all_at_once():
    found = result(KeyError("WHATEVER"))
    assert [finding.subject for finding in found.findings] == ["STRIPE_KEY", "MAIL_TOKEN"]
    assert found.findings[0].message == (
        "The environment variable STRIPE_KEY is not set, and conf reads it on every load."
    )
    assert str(found.findings[1].at) == "conf.py:3"


def test_the_one_that_load_failed_tells_is_not_told_again():
    error = Exception("Set the STRIPE_KEY environment variable")
    assert names(error) == ["MAIL_TOKEN"]
    assert names(error, source=ENVIRON.format("Env")) == []


@pytest.mark.parametrize(
    "kwargs",
    [
        {"environ": {"STRIPE_KEY": "", "MAIL_TOKEN": "a"}},
        {"files": {".env": "STRIPE_KEY=a\nMAIL_TOKEN=b\n"}},
        {"files": {".envs/.production/.django": "STRIPE_KEY=a\nMAIL_TOKEN=b\n"}},
        {"has_settings": True},
        {"source": ENVIRON.format("FileAwareEnv"), "environ": {"STRIPE_KEY_FILE": "/run/secrets/a"}},
        {"source": "from environs import Env\nenv = Env()\nwith env.prefixed('A_'):\n    X = env('X')\n"},
        {"source": "import os\nfrom base import NAME\nA = os.environ.get('A')\n"},
        {"source": ""},
    ],
)
def test_silent(kwargs):
    assert result(KeyError("WHATEVER"), **kwargs).outcome is Outcome.PASS


def test_loaded():
    assert result(None).outcome is Outcome.PASS


def test_build_phase():
    build = Problem(variable="PRODREADY_BUILD", rule="is for builds, which run on placeholders")
    found = result(SettingsError([build, Problem(variable="STRIPE_KEY", rule=MISSING)]))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "build phase" in found.reason


OURS = """
from django_prodready.settings import Production, env

class Settings(Production):
    STRIPE_KEY: str = env.secret("STRIPE_KEY")
    DATABASE: dict = env.database("DATABASE_URL", setting=False)
    MAIL_TOKEN: str = env.secret("MAIL_TOKEN")
    MAP_TOKEN: str = env.secret("MAP_TOKEN")
    SMS_TOKEN: str = env.secret("SMS_TOKEN")
    RATE: int = env.int("RATE")

MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
Settings.apply(globals())
"""


def test_command_names_every_variable_and_no_value(tmp_path, run_without_manage_py):
    (tmp_path / "conf.py").write_text(OURS)
    password = "p@ss#w/rd"
    answer = run_without_manage_py(
        "check", "--settings", "conf", "--format", "json",
        cwd=tmp_path,
        SECURE_SSL_REDIRECT="ture",
        DATABASE_URL=f"postgres://u:{password}@h:5432/db",
        STRIPE_KEY="your-stripe-key",
        MAIL_TOKEN="q8Wm2Xc7Vb4 ",
        MAP_TOKEN="q8Wm2Xc7Vb4",
        MAP_TOKEN_FILE="/nowhere/a",
        SMS_TOKEN_FILE="/nowhere/q8Wm2Xc7Vb4",
    )  # fmt: skip
    assert answer.returncode == 2, answer.stderr
    output = answer.stdout + answer.stderr
    assert "Traceback" not in output
    pieces = {password[start : start + 3] for start in range(len(password) - 2)}
    assert not [piece for piece in {*pieces, "q8Wm2Xc7Vb4", "your-stripe"} if piece in output]
    assert not re.search(r"\bture\b", output)
    told = [
        (found["check"], finding["subject"])
        for found in json.loads(answer.stdout)["results"]
        for finding in found["findings"]
    ]
    assert sorted(told) == [
        ("env.file-unreadable", "SMS_TOKEN_FILE"),
        ("env.invalid-value", "DATABASE_URL"),
        ("env.invalid-value", "SECURE_SSL_REDIRECT"),
        ("env.missing-required", "ALLOWED_HOSTS"),
        ("env.missing-required", "RATE"),
        ("env.missing-required", "SECRET_KEY"),
        ("env.placeholder-value", "STRIPE_KEY"),
        ("env.secret-whitespace", "MAIL_TOKEN"),
        ("env.value-and-file", "MAP_TOKEN"),
        ("settings.load-failed", "conf"),
    ]
