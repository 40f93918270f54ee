import logging

import pytest

from django_prodready.audit.facts.log_handlers import class_of, handlers_in_use, loggers_of

CONSOLE = {"class": "logging.StreamHandler"}


def names(config):
    return {each.name: each.loggers for each in handlers_in_use(config)}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {}),
        ({"handlers": {"console": CONSOLE}}, {}),
        ({"handlers": {"console": CONSOLE}, "root": {"handlers": ["console"]}}, {"console": ("",)}),
        ({"handlers": {"console": CONSOLE}, "root": {"handlers": "console"}}, {}),
        ({"handlers": {"console": None}, "root": {"handlers": ["console"]}}, {}),
        ({"handlers": {"console": CONSOLE}, "root": {"handlers": ["other", object()]}}, {}),
        (
            {
                "handlers": {"console": CONSOLE},
                "loggers": {"shop": {"handlers": ["console"]}, "root": {"handlers": ("console",)}, "x": None},
                "root": {"handlers": ["console"]},
            },
            {"console": ("shop", "")},
        ),
        (
            {
                "handlers": {
                    "console": CONSOLE,
                    "memory": {"class": "logging.handlers.MemoryHandler", "target": "console"},
                    "queue": {"class": "logging.handlers.QueueHandler", "handlers": ["memory", "queue"]},
                },
                "root": {"handlers": ["queue"]},
            },
            {"console": ("",), "memory": ("",), "queue": ("",)},
        ),
    ],
)
def test_handlers_in_use(config, expected):
    assert names(config) == expected


def test_loggers_say_where_they_are():
    config = {"loggers": {"root": {}, "shop": {"level": "INFO"}}, "root": {"level": "INFO"}}
    assert [(name, path) for name, path, _ in loggers_of(config)] == [
        ("", ("loggers", "root")),
        ("shop", ("loggers", "shop")),
        ("", ("root",)),
    ]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (CONSOLE, logging.StreamHandler),
        ({"()": logging.NullHandler}, logging.NullHandler),
        ({"()": "logging.getLogger"}, None),
        ({"class": "nowhere.Handler"}, None),
        ({"class": "logging.handlers.Nothing"}, None),
        ({}, None),
    ],
)
def test_class_of(section, expected):
    assert class_of(section) is expected
