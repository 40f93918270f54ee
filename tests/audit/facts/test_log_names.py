"""What is found missing is compared with what dictConfig() refuses."""

import json
import logging
import subprocess
import sys

import pytest

from django_prodready.audit.facts.log_names import unresolved_names

REAL = """
import json, logging.config, sys
for config in json.load(sys.stdin):
    try:
        logging.config.dictConfig(config)
    except ValueError:
        print("refused")
    else:
        print("taken")
"""
CONSOLE = {"class": "logging.StreamHandler"}
DEBUG_FILTER = {"only": {"()": "django.utils.log.RequireDebugTrue"}}


def config(handler=None, root=None, **parts):
    handlers = {"console": {**CONSOLE, **(handler or {})}, **parts.pop("handlers", {})}
    return {
        "version": 1,
        "handlers": handlers,
        "root": {"handlers": ["console"], **(root or {})},
        **parts,
    }


MEMORY = {"class": "logging.handlers.MemoryHandler", "capacity": 1}
TAKEN = {
    "plain": config(),
    "unused": config(handlers={"null": {"class": "logging.NullHandler"}}),
    "formatter": config({"formatter": "line"}, formatters={"line": {"format": "%(message)s"}}),
    "formatter-class": config(
        {"formatter": "line"}, formatters={"line": {"class": "logging.Formatter", "format": "%(message)s"}}
    ),
    "formatter-empty": config({"formatter": ""}),
    "filter": config({"filters": ["only"]}, filters=DEBUG_FILTER),
    "filter-by-name": config({"filters": ["shop"]}, filters={"shop": {"name": "shop", "class": "no.Where"}}),
    "filters-none": config({"filters": None}),
    "memory": config(handlers={"memory": {**MEMORY, "target": "console"}}),
    "reference": config({"stream": "ext://sys.stdout"}),
    "level": config({"level": "WARN"}, root={"level": 10}),
    "logger": config(loggers={"shop": {"handlers": ["console"], "level": "DEBUG", "propagate": False}}),
}
REFUSED = {
    "handler": (config(root={"handlers": ["file"]}), ["root", "handlers", 0]),
    "handlers-text": (config(root={"handlers": "console"}), ["root", "handlers"]),
    "logger-handler": (config(loggers={"shop": {"handlers": ["x"]}}), ["loggers", "shop", "handlers", 0]),
    "formatter": (config({"formatter": "json"}), ["handlers", "console", "formatter"]),
    "filter": (config({"filters": ["require_debug_false"]}), ["handlers", "console", "filters", 0]),
    "filter-class": (config(filters={"own": {"()": "no.Where"}}), ["filters", "own", "()"]),
    "logger-filter": (config(loggers={"shop": {"filters": ["x"]}}), ["loggers", "shop", "filters", 0]),
    "target": (config(handlers={"m": {**MEMORY, "target": "x"}}), ["handlers", "m", "target"]),
    "class": (config({"class": "no.where.Handler"}), ["handlers", "console", "class"]),
    "class-of-module": (config({"class": "logging.NoHandler"}), ["handlers", "console", "class"]),
    "formatter-class": (config(formatters={"json": {"()": "no.Where"}}), ["formatters", "json", "()"]),
    "level": (config({"level": "info"}), ["handlers", "console", "level"]),
    "root-level": (config(root={"level": "LOUD"}), ["root", "level"]),
}


def paths(each):
    return [list(name.path) for name in unresolved_names(each)]


def test_dict_config_agrees():
    configs = [*TAKEN.values(), *(each for each, _ in REFUSED.values())]
    ran = subprocess.run(
        [sys.executable, "-c", REAL],
        input=json.dumps(configs),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.split() == ["taken"] * len(TAKEN) + ["refused"] * len(REFUSED)


@pytest.mark.parametrize("name", TAKEN)
def test_finds_nothing(name):
    assert paths(TAKEN[name]) == []


@pytest.mark.parametrize("name", REFUSED)
def test_finds(name):
    each, path = REFUSED[name]
    assert paths(each) == [path]


def test_queues_name_handlers():
    queue = {"class": "logging.handlers.QueueHandler", "handlers": ["console", "absent"]}
    assert paths(config(handlers={"queue": queue})) == [["handlers", "queue", "handlers", 1]]


@pytest.mark.parametrize(
    "each",
    [
        config({"()": "logging.StreamHandler", "target": "x"}),  # a factory's own argument
        config({"filters": [lambda record: True]}),
        config({"formatter": "cfg://formatters.line"}),
        config({"class": "ext://logging.NullHandler"}),
        config({"class": logging.StreamHandler}),
        config(handlers={"odd": None}, formatters={"odd": None}),
    ],
)
def test_leaves_alone_what_is_no_name(each):
    assert paths(each) == []


def test_code_that_fails_otherwise_is_not_judged(tmp_path, monkeypatch):
    (tmp_path / "breaks_logging.py").write_text("raise RuntimeError('broken')\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert paths(config({"class": "breaks_logging.Handler"})) == []


def test_a_name_that_is_refused_for_another_reason_is_not_judged():
    # resolve() raises ValueError for an empty part, without an ImportError behind it.
    assert paths(config({"class": ""})) == []


def test_says_what_to_do():
    (filter_,) = unresolved_names(config({"filters": ["require_debug_false"]}))
    assert filter_.what == "names 'require_debug_false', which LOGGING['filters'] does not define"
    assert "as Django does, {'()': 'django.utils.log.RequireDebugFalse'}" in filter_.do
    (level,) = unresolved_names(config({"level": "info"}))
    assert level.do == "Write 'INFO'"
    (loud,) = unresolved_names(config({"level": "LOUD"}))
    assert loud.do == "Write DEBUG, INFO or the like"
