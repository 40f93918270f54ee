import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

CONSOLE = {"class": "logging.StreamHandler"}


def judge(logging, files=None, settings_module=None, **settings):
    return run_check(
        "logging.dangling",
        settings={"LOGGING": logging, **settings},
        files=files,
        settings_module=settings_module,
    )


def config(handler=None, **parts):
    return {
        "version": 1,
        "handlers": {"console": {**CONSOLE, **(handler or {})}},
        "root": {"handlers": ["console"]},
        **parts,
    }


@pytest.mark.parametrize(
    ("logging", "message", "hint"),
    [
        (
            config(root={"handlers": ["file"]}),
            (
                "LOGGING['root']['handlers'][0] names 'file', which LOGGING['handlers'] does not define, "
                "so Django raises ValueError at start."
            ),
            "Define 'file' in LOGGING['handlers'], or correct the name.",
        ),
        (
            config({"formatter": "json"}),
            (
                "LOGGING['handlers']['console']['formatter'] names 'json', which LOGGING['formatters'] does "
                "not define, so Django raises ValueError at start."
            ),
            "Define 'json' in LOGGING['formatters'], or correct the name.",
        ),
        (
            config({"class": "logging.StreamHandle"}),
            (
                "LOGGING['handlers']['console']['class'] is 'logging.StreamHandle', which cannot be "
                "imported, so Django raises ValueError at start."
            ),
            "Correct the dotted path, or install its package.",
        ),
        (
            config({"level": "info"}),
            (
                "LOGGING['handlers']['console']['level'] is 'info', which is no level, "
                "so Django raises ValueError at start."
            ),
            "Write 'INFO'.",
        ),
    ],
)
def test_fires(logging, message, hint):
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.CRITICAL
    assert finding.message == message
    assert finding.hint == hint


def test_only_mentions_what_django_does_not_apply():
    (finding,) = judge(config({"formatter": "json"}), LOGGING_CONFIG=None).findings
    assert finding.severity is Severity.INFO
    assert finding.message.endswith("so dictConfig(LOGGING) would raise.")


@pytest.mark.parametrize(
    "logging",
    [
        config(),
        config(disable_existing_loggers=True),
        config({"formatter": "line"}, formatters={"line": {"format": "%(message)s"}}),
        config(loggers={"shop": {"handlers": ["console"], "level": "DEBUG", "propagate": False}}),
    ],
)
def test_is_silent(logging):
    assert judge(logging).outcome is Outcome.PASS
    assert judge(logging, LOGGING_CONFIG=None).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("logging", "settings"),
    [
        ({}, {}),
        (["console"], {}),
        (config({"formatter": "json"}), {"LOGGING_CONFIG": "shop.configure"}),
        ({"version": 1, "incremental": True, "root": {"handlers": ["file"]}}, {}),
    ],
)
def test_is_not_applicable(logging, settings):
    assert judge(logging, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    code = 'LOGGING = {\n    "version": 1,\n    "root": {\n        "handlers": ["file"],\n    },\n}\n'
    logging = {"version": 1, "root": {"handlers": ["file"]}}
    (finding,) = judge(logging, {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:4"


def test_two_names_at_one_place_are_two_findings():
    (first,) = judge(config({"level": "info"})).findings
    (second,) = judge(config({"level": "warn"})).findings
    assert first.fingerprint != second.fingerprint
