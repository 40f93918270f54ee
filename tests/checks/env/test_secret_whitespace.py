import pytest

from django_prodready.audit import Case, Outcome
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import Problem, SettingsError

CHECK = "env.secret-whitespace"
SECRET = "q8Wm2Xc7Vb4Nz9"


@pytest.mark.parametrize("text", [f"{SECRET}\n", f" {SECRET}", f"{SECRET}\r\n", f"{SECRET} ", f"\t{SECRET}"])
def test_padded(text):
    (finding,) = run_check(CHECK, settings={"MAIL_TOKEN": text}, environ={"A": "b", "MAIL": text}).findings
    assert finding.message == (
        "MAIL_TOKEN begins or ends with a blank or a line break: "
        "it is another secret than the one that was meant."
    )
    assert finding.hint == "Write MAIL without the white space around it."
    (finding,) = run_check(CHECK, settings={"MAIL_TOKEN": text}).findings
    assert finding.hint == "Write MAIL_TOKEN without the white space around it."


def test_password_of_a_database():
    databases = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": f"{SECRET}\n"}}
    files = {"conf.py": "DATABASES = {\n    'default': {\n        'PASSWORD': read(),\n    },\n}\n"}
    (finding,) = run_check(
        CHECK, settings={"DATABASES": databases}, files=files, settings_module="conf"
    ).findings
    assert finding.subject == "DATABASES['default']['PASSWORD']"
    assert str(finding.at) == "conf.py:3"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"MAIL_TOKEN": SECRET},
        {"MAIL_TOKEN": "q8Wm 2Xc7"},
        {"MAIL_TOKEN": ""},
        {"MAIL_TOKEN": "\n"},
        {"SITE_NAME": "Shop "},
        {"PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----\nq8Wm\n-----END PRIVATE KEY-----\n"},
        {"SENTRY_DSN": "https://q8Wm@example.org/1 "},
        {"PASSWORD_FIELD": "a "},
    ],
)
def test_silent(settings):
    assert run_check(CHECK, settings=settings).outcome is Outcome.PASS


def test_what_a_class_refuses():
    rule = "expected a secret without a blank or line break before or after it"
    with project(Case()) as facts, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(facts), "has_settings", False)
        facts.load_failure = SettingsError([Problem(variable="MAIL_TOKEN", rule=rule, mixin="Shop")])
        (finding,) = judge(facts, CHECK).findings
    assert finding.message == (
        "The environment variable MAIL_TOKEN begins or ends with a blank or a line break "
        "(for Shop), and is refused."
    )
    assert finding.hint == "Set MAIL_TOKEN without the white space around it."
