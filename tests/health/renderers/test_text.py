"""The text bodies."""

from django_prodready.health.renderers.text import CONTENT_TYPE, render


def test_the_content_type():
    assert CONTENT_TYPE == "text/plain; charset=utf-8"


def test_the_status_and_a_line_for_each_probe(ready):
    body = render(ready(database="down", cache="ok", search=("degraded", False), disk="skipped"))
    assert body == b"not_ready\ndatabase: down\ncache: ok\nsearch: degraded\ndisk: skipped\n"


def test_the_reason(draining, starting):
    assert render(draining) == b"not_ready\nreason: draining\n"
    assert render(starting) == b"starting\nreason: 2 migrations to apply\n"


def test_nothing_known(healthy):
    assert render(healthy()) == b"healthy\n"


def test_a_name_is_one_line_whatever_it_holds(healthy, report):
    body = render(healthy(report(**{"a\nready \ud800": "ok"})))
    assert body == b"healthy\na ready \\ud800: ok\n"


def test_nothing_of_the_error_is_told(ready):
    body = render(ready(True, database="down"))
    assert b"hunter2" not in body
    assert b"OperationalError" not in body
