import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import django_prodready
from django_prodready.audit import Case, Outcome, Severity
from django_prodready.audit.checks.settings.load_failed import BAD
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings.environment.problems import Problem, SettingsError

SECRETS = ("hunter2", "pl4nted-S3cret")
BASE = (
    "SECRET_KEY = 'pl4nted-S3cret-key-of-more-than-fifty-characters-0123456789'\n"
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:', "
    "'PASSWORD': 'pl4nted-S3cret-db#@'}}\n"
    "REDIS_URL = 'redis://:pl4nted-S3cret-redis@cache:6379/0'\n"
)


def check(folder, files, *options, settings="broken", **environ):
    """Run the command as a user does, in ``folder``; return the only findings and the whole output."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    package = Path(django_prodready.__file__).resolve().parent.parent
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "django_prodready",
            "check",
            "--settings",
            settings,
            "--format",
            "json",
            *options,
        ],
        cwd=folder,
        env={**kept, "PYTHONPATH": os.pathsep.join([str(package), *filter(None, sys.path)]), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = answer.stdout + answer.stderr
    assert answer.returncode == 2, output
    assert "Traceback" not in output
    assert not [secret for secret in SECRETS if secret in output]
    results = {result["check"]: result for result in json.loads(answer.stdout)["results"]}
    assert results["settings.load-failed"]["outcome"] == "fail", output
    return results["settings.load-failed"]["findings"]


def one(folder, files, **kwargs):
    (finding,) = check(folder, files, **kwargs)
    return finding


def place(finding):
    return finding["file"] and f"{finding['file']}:{finding['line']}"


def test_module_does_not_exist(tmp_path):
    finding = one(tmp_path, {}, settings="config.settings.live")
    assert finding["message"] == (
        "The settings module config.settings.live does not exist: there is no module config."
    )
    assert "--settings" in finding["hint"]
    assert finding["severity"] == "critical"
    assert place(finding) is None


def test_last_part_of_the_module_does_not_exist(tmp_path):
    finding = one(tmp_path, {"config/__init__.py": ""}, settings="config.live")
    assert (
        finding["message"]
        == "The settings module config.live does not exist: there is no module config.live."
    )


def test_import_of_a_known_package(tmp_path):
    finding = one(tmp_path, {"broken.py": BASE + "import environ_not_here\n"})
    assert finding["message"] == (
        "Loading the settings broken failed: the module environ_not_here is not installed."
    )
    assert place(finding) == "broken.py:4"
    assert finding["subject"] == "broken"


def test_missing_variable(tmp_path):
    files = {
        "broken.py": "from base import *\n",
        "base.py": BASE + "import os\n\nKEY = os.environ['STRIPE_KEY']\n",
    }
    finding = one(tmp_path, files)
    assert (
        finding["message"]
        == "The environment variable STRIPE_KEY is not set; broken does not load without it."
    )
    assert finding["hint"] == "Set STRIPE_KEY in the environment of the server."
    assert finding["subject"] == "STRIPE_KEY"
    assert place(finding) == "base.py:6"


def test_key_error_of_another_dictionary(tmp_path):
    finding = one(tmp_path, {"broken.py": BASE + "{}['STRIPE_KEY']\n"})
    assert finding["message"] == "Loading the settings broken failed: KeyError: 'STRIPE_KEY'."
    assert finding["hint"] == "Correct broken.py:4."
    assert place(finding) == "broken.py:4"


def test_syntax_error(tmp_path):
    finding = one(tmp_path, {"broken.py": BASE + "PASSWORD = 'hunter2\n"})
    assert finding["message"].startswith("Loading the settings broken failed: unterminated string literal")
    assert place(finding) == "broken.py:4"


@pytest.mark.parametrize(
    "line",
    [
        "int('hunter2')",
        "float(DATABASES['default']['PASSWORD'])",
        "raise RuntimeError('cannot use ' + REDIS_URL)",
        "raise ValueError('hunter2')",
        "__import__('ast').literal_eval('hunter2 +')",
    ],
)
def test_message_that_may_hold_a_value_is_withheld(tmp_path, line):
    finding = one(
        tmp_path, {"broken.py": BASE + f"X = 1\n{line}\n" if "raise" not in line else BASE + f"\n{line}\n"}
    )
    assert finding["message"].startswith("Loading the settings broken failed: ")
    assert place(finding) == "broken.py:5"


def test_improperly_configured_is_scrubbed(tmp_path):
    lines = (
        "from django.core.exceptions import ImproperlyConfigured\n"
        "raise ImproperlyConfigured(f'Bad {REDIS_URL}')\n"
    )
    finding = one(tmp_path, {"broken.py": BASE + lines})
    assert finding["message"].startswith(
        "Loading the settings broken failed: ImproperlyConfigured: Bad redis://"
    )
    assert "cache:6379" in finding["message"]


def test_improperly_configured_with_several_lines(tmp_path):
    lines = (
        "from django.core.exceptions import ImproperlyConfigured\n"
        "raise ImproperlyConfigured('''3 problems in the environment:\n"
        "  - SECRET_KEY is not set\n  - DATABASE_URL has no host\n  - SECURE_SSL_REDIRECT is not a bool''')\n"
    )
    findings = check(tmp_path, {"broken.py": BASE + lines})
    assert [(finding["subject"], finding["message"]) for finding in findings] == [
        ("SECRET_KEY", "SECRET_KEY is not set."),
        ("DATABASE_URL", "DATABASE_URL has no host."),
        ("SECURE_SSL_REDIRECT", "SECURE_SSL_REDIRECT is not a bool."),
    ]
    assert len({finding["fingerprint"] for finding in findings}) == 3


def test_settings_that_end_the_process(tmp_path):
    finding = one(tmp_path, {"broken.py": BASE + "import sys\nsys.exit('no hunter2')\n"})
    assert finding["message"] == (
        "Loading the settings broken failed: its code ended the process (SystemExit)."
    )


def test_app_that_does_not_exist(tmp_path):
    auth = "    'django.contrib.auth',\n    'django.contrib.contenttypes',\n"
    apps = f"INSTALLED_APPS = [\n{auth}    'shop.gone',\n]\n"
    finding = one(tmp_path, {"broken.py": BASE + apps, "shop/__init__.py": ""})
    assert finding["message"] == "Setting up the app shop.gone failed: the module shop.gone is not installed."
    assert finding["subject"] == "INSTALLED_APPS['shop.gone']"
    assert place(finding) == "broken.py:7"


def test_app_whose_models_fail(tmp_path):
    files = {
        "broken.py": BASE + "INSTALLED_APPS = ['shop']\n",
        "shop/__init__.py": "",
        "shop/models.py": "import os\n\nRATE = int(os.environ['RATE'])\n",
    }
    finding = one(tmp_path, files, RATE="hunter2")
    assert finding["message"].startswith("Setting up the app shop failed: ValueError (message withheld")
    assert place(finding) == "shop/models.py:3"


def test_setup_that_fails_outside_of_the_apps(tmp_path):
    logging = "LOGGING = {'version': 1, 'handlers': {'file': {'class': 'nowhere.Handler'}}}\n"
    finding = one(tmp_path, {"broken.py": BASE + logging})
    assert finding["message"].startswith(
        "Setting up the project with broken failed: ValueError (message withheld"
    )
    assert (
        finding["hint"] == "Look at broken; manage.py check, run in a private shell, shows the whole error."
    )
    assert place(finding) is None


def findings_of(error, **case):
    with project(Case(**case)) as facts:
        facts.load_failure = error
        result = judge(facts, "settings.load-failed")
    assert result.outcome is Outcome.FAIL
    assert {finding.severity for finding in result.findings} == {Severity.CRITICAL}
    return result.findings


@pytest.mark.parametrize("case", BAD)
def test_examples_hold_one_error_each(case):
    findings = findings_of(case.load_failure)
    assert len(findings) == case.expect
    assert "a secret" not in repr(findings)


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("environ", "django-environ"),
        ("whitenoise.middleware", "whitenoise (django-prodready[static])"),
        ("acme", "the package that has the module acme, or correct its name"),
    ],
)
def test_says_what_to_install(module, package):
    (finding,) = findings_of(ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert finding.hint == f"Install {package}."


def test_import_error_without_a_name():
    (finding,) = findings_of(ModuleNotFoundError("gone"), settings_module="shop.settings")
    assert finding.message == "Setting up the project with shop.settings failed: ModuleNotFoundError: gone."


class Listed(ImproperlyConfigured):
    problems = ("SECRET_KEY is not set.", "this one names nothing")


def test_error_that_lists_its_problems():
    first, second = findings_of(Listed("2 problems"), settings_module="shop.settings")
    assert (first.subject, first.message) == ("SECRET_KEY", "SECRET_KEY is not set.")
    assert (second.subject, second.message) == ("shop.settings", "this one names nothing.")


OURS = """
from django_prodready.settings import SettingsMixin, env, option


class Base(SettingsMixin):
    MODE = option("plain", choices=("plain", "hard"), help="How.")

    def transform(self, draft):
        if self.MODE == "plain":
            draft.refuse("BOTTOM", "must be above the top")


class Settings(Base):
    MODE = "{mode}"
    STRIPE_KEY = env.secret("STRIPE_KEY")
    MAIL_TOKEN = env.secret("MAIL_TOKEN")
    WORKERS = env.int("WORKERS")
    REDIS_URL = env.redis("REDIS_URL")


Settings.apply(globals())
"""


def test_class_that_refuses_its_environment(tmp_path):
    first, second = check(
        tmp_path,
        {"broken.py": BASE + OURS.format(mode="plain")},
        "--only",
        "settings.load-failed",
        STRIPE_KEY="pl4nted-S3cret-stripe ",
        WORKERS="hunter2",
        REDIS_URL="redis://:hunter2#x/y@cache/0",
    )
    assert first["message"] == (
        "Loading the settings broken failed: the environment is refused for 4 variables: "
        "MAIL_TOKEN, REDIS_URL, STRIPE_KEY, WORKERS."
    )
    assert first["hint"] == "Correct them; the findings of env say what is wrong with each."
    assert first["subject"] == "broken"
    assert second["message"] == "Loading the settings broken failed: BOTTOM (Base): must be above the top."
    assert second["hint"] == "Correct BOTTOM in the settings."
    assert second["subject"] == "BOTTOM"


def test_class_whose_package_is_missing(tmp_path):
    needy = """
from django_prodready.settings import SettingsMixin


class Needy(SettingsMixin):
    def transform(self, draft):
        draft.needs_package("no_such_package", extra="static")


Needy.apply(globals())
"""
    finding = one(tmp_path, {"broken.py": BASE + needy})
    assert finding["message"] == (
        "Loading the settings broken failed: Needy: needs the package no_such_package: "
        "pip install 'django-prodready[static]'."
    )
    assert finding["hint"] == "Install it where the site runs, or take Needy out of the class."


def test_class_with_a_choice_that_is_none(tmp_path):
    finding = one(
        tmp_path,
        {"broken.py": BASE + OURS.format(mode="other")},
        **dict.fromkeys(("STRIPE_KEY", "MAIL_TOKEN"), "q8Wm2Xc7Vb4Nz9Lk"),
        WORKERS="2",
        REDIS_URL="redis://cache/0",
    )
    assert finding["message"] == (
        "Loading the settings broken failed: MODE (Base): expected one of 'plain', 'hard'."
    )
    assert place(finding) == f"broken.py:{len((BASE + OURS).splitlines())}"


def test_problem_of_no_class():
    (finding,) = findings_of(SettingsError([Problem(variable="WORKERS", rule="expected a number")]))
    assert finding.message == (
        "Setting up the project with unknown failed: the environment is refused for 1 variable: WORKERS."
    )


def test_syntax_error_of_no_file():
    (finding,) = findings_of(SyntaxError("invalid syntax"))
    assert finding.message == "Setting up the project with unknown failed: invalid syntax."


@pytest.mark.parametrize("settings", [{}, {"DEBUG": True}])
def test_passes_when_the_settings_loaded(settings):
    assert run_check("settings.load-failed", settings=settings).outcome is Outcome.PASS
