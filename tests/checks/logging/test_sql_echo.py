import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HANDLERS = {
    "console": {"class": "logging.StreamHandler"},
    "info": {"class": "logging.StreamHandler", "level": "INFO"},
    "development": {"class": "logging.StreamHandler", "filters": ["debug"]},
}
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "PASSWORD": "pa55-word-of-database"}


def config(handler="console", **loggers):
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"debug": {"()": "django.utils.log.RequireDebugTrue"}},
        "handlers": HANDLERS,
        "root": {"handlers": [handler], "level": "INFO"},
        "loggers": {name.replace("__", "."): {"level": level} for name, level in loggers.items()},
    }


ECHO = config(django__db__backends="DEBUG")


def judge(files=None, settings_module=None, **settings):
    return run_check("logging.sql-echo", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("logging", "logger"),
    [
        (ECHO, "django.db.backends"),
        (config(django__db="DEBUG"), "django.db"),
        (config(django__db__backends=10), "django.db.backends"),
    ],
)
def test_fires(logging, logger):
    (finding,) = judge(LOGGING=logging).findings
    assert finding.severity is Severity.INFO
    assert finding.message == (
        f"The logger {logger!r} is at DEBUG: once DEBUG is on, every SQL statement is logged."
    )
    assert finding.subject == f"LOGGING['loggers'][{logger!r}]['level']"


@pytest.mark.parametrize(
    ("files", "debug", "why"),
    [
        ({}, True, "DEBUG is on, so"),
        (
            {"shop/db.py": "connection.force_debug_cursor = True\n"},
            False,
            "shop/db.py sets force_debug_cursor, so",
        ),
    ],
)
def test_warns_when_django_logs_now(files, debug, why):
    (finding,) = judge(files, LOGGING=ECHO, DEBUG=debug).findings
    assert finding.severity is Severity.WARNING
    assert f": {why} every SQL statement is logged." in finding.message


@pytest.mark.parametrize(
    "code", ["# connection.force_debug_cursor = True\n", "connection.force_debug_cursor = False\n"]
)
def test_other_code_does_not_matter(code):
    (finding,) = judge({"shop/db.py": code}, LOGGING=ECHO).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "options",
    [
        "-c log_statement=all",
        "-c statement_timeout=30000 -clog_statement=mod",
        "-c log_min_duration_statement=0",
    ],
)
def test_fires_for_what_the_server_is_told(options):
    databases = {"default": {**POSTGRES, "OPTIONS": {"options": options}}}
    (finding,) = judge(DATABASES=databases).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "DATABASES['default']['OPTIONS']['options']"
    assert "pa55-word" not in repr(finding)


@pytest.mark.parametrize(
    "options",
    [None, {}, {"options": None}, {"options": "-c log_statement=ddl -c log_min_duration_statement=500"}],
)
def test_is_silent_for_other_options(options):
    assert judge(DATABASES={"default": {**POSTGRES, "OPTIONS": options}}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"LOGGING": config()},
        {"LOGGING": config(django__db__backends="INFO")},
        {"LOGGING": config(django__db__backends="NOTSET")},
        {"LOGGING": config(django__db__backends="INFO", django__db="DEBUG")},
        {"LOGGING": config("info", django__db__backends="DEBUG")},
        {"LOGGING": config("development", django__db__backends="DEBUG")},
        {"LOGGING": ECHO, "LOGGING_CONFIG": None},
        {"LOGGING": ["console"]},
    ],
)
def test_is_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_says_where():
    code = (
        'LOGGING = {\n    "loggers": {\n        "django.db.backends": {\n'
        '            "level": "DEBUG",\n        },\n    },\n}\n'
    )
    (finding,) = judge({"conf.py": code}, "conf", LOGGING=ECHO).findings
    assert str(finding.at) == "conf.py:4"
