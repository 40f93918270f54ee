"""Which mistakes in settings.PRODREADY are named, and how."""

import math
from pathlib import Path
from types import MappingProxyType

import pytest

from django_prodready.conf import problems

VALID = {
    "VERSION": ["1.0.0", None],
    "HEALTH_PATH": ["health/", "/api/healthz", None],
    "READY_PATH": ["ready", None],
    "STARTUP_PATH": ["startup/", None],
    "HEALTH_TOKENS": [[], (), ["a", "b"], ("a",)],
    "PROBES": [
        {},
        {"database": None},
        {"search": {}},
        {"search": {"PROBE": "a.b", "OPTIONS": {}, "CRITICAL": True, "DEADLINE": 0.8, "GROUPS": ["ready"]}},
    ],
    "READY_BUDGET": [0.9, 1],
    "READY_TTL": [0, 1.0],
    "DRAIN_SECONDS": [0, 10, 2.5],
    "DRAIN_FILE": [None, "/run/drain", Path("drain")],
    "TRUSTED_PROXIES": [["10.0.0.0/8"]],
    "CLOUDFLARE": [True, False],
    "CLOUDFLARE_RANGES_FILE": [None, "ranges.txt"],
    "CLOUDFLARED": [["127.0.0.1"]],
    "TRUST_UNIX_SOCKET": [True],
    "CLOUDFLARE_SECRETS": [["s"]],
    "CLOUDFLARE_SECRET_HEADER": ["X-Ours"],
    "CLOUDFLARE_ONLY": [False],
    "FACTS": [
        {},
        MappingProxyType({"tls": "proxy"}),
        {"tls": "app", "redirect": "proxy", "hsts": "app", "static": "cdn", "replicas": 1, "processes": 4},
        {
            "platform": "fly",
            "backups": "daily",
            "probe_host": "a.b",
            "host_pinned": True,
            "logging": "syslog",
        },
    ],
}
INVALID = {
    "VERSION": [1.0, "", "  ", b"1"],
    "HEALTH_PATH": ["", "/", " ", "a b", "health?x", "health#x", True, ["health/"]],
    "READY_PATH": [3],
    "STARTUP_PATH": [False],
    "HEALTH_TOKENS": ["token", None, [""], [1], {"a"}],
    "PROBES": [None, [], "a.b", {"search": "a.b"}, {1: {}}, {"search": {"CRITICAL": "yes"}}],
    "READY_BUDGET": [0, "1", True, -1, math.nan, math.inf],
    "READY_TTL": [None, False, "1.0", -0.1],
    "DRAIN_SECONDS": ["10", True],
    "DRAIN_FILE": ["", 3, b"drain"],
    "TRUSTED_PROXIES": ["10.0.0.0/8", ["10.0.0.1", ""]],
    "CLOUDFLARE": [1, 0, "True", None],
    "CLOUDFLARE_RANGES_FILE": [True],
    "CLOUDFLARED": [None],
    "TRUST_UNIX_SOCKET": ["no"],
    "CLOUDFLARE_SECRETS": ["s"],
    "CLOUDFLARE_SECRET_HEADER": [None, ""],
    "CLOUDFLARE_ONLY": ["false"],
    "FACTS": [
        None,
        "tls",
        {"tls": "both"},
        {"replicas": 0},
        {"replicas": True},
        {"platform": ""},
        {"tls": []},
    ],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in VALID.items() for value in values]
)
def test_a_valid_value_is_no_problem(key, value):
    assert problems({key: value}) == []


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in INVALID.items() for value in values]
)
def test_an_invalid_value_is_one_problem_that_names_its_key(key, value):
    (problem,) = problems({key: value})
    assert problem.subject.startswith(f"PRODREADY['{key}']")
    assert not problem.is_unknown_key


def test_a_number_too_large_for_a_float_is_compared_all_the_same():
    assert problems({"READY_TTL": 10**400}) == []


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("HELTH_PATH", "HEALTH_PATH"),
        ("health_path", "HEALTH_PATH"),
        ("HEALTH_TOKEN", "HEALTH_TOKENS"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(written, nearest):
    (problem,) = problems({written: "x"})
    assert problem.is_unknown_key
    assert problem.message == f"PRODREADY['{written}'] is not a known key."
    assert problem.hint == f"Rename it to '{nearest}', or remove it."


@pytest.mark.parametrize("key", ["COLOUR_SCHEME", 3, None, ("a", "b")])
def test_an_unknown_key_like_no_other_is_answered_with_all_of_them(key):
    (problem,) = problems({key: "x"})
    assert problem.nearest is None
    assert problem.hint.startswith("Remove it, or use one of: VERSION, HEALTH_PATH, READY_PATH,")
    assert problem.hint.endswith("CLOUDFLARE_ONLY, FACTS.")


def test_messages_of_wrong_types_say_what_is_right():
    told = {p.subject: p.message for p in problems({"READY_TTL": "1", "FACTS": {"tls": "x", "tsl": 1}})}
    assert told == {
        "PRODREADY['READY_TTL']": "PRODREADY['READY_TTL'] must be a number of seconds, 0 or more.",
        "PRODREADY['FACTS']['tls']": "PRODREADY['FACTS']['tls'] must be one of 'proxy', 'app'.",
        "PRODREADY['FACTS']['tsl']": "PRODREADY['FACTS']['tsl'] is not a known key.",
    }


def test_every_problem_is_told_at_once():
    raw = {"HELTH_PATH": 1, "READY_TTL": "1", "FACTS": {"tsl": 1}, "PROBES": {"search": {"CRITICL": True}}}
    assert [(problem.subject, problem.nearest) for problem in problems(raw)] == [
        ("PRODREADY['HELTH_PATH']", "HEALTH_PATH"),
        ("PRODREADY['READY_TTL']", None),
        ("PRODREADY['FACTS']['tsl']", "tls"),
        ("PRODREADY['PROBES']['search']['CRITICL']", "CRITICAL"),
    ]


@pytest.mark.parametrize("raw", [None, [], "health/"])
def test_a_setting_that_is_no_dict_is_one_problem(raw):
    (problem,) = problems(raw)
    assert (problem.message, problem.is_unknown_key) == ("PRODREADY must be a dict.", False)


def test_no_message_shows_a_value():
    secret = "hunter2-hunter2"
    raw = {key: {"hunter": secret.encode()} for key in [*VALID, "HELTH_PATH"]}
    for problem in problems(raw):
        assert secret not in problem.message + problem.hint
