import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

GUNICORN = {"Procfile": "web: gunicorn shop.wsgi\n"}


def config(*loggers, **parts):
    return {
        "version": 1,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"]},
        "loggers": {name: {"handlers": ["console"]} for name in loggers},
        **parts,
    }


def judge(logging, files=None, settings_module=None, **settings):
    return run_check(
        "logging.disable-existing",
        settings={"LOGGING": logging, **settings},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("logging", "files", "said"),
    [
        (config(), {}, "is missing, which means on: django.request is switched off."),
        (config(disable_existing_loggers=True), {}, "is on: django.request is switched off."),
        (config(), GUNICORN, "django.request and the loggers of gunicorn are switched off."),
        (config("django"), GUNICORN, ": the loggers of gunicorn are switched off."),
        (config("django"), {"requirements/prod.txt": "uvicorn>=0.38\n"}, ": the loggers of uvicorn are"),
        (config("django", "gunicorn"), {"start.sh": "uvicorn shop.asgi\n"}, "the loggers of uvicorn are"),
    ],
)
def test_fires(logging, files, said):
    (finding,) = judge(logging, files).findings
    assert finding.severity is Severity.WARNING
    assert said in finding.message
    assert finding.hint == "Set LOGGING['disable_existing_loggers'] to False."


@pytest.mark.parametrize(
    ("logging", "files"),
    [
        (config("django"), {}),
        (config("django", "gunicorn.error"), GUNICORN),
        (config("django"), {"README.md": "Run it with gunicorn.\n"}),
    ],
)
def test_only_mentions_it_where_nothing_known_is_lost(logging, files):
    (finding,) = judge(logging, files).findings
    assert finding.severity is Severity.INFO
    assert "loggers that it does not name are switched off." in finding.message


@pytest.mark.parametrize("value", [False, 0, None])
def test_is_silent(value):
    assert judge(config(disable_existing_loggers=value), GUNICORN).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("logging", "settings"),
    [
        ({}, {}),
        (config(), {"LOGGING_CONFIG": None}),
        ({"version": 1, "incremental": True, "root": {"level": "INFO"}}, {}),
    ],
)
def test_is_not_applicable(logging, settings):
    assert judge(logging, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    code = 'LOGGING = {\n    "version": 1,\n    "disable_existing_loggers": True,\n}\n'
    logging = config(disable_existing_loggers=True)
    (finding,) = judge(logging, {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"
