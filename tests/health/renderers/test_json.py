"""The JSON bodies, byte by byte: scripts cut them with less than a parser."""

import json

from django_prodready.health.renderers.json import CONTENT_TYPE, render


def test_the_content_type():
    assert CONTENT_TYPE == "application/json"


def test_all_well(ready):
    body = render(ready(database="ok", cache="ok"))
    assert body == b'{"status": "ready", "checks": {"database": true, "cache": true}}'


def test_what_is_down_without_being_critical_and_what_is_degraded_is_named(ready):
    body = render(ready(database="degraded", search=("down", False), disk="skipped"))
    assert body == (
        b'{"status": "ready", "checks": {"database": true, "search": false}, '
        b'"degraded": ["database", "search"]}'
    )


def test_a_critical_probe_is_down(ready):
    body = render(ready(database="down", cache="ok"))
    assert body == b'{"status": "not_ready", "checks": {"database": false, "cache": true}}'


def test_draining(draining):
    assert render(draining) == b'{"status": "not_ready", "reason": "draining", "checks": {}}'


def test_liveness(healthy, report):
    assert render(healthy()) == b'{"status": "healthy", "version": "1.4.2"}'
    assert render(healthy(report(database="ok", search=("degraded", False)))) == (
        b'{"status": "healthy", "version": "1.4.2", "checks": {"database": true, "search": true}}'
    )


def test_startup(starting):
    assert render(starting) == b'{"status": "starting", "reason": "2 migrations to apply"}'


def test_details(ready):
    told = json.loads(render(ready(True, database="down", search=("ok", False), disk="skipped")))
    assert list(told) == ["status", "checks", "probes"]
    assert list(told["probes"]) == ["database", "search", "disk"]
    database = told["probes"]["database"]
    assert list(database) == ["status", "critical", "duration_ms", "age_ms", "error"]
    assert 310 <= database.pop("age_ms") < 60_000
    assert database == {"status": "down", "critical": True, "duration_ms": 1.2, "error": "OperationalError"}
    assert told["probes"]["search"]["error"] is None
    assert told["probes"]["disk"]["status"] == "skipped"


def test_no_details_unless_the_statement_has_them(ready):
    body = render(ready(database="down"))
    assert b"OperationalError" not in body
    assert b"probes" not in body


def test_the_text_of_an_error_is_never_told(ready):
    assert b"hunter2" not in render(ready(True, database="down", cache="degraded"))
