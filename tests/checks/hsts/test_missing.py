import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"


def judge(declared=None, *, files=None, settings_module=None, **settings):
    if declared:
        settings["PRODREADY"] = {"FACTS": declared}
    return run_check("hsts.missing", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize("declared", [None, {"tls": "proxy"}, {"hsts": "app"}, {"redirect": "proxy"}])
@pytest.mark.parametrize("value", [0, None])
def test_fires(declared, value):
    (finding,) = judge(declared, SECURE_HSTS_SECONDS=value).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith(f"SECURE_HSTS_SECONDS is {value}")


def test_is_silent_when_declared_at_the_proxy():
    assert judge({"hsts": "proxy"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", 'add_header Strict-Transport-Security "max-age=31536000";\n'),
        ("compose.yml", "- traefik.http.middlewares.h.headers.stsSeconds=31536000\n"),
        ("Caddyfile", "header Strict-Transport-Security max-age=31536000;\n"),
    ],
)
def test_is_silent_when_the_proxys_file_sends_it(path, text):
    assert judge(files={path: text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "path", ["shop.middleware.HSTSMiddleware", "shop.middleware.strict_transport_security"]
)
def test_another_middleware_may_send_it(path):
    assert judge(MIDDLEWARE=[SECURITY, path]).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [60, 31536000])
def test_is_silent_when_django_sends_it(value):
    assert judge(SECURE_HSTS_SECONDS=value).outcome is Outcome.PASS


def test_absent_middleware_is_another_checks_business():
    assert judge(MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "DEBUG = False\nSECURE_HSTS_SECONDS = 0\n"}
    (finding,) = judge(files=files, settings_module="conf", SECURE_HSTS_SECONDS=0).findings
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize(
    ("value", "words"), [("0", "max-age=0"), (" 0 ", "max-age=0"), (None, "no Strict"), ("", "no Strict")]
)
def test_zero_is_no_protection_however_it_is_written(value, words):
    (finding,) = run_check("hsts.missing", settings={"SECURE_HSTS_SECONDS": value}).findings
    assert words in finding.message
