import pytest

from django_prodready.audit import Case, Outcome, Severity
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import Problem, SettingsError

CHECK = "env.value-and-file"
BOTH = {"MAIL_TOKEN": "q8Wm2Xc7Vb4", "MAIL_TOKEN_FILE": "/run/secrets/mail"}


def of(source, environ=None):
    return run_check(CHECK, files={"conf.py": source}, settings_module="conf", environ=environ or BOTH)


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("import environ\nenv = environ.FileAwareEnv()\nX = env('MAIL_TOKEN')\n", Severity.ERROR),
        (
            "from environs import FileAwareEnv\nenv = FileAwareEnv()\nX = env.str('MAIL_TOKEN')\n",
            Severity.ERROR,
        ),
        (
            "import os\nX = os.getenv('MAIL_TOKEN') or open(os.environ['MAIL_TOKEN_FILE']).read()\n",
            Severity.WARNING,
        ),
    ],
)
def test_both(source, severity):
    (finding,) = of(source).findings
    assert finding.message.startswith(
        "The environment variables MAIL_TOKEN and MAIL_TOKEN_FILE are both set, "
    )
    assert finding.hint == "Unset MAIL_TOKEN or MAIL_TOKEN_FILE."
    assert finding.severity is severity
    assert finding.at is not None


@pytest.mark.parametrize(
    ("source", "environ"),
    [
        ("import os\nX = os.environ['MAIL_TOKEN']\n", BOTH),
        ("", BOTH),
        ("import environ\nenv = environ.FileAwareEnv()\nX = env('MAIL_TOKEN')\n", {"MAIL_TOKEN_FILE": "/a"}),
        ("import environ\nenv = environ.FileAwareEnv()\nX = env('MAIL_TOKEN')\n", {"MAIL_TOKEN": "a"}),
        (
            "import environ\nenv = environ.FileAwareEnv()\nX = env('MAIL_TOKEN')\n",
            {"MAIL_TOKEN": "", "MAIL_TOKEN_FILE": "/a"},
        ),
    ],
)
def test_silent(source, environ):
    assert of(source, environ).outcome is Outcome.PASS


def test_what_a_class_refuses_is_told_once():
    source = "from django_prodready.settings import env\nX = env.secret('MAIL_TOKEN')\n"
    problem = Problem(variable="MAIL_TOKEN", rule="set beside MAIL_TOKEN_FILE: unset one of the two")
    with project(Case(files={"conf.py": source}, settings_module="conf", environ=BOTH)) as facts:
        facts.load_failure = SettingsError([problem])
        (finding,) = judge(facts, CHECK).findings
    assert finding.message == (
        "The environment variables MAIL_TOKEN and MAIL_TOKEN_FILE are both set, which the settings refuse."
    )
