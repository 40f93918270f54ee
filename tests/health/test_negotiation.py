"""Which format is chosen."""

import json

import pytest

from django_prodready.health.answer import Refusal
from django_prodready.health.negotiation import Format, format_of

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, Format.JSON),
        ("", Format.JSON),
        ("*/*", Format.JSON),  # kubelet, curl
        ("application/json", Format.JSON),
        ("application/json, text/plain, */*", Format.JSON),  # axios
        ("text/html, */*; q=0.01", Format.HTML),  # jQuery
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Format.HTML),  # Java
        (FIREFOX, Format.HTML),
        (CHROME, Format.HTML),
        (PROMETHEUS_2, Format.OPENMETRICS),
        (PROMETHEUS_3, Format.OPENMETRICS),
        ("application/health+json", Format.HEALTH_JSON),
        ("APPLICATION/Health+JSON ; Q=1.0", Format.HEALTH_JSON),
        ("application/health+json, application/json;q=0.9", Format.HEALTH_JSON),
        ("application/json;q=0.2, application/health+json;q=0.3", Format.HEALTH_JSON),
        ("text/plain", Format.TEXT),
        ("text/plain, */*", Format.TEXT),
        ("text/*", Format.TEXT),
        ("application/*", Format.JSON),
        ("text/*;q=0.5, text/html", Format.HTML),
        ("text/html, application/json;q=0", Format.HTML),
        ("*/*, application/json;q=0", Format.HEALTH_JSON),
        ("text/html;q=0", Format.JSON),
        ("image/png", Format.JSON),
        ("text/html;level=1", Format.HTML),
        ("text/html;q=nan", Format.HTML),  # no quality is full quality
        (",;=,;;q", Format.JSON),
        ("\xff\x00", Format.JSON),
        ("a/b," * 100 + "text/html", Format.JSON),  # nobody honest sends as many
    ],
)
def test_the_accept_header_is_honoured(accept, expected):
    assert format_of(None, accept) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("json", Format.JSON),
        ("health+json", Format.HEALTH_JSON),
        ("health json", Format.HEALTH_JSON),  # how "+" arrives
        ("health", Format.HEALTH_JSON),
        ("openmetrics", Format.OPENMETRICS),
        ("text", Format.TEXT),
        ("HTML", Format.HTML),
    ],
)
def test_the_parameter_wins_over_the_header(asked, expected):
    assert format_of(asked, "text/html") is expected
    assert format_of(asked, "application/json") is expected


@pytest.mark.parametrize("asked", ["", "xml", "../json", "json\x00"])
def test_an_unknown_parameter_is_refused_with_those_that_are_known(asked):
    with pytest.raises(Refusal) as refused:
        format_of(asked, "*/*")
    assert refused.value.answer.status == 400
    assert json.loads(refused.value.answer.body) == {
        "status": "unknown_format",
        "known": ["json", "health+json", "openmetrics", "text", "html"],
    }
