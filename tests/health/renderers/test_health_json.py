"""health+json against a schema of the draft, sections 3 and 4."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from django_prodready.health.renderers.health_json import CONTENT_TYPE, render

STATUS = {"enum": ["pass", "warn", "fail"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
LINKS = {"type": "object", "additionalProperties": {"type": "string"}}
CHECK = {
    "type": "object",
    "properties": {
        "componentId": {"type": "string"},
        "componentType": {
            "anyOf": [{"enum": ["component", "datastore", "system"]}, {"type": "string", "format": "uri"}]
        },
        "observedValue": {},
        "observedUnit": {"type": "string"},
        "status": STATUS,
        "affectedEndpoints": TEXTS,
        "time": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
        },
        "output": {"type": "string"},
        "links": LINKS,
    },
    "dependentRequired": {"observedValue": ["observedUnit"]},
    # Section 4: other keys are allowed, but there is no reason for one of ours.
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": STATUS,
        "version": {"type": "string"},
        "releaseId": {"type": "string"},
        "notes": TEXTS,
        "output": {"type": "string"},
        "checks": {
            "type": "object",
            # "{componentName}:{measurementName}": neither may hold a colon.
            "propertyNames": {"pattern": "^[^:]+(:[^:]+)?$"},
            "additionalProperties": {"type": "array", "items": CHECK, "minItems": 1},
        },
        "links": LINKS,
        "serviceId": {"type": "string"},
        "description": {"type": "string"},
    },
    "additionalProperties": False,
}
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def valid(statement):
    told = json.loads(render(statement))
    VALIDATOR.validate(told)
    # Section 3.1: pass and warn are 2xx or 3xx, fail is 4xx or 5xx.
    assert (told["status"] == "fail") == (statement.http_status >= 400)
    return told


def test_the_content_type():
    assert CONTENT_TYPE == "application/health+json"


def test_ready(ready):
    told = valid(ready(database="ok", disk="ok", search=("ok", False)))
    assert (told["status"], told["version"], told["releaseId"]) == ("pass", "1", "1.4.2")
    assert told["checks"]["database:responseTime"] == [
        {
            "componentType": "datastore",
            "observedValue": 1.2,
            "observedUnit": "ms",
            "status": "pass",
            "time": "2026-11-21T04:55:01.250Z",
        }
    ]
    assert told["checks"]["disk:responseTime"][0]["componentType"] == "system"
    assert told["checks"]["search:responseTime"][0]["componentType"] == "component"


def test_degraded_is_a_warning(ready):
    told = valid(ready(database="degraded", search=("down", False), disk="skipped"))
    assert told["status"] == "warn"
    assert {name: check[0]["status"] for name, check in told["checks"].items()} == {
        "database:responseTime": "warn",
        "search:responseTime": "fail",
    }


def test_not_ready_is_a_failure(ready):
    assert valid(ready(database="down"))["status"] == "fail"


def test_draining_and_starting_have_a_note(draining, starting):
    assert valid(draining) == {
        "status": "fail",
        "version": "1",
        "releaseId": "1.4.2",
        "notes": ["draining"],
        "checks": {},
    }
    assert valid(starting)["notes"] == ["2 migrations to apply"]
    assert "checks" not in valid(starting)


def test_liveness_passes_whatever_is_known(healthy, report):
    told = valid(healthy(report(database="down")))
    assert (told["status"], told["checks"]["database:responseTime"][0]["status"]) == ("pass", "fail")
    assert "checks" not in valid(healthy())


@pytest.mark.parametrize(
    ("version", "major"),
    [("v2.0", "2"), ("10.1rc1", "10"), ("8f14e45", None), ("20261121", None), ("unknown", None)],
)
def test_the_version_of_the_interface_is_the_first_number(healthy, version, major):
    told = valid(healthy(version=version))
    assert (told.get("version"), told["releaseId"]) == (major, version)


def test_a_statement_without_version(healthy):
    assert valid(healthy(version=None)) == {"status": "pass"}


def test_a_colon_in_a_name_is_no_separator(healthy, report):
    assert list(valid(healthy(report(**{"a:b": "ok"})))["checks"]) == ["a_b:responseTime"]


def test_nothing_of_the_error_is_told(ready):
    body = render(ready(True, database="down", cache="degraded"))
    assert b"hunter2" not in body
    assert b"output" not in body
    assert b"OperationalError" not in body
