import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def judge(declared=None, *, files=None, environ=None, **settings):
    if declared:
        settings["PRODREADY"] = {"FACTS": declared}
    return run_check("https.proxy-header-missing", settings=settings, files=files, environ=environ)


@pytest.mark.parametrize(
    "declared", [{"tls": "proxy"}, {"platform": "fly"}, {"tls": "proxy", "redirect": "proxy"}]
)
def test_fires_where_a_proxy_is_declared(declared):
    (finding,) = judge(declared).findings
    assert finding.severity is Severity.ERROR
    assert "(declared)" in finding.message


def test_fires_where_the_redirect_is_inert():
    assert judge({"tls": "proxy"}, SECURE_SSL_REDIRECT=True, MIDDLEWARE=[]).outcome is Outcome.FAIL


def test_fires_where_a_proxy_is_detected():
    (finding,) = judge(files={"Caddyfile": "example.org {\n  reverse_proxy web:8000\n}\n"}).findings
    assert "Caddy (Caddyfile:1)" in finding.message


def test_one_cause_has_one_finding():
    assert judge({"tls": "proxy"}, SECURE_SSL_REDIRECT=True).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("declared", [None, {"tls": "app"}, {"platform": "vps"}, {"redirect": "proxy"}])
def test_is_not_applicable_without_a_proxy(declared):
    assert judge(declared).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_with_the_header():
    assert judge({"tls": "proxy"}, SECURE_PROXY_SSL_HEADER=HEADER).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"uwsgi.ini": "[uwsgi]\nhttp-socket = :8000\n"},
        {"Caddyfile": "example.org {\n  reverse_proxy localhost:8000\n}\n"},
        {"gunicorn.conf.py": 'bind = "unix:/run/gunicorn.sock"\n'},
    ],
)
def test_is_silent_when_the_server_sets_the_scheme(files):
    assert judge({"tls": "proxy"}, files=files).outcome is Outcome.PASS


def test_is_silent_when_the_environment_has_the_server_set_the_scheme():
    assert judge({"tls": "proxy"}, environ={"FORWARDED_ALLOW_IPS": "*"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("prodready", "severity", "words"),
    [
        ({"CLOUDFLARE": True}, Severity.ERROR, "but TLS ends at Cloudflare (declared"),
        ({"CLOUDFLARED": ["10.0.1.9"]}, Severity.ERROR, "but TLS ends at Cloudflare's tunnel (declared"),
        (
            {"TRUSTED_PROXIES": ["10.0.1.0/24"]},
            Severity.WARNING,
            "but TLS most likely ends at a proxy (declared",
        ),
    ],
    ids=range(3),
)
def test_fires_where_prodready_names_whom_it_believes(prodready, severity, words):
    (finding,) = judge(PRODREADY=prodready).findings
    assert finding.severity is severity
    assert words in finding.message
    assert finding.hint.endswith("declare PRODREADY['FACTS'] = {'tls': 'app'}.")


@pytest.mark.parametrize(
    "prodready",
    [
        {"TRUST_UNIX_SOCKET": True},
        {"TRUSTED_PROXIES": ["127.0.0.1"]},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["127.0.0.1"]},
        {"CLOUDFLARED": ["127.0.0.1"]},
    ],
    ids=range(4),
)
def test_is_silent_where_the_server_believes_its_own_machine(prodready):
    assert judge(PRODREADY=prodready).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "prodready",
    [{"CLOUDFLARE": True, "FACTS": {"tls": "app"}}, {"CLOUDFLARE": False}, {"TRUSTED_PROXIES": []}],
    ids=range(3),
)
def test_is_not_applicable_where_nobody_is_named(prodready):
    assert judge(PRODREADY=prodready).outcome is Outcome.NOT_APPLICABLE
