import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def judge(declared=None, *, files=None, environ=None, settings_module=None, **settings):
    settings = {"SECURE_SSL_REDIRECT": True, **settings}
    if declared:
        settings["PRODREADY"] = {"FACTS": declared}
    return run_check(
        "https.redirect-loop",
        settings=settings,
        files=files,
        environ=environ,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    "declared",
    [
        {"tls": "proxy"},
        {"tls": "proxy", "redirect": "proxy"},
        {"platform": "coolify"},
        {"platform": "sevalla"},
    ],
)
def test_fires_where_a_proxy_is_declared(declared):
    (finding,) = judge(declared).findings
    assert finding.severity is Severity.CRITICAL
    assert "(declared)" in finding.message


def test_fires_where_a_proxy_is_detected():
    files = {"compose.yml": "labels:\n  traefik.http.routers.web.tls: true\n"}
    (finding,) = judge(files=files).findings
    assert "Traefik (compose.yml:2)" in finding.message


@pytest.mark.parametrize(
    ("declared", "files"),
    [
        (None, {}),
        (None, {"Procfile": "web: gunicorn shop.wsgi\n"}),
        ({"tls": "app"}, {"fly.toml": "[http_service]\n"}),
        ({"platform": "my server"}, {}),
    ],
)
def test_is_not_applicable_without_a_proxy(declared, files):
    assert judge(declared, files=files).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("settings", [{"SECURE_SSL_REDIRECT": False}, {"MIDDLEWARE": []}])
def test_is_not_applicable_without_a_redirect(settings):
    assert judge({"tls": "proxy"}, **settings).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_with_the_header():
    assert judge({"tls": "proxy"}, SECURE_PROXY_SSL_HEADER=HEADER).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'},
        {"Dockerfile": 'CMD ["uvicorn", "shop.asgi:app", "--proxy-headers"]\n'},
        {"nginx.conf": "proxy_pass http://unix:/run/gunicorn.sock;\n"},
        {"shop/wsgi.py": "application = ProxyFix(application)\n"},
    ],
)
def test_is_silent_when_the_server_sets_the_scheme(files):
    assert judge({"tls": "proxy"}, files=files).outcome is Outcome.PASS


def test_is_silent_when_the_environment_has_the_server_set_the_scheme():
    assert judge({"tls": "proxy"}, environ={"FORWARDED_ALLOW_IPS": "*"}).outcome is Outcome.PASS


def test_is_silent_where_the_buildpack_has_the_server_set_the_scheme():
    assert judge({"platform": "heroku"}).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "\nSECURE_SSL_REDIRECT = True\n"}
    (finding,) = judge({"tls": "proxy"}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
