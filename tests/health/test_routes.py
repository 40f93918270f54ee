"""What the health endpoints answer, whoever carries it."""

import json

import pytest

from django_prodready.health.routes import answer, both_spellings


@pytest.mark.parametrize("path", ["/health/", "/health"])
def test_liveness_says_healthy_and_the_version(settings, path):
    settings.PRODREADY = {"VERSION": "1.0.0"}
    given = answer("GET", path)
    assert given.status == 200
    assert given.body == b'{"status": "healthy", "version": "1.0.0"}'
    assert dict(given.headers) == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": "41",
    }


def test_head_has_the_headers_of_get_and_no_body():
    get, head = answer("GET", "/health/"), answer("HEAD", "/health/")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", None])
def test_other_methods_are_refused_with_those_that_are_not(method):
    given = answer(method, "/health/")
    assert given.status == 405
    headers = dict(given.headers)
    assert (headers["Allow"], headers["Cache-Control"]) == ("GET, HEAD", "no-store")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(given.body) == {"status": "method_not_allowed"}
    assert headers["Content-Length"] == str(len(given.body))


@pytest.mark.parametrize(
    "path", ["/", "", "health/", "//health/", "/health//", "/health/x", "/Health/", "/api/health/"]
)
def test_other_paths_are_not_ours(path):
    assert answer("GET", path) is None


def test_the_path_is_configurable(settings):
    settings.PRODREADY = {"HEALTH_PATH": "/api/healthz"}
    assert answer("GET", "/api/healthz").status == 200
    assert answer("GET", "/api/healthz/").status == 200
    assert answer("GET", "/health/") is None


def test_none_turns_the_path_off(settings):
    settings.PRODREADY = {"HEALTH_PATH": None}
    assert answer("GET", "/health/") is None
    assert both_spellings(None) == ()


def test_a_version_of_any_letters_is_valid_json(settings):
    settings.PRODREADY = {"VERSION": 'é"\n'}
    given = answer("GET", "/health/")
    assert json.loads(given.body)["version"] == 'é"\n'
    assert dict(given.headers)["Content-Length"] == str(len(given.body))
