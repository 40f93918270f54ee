import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check
from django_prodready.settings import SettingsMixin, env

CHECK = "env.example-drift"
SOURCE = "import os\nKEY = os.environ['STRIPE_KEY']\nLEVEL = os.environ.get('LOG_LEVEL')\n"


class Shop(SettingsMixin):
    MAIL_TOKEN = env.secret("MAIL_TOKEN")
    WORKERS = env.int("WORKERS", default=2)


def of(example, source=SOURCE, name=".env.example", **files):
    return run_check(CHECK, files={"conf.py": source, name: example, **files}, settings_module="conf")


@pytest.mark.parametrize(
    "name", [".env.example", ".env.sample", "env.example", "example.env", ".env.production.template"]
)
def test_variable_that_the_example_lacks(name):
    (finding,) = of("LOG_LEVEL=INFO\n", name=name).findings
    assert finding.message == f"{name} lacks STRIPE_KEY, without which the settings do not load."
    assert finding.hint == f"Add STRIPE_KEY to {name}."
    assert finding.severity is Severity.WARNING
    assert str(finding.at) == "conf.py:2"


def test_variable_that_nothing_reads():
    (finding,) = of("STRIPE_KEY=\n\nSTRIPE_ID=\n").findings
    assert finding.message == ".env.example has STRIPE_ID, and nothing in the repository reads it."
    assert finding.hint == "Remove STRIPE_ID from .env.example, or correct its name."
    assert finding.severity is Severity.INFO
    assert str(finding.at) == ".env.example:3"


@pytest.mark.parametrize(
    "example",
    [
        "STRIPE_KEY=\n",
        "#STRIPE_KEY=sk_live_...\n",
        "export STRIPE_KEY=''\n",
        "STRIPE_KEY_FILE=/run/secrets/stripe\n",
        "STRIPE_KEY=\nLOG_LEVEL=INFO\n",
        "STRIPE_KEY=\nPOSTGRES_PASSWORD=\nWEB_CONCURRENCY=2\nDJANGO_SETTINGS_MODULE=conf\n",
    ],
)
def test_agreement(example):
    assert of(example).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yml": "command: --email=${TLS_MAIL}\n"},
        {"docker-compose.yml": "  env_file:\n    - .env\n"},
        {"docker-compose.prod.yaml": "  env_file: .env\n"},
        {"deploy.sh": "echo $TLS_MAIL\n"},
        {"shop/mail.py": "MAIL = os.environ['TLS_MAIL']\n"},
        {"Dockerfile": "ARG TLS_MAIL\n"},
        {"front/app.ts": "process.env.TLS_MAIL\n"},
    ],
)
def test_variable_that_something_else_reads(files):
    assert of("STRIPE_KEY=\nTLS_MAIL=\n", **files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source",
    [
        "import os\nX = os.environ[NAME]\n",
        "from environs import Env\nenv = Env()\nwith env.prefixed('A_'):\n    X = env('X')\n",
        "from pydantic_settings import BaseSettings\n",
        "X = 1\n",
    ],
)
def test_settings_that_compute_names(source):
    assert of("STRIPE_ID=\n", source).outcome is Outcome.PASS


def test_several_examples_together():
    files = {".env.dev.example": "LOG_LEVEL=\n", ".env.prod.example": "STRIPE_KEY=\n"}
    assert (
        run_check(CHECK, files={"conf.py": SOURCE, **files}, settings_module="conf").outcome is Outcome.PASS
    )


@pytest.mark.parametrize("files", [{}, {"front/.env.example": "VITE_KEY=\n"}, {".env": "A=1\n"}])
def test_no_example(files):
    result = run_check(CHECK, files={"conf.py": SOURCE, **files}, settings_module="conf")
    assert result.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("example", "told"),
    [("WORKERS=2\n", ["MAIL_TOKEN"]), ("MAIL_TOKEN_FILE=\nMAIL_TOKENS=\n", ["MAIL_TOKENS"])],
)
def test_fields_of_a_class(example, told, loaded):
    loaded(Shop)
    found = of(example, "").findings
    assert [finding.subject for finding in found] == told
    assert str(found[0].at) == ".env.example:1" if told == ["MAIL_TOKEN"] else ".env.example:2"
