import pytest

from django_prodready.audit import Case, Outcome
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import MISSING, Problem, SettingsError

CHECK = "env.invalid-value"
ENVIRON = "import environ\nenv = environ.Env()\nSECURE_SSL_REDIRECT = env.bool('REDIRECT', default=True)\n"


def with_value(value, source=ENVIRON):
    return run_check(CHECK, files={"conf.py": source}, settings_module="conf", environ={"REDIRECT": value})


def refused(*problems):
    with project(Case()) as facts:
        facts.load_failure = SettingsError(problems)
        return judge(facts, CHECK)


def test_what_a_class_refuses():
    (finding,) = refused(
        Problem(variable="WORKERS", rule="expected a whole number", mixin="Shop", example="2"),
        Problem(variable="SECRET_KEY", rule=MISSING),
        Problem(variable="MAIL_TOKEN", rule="expected a secret, found a placeholder"),
    ).findings
    assert finding.message == (
        "The environment variable WORKERS is refused (for Shop): expected a whole number."
    )
    assert finding.hint == "Correct WORKERS in the environment of the server, for example 2."
    assert finding.subject == "WORKERS"


@pytest.mark.parametrize("value", ["ture", "t", "enabled", "2", "True;"])
def test_boolean_that_is_none(value):
    (finding,) = with_value(value).findings
    assert finding.message == "The variable REDIRECT is no boolean, and django-environ takes it for false."
    assert finding.hint == "Set REDIRECT to true or false."
    assert str(finding.at) == "conf.py:3"


@pytest.mark.parametrize(
    "value", ["", "true", " TRUE\n", "on", "ok", "Y", "1", "0", "False", "off", "no", "None"]
)
def test_boolean(value):
    assert with_value(value).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source",
    [
        "from decouple import config\nX = config('REDIRECT', cast=bool)\n",
        "from environs import Env\nenv = Env()\nX = env.bool('REDIRECT')\n",
        "import environ\nenv = environ.Env()\nX = env('REDIRECT')\n",
        "import os\nX = os.environ['REDIRECT']\n",
        "",
    ],
)
def test_other_readers(source):
    assert with_value("ture", source).outcome is Outcome.PASS


def test_is_told_once():
    source = ENVIRON + "AGAIN = env.bool('REDIRECT')\n"
    assert len(with_value("ture", source).findings) == 1


@pytest.mark.parametrize("error", [None, ValueError("ture")])
def test_other_failures(error):
    with project(Case()) as facts:
        facts.load_failure = error
        assert judge(facts, CHECK).outcome is Outcome.PASS
