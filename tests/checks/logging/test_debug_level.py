import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HANDLERS = {
    "console": {"class": "logging.StreamHandler"},
    "info": {"class": "logging.StreamHandler", "level": "INFO"},
    "null": {"class": "logging.NullHandler"},
    "development": {"class": "logging.StreamHandler", "filters": ["debug"]},
}


def config(root=None, **loggers):
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"debug": {"()": "django.utils.log.RequireDebugTrue"}},
        "handlers": HANDLERS,
        "root": root or {"handlers": ["console"], "level": "INFO"},
        "loggers": {name.replace("__", "."): section for name, section in loggers.items()},
    }


def judge(logging, files=None, settings_module=None, **settings):
    return run_check(
        "logging.debug-level",
        settings={"LOGGING": logging, **settings},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("logging", "subject", "who"),
    [
        (config({"handlers": ["console"], "level": "DEBUG"}), "LOGGING['root']['level']", "The root logger"),
        (config({"handlers": ["console"], "level": "NOTSET"}), "LOGGING['root']['level']", "The root logger"),
        (config({"handlers": ["console"], "level": 0}), "LOGGING['root']['level']", "The root logger"),
        (config(shop={"level": "DEBUG"}), "LOGGING['loggers']['shop']['level']", "The logger 'shop'"),
        (config(shop={"level": 5}), "LOGGING['loggers']['shop']['level']", "The logger 'shop'"),
        (
            config(django={"handlers": ["console"], "level": "DEBUG", "propagate": False}),
            "LOGGING['loggers']['django']['level']",
            "The logger 'django'",
        ),
    ],
)
def test_fires(logging, subject, who):
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == subject
    assert finding.message.startswith(who)
    assert finding.hint == f"Set {subject}, or the default of the variable that it comes from, to 'INFO'."


@pytest.mark.parametrize(
    "logging",
    [
        config({"handlers": ["info"], "level": "DEBUG"}),
        config({"handlers": ["info"], "level": "INFO"}, shop={"level": "DEBUG"}),
        config(shop={"handlers": ["info"], "level": "DEBUG", "propagate": False}),
    ],
)
def test_only_mentions_what_handlers_drop(logging):
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.INFO
    assert finding.message.endswith("; its handlers drop them for now.")


@pytest.mark.parametrize(
    "logging",
    [
        config(),
        config(shop={"level": "INFO"}),
        config(shop={"level": "NOTSET"}),
        config(shop={"level": 0}),
        config(shop={}),
        config(shop={"level": "debug"}),  # logging.dangling has its say
        config(shop={"handlers": ["null"], "level": "DEBUG", "propagate": False}),
        config(shop={"handlers": ["development"], "level": "DEBUG", "propagate": False}),
        config(django__db__backends={"level": "DEBUG"}),
        config({"handlers": ["console"], "level": "WARNING"}),
    ],
)
def test_is_silent(logging):
    assert judge(logging).outcome is Outcome.PASS


@pytest.mark.parametrize("settings", [{"LOGGING": {}}, {"LOGGING_CONFIG": None}])
def test_is_not_applicable(settings):
    logging = config({"handlers": ["console"], "level": "DEBUG"})
    assert judge(**{"logging": logging, **settings}).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    code = 'LOGGING = {\n    "root": {\n        "level": "DEBUG",\n    },\n}\n'
    logging = config({"handlers": ["console"], "level": "DEBUG"})
    (finding,) = judge(logging, {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"
