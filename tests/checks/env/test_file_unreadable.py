import pytest

from django_prodready.audit import Case, Outcome
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import Problem, SettingsError

CHECK = "env.file-unreadable"
AWARE = "import environ\nenv = environ.FileAwareEnv()\nX = env('MAIL_TOKEN', default='')\n"
BY_HAND = "import os\nX = open(os.environ['{}']).read()\n"


def of(source, name, path, load_failure=None):
    case = Case(files={"conf.py": source}, settings_module="conf", environ={name: str(path), "OTHER": "/a"})
    with project(case) as facts:
        facts.load_failure = load_failure
        return judge(facts, CHECK)


@pytest.mark.parametrize("source", [AWARE, BY_HAND.format("MAIL_TOKEN_FILE")])
def test_file_that_is_not_there(source, tmp_path):
    for path in (tmp_path / "nowhere", tmp_path, "\0", "/" + "a" * 5000):
        (finding,) = of(source, "MAIL_TOKEN_FILE", path).findings
        assert finding.message == (
            "The environment variable MAIL_TOKEN_FILE names a file that is not there, "
            "or that this process cannot read."
        )
        assert finding.at is not None
        assert str(path) not in finding.message + finding.hint


@pytest.mark.parametrize("source", [AWARE, BY_HAND.format("MAIL_TOKEN_FILE")])
def test_file_that_is_there(source, tmp_path):
    (tmp_path / "mail").write_text("q8Wm2Xc7Vb4")
    assert of(source, "MAIL_TOKEN_FILE", tmp_path / "mail").outcome is Outcome.PASS
    assert of(source, "MAIL_TOKEN_FILE", " ").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("", "MAIL_TOKEN_FILE"),
        (BY_HAND.format("LOG_FILE"), "LOG_FILE"),
        (AWARE, "SMS_TOKEN_FILE"),
        (AWARE, "_FILE"),
    ],
)
def test_silent(source, name):
    assert of(source, name, "/nowhere/at/all").outcome is Outcome.PASS


@pytest.mark.parametrize("kind", [FileNotFoundError, PermissionError])
def test_error_that_ended_the_load(kind):
    error = kind(2, "No", "/nowhere/at/all")
    (finding,) = of("", "ANYTHING_FILE", "/nowhere/at/all", error).findings
    assert finding.subject == "ANYTHING_FILE"
    assert of("", "ANYTHING", "/nowhere/at/all", error).outcome is Outcome.PASS
    assert of("", "ANYTHING_FILE", "/nowhere/else", error).outcome is Outcome.PASS
    assert of("", "ANYTHING_FILE", "/nowhere/at/all", kind(2, "No")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("cannot be read (PermissionError)", "names a file that cannot be read (PermissionError)."),
        ("is not UTF-8 text", "names a file that is not UTF-8 text."),
        ("is empty", "names a file that is empty."),
    ],
)
def test_what_a_class_refuses_is_told_once(rule, said):
    problem = Problem(variable="MAIL_TOKEN_FILE", rule=f"the file that it names {rule}")
    (finding,) = of(AWARE, "MAIL_TOKEN_FILE", "/nowhere", SettingsError([problem])).findings
    assert finding.message == f"The environment variable MAIL_TOKEN_FILE {said}"


def test_nothing_is_set():
    assert run_check(CHECK).outcome is Outcome.PASS
