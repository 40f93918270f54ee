"""StdoutLogging: one handler for whatever is printed, and the rest of LOGGING as the project has it."""

import logging
import sys

import pytest
from configurations import importer
from configurations.utils import uppercase_attributes

from django_prodready.settings.middleware_order import REQUEST_ID, SECURITY
from django_prodready.settings.mixins.stdout_logging import StdoutLogging

STREAM = {"class": "logging.StreamHandler"}
FILE = {"class": "logging.FileHandler", "filename": "/var/log/shop.log"}
MAIL = {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"}
CONSOLE = {
    "class": "django_prodready.logs.ConsoleHandler",
    "formatter": "prodready",
    "filters": ["prodready_request_id", "prodready_redaction"],
}
DJANGO = {"handlers": [], "level": "INFO", "propagate": True}


@pytest.fixture
def configured(applied):
    """Apply the class to a project's LOGGING, and return what becomes of it."""

    def configure(environ=None, module=None, **logging):
        found = applied(StdoutLogging, environ=environ, module={"LOGGING": logging, **(module or {})})
        return found["LOGGING"]

    return configure


def test_without_logging_of_its_own(applied):
    found = applied(StdoutLogging, module={"MIDDLEWARE": [SECURITY]})

    assert found["MIDDLEWARE"] == [REQUEST_ID, SECURITY]
    assert found["LOGGING"] == {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"prodready": {"()": "django_prodready.logs.PlainFormatter"}},
        "filters": {
            "prodready_request_id": {"()": "django_prodready.logs.RequestIdFilter"},
            "prodready_redaction": {"()": "django_prodready.logs.RedactionFilter"},
        },
        "handlers": {"console": CONSOLE},
        "loggers": {"django": DJANGO},
        "root": {"handlers": ["console"], "level": "INFO"},
    }
    assert not {"LOG_LEVEL", "LOG_FORMAT"} & set(found)


def test_level_and_format_come_from_the_environment(configured):
    found = configured(environ={"LOG_LEVEL": "debug", "LOG_FORMAT": "json"}, root={"level": "ERROR"})

    assert found["formatters"]["prodready"] == {"()": "django_prodready.logs.JsonFormatter"}
    assert (found["root"]["level"], found["loggers"]["django"]["level"]) == ("DEBUG", "DEBUG")


@pytest.mark.parametrize("environ", [{"LOG_LEVEL": "loud"}, {"LOG_FORMAT": "xml"}])
def test_other_words_are_refused(problems, environ):
    assert [name for name, _ in problems(StdoutLogging, environ=environ)] == list(environ)


class TestHandlers:
    def test_those_that_write_elsewhere_stay(self, configured):
        found = configured(
            handlers={"file": FILE, "stdout": STREAM},
            loggers={"shop": {"handlers": ["file", "stdout"], "level": "DEBUG", "propagate": False}},
            root={"handlers": ["file"]},
        )

        assert found["handlers"]["file"] == FILE
        assert found["root"]["handlers"] == ["file", "console"]
        assert found["loggers"]["shop"] == {
            "handlers": ["file", "console"],
            "level": "DEBUG",
            "propagate": False,
        }

    @pytest.mark.parametrize(
        "handler",
        [
            STREAM,
            {**STREAM, "stream": "ext://sys.stderr", "level": "ERROR"},
            {"class": logging.StreamHandler},
            {"()": "logging.StreamHandler"},
            {"class": "colorlog.StreamHandler", "formatter": "colour"},
        ],
    )
    def test_those_that_write_to_the_console_become_one(self, configured, handler):
        found = configured(
            handlers={"own": handler, "console": STREAM}, root={"handlers": ["own", "console"]}
        )

        assert found["root"]["handlers"] == ["console"]
        assert found["handlers"]["console"] == CONSOLE

    @pytest.mark.parametrize(("stream", "is_one"), [("stdout", True), ("stderr", True), ("stdin", False)])
    def test_a_stream_may_be_an_object(self, configured, stream, is_one):
        handler = {**STREAM, "stream": getattr(sys, stream)}

        found = configured(handlers={"own": handler}, root={"handlers": ["own"]})

        assert found["root"]["handlers"] == (["console"] if is_one else ["own", "console"])
        assert found["handlers"]["own"]["stream"] is getattr(sys, stream)

    def test_the_console_keeps_its_filters_but_the_one_of_debug(self, configured):
        def quiet(record):
            return True

        found = configured(
            filters={
                "debug": {"()": "django.utils.log.RequireDebugTrue"},
                "no_health": {"()": "shop.logs.NoHealth"},
            },
            handlers={"console": {**STREAM, "level": "WARNING", "filters": ["debug", "no_health", quiet]}},
        )

        assert found["handlers"]["console"] == {
            **CONSOLE,
            "filters": ["no_health", quiet, "prodready_request_id", "prodready_redaction"],
        }
        assert found["filters"].keys() == {
            "debug",
            "no_health",
            "prodready_request_id",
            "prodready_redaction",
        }


class TestLoggers:
    @pytest.mark.parametrize(
        ("loggers", "without"),
        [
            ({"shop": {"handlers": ["console"]}}, {"shop"}),
            ({"shop": {"handlers": ["console"], "propagate": True}}, {"shop"}),
            ({"shop": {"handlers": ["console"], "propagate": False}}, set()),
            (
                {
                    "shop": {"handlers": ["console"], "propagate": False},
                    "shop.mail.queue": {"handlers": ["console"]},
                },
                {"shop.mail.queue"},
            ),
            (
                {
                    "shop": {"handlers": ["file"], "propagate": False},
                    "shop.mail": {"handlers": ["console"]},
                },
                set(),
            ),
            ({"shop": {"handlers": ["file"]}, "shop.mail": {"handlers": ["console"]}}, {"shop.mail"}),
        ],
    )
    def test_a_record_reaches_the_console_once(self, configured, loggers, without):
        found = configured(handlers={"console": STREAM, "file": FILE}, loggers=loggers)["loggers"]

        assert {name for name, entry in loggers.items() if "console" not in found[name]["handlers"]} == (
            without | {name for name, entry in loggers.items() if entry["handlers"] == ["file"]}
        )

    def test_the_root_may_be_among_them(self, configured):
        found = configured(handlers={"file": FILE}, loggers={"": {"handlers": ["file"], "filters": ["a"]}})

        assert found["root"] == {"handlers": ["file", "console"], "filters": ["a"], "level": "INFO"}
        assert found["loggers"] == {"django": DJANGO}

    def test_django_s_stay_as_the_project_has_them(self, configured):
        own = {"handlers": ["file"], "level": "ERROR", "propagate": False}

        assert configured(handlers={"file": FILE}, loggers={"django": own})["loggers"] == {"django": own}

    @pytest.mark.parametrize("name", ["django", "django.request"])
    def test_errors_that_were_only_mailed_are_printed_too(self, configured, name):
        mailed = {"handlers": ["mail"], "level": "ERROR", "propagate": False}

        found = configured(handlers={"mail": MAIL}, loggers={name: mailed, "shop": mailed})["loggers"]

        assert found[name]["handlers"] == ["mail", "console"]
        assert found["shop"] == mailed

    @pytest.mark.parametrize("handlers", [[], ["null"]])
    def test_silence_stays(self, configured, handlers):
        silent = {"handlers": handlers, "propagate": False}

        found = configured(
            handlers={"null": {"class": "logging.NullHandler"}}, loggers={"django.security": silent}
        )

        assert found["loggers"]["django.security"] == silent


class TestMailToAdmins:
    def test_it_goes_on(self, configured):
        found = configured(module={"ADMINS": ["ops@example.org"]})

        assert found["loggers"]["django"]["handlers"] == ["mail_admins"]
        assert found["handlers"]["mail_admins"] == {**MAIL, "filters": ["require_debug_false"]}
        assert found["filters"]["require_debug_false"] == {"()": "django.utils.log.RequireDebugFalse"}

    def test_by_the_project_s_own_handler(self, configured):
        own = {"class": "shop.logs.Mailer"}

        found = configured(module={"ADMINS": ["ops@example.org"]}, handlers={"mail_admins": own})

        assert found["handlers"]["mail_admins"] == own
        assert "require_debug_false" not in found["filters"]


class TestCelery:
    def test_a_worker_logs_as_the_site_does(self, applied):
        found = applied(StdoutLogging, module={"CELERY_BROKER_URL": "redis://redis/0"})

        assert found["CELERY_WORKER_HIJACK_ROOT_LOGGER"] is False
        assert found["LOGGING"]["loggers"]["celery.task"] == {"handlers": ["console"], "propagate": False}

    def test_unless_the_project_says_otherwise(self, applied):
        module = {"CELERY_BROKER_URL": "redis://redis/0", "CELERY_WORKER_HIJACK_ROOT_LOGGER": True}

        assert applied(StdoutLogging, module=module)["CELERY_WORKER_HIJACK_ROOT_LOGGER"] is True


@pytest.mark.parametrize(
    "value",
    [["console"], {"handlers": ["console"]}, {"loggers": {"shop": "INFO"}}],
    ids=["list", "section", "entry"],
)
def test_what_is_no_dict_is_refused(problems, value):
    [(name, rule)] = problems(StdoutLogging, module={"LOGGING": value})

    assert name == "LOGGING"
    assert rule.startswith("expected a dict")


def test_an_incremental_one_becomes_whole_and_nothing_is_silenced(configured):
    found = configured(incremental=True, disable_existing_loggers=True)

    assert "incremental" not in found
    assert found["disable_existing_loggers"] is False


def test_the_project_s_dict_is_not_changed(configured):
    loggers = {"shop": {"handlers": ["console"]}}

    configured(loggers=loggers)

    assert loggers == {"shop": {"handlers": ["console"]}}


def test_again_is_once(applied):
    module = {
        "ADMINS": ["ops@example.org"],
        "CELERY_BROKER_URL": "redis://redis/0",
        "LOGGING": {
            "handlers": {"out": STREAM},
            "loggers": {"shop": {"handlers": ["out"], "propagate": False}},
        },
    }
    once = applied(StdoutLogging, module=module)

    assert applied(StdoutLogging, module=once) == once


def test_django_configurations_has_the_same(applied, monkeypatch):
    monkeypatch.setattr(importer, "installed", True)
    from configurations import Configuration

    base = {"MIDDLEWARE": [SECURITY], "LOGGING": {"version": 1, "handlers": {"file": FILE}}}
    cls = type("Prod", (StdoutLogging, type("Base", (Configuration,), dict(base))), {})
    cls.setup()

    found = uppercase_attributes(cls())
    plain = applied(StdoutLogging, module=base)
    assert (found["LOGGING"], found["MIDDLEWARE"]) == (plain["LOGGING"], plain["MIDDLEWARE"])
