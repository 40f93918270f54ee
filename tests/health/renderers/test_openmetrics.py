"""The metrics, read by Prometheus' own parser."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from django_prodready.health.outcome import HealthReport
from django_prodready.health.renderers.openmetrics import CONTENT_TYPE, render

NAMES = [
    "prodready_ready",
    "prodready_draining",
    "prodready_probe_up",
    "prodready_probe_duration_seconds",
    "prodready_probe_age_seconds",
]


def parsed(statement):
    """Return {(metric, probe): value}; the parser is strict, and refuses what is not the format."""
    families = list(text_string_to_metric_families(render(statement).decode()))
    assert [family.name for family in families] == NAMES
    assert {family.type for family in families} == {"gauge"}
    assert [family.unit for family in families] == ["", "", "", "seconds", "seconds"]
    assert all(family.documentation for family in families)
    return {
        (sample.name.removeprefix("prodready_"), sample.labels.get("probe")): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_content_type():
    assert CONTENT_TYPE == "application/openmetrics-text; version=1.0.0; charset=utf-8"


def test_it_ends_as_the_format_demands(ready):
    body = render(ready(database="ok"))
    assert body.endswith(b"\n# EOF\n")
    assert body.count(b"# EOF") == 1


def test_ready(ready):
    values = parsed(ready(database="ok", search=("down", False), mail=("degraded", False), disk="skipped"))
    assert 0.31 <= values.pop(("probe_age_seconds", "database")) < 60
    assert {name for name, probe in values if probe == "disk"} == set()
    assert values[("ready", None)] == 1
    assert values[("draining", None)] == 0
    assert [values[("probe_up", probe)] for probe in ("database", "search", "mail")] == [1, 0, 1]
    assert values[("probe_duration_seconds", "database")] == 0.00123


def test_not_ready(ready):
    assert parsed(ready(database="down"))[("ready", None)] == 0


def test_draining(draining):
    assert parsed(draining) == {("ready", None): 0, ("draining", None): 1}


def test_starting(starting):
    assert parsed(starting) == {("ready", None): 0, ("draining", None): 0}


@pytest.mark.parametrize(("status", "value"), [("ok", 1), ("down", 0)])
def test_liveness_tells_what_is_known(healthy, report, status, value):
    values = parsed(healthy(report(database=status)))
    assert (values[("ready", None)], values[("probe_up", "database")]) == (value, value)


def test_liveness_claims_nothing_where_nothing_is_known(healthy):
    assert parsed(healthy()) == {("draining", None): 0}
    assert parsed(healthy(is_draining=True)) == {("draining", None): 1, ("ready", None): 0}


@pytest.mark.parametrize(("known", "told"), [("ok", None), ("down", 0)])
def test_liveness_is_not_ready_for_what_a_critical_probe_may_have_said(healthy, report, known, told):
    whole = report(database="ok", cache=known, search=("ok", False))
    without = {name: whole.outcomes[name] for name in ("cache", "search")}
    assert parsed(healthy(HealthReport(specs=whole.specs, outcomes=without))).get(("ready", None)) == told


def test_liveness_may_lack_what_is_not_critical(healthy, report):
    whole = report(database="ok", search=("ok", False))
    without = {"database": whole.outcomes["database"]}
    assert parsed(healthy(HealthReport(specs=whole.specs, outcomes=without)))[("ready", None)] == 1


def test_labels_are_escaped(healthy, report):
    name = 'a "b" \\ c\nd'
    assert ("probe_up", name) in parsed(healthy(report(**{name: "ok"})))
    assert b"\\ud800" in render(healthy(report(**{"\ud800": "ok"})))


def test_nothing_of_the_error_is_told(ready):
    body = render(ready(True, database="down"))
    assert b"hunter2" not in body
    assert b"OperationalError" not in body
