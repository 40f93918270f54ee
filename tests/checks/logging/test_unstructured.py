import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

CONSOLE = {"class": "logging.StreamHandler", "formatter": "line"}
BARE = {"class": "logging.StreamHandler"}
FILE = {"class": "logging.FileHandler", "filename": "/var/log/app.log", "formatter": "line"}
CODE = (
    "import logging\n"
    "class JsonFormatter(logging.Formatter): pass\n"
    "class Pretty(logging.StreamHandler): pass\n"
)


def config(line=None, **handlers):
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"debug": {"()": "django.utils.log.RequireDebugTrue"}},
        "formatters": {"line": line if line is not None else {"format": "%(levelname)s %(message)s"}},
        "handlers": handlers or {"console": CONSOLE},
        "root": {"handlers": list(handlers or ["console"])},
    }


def judge(logging, files=None, settings_module=None, **settings):
    return run_check(
        "logging.unstructured",
        settings={"LOGGING": logging, **settings},
        files={"shop_log.py": CODE, **(files or {})},
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    "logging",
    [
        config(),
        config({"format": "[{levelname}] {asctime} {name} {message}", "style": "{"}),
        config({}),
        config({"class": "logging.Formatter", "format": "%(message)s"}),
        config({"()": "django.utils.log.ServerFormatter", "format": "[{server_time}] {message}"}),
        config(console=BARE),
        config(console=CONSOLE, file=FILE),
        config(console={**BARE, "formatter": "absent"}),
    ],
)
def test_fires(logging):
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("What LOGGING writes to the console ('console') is plain text")


@pytest.mark.parametrize(
    "logging",
    [
        config({"()": "pythonjsonlogger.json.JsonFormatter"}),
        config({"()": "shop_log.JsonFormatter"}),
        config({"class": "shop_log.JsonFormatter"}),
        config({"()": "shop_log.make_formatter"}),
        config({"format": '{"level": "%(levelname)s", "message": "%(message)s"}'}),
        config({"format": "level=%(levelname)s msg=%(message)s"}),
        config({"()": "logging.Formatter", "fmt": "level={levelname} msg='{message}'", "style": "{"}),
        config(console={"class": "shop_log.Pretty"}),
        config({"()": "shop_log.JsonFormatter"}, console=CONSOLE, plain=BARE),
    ],
)
def test_is_silent(logging):
    assert judge(logging).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("logging", "files", "settings"),
    [
        ({}, {}, {}),
        (config(), {}, {"LOGGING_CONFIG": None}),
        (config(), {}, {"PRODREADY": {"FACTS": {"logging": "journald"}}}),
        (config(), {"shop.py": "import structlog\n"}, {}),
        (config(), {"shop.py": "from google.cloud.logging import Client\n"}, {}),
        (config(), {"site1/wsgi.py": "import logging\nlogging.basicConfig()\n"}, {}),
        (config(file=FILE), {}, {}),
        (config(console={**CONSOLE, "filters": ["debug"]}), {}, {}),
        (config(console={"()": "shop_log.make"}), {}, {}),
    ],
)
def test_is_not_applicable(logging, files, settings):
    assert judge(logging, files, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    code = f'LOGGING = {{\n    "handlers": {{\n        "console": {CONSOLE},\n    }},\n}}\n'
    (finding,) = judge(config(), {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"
