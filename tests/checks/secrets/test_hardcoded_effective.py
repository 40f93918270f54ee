import subprocess

import pytest

from django_prodready.audit import Case, Outcome, Severity
from django_prodready.audit.testing import judge, project, run_check

CHECK = "secrets.hardcoded-effective"
SECRET = "q8Wm2Xc7Vb4Nz9Lk1Jh6"
OTHER = "Gf3Ds5Ap0YtRuEoI2BnH"
STRIPE = "sk_" + "live_q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3D"
PASSWORD = "DATABASES['default']['PASSWORD']"
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "shop", "HOST": "db"}


def database(password, **entry):
    return {"DATABASES": {"default": {**POSTGRES, "PASSWORD": password, **entry}}}


def of(source, files=None, **settings):
    return run_check(
        CHECK, settings=settings, files={"conf.py": source, **(files or {})}, settings_module="conf"
    )


@pytest.mark.parametrize(
    ("source", "settings", "subject", "line"),
    [
        (f"SECRET_KEY = '{SECRET}'\n", {"SECRET_KEY": SECRET}, "SECRET_KEY", 1),
        (f"EMAIL_HOST_PASSWORD = '{SECRET}'\n", {"EMAIL_HOST_PASSWORD": SECRET}, "EMAIL_HOST_PASSWORD", 1),
        (
            f"AWS_SECRET_ACCESS_KEY = '{SECRET}'\n",
            {"AWS_SECRET_ACCESS_KEY": SECRET},
            "AWS_SECRET_ACCESS_KEY",
            1,
        ),
        (f"MAIL_TOKEN: str = '{SECRET}'\n", {"MAIL_TOKEN": SECRET}, "MAIL_TOKEN", 1),
        (f"import os\nMAIL_TOKEN = os.getenv('A', '{SECRET}')\n", {"MAIL_TOKEN": SECRET}, "MAIL_TOKEN", 2),
        (f"DATABASES = {{\n'default': {{\n'PASSWORD': '{SECRET}'}}}}\n", database(SECRET), PASSWORD, 3),
        (f"DATABASES = parse('postgres://shop:{SECRET}@db/shop')\n", database(SECRET), PASSWORD, 1),
        (
            f"REDIS_URL = 'redis://:{SECRET}@cache/0'\n",
            {"REDIS_URL": f"redis://:{SECRET}@cache/0"},
            "REDIS_URL",
            1,
        ),
        (
            f"SIMPLE_JWT = dict(SIGNING_KEY='{SECRET}')\n",
            {"SIMPLE_JWT": {"SIGNING_KEY": SECRET}},
            "SIMPLE_JWT['SIGNING_KEY']",
            1,
        ),
        (
            f"SECRET_KEY_FALLBACKS = ['{SECRET}']\n",
            {"SECRET_KEY_FALLBACKS": [SECRET]},
            "SECRET_KEY_FALLBACKS[0]",
            1,
        ),
    ],
)
def test_written_out(source, settings, subject, line):
    (finding,) = of(source, **settings).findings
    assert finding.message == f"{subject} is written out in conf.py: whoever has the repository has it."
    assert finding.subject == subject
    assert str(finding.at) == f"conf.py:{line}"
    assert finding.severity is Severity.ERROR


def test_base_of_the_settings():
    files = {"base.py": f"MAIL_TOKEN = '{SECRET}'\n"}
    (finding,) = of("from base import *\n", files, MAIL_TOKEN=SECRET).findings
    assert str(finding.at) == "base.py:1"


def test_one_secret_of_two_settings_is_told_once():
    source = f"MAIL_TOKEN = '{SECRET}'\nSMS_TOKEN = MAIL_TOKEN\n"
    (finding,) = of(source, MAIL_TOKEN=SECRET, SMS_TOKEN=SECRET).findings
    assert finding.subject == "MAIL_TOKEN"


def test_overridden():
    source = f"MAIL_TOKEN = '{SECRET}'\nMAIL_TOKEN = read()\n"
    (finding,) = of(source, MAIL_TOKEN=OTHER).findings
    assert finding.message == (
        "MAIL_TOKEN is written out in conf.py; here another value is in force, "
        "and whoever has the repository has this one."
    )
    assert finding.severity is Severity.INFO
    assert str(finding.at) == "conf.py:1"


@pytest.mark.parametrize(
    ("source", "settings"),
    [
        ("import os\nMAIL_TOKEN = os.environ['A']\n", {"MAIL_TOKEN": SECRET}),
        ("MAIL_TOKEN = ''\n", {"MAIL_TOKEN": ""}),
        ("MAIL_TOKEN = 'changeme'\n", {"MAIL_TOKEN": "changeme"}),
        ("MAIL_TOKEN = 'test-token-1234'\n", {"MAIL_TOKEN": "test-token-1234"}),
        ("SECRET_KEY = 'django-insecure-q8Wm2Xc7Vb4'\n", {"SECRET_KEY": "django-insecure-q8Wm2Xc7Vb4"}),
        ("SECRET_KEY = 'django-insecure-q8Wm2Xc7Vb4'\nSECRET_KEY = read()\n", {"SECRET_KEY": SECRET}),
        ("SECRET_KEY = 'your-secret-key'\n", {"SECRET_KEY": "your-secret-key"}),
        ("CELERY_BROKER_URL = 'amqp://guest:guest@mq//'\n", {"CELERY_BROKER_URL": "amqp://guest:guest@mq//"}),
        ("CSRF_COOKIE_NAME = 'q8Wm2Xc7Vb4Nz9'\n", {"CSRF_COOKIE_NAME": "q8Wm2Xc7Vb4Nz9"}),
        ("DATABASES = {'default': {'PASSWORD': 'postgres'}}\n", database("postgres")),
        ("DATABASES = {'default': {'PASSWORD': 'shop12'}}\n", database("shop12", USER="shop12")),
        (f"STRIPE_KEY = A\nB = '{STRIPE}'\n", {"STRIPE_SECRET_KEY": STRIPE}),
        (
            "AUTH_PASSWORD_VALIDATORS = [{'NAME': 'a.b.C'}]\n",
            {"AUTH_PASSWORD_VALIDATORS": [{"NAME": "a.b.C"}]},
        ),
        ("PASSWORD_RESET_TIMEOUT = 3600\n", {"PASSWORD_RESET_TIMEOUT": 3600}),
    ],
)
def test_silent(source, settings):
    assert of(source, **settings).outcome is Outcome.PASS


def test_key_that_a_project_publishes(monkeypatch):
    from django_prodready.audit.facts import secret_keys

    monkeypatch.setattr(secret_keys.SigningKey, "publisher", "Weblate")
    assert of(f"SECRET_KEY = '{SECRET}'\n", SECRET_KEY=SECRET).outcome is Outcome.PASS


@pytest.mark.parametrize("name", ["local_settings", "settings_local", "secrets", "private", "credentials"])
def test_file_that_is_none_of_the_repository(name):
    files = {f"{name}.py": f"MAIL_TOKEN = '{SECRET}'\n"}
    assert of(f"from {name} import *\n", files, MAIL_TOKEN=SECRET).outcome is Outcome.PASS


@pytest.mark.parametrize("module", [None, "nowhere", "django.conf.global_settings"])
def test_no_source(module):
    result = run_check(CHECK, settings={"MAIL_TOKEN": SECRET}, settings_module=module)
    assert result.outcome is Outcome.NOT_APPLICABLE


def in_git(*tracked, damaged=False):
    files = {
        "conf.py": f"from local_settings import *\nMAIL_TOKEN = '{SECRET}'\n",
        "local_settings.py": f"SMS_TOKEN = '{OTHER}'\n",
    }
    case = Case(files=files, settings={"MAIL_TOKEN": SECRET, "SMS_TOKEN": OTHER}, settings_module="conf")
    with project(case) as facts:
        subprocess.run(["git", "init", "-q"], cwd=facts.root, check=True)
        subprocess.run(["git", "add", "--", *tracked], cwd=facts.root, check=True)
        if damaged:
            (facts.root / ".git" / "index").write_bytes(b"DIRC")
        return [finding.subject for finding in judge(facts, CHECK).findings]


def test_only_what_git_tracks():
    assert in_git("conf.py") == ["MAIL_TOKEN"]
    assert in_git("conf.py", "local_settings.py") == ["MAIL_TOKEN", "SMS_TOKEN"]
    assert in_git("local_settings.py") == ["SMS_TOKEN"]
    assert in_git("conf.py", damaged=True) == ["MAIL_TOKEN"]
