import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.health.probes import _options as options


@pytest.mark.parametrize("value", [0, -1, 2, 2.5, True, "1", None, float("nan")])
def test_a_time_out_is_seconds_and_lets_an_abandoned_run_end_soon(value):
    with pytest.raises(ValueError, match=r"^wait_s must be a number of seconds above 0 and below 2\.$"):
        options.require_seconds("wait_s", value)


@pytest.mark.parametrize("value", [1, 0.25])
def test_seconds_are_ints_and_floats(value):
    assert options.require_seconds("wait_s", value) == value


@pytest.mark.parametrize(
    ("warn", "most", "sentence"),
    [
        (0, 95, "warn_percent must be a number above 0 and at most 100."),
        (True, 95, "warn_percent must be a number above 0 and at most 100."),
        (85, 101, "max_percent must be a number above 0 and at most 100."),
        (85, "95", "max_percent must be a number above 0 and at most 100."),
        (96, 95, "warn_percent must not be above max_percent."),
    ],
)
def test_percents_are_in_order(warn, most, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        options.require_percents(warn, most)


def test_percents_may_be_equal():
    assert options.require_percents(90, 90) == (90.0, 90.0)


@pytest.mark.parametrize("value", ["", None, 1, "two\nlines"])
def test_text_is_one_line(value):
    with pytest.raises(ValueError, match=r"^label must be text on one line, and not empty\.$"):
        options.require_text("label", value)


def test_text_may_be_left_out():
    assert options.optional_text("label", None) is None
    assert options.optional_text("label", "x") == "x"


def test_a_choice_names_the_choices():
    assert options.require_choice("mode", "a", ("a", "b")) == "a"
    with pytest.raises(ValueError, match=r"^mode must be one of: a, b\.$"):
        options.require_choice("mode", "c", ("a", "b"))


def test_a_flag_is_true_or_false():
    assert options.require_flag("quick", False) is False
    with pytest.raises(ValueError, match=r"^quick must be True or False\.$"):
        options.require_flag("quick", 1)


@pytest.mark.parametrize("value", [0, 65536, "25", True, 25.0])
def test_a_port_is_a_whole_number(value):
    with pytest.raises(ValueError, match=r"^port must be a whole number, from 1 to 65535\.$"):
        options.require_port("port", value)


def test_a_count_has_no_end():
    assert options.require_count("days", 0) == 0
    with pytest.raises(ValueError, match=r"^days must be a whole number, at least 0\.$"):
        options.require_count("days", -1)


@pytest.mark.parametrize(
    "address", ["redis://:pa/ss@host/0", "redis://:hunter2@host:99999/0", "http://[hunter2"]
)
def test_an_address_that_cannot_be_read_is_not_told(address):
    with pytest.raises(ValueError, match=r"^url cannot be read as a URL") as caught:
        options.require_address("url", address, ["redis"])
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "pa" not in str(caught.value).replace("password", "")
    assert "hunter2" not in str(caught.value)


def test_an_address_has_a_known_scheme():
    assert options.require_address("url", "rediss://h", ("redis", "rediss")) == "rediss://h"
    with pytest.raises(ValueError, match=r"^url must be a URL that begins with one of: redis, rediss\.$"):
        options.require_address("url", "hunter2", ("redis", "rediss"))


def test_an_address_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("MY_REDIS", "redis://h/1")
    assert options.secret_address(None, "MY_REDIS", ["redis"]) == "redis://h/1"


@pytest.mark.parametrize("given", [(None, None), ("redis://h", "MY_REDIS")])
def test_an_address_comes_from_one_place(given):
    with pytest.raises(ValueError, match=r"^Give either url or url_env"):
        options.secret_address(*given, ["redis"])


def test_a_variable_that_is_not_set_is_not_told_for_it_may_be_the_address(monkeypatch):
    with pytest.raises(ValueError, match=r"^The environment variable that url_env names is not set\.$"):
        options.secret_address(None, "redis://:hunter2@h", ["redis"])


def test_a_missing_package_names_the_extra():
    with pytest.raises(ImproperlyConfigured) as caught:
        options.require_package("no_such_package_at_all", extra="redis")
    assert str(caught.value) == (
        "This probe needs the package no_such_package_at_all: install django-prodready[redis]."
    )


def test_a_package_that_is_there_is_returned():
    assert options.require_package("json", extra="redis").dumps({}) == "{}"
