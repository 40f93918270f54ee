"""The answer that is kept ready-made: when it is given again, and above all when it is not."""

import asyncio
import json

import pytest
from surface_probes import Fine, Switched

from django_prodready.health import repetition
from django_prodready.health.paths import find
from django_prodready.health.request import HealthRequest
from django_prodready.health.routes import respond, respond_async


def ask(path, method="GET", query="", **headers):
    return respond(find(path), HealthRequest(method, path, query, headers.get))


def said(answer):
    return answer.status, json.loads(answer.body)


def kept(path):
    """Ask until nothing new is found out by asking: twice."""
    ask(path)
    return ask(path)


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_the_same_question_gets_the_same_answer(probes, path):
    probes({"READY_TTL": 60}, database=Fine)
    first = kept(path)
    assert ask(path) is first
    assert ask(path, Accept="*/*") is first
    request = HealthRequest("GET", path, "", {}.get)
    assert asyncio.run(respond_async(find(path), request)) is first


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_another_question_gets_its_own(probes, path):
    probes({"READY_TTL": 60}, database=Fine)
    first = kept(path)
    assert ask(path, method="HEAD").body == b""
    assert ask(path, method="POST").status == 405
    assert ask(path, query="probe=nothing").status == 404
    assert ask(path, query="format=text").body != first.body
    assert ask(path, Accept="text/plain").body != first.body
    assert ask(path) is first


def test_only_plain_questions_are_kept(probes):
    probes({"READY_TTL": 60}, database=Fine)
    ask("/health/", query="format=text")
    ask("/health/", method="HEAD")
    ask("/health/", Accept="text/html")
    assert said(ask("/health/"))[1]["status"] == "healthy"


def test_what_is_found_out_next_is_told(probes):
    probes({"READY_TTL": 0}, database=Switched)
    assert said(ask("/ready/")) == (200, {"status": "ready", "checks": {"database": True}})
    before = ask("/health/")
    assert ask("/health/") is before
    Switched.is_down.set()
    assert said(ask("/ready/")) == (503, {"status": "not_ready", "checks": {"database": False}})
    assert said(ask("/health/"))[1]["checks"] == {"database": False}


def test_an_answer_that_was_begun_before_is_not_kept(probes):
    probes(database=Fine)
    before = repetition.shelf()
    repetition.forget()
    answer = ask("/health/")
    assert not before
    assert [known.answer for known in repetition.shelf().values()] == [answer]


def test_draining_is_told_at_once(probes, tmp_path):
    drain_file = tmp_path / "drain"
    probes({"READY_TTL": 60, "DRAIN_FILE": str(drain_file)}, database=Fine)
    ready = kept("/ready/")
    drain_file.touch()
    assert said(ask("/ready/")) == (503, {"status": "not_ready", "reason": "draining", "checks": {}})
    assert ask("/health/").status == 200
    drain_file.unlink()
    assert ask("/ready/") is ready


def test_nothing_is_kept_where_tokens_are_asked_for(probes):
    probes({"READY_TTL": 60}, database=Fine)
    kept("/ready/")
    probes({"READY_TTL": 60, "HEALTH_TOKENS": ["t0ken"]}, database=Fine)
    assert ask("/ready/", **{"X-Health-Token": "t0ken"}).status == 200
    assert ask("/ready/").status == 401


def test_another_configuration_has_other_answers(probes):
    probes({"VERSION": "1"})
    assert said(ask("/health/"))[1]["version"] == "1"
    probes({"VERSION": "2"})
    assert said(ask("/health/"))[1]["version"] == "2"


def test_starting_is_asked_each_time(probes, monkeypatch):
    probes()
    monkeypatch.setattr("django_prodready.health.startup_endpoint.startup_problem", lambda: "migrations")
    assert ask("/startup/").status == 503
    assert repetition.shelf() == {}
    monkeypatch.setattr("django_prodready.health.startup_endpoint.startup_problem", lambda: None)
    assert ask("/startup/").status == 200
