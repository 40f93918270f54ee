"""The lines: one for each record, whatever it holds."""

import datetime
import json
import logging
import re
import socket
import uuid
from decimal import Decimal
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.logs import JsonFormatter, PlainFormatter, RequestIdFilter
from django_prodready.logs.request_id import begin, end

HIDDEN = "[redacted]"
CREATED = datetime.datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=datetime.UTC).timestamp()
HOSTILE = "a\r\nINFO b\x1b[2J\x85\u2028\u202e\ud800c\x00"


class Broken:
    def __repr__(self):
        raise ValueError


class WithoutTextError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.fixture
def said(made):
    """The object that a record makes."""

    def say(*arguments, **options):
        record = made(*arguments, **options)
        record.created = CREATED
        line = JsonFormatter().format(record)
        assert "\n" not in line
        assert line.isascii()
        assert line.isprintable()
        return json.loads(line)

    return say


@pytest.fixture
def line(made):
    """The lines that a record makes for people."""

    def say(*arguments, **options):
        record = made(*arguments, **options)
        record.created = CREATED
        return PlainFormatter().format(record)

    return say


HEAD = {"time": "2026-11-21T10:00:00.123Z", "level": "INFO", "logger": "shop"}


def test_a_record_is_an_object(said):
    assert said("sold %d", 5) == {**HEAD, "message": "sold 5", "request_id": None}


def test_the_keys_come_in_one_order(made):
    record = made("a", extra={"b": 1})
    assert list(json.loads(JsonFormatter().format(record))) == [*HEAD, "message", "request_id", "b"]


@pytest.mark.parametrize("extra", [{}, {"request_id": "-"}, {"request_id": "request-2"}])
def test_the_request_is_named_also_without_the_filter(said, line, extra):
    token = begin("request-1")
    given_, plain = said("a", extra=extra)["request_id"], line("a", extra=extra)
    end(token)
    shown = {"-": None}.get(extra.get("request_id"), extra.get("request_id", "request-1"))
    assert given_ == shown
    assert plain == f"2026-11-21T10:00:00.123Z INFO shop [{shown or '-'}] a"


def test_a_record_of_a_request_has_no_query(said):
    request = RequestFactory().get("/pay/ü/?token=x1y2z3")
    shown = said("Not Found: %s", "/pay/", extra={"request": request, "status_code": 404})
    assert shown == {
        **HEAD,
        "message": "Not Found: /pay/",
        "request_id": None,
        "method": "GET",
        "path": "/pay/ü/",
        "status_code": 404,
    }


def test_a_path_that_holds_a_secret_is_redacted(said, password):
    request = SimpleNamespace(method="GET", path=f"/hook/{password}/")
    assert said("a", extra={"request": request})["path"] == f"/hook/{HIDDEN}/"


def test_the_development_servers_request_is_a_socket(said):
    with socket.socket() as request:
        shown = said("GET", extra={"request": request, "server_time": "21/Nov/2026", "status_code": 200})
    assert shown == {**HEAD, "message": "GET", "request_id": None, "status_code": 200}


def test_an_exception_has_a_type_a_message_and_a_stack(said, raised, password):
    shown = said("failed", exc_info=raised(ValueError(password)))["exception"]
    assert (shown["type"], shown["message"]) == ("ValueError", HIDDEN)
    assert shown["stack"].startswith("Traceback (most recent call last):\n")
    assert shown["stack"].endswith(f"\nValueError: {HIDDEN}")
    shown = said("failed", exc_info=raised(json.JSONDecodeError("odd", "x", 0)))["exception"]
    assert shown["type"] == "json.decoder.JSONDecodeError"
    shown = said("failed", exc_info=raised(WithoutTextError()))["exception"]
    assert shown["message"] == "WithoutTextError()"


def test_the_text_that_is_left_of_an_exception_is_its_stack(made, password):
    record = made("failed", stack="Stack:\n  here")
    record.exc_text = f"Traceback of {password}"
    shown = json.loads(JsonFormatter().format(record))
    assert shown["exception"] == {"stack": f"Traceback of {HIDDEN}"}
    assert shown["stack_info"] == "Stack:\n  here"


@pytest.mark.parametrize("info", [(None, None, None), None, True])
def test_no_exception_is_none(said, line, info):
    assert "exception" not in said("a", exc_info=info)
    assert "\n" not in line("a", exc_info=info)


class Number(int):
    def __repr__(self):
        return "a number"


def test_extras_are_values_of_json(said, password):
    loop = []
    loop.append(loop)
    given_ = {
        "plain": ["a", 1, 1.5, True, None, (2,), {"b": frozenset([3])}],
        "keys": {1: "a", None: "b", ("c",): "d"},
        "odd": [float("inf"), float("nan"), Number(4)],
        "texts": [
            datetime.date(2026, 11, 21),
            Decimal("1.20"),
            uuid.UUID(int=5),
            PurePosixPath("a/b"),
            gettext_lazy("sold"),
        ],
        "reprs": [Broken(), b"ab", ValueError(password)],
        "time": "mine",
        "exception": "mine",
    }
    shown = said("a", extra={**given_, "long": bytearray(2000), "loop": loop, "huge": 10**5000})
    assert shown["plain"] == ["a", 1, 1.5, True, None, [2], {"b": [3]}]
    assert shown["keys"] == {"1": "a", "None": "b", "('c',)": "d"}
    assert shown["odd"] == ["inf", "nan", 4]
    assert shown["texts"] == ["2026-11-21", "1.20", str(uuid.UUID(int=5)), "a/b", "sold"]
    assert shown["reprs"] == ["<Broken without repr>", "b'ab'", f"ValueError('{HIDDEN}')"]
    assert (shown["extra_time"], shown["extra_exception"]) == ("mine", "mine")
    assert shown["time"] == HEAD["time"]
    assert len(shown["long"]) == 1003
    assert json.dumps(shown["loop"]) == '[[[[[["[[...]]"]]]]]]'
    assert shown["huge"] == hex(10**5000)


class Raising:
    def __getattr__(self, name):
        raise LookupError(name)


class BrokenDict(dict):
    def items(self):
        raise ValueError


def test_what_raises_when_it_is_read_loses_no_record(said, made):
    shown = said("a", extra={"request": Raising(), "data": BrokenDict(a=1), "more": 1})
    assert shown == {**HEAD, "message": "a", "request_id": None, "data": "{'a': 1}", "more": 1}
    record = made("a", extra={"request": Raising()})
    RequestIdFilter().filter(record)
    assert record.request_id == "-"


def test_a_line_for_people(line):
    assert line("sold %d", 5, level=logging.WARNING) == ("2026-11-21T10:00:00.123Z WARNING shop [-] sold 5")


def test_text_of_other_alphabets_stays(line):
    assert line("Größe 尺寸 %s", "ñ").endswith("] Größe 尺寸 ñ")


def test_a_traceback_has_its_own_lines(line, raised, password):
    lines = line(
        "failed", exc_info=raised(ValueError(f"{password}\nforged\x1b[2J")), stack="Stack:\n  x"
    ).split("\n")
    assert lines[0].endswith("[-] failed")
    assert lines[1] == "  Traceback (most recent call last):"
    assert lines[-4:] == [f"  ValueError: {HIDDEN}", "  forged\\x1b[2J", "  Stack:", "    x"]


def test_nothing_ends_a_line(line, said):
    shown = line(HOSTILE)
    assert shown.endswith(r"[-] a\r\nINFO b\x1b[2J\x85\u2028\u202e\ud800c\x00")
    assert said(HOSTILE)["message"] == HOSTILE


@given(st.text(st.characters(codec=None)), st.text(), st.text())
def test_a_record_is_one_line_that_any_stream_takes(message, name, request_id):
    record = logging.makeLogRecord({"msg": message, "name": name, "request_id": request_id, "a": message})
    for formatter in (PlainFormatter(), JsonFormatter()):
        text = formatter.format(record)
        assert len(text.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", text)
        text.encode()


def test_a_message_that_does_not_fit_is_not_lost(said, line):
    assert said("%s and %s", "a")["message"] == "%s and %s (its arguments do not fit: ('a',))"
    assert line("%d", "a").endswith("%d (its arguments do not fit: ('a',))")


def test_formatting_changes_nothing_for_others(made, raised):
    record = made("a %s", "b", exc_info=raised(ValueError("c")), extra={"d": [1]})
    RequestIdFilter().filter(record)
    before = dict(vars(record))
    JsonFormatter().format(record)
    PlainFormatter().format(record)
    assert vars(record) == before
