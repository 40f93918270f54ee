import pytest

from django_prodready.audit import Case, Outcome, Severity
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import Problem, SettingsError

CHECK = "env.placeholder-value"


def with_value(name, value, settings=None):
    return run_check(
        CHECK,
        settings=settings,
        files={"conf.py": f"import os\nX = os.environ['{name}']\n"},
        settings_module="conf",
        environ={name: value},
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_KEY", "changeme"),
        ("STRIPE_API_KEY", "your-stripe-key"),
        ("SECRET_KEY", "!!!SET SECRET_KEY!!!"),
        ("SECRET_KEY", "<generate-with-openssl>"),
        ("MAIL_TOKEN", "fixme-mail-token"),
        ("MAIL_TOKEN", "sk_live_xxxxxxxx"),
        ("MAIL_TOKEN", "xxx"),
        ("SITE_NAME", "<your site>"),
        ("SITE_DOMAIN", "your-domain.com"),
        ("ALLOWED_HOSTS", "www.your-site.com,localhost"),
        ("SENTRY_DSN", "${SENTRY_DSN}"),
    ],
)
def test_placeholder(name, value):
    (finding,) = with_value(name, value).findings
    assert finding.message == f"The environment variable {name} is a placeholder that nobody has replaced."
    assert finding.severity is Severity.ERROR
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "example.com"),
        ("SITE_URL", "https://shop.example.com/"),
        ("DOMAIN", "a.org,example.com"),
    ],
)
def test_host_of_documentation(name, value):
    (finding,) = with_value(name, value).findings
    assert (
        finding.message
        == f"The environment variable {name} names example.com, which belongs to documentation."
    )
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_KEY", "sk_test_q8Wm2Xc7Vb4Nz9"),
        ("STRIPE_KEY", ""),
        ("STRIPE_KEY", " "),
        ("SITE_NAME", "your-style"),
        ("SITE_DOMAIN", "your-style.shop"),
        ("ALLOWED_HOSTS", "www.example.org"),
        ("ALLOWED_HOSTS", "my-example.com,example.com.tr"),
        ("DEFAULT_FROM_EMAIL", "Shop <shop@example.com>"),
        ("TEXT", "write to example.com"),
        ("TODO_URL", "https://todo.org/"),
    ],
)
def test_true_values(name, value):
    assert with_value(name, value).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("SECRET_KEY", {"SECRET_KEY": "changeme"}),
        ("OLD_KEY", {"SECRET_KEY_FALLBACKS": ["changeme"]}),
        (
            "DB_PASSWORD",
            {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "changeme"}}},
        ),
    ],
)
def test_what_other_checks_tell(name, settings):
    assert with_value(name, "changeme", settings).outcome is Outcome.PASS


def test_url_of_a_password_that_other_checks_tell():
    databases = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "changeme"}}
    result = with_value("DATABASE_URL", "postgres://u:changeme@db/shop", {"DATABASES": databases})
    assert result.outcome is Outcome.PASS
    assert with_value("CACHE_URL", "redis://u:changeme@cache/0").outcome is Outcome.FAIL


def test_what_a_class_refuses_is_told_once():
    source = "from django_prodready.settings import env\nKEY = env.secret('STRIPE_KEY')\n"
    case = Case(files={"conf.py": source}, settings_module="conf", environ={"STRIPE_KEY": "changeme"})
    problem = Problem(variable="STRIPE_KEY", rule="expected a secret, found a placeholder", mixin="Shop")
    with project(case) as facts, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(facts), "has_settings", False)
        facts.load_failure = SettingsError([problem])
        (finding,) = judge(facts, CHECK).findings
    assert finding.message == "The variable STRIPE_KEY is a placeholder (for Shop), and refused."
    assert finding.hint == "Set STRIPE_KEY to its true value in the environment of the server."
    assert str(finding.at) == "conf.py:2"


def test_settings_that_did_not_load():
    case = Case(
        files={"conf.py": "import os\nX = os.environ['SECRET_KEY']\n"},
        settings_module="conf",
        environ={"SECRET_KEY": "changeme"},
    )
    with project(case) as facts, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(facts), "has_settings", False)
        assert [finding.subject for finding in judge(facts, CHECK).findings] == ["SECRET_KEY"]


def test_variable_that_nothing_reads():
    assert run_check(CHECK, environ={"STRIPE_KEY": "changeme"}).outcome is Outcome.PASS
