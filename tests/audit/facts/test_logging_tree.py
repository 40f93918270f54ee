"""What the tree says is compared with what logging really does, wherever that can be tried."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.log import RequireDebugFalse, RequireDebugTrue

from django_prodready.audit.facts.logging_handlers import Handler, drops, level_of
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach

# Configures logging as Django does, then logs to the loggers named on the command line.
REAL = """
import json, logging, sys
from django.conf import settings
config = json.loads(sys.argv[1])
settings.configure(LOGGING=config, DEBUG=False)
import django
django.setup()
for name in sys.argv[2:]:
    logging.getLogger(name).error("this is %s", name or "root")
"""
CONSOLE = {"class": "logging.StreamHandler"}
NULL = {"class": "logging.NullHandler"}


def config(**parts):
    handlers = {"console": CONSOLE, "null": NULL, **parts.pop("handlers", {})}
    return {"version": 1, "handlers": handlers, **parts}


CONFIGS = {
    "nothing": {},
    "version": {"version": 1},
    "version-keeping": {"version": 1, "disable_existing_loggers": False},
    "root": config(root={"handlers": ["console"]}),
    "root-keeping": config(disable_existing_loggers=False, root={"handlers": ["console"]}),
    "root-as-logger": config(disable_existing_loggers=False, loggers={"": {"handlers": ["console"]}}),
    "root-by-name": config(loggers={"root": {"handlers": ["console"]}}, disable_existing_loggers=False),
    "root-by-name-null": config(loggers={"root": {"handlers": ["null"]}}, disable_existing_loggers=False),
    "root-twice": config(loggers={"": {"handlers": ["console"]}}, root={"handlers": ["null"]}),
    "root-null": config(disable_existing_loggers=False, root={"handlers": ["null"]}),
    "root-critical": config(
        disable_existing_loggers=False, root={"handlers": ["console"], "level": "CRITICAL"}
    ),
    "django": config(loggers={"django": {"handlers": ["console"]}}),
    "django-without": config(loggers={"django": {}}),
    "django-level": config(loggers={"django": {"handlers": ["console"], "level": "CRITICAL"}}),
    "django-stops": config(
        root={"handlers": ["console"]}, loggers={"django": {"handlers": ["null"], "propagate": False}}
    ),
    "request": config(loggers={"django.request": {"handlers": ["console"], "propagate": False}}),
    "request-empty": config(loggers={"django.request": {"handlers": [], "propagate": False}}),
    "request-level": config(
        root={"handlers": ["console"]},
        loggers={"django": {"level": "CRITICAL"}, "django.request": {"level": "ERROR"}},
    ),
    "request-filter": config(
        disable_existing_loggers=False,
        filters={"other": {"name": "django.db"}, "same": {"name": "django"}},
        root={"handlers": ["console"]},
        loggers={"django.request": {"filters": ["other"]}, "shop": {"filters": ["same"]}},
    ),
    "filter-of-django": config(
        disable_existing_loggers=False,
        filters={"other": {"name": "shop"}},
        root={"handlers": ["console"]},
        loggers={"django": {"filters": ["other"]}},
    ),
    "debug-only": config(
        disable_existing_loggers=False,
        filters={"debug": {"()": "django.utils.log.RequireDebugTrue"}},
        handlers={"console": {**CONSOLE, "filters": ["debug"]}},
        root={"handlers": ["console"]},
    ),
    "production-only": config(
        disable_existing_loggers=False,
        filters={"live": {"()": "django.utils.log.RequireDebugFalse"}, "all": {}},
        handlers={"console": {**CONSOLE, "filters": ["live", "all"]}},
        root={"handlers": ["console"]},
    ),
    "handler-level": config(
        disable_existing_loggers=False,
        handlers={"console": {**CONSOLE, "level": "CRITICAL"}},
        root={"handlers": ["console"]},
    ),
    "device": config(
        disable_existing_loggers=False,
        handlers={"file": {"class": "logging.FileHandler", "filename": "/dev/stderr"}},
        root={"handlers": ["file"]},
    ),
    "memory": config(
        disable_existing_loggers=False,
        handlers={
            "memory": {"class": "logging.handlers.MemoryHandler", "capacity": 1, "target": "console"},
        },
        root={"handlers": ["memory"]},
    ),
    "incremental": {"version": 1, "incremental": True, "loggers": {"django.request": {"level": "CRITICAL"}}},
    "incremental-root": {"version": 1, "incremental": True, "root": {"level": "CRITICAL"}},
}
LOGGERS = ("django.request", "django", "shop.views", "")


@pytest.mark.parametrize("name", CONFIGS)
def test_agrees_with_logging(name):
    if name == "device" and not Path("/dev/stderr").exists():
        pytest.skip("the system has no /dev/stderr")
    answer = subprocess.run(
        [sys.executable, "-c", REAL, json.dumps(CONFIGS[name]), *LOGGERS],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    seen = {logger for logger in LOGGERS if f"this is {logger or 'root'}\n" in answer.stderr}
    tree = LoggingTree(CONFIGS[name])
    told = {logger for logger in LOGGERS if tree.route(logger).reach is Reach.CONSOLE}
    assert told == seen


class Sent(logging.Handler):
    pass


class Watch(Sent):
    __module__ = "watchtower"


class ToFile(logging.FileHandler):
    pass


def make(**options):
    return logging.StreamHandler()


@pytest.mark.parametrize(
    ("handler", "reach"),
    [
        ({"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}, Reach.CONSOLE),
        ({"class": "logging.StreamHandler", "stream": "cfg://stream"}, Reach.UNKNOWN),
        ({"()": "logging.StreamHandler"}, Reach.CONSOLE),
        ({"class": logging.StreamHandler}, Reach.CONSOLE),
        ({"()": make}, Reach.UNKNOWN),
        ({"()": "absent_pkg.make"}, Reach.UNKNOWN),
        ({"class": "absent_pkg.Handler"}, Reach.UNKNOWN),
        ({}, Reach.UNKNOWN),
        ({"class": Sent}, Reach.UNKNOWN),
        ({"class": Watch}, Reach.ELSEWHERE),
        ({"class": ToFile, "filename": "/var/log/app.log"}, Reach.ELSEWHERE),
        ({"class": ToFile, "filename": "/dev/stdout"}, Reach.CONSOLE),
        ({"class": "logging.handlers.RotatingFileHandler", "filename": "app.log"}, Reach.ELSEWHERE),
        ({"class": "logging.handlers.SysLogHandler"}, Reach.ELSEWHERE),
        ({"class": "logging.handlers.DatagramHandler", "host": "log", "port": 1}, Reach.ELSEWHERE),
        ({"class": "logging.handlers.HTTPHandler", "host": "log", "url": "/"}, Reach.ELSEWHERE),
        ({"class": "logging.handlers.SMTPHandler"}, Reach.NOWHERE),
        ({"class": "django.utils.log.AdminEmailHandler"}, Reach.NOWHERE),
        ({"class": "logging.NullHandler"}, Reach.NOWHERE),
        ({"class": "logging.handlers.QueueHandler", "handlers": ["null", "console"]}, Reach.CONSOLE),
        ({"class": "logging.handlers.QueueHandler", "handlers": ["null"]}, Reach.NOWHERE),
        ({"class": "logging.handlers.QueueHandler"}, Reach.UNKNOWN),
        ({"class": "logging.handlers.MemoryHandler", "target": "absent"}, Reach.UNKNOWN),
        ({"class": "logging.handlers.MemoryHandler", "target": "tried"}, Reach.UNKNOWN),
        ({"class": "logging.StreamHandler", "level": logging.CRITICAL}, Reach.NOWHERE),
        ({"class": "logging.StreamHandler", "level": "ERROR"}, Reach.CONSOLE),
        ({"class": "logging.StreamHandler", "filters": ["absent"]}, Reach.CONSOLE),
    ],
)
def test_judges_handlers(handler, reach):
    section = {"handlers": {"tried": handler, "console": CONSOLE, "null": NULL}}
    assert Handler("tried", section).judge("django.request", logging.ERROR)[0] is reach


@pytest.mark.parametrize("section", [{}, {"handlers": None}, {"handlers": {"tried": None}}])
def test_a_handler_that_is_not_there_is_unknown(section):
    assert Handler("tried", section).judge("shop", logging.ERROR)[0] is Reach.UNKNOWN


@pytest.mark.parametrize(
    ("filter_", "is_dropped"),
    [
        ("debug", True),
        ("class", True),
        ("live", False),
        ("code", False),
        ("absent", False),
        (RequireDebugTrue(), True),
        (RequireDebugFalse(), False),
        (lambda record: True, False),
    ],
)
def test_knows_filters_that_wait_for_debug(filter_, is_dropped):
    filters = {
        "debug": {"()": "django.utils.log.RequireDebugTrue"},
        "class": {"()": RequireDebugTrue},
        "live": {"()": "django.utils.log.RequireDebugFalse"},
        "code": {"()": make},
    }
    assert (drops(filter_, {"filters": filters}, "shop") is not None) is is_dropped


@pytest.mark.parametrize(("value", "number"), [("ERROR", 40), (10, 10), (None, 0), ("loud", 0), ([], 0)])
def test_reads_levels(value, number):
    assert level_of(value) == number


def test_tells_own_loggers_from_those_of_django():
    tree = LoggingTree({"version": 1, "loggers": {"": {}, "django.db": {}, "shop": {}, "djangoshop": {}}})
    assert tree.own == {"shop", "djangoshop"}


@pytest.mark.parametrize("broken", [{"loggers": None}, {"loggers": {"django": None}}, {"root": "console"}])
def test_takes_broken_parts_for_empty(broken):
    assert LoggingTree({"version": 1, **broken}).route("shop").reach is Reach.CONSOLE


def test_says_what_held_a_record_up():
    route = LoggingTree({"version": 1}).route("django.request")
    assert route.held_by == "disable_existing_loggers"
    assert route.stops == ("logger django.request: switched off, because disable_existing_loggers is on",)
    route = LoggingTree(CONFIGS["root-critical"]).route("shop.views")
    assert (route.end, route.held_by, route.stops) == (
        "",
        "level",
        ("the root logger: its level is CRITICAL",),
    )
    route = LoggingTree(CONFIGS["request-filter"]).route("django.request")
    assert route.stops == ("logger django.request: its filter lets only django.db pass",)
