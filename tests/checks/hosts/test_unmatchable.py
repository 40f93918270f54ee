import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check


def judge(*hosts, **kwargs):
    return run_check("hosts.unmatchable", settings={"ALLOWED_HOSTS": list(hosts)}, **kwargs)


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        (" www.example.org", "'www.example.org'"),
        ("example.org\n", "'example.org'"),
        ("", "Remove it"),
        ("   ", "Remove it"),
        ("*.example.org", "'.example.org'"),
        ("www.*", "one by one"),
        ("http://example.org/", "'example.org'"),
        ("example.org/path", "'example.org'"),
        ("example.org:443", "'example.org'"),
        ("[::1]:8000", "'[::1]'"),
        ("::1", "'[::1]'"),
        ("example.org.", "'example.org'"),
        ("my_service", "letters, digits"),
        ("a.example.org,b.example.org", "Split the string"),
        ("a.example.org, *", "Split the string"),
        ("*.sevalla.app", "'myapp.sevalla.app'"),
        (" *.HerokuApp.com", "'myapp.herokuapp.com'"),
        ("*.co.uk", "'myapp.co.uk'"),
        ("*.myapp.fly.dev", "'.myapp.fly.dev'"),
        ("fly.dev:443", "'fly.dev'"),
        ("exämple.org", "'xn--exmple-cua.org'"),
        ("exämple..org", "letters, digits"),
        ("10.0.0.0/8", "HealthMiddleware"),
        ("fe80::/10", "HealthMiddleware"),
    ],
)
def test_fires(host, hint):
    (finding,) = judge("example.org", host).findings
    assert finding.subject == "ALLOWED_HOSTS[1]"
    assert hint in finding.hint


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        ".example.org",
        "*",
        "[::1]",
        "localhost",
        "10.0.0.1",
        "Example.ORG",
        "a-b",
        "xn--exmple-cua.org",
    ],
)
def test_is_silent(host):
    assert judge(host).outcome is Outcome.PASS


@pytest.mark.parametrize("host", [None, object])
def test_leaves_other_types_alone(host):
    assert judge(host).outcome is Outcome.PASS


def test_is_not_applicable_without_hosts():
    assert judge().outcome is Outcome.NOT_APPLICABLE


def test_does_not_advise_to_accept_the_hosts_of_strangers():
    (finding,) = judge("*.sevalla.app").findings
    assert finding.message == (
        "ALLOWED_HOSTS entry '*.sevalla.app' can never match a request: "
        "* is a wildcard only when it stands alone."
    )
    assert finding.hint == (
        "Write the site's own host, as in 'myapp.sevalla.app'; "
        "'.sevalla.app' would accept the hosts of any customer of Sevalla."
    )


def test_says_where():
    files = {"conf.py": 'ALLOWED_HOSTS = [\n    "example.org",\n    "*.example.org",\n]\n'}
    (finding,) = judge("example.org", "*.example.org", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"


def test_fingerprint_survives_reordering():
    (first,) = judge("*.example.org", "example.org").findings
    (second,) = judge("example.org", "*.example.org").findings
    assert first.fingerprint == second.fingerprint
