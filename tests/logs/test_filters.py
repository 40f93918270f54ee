"""What the filters do to records, and that no record is lost."""

import copy
import io
import logging
import pickle
import sys
from collections import UserDict
from types import SimpleNamespace

import pytest
from django.utils.functional import SimpleLazyObject

from django_prodready.logs import RedactionFilter, RequestIdFilter, filters
from django_prodready.logs.request_id import begin, end

HIDDEN = "[redacted]"
WITHHELD = "(withheld: it could not be searched for secrets)"


def refuse(*_):
    raise AssertionError("a lazy object was evaluated")


# --- RequestIdFilter ---------------------------------------------------------------------------------------


def test_the_current_request_is_named(made):
    token = begin("request-1")
    record = made("a")
    assert RequestIdFilter().filter(record) is True
    end(token)
    assert record.request_id == "request-1"
    assert RequestIdFilter().filter(record) is True
    assert record.request_id == "request-1"


@pytest.mark.parametrize(
    ("extra", "shown"),
    [
        ({}, "-"),
        ({"request": SimpleNamespace(request_id="request-2")}, "request-2"),
        ({"request": SimpleNamespace(request_id="forged\nINFO")}, "-"),
        ({"request": object()}, "-"),
        ({"request_id": "of-a-task"}, "of-a-task"),
        ({"request_id": "forged\nINFO"}, "-"),
        ({"request_id": 5}, "-"),
    ],
)
def test_outside_of_a_request_the_record_tells(made, extra, shown):
    record = made("a", extra=extra)
    RequestIdFilter().filter(record)
    assert record.request_id == shown


# --- Messages ----------------------------------------------------------------------------------------------


class Shop:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return f"shop at {self.text}"

    def __repr__(self):
        return f"Shop({self.text!r})"


class BrokenStr:
    def __str__(self):
        raise ValueError("no text")

    def __repr__(self):
        return "<BrokenStr>"


URL = "redis://:s3cret@h/0"
SHOWN = f"redis://:{HIDDEN}@h/0"


@pytest.mark.parametrize(
    ("msg", "args", "template", "kept"),
    [
        ("connect %s in %d ms", (URL, 5), "connect %s in %d ms", (SHOWN, 5)),
        ("connect %r", (URL,), "connect %r", (SHOWN,)),
        ("password=%s of %s", ("hunter2", "bob"), "password=%s of %s", (HIDDEN, "bob")),
        ("%s: password=%s", ("bob", "hunter2"), "%s: password=%s", ("bob", HIDDEN)),
        ("api_key=x1y2z3 of %s", ("bob",), f"api_key={HIDDEN} of %s", ("bob",)),
        ("sent %s", ({"password": "x1y2z3", "a": 1},), "sent %s", {"password": HIDDEN, "a": 1}),
        (
            "%(user)s %(password)s",
            ({"user": "bob", "password": "x1y2z3"},),
            "%(user)s %(password)s",
            {"user": "bob", "password": HIDDEN},
        ),
        (
            "password=%(a)s of %(b)s",
            ({"a": "x1y2z3", "b": 1},),
            "password=%(a)s of %(b)s",
            {"a": HIDDEN, "b": 1},
        ),
        ("sent %s of %d", (["password=x1y2z3"], 1), "sent %s of %d", ([f"password={HIDDEN}"], 1)),
    ],
)
def test_the_template_stays_where_the_secret_is_an_argument(redacted, msg, args, template, kept):
    record = redacted(msg, *args)
    assert (record.msg, record.args) == (template, kept)
    assert record.getMessage() == template % kept


@pytest.mark.parametrize(
    ("msg", "args", "shown"),
    [
        ("password=%d", (123456,), f"password={HIDDEN}"),
        ("password=%s%s", ("hun", "ter2"), f"password={HIDDEN}"),
        ("password=ab%s", ("cd",), f"password={HIDDEN}"),
        ("redis://:%s/0", ("s3cret@h",), SHOWN),
        (f"connect {URL}", (), f"connect {SHOWN}"),
        ("100 % of password=x1y2z3", (), f"100 % of password={HIDDEN}"),
        (ValueError(URL), (), SHOWN),
    ],
)
def test_else_the_whole_message_is_the_template(redacted, msg, args, shown):
    record = redacted(msg, *args)
    assert (record.msg, record.args) == (shown, record.args or None)
    assert record.getMessage() == shown


@pytest.mark.parametrize(
    ("msg", "args"),
    [
        *(("plain", ()), ("of %s and %d", ("bob", 5)), ("%(a)s", ({"a": 1},)), (ValueError("x"), ())),
        *((5, ()), ({"event": "sold"}, ()), ("%s", (Shop("corner"),))),
    ],
)
def test_what_holds_no_secret_stays_the_same(redacted, made, msg, args):
    record, before = redacted(msg, *args), made(msg, *args)
    assert record.msg is before.msg
    assert record.args == before.args
    assert all(one is other for one, other in zip(record.args, before.args, strict=True))


def test_an_argument_that_nobody_is_shown_loses_its_secrets_too(redacted):
    given = {"user": "bob", "password": "x1y2z3", "lazy": SimpleLazyObject(refuse)}
    record = redacted("hello %(user)s", given)
    assert record.args["password"] == HIDDEN
    assert given["password"] == "x1y2z3"


def test_a_mapping_that_makes_its_items_up_stays(redacted):
    class Atoms(UserDict):
        def __missing__(self, key):
            return "-"

    atoms = Atoms(h="127.0.0.1")
    record = redacted("%(h)s %({x-request-id}i)s", atoms)
    assert record.args is atoms
    assert redacted("%(h)s password=x1y2z3 %(a)s", atoms).getMessage() == f"127.0.0.1 password={HIDDEN} -"


def test_an_object_keeps_both_of_its_texts(redacted):
    record = redacted("%s and %r of %s", Shop(URL), Shop(URL), Shop("corner"))
    assert record.msg == "%s and %r of %s"
    assert record.getMessage() == f"shop at {SHOWN} and Shop('{SHOWN}') of shop at corner"
    shown = record.args[0]
    assert str(copy.copy(shown)) == pickle.loads(pickle.dumps(shown)) == f"shop at {SHOWN}"


def test_a_message_that_is_a_dict_stays_one(redacted):
    assert redacted({"event": "sold", "password": "x1y2z3"}).msg == {"event": "sold", "password": HIDDEN}


def test_a_record_whose_arguments_do_not_fit_is_not_lost(redacted):
    record = redacted("%s and %s", "password=x1y2z3")
    assert record.getMessage() == f"%s and %s (its arguments do not fit: ('password={HIDDEN}',))"
    record = redacted("about %s", BrokenStr())
    assert record.getMessage() == "about %s (its arguments do not fit: (<BrokenStr>,))"
    record = redacted(BrokenStr())
    assert record.getMessage() == "<BrokenStr> (its arguments do not fit: ())"
    record = redacted("%r of password=x1y2z3", BrokenStr())
    assert record.getMessage() == f"<BrokenStr> of password={HIDDEN}"


def test_a_record_is_clean_after_the_first_filter(redacted, raised, password):
    record = redacted("%s %s", URL, "a", exc_info=raised(ValueError(password)), extra={"token": "x1y2z3"})
    before = dict(vars(record))
    RedactionFilter().filter(record)
    assert vars(record) == before


# --- Exceptions, stacks, extras ----------------------------------------------------------------------------


def test_an_exception_without_a_secret_stays(redacted, raised):
    info = raised(ValueError("three"), LookupError("two"))
    record = redacted("failed", exc_info=info)
    assert (record.exc_info, record.exc_text) == (info, None)


def test_a_secret_of_an_exception_is_in_no_text_of_it(redacted, raised, password):
    cause = raised(LookupError(f"no {password}"))[1]
    cause.add_note(f"asked with {password}")
    cause.__context__ = cause_of_cause = OSError(2, password)
    cause_of_cause.__cause__ = cause  # a circle
    kind, error, traceback = info = raised(ValueError(f"bad {password}"), cause)
    record = redacted("failed", exc_info=info)
    assert record.exc_info[0] is kind
    assert record.exc_info[2] is traceback
    shown = record.exc_info[1]
    assert (type(shown).__name__, type(shown).__module__) == ("ValueError", "builtins")
    assert (str(shown), str(shown.__cause__)) == (f"bad {HIDDEN}", f"no {HIDDEN}")
    assert shown.__cause__.__notes__ == [f"asked with {HIDDEN}"]
    assert shown.__cause__.__context__.__cause__ is shown.__cause__
    assert shown.__suppress_context__ is error.__suppress_context__
    for text in (record.exc_text, logging.Formatter().formatException(record.exc_info)):
        assert password not in text
        assert f"ValueError: bad {HIDDEN}" in text
        assert "direct cause" in text
    assert str(error) == f"bad {password}"


def test_a_group_of_exceptions_is_shown_as_one(redacted, raised, password):
    class WithoutTextError(Exception):
        def __str__(self):
            raise RuntimeError

    group = ExceptionGroup(
        f"both of {password}", [ValueError(password), WithoutTextError(), TypeError("three")]
    )
    record = redacted("failed", exc_info=raised(group))
    text = logging.Formatter().formatException(record.exc_info)
    assert password not in text
    assert f"ExceptionGroup: both of {HIDDEN} (3 sub-exceptions)" in text
    assert "TypeError: three" in text
    assert "WithoutTextError: <exception str() failed>" in text


def test_a_text_that_another_handler_has_left_is_searched(redacted, made, raised, password):
    record = made("failed", exc_info=raised(ValueError("three")))
    record.exc_text = f"in short: {password}"
    RedactionFilter().filter(record)
    assert record.exc_text == f"in short: {HIDDEN}"
    record = made("failed")
    record.exc_text = f"of a queue: {password}"
    RedactionFilter().filter(record)
    assert record.exc_text == f"of a queue: {HIDDEN}"


@pytest.mark.parametrize("info", [(None, None, None), True])
def test_no_exception_at_all_is_no_matter(redacted, info):
    assert redacted("failed", exc_info=info).exc_info == info


def test_the_stack_is_searched(redacted, password):
    assert redacted("here", stack=f'connect("{password}")').stack_info == f'connect("{HIDDEN}")'


def test_extras_are_searched(redacted, password):
    request = object()
    given = {"data": {"token": "x1y2z3"}, "url": URL, "request": request, "count": 5, "note": password}
    record = redacted("sold", extra=given)
    assert vars(record).items() >= {"url": SHOWN, "request": request, "count": 5, "note": HIDDEN}.items()
    assert record.data == {"token": HIDDEN}
    assert given["data"] == {"token": "x1y2z3"}


def test_what_cannot_be_searched_is_withheld_and_the_record_kept(made, raised, monkeypatch):
    def fail(*_):
        raise RecursionError

    monkeypatch.setattr("django_prodready.logs.messages.scrub", fail)
    monkeypatch.setattr(filters, "scrub", fail)
    monkeypatch.setattr(filters, "without_secrets", fail)
    record = made("sold %s", "a", exc_info=raised(ValueError("a")), extra={"a": "b"}, stack="here")
    assert RedactionFilter().filter(record) is True
    assert (record.getMessage(), record.a, record.stack_info) == (WITHHELD,) * 3
    assert (record.exc_info, record.exc_text) == (None, WITHHELD)


def test_it_works_in_pythons_own_logging(password):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactionFilter())
    logger = logging.getLogger("prodready.test")
    logger.addHandler(handler)
    try:
        try:
            int(password)
        except ValueError:
            logger.exception("password=%s", "x1y2z3")
    finally:
        logger.removeHandler(handler)
    said = stream.getvalue()
    assert said.startswith(f"password={HIDDEN}\nTraceback")
    assert said.endswith(f"ValueError: invalid literal for int() with base 10: '{HIDDEN}'\n")


def test_importing_reads_no_settings():
    import subprocess

    code = (
        "import django_prodready.logs, django.conf; assert not django.conf.settings.configured;"
        "import logging; r = logging.makeLogRecord({'msg': 'password=x1y2z3'});"
        "django_prodready.logs.RedactionFilter().filter(r); print(r.msg)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("password=[redacted]\n", "")
