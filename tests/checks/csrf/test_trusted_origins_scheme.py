import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check


def judge(*origins, **kwargs):
    settings = {"CSRF_TRUSTED_ORIGINS": list(origins), **kwargs.pop("settings", {})}
    return run_check("csrf.trusted-origins-scheme", settings=settings, **kwargs)


@pytest.mark.parametrize(
    ("origin", "hint"),
    [
        ("example.org", "Write 'https://example.org'."),
        (" example.org ", "Write 'https://example.org'."),
        (".example.org", "Write 'https://*.example.org'."),
        ("*.example.org", "Write 'https://*.example.org'."),
        ("example.org:8443", "Write 'https://example.org:8443'."),
        ("//example.org", "Write 'https://example.org'."),
        (
            "a.example.org,b.example.org",
            "Split the string at its commas, and write 'https://' before each host.",
        ),
        ("", "Remove it; a trailing comma in an environment variable leaves one."),
        ("*", "Name the origins one by one, such as 'https://example.org'."),
    ],
)
def test_fires(origin, hint):
    (finding,) = judge("https://www.example.org", origin).findings
    assert finding.subject == "CSRF_TRUSTED_ORIGINS[1]"
    assert finding.hint == hint


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "http://example.org",
        "https://*.example.org",
        "https://example.org:8443",
        "http://localhost:3000",
        "chrome-extension://abcdef",
        "https://example.org/",
        "https://10.0.0.7",
        "capacitor://localhost",
        None,
    ],
)
def test_is_silent(origin):
    assert judge(origin).outcome is Outcome.PASS


@pytest.mark.parametrize("origins", [[], None])
def test_is_not_applicable_without_origins(origins):
    result = run_check("csrf.trusted-origins-scheme", settings={"CSRF_TRUSTED_ORIGINS": origins})
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_says_where_and_keeps_its_fingerprint():
    files = {"conf.py": 'CSRF_TRUSTED_ORIGINS = [\n    "https://a.example.org",\n    "b.example.org",\n]\n'}
    (finding,) = judge("https://a.example.org", "b.example.org", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
    (moved,) = judge("b.example.org").findings
    assert moved.fingerprint == finding.fingerprint


def test_silencing_django_silences_it():
    (finding,) = judge("example.org", settings={"SILENCED_SYSTEM_CHECKS": ["4_0.E001"]}).findings
    assert finding.suppressed.by == "silenced"


@pytest.mark.parametrize(
    ("origin", "written"),
    [
        ("https//a.example", "https://a.example"),
        ("http:/a.example", "https://a.example"),
        ("https:*.a.example", "https://*.a.example"),
        ("httpbin.example", "https://httpbin.example"),
        ("https.example", "https://https.example"),
    ],
)
def test_a_broken_scheme_is_not_taken_for_a_host(origin, written):
    (finding,) = run_check(
        "csrf.trusted-origins-scheme", settings={"CSRF_TRUSTED_ORIGINS": [origin]}
    ).findings
    assert finding.hint == f"Write '{written}'."
