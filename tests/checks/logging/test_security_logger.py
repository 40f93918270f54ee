import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HANDLERS = {
    "console": {"class": "logging.StreamHandler"},
    "errors": {"class": "logging.StreamHandler", "level": "ERROR"},
    "null": {"class": "logging.NullHandler"},
    "mail": {"class": "django.utils.log.AdminEmailHandler"},
    "file": {"class": "logging.FileHandler", "filename": "/var/log/app.log"},
}


def config(root=("console",), **loggers):
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": HANDLERS,
        "root": {"handlers": list(root)},
        "loggers": {name.replace("__", "."): section for name, section in loggers.items()},
    }


def only(*handlers, **parts):
    return {"handlers": list(handlers), "propagate": False, **parts}


def judge(logging, files=None, settings_module=None, **settings):
    return run_check(
        "logging.security-logger",
        settings={"LOGGING": logging, **settings},
        files=files,
        settings_module=settings_module,
    )


SILENT = config(django__security=only("null"))


@pytest.mark.parametrize(
    ("logging", "what"),
    [
        (SILENT, "Suspicious operations (logged by django.security.SuspiciousOperation at ERROR)"),
        (config(django__security=only("mail")), "Suspicious operations"),
        (config(django__security=only("file")), "Suspicious operations"),
        (config(django={"level": "ERROR"}), "Failed CSRF checks (logged by django.security.csrf at WARNING)"),
        (config(["errors"]), "Failed CSRF checks"),
        (config(django__security=only("console", level="ERROR")), "Failed CSRF checks"),
        (config(django__security__csrf=only("null")), "Failed CSRF checks"),
    ],
)
def test_fires(logging, what):
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(what)
    assert finding.evidence


@pytest.mark.parametrize(
    "logging",
    [
        config(),
        config(django__security=only("console", level="WARNING")),
        config(django__security__DisallowedHost=only("null")),
        config(["null"], django={"handlers": ["console"]}),
    ],
)
def test_is_silent(logging):
    assert judge(logging).outcome is Outcome.PASS


def test_files_count_when_declared():
    declared = {"PRODREADY": {"FACTS": {"logging": "files"}}}
    assert judge(config(["file"]), **declared).outcome is Outcome.PASS
    assert judge(SILENT, **declared).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("logging", "files", "settings"),
    [
        ({}, {}, {}),
        (SILENT, {}, {"LOGGING_CONFIG": None}),
        (config(["null"]), {}, {}),
        (SILENT, {"shop.py": "import structlog\n"}, {}),
        (SILENT, {"site1/wsgi.py": "import logging\nlogging.basicConfig()\n"}, {}),
    ],
)
def test_is_not_applicable(logging, files, settings):
    assert judge(logging, files, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    code = f'LOGGING = {{\n    "version": 1,\n    "loggers": {SILENT["loggers"]},\n}}\n'
    (finding,) = judge(SILENT, {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"
