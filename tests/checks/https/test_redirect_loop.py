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


def judge_prodready(prodready, files=None, **settings):
    settings = {"SECURE_SSL_REDIRECT": True, "PRODREADY": prodready, **settings}
    return run_check("https.redirect-loop", settings=settings, files=files)


GUNICORN = {"Procfile": "web: gunicorn shop.wsgi --bind 0.0.0.0:8000\n"}


@pytest.mark.parametrize(
    ("prodready", "files"),
    [
        ({"CLOUDFLARE": True}, {}),
        ({"CLOUDFLARE": True}, GUNICORN),
        ({"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.1.0/24"]}, GUNICORN),
        ({"CLOUDFLARED": ["10.0.1.9"]}, GUNICORN),
        ({"TRUSTED_PROXIES": ["10.0.1.0/24"]}, {}),
        ({"CLOUDFLARE": True}, {"Procfile": "web: uvicorn shop.asgi:application --no-proxy-headers\n"}),
        ({"TRUST_UNIX_SOCKET": True}, {"Procfile": "web: uvicorn shop.asgi:application --uds /run/s.sock\n"}),
        ({"TRUSTED_PROXIES": ["127.0.0.1"]}, {"Procfile": "web: hypercorn shop.asgi:application\n"}),
        ({"TRUST_UNIX_SOCKET": True}, {**GUNICORN, "gunicorn.conf.py": "secure_scheme_headers = {}\n"}),
    ],
    ids=range(9),
)
def test_fires_where_prodready_names_whom_it_believes(prodready, files):
    (finding,) = judge_prodready(prodready, files).findings
    assert finding.severity is Severity.CRITICAL
    assert "(declared by PRODREADY['" in finding.message
    assert finding.hint.endswith("speaks TLS, declare PRODREADY['FACTS'] = {'tls': 'app'}.")


@pytest.mark.parametrize(
    ("prodready", "files"),
    [
        ({"TRUST_UNIX_SOCKET": True}, {}),
        ({"CLOUDFLARE": True, "TRUST_UNIX_SOCKET": True}, GUNICORN),
        ({"TRUSTED_PROXIES": ["127.0.0.1"]}, GUNICORN),
        ({"CLOUDFLARED": ["::1"]}, GUNICORN),
        ({"CLOUDFLARE": True}, {"gunicorn.conf.py": 'forwarded_allow_ips = "10.0.1.7"\n'}),
        ({"CLOUDFLARE": True}, {"gunicorn.conf.py": 'bind = "unix:/run/shop.sock"\n'}),
        ({"CLOUDFLARE": True}, {"nginx.conf": "proxy_pass http://127.0.0.1:8000;\n"}),
        (
            {"CLOUDFLARE": True},
            {"Procfile": "web: uvicorn shop.asgi:application --forwarded-allow-ips=10.0.1.7\n"},
        ),
        ({"CLOUDFLARE": True, "FACTS": {"platform": "heroku"}}, {}),
    ],
    ids=range(9),
)
def test_is_silent_where_the_server_hears_whom_prodready_names(prodready, files):
    assert judge_prodready(prodready, files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("prodready", "files"),
    [
        ({"CLOUDFLARE": True, "FACTS": {"tls": "app"}}, {}),
        ({"CLOUDFLARE": True}, {"Procfile": "web: gunicorn shop.wsgi --certfile o.pem --keyfile o.key\n"}),
        ({"CLOUDFLARE": True}, {"Procfile": "web: uvicorn shop.asgi:application --ssl-certfile o.pem\n"}),
        ({"CLOUDFLARE": False, "TRUSTED_PROXIES": []}, {}),
    ],
    ids=range(4),
)
def test_is_not_applicable_where_no_proxy_ends_tls(prodready, files):
    assert judge_prodready(prodready, files).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_with_the_header_behind_cloudflare():
    result = judge_prodready({"CLOUDFLARE": True}, SECURE_PROXY_SSL_HEADER=HEADER)
    assert result.outcome is Outcome.PASS


def test_a_proxy_that_ends_tls_for_certain_needs_no_other_advice():
    (finding,) = judge({"tls": "proxy"}).findings
    assert finding.hint.endswith("SECURE_SSL_REDIRECT = False.")
