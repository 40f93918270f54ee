import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CODE = (
    "from django.contrib.sessions.middleware import SessionMiddleware\n"
    "from whitenoise.middleware import WhiteNoiseMiddleware\n"
    "class Session(SessionMiddleware): pass\n"
    "class Static(WhiteNoiseMiddleware): pass\n"
    "def real_ip(get_response): return get_response\n"
)


def judge(*paths, **kwargs):
    files = {"shop.py": CODE, **kwargs.pop("files", {})}
    return run_check(
        "middleware.whitenoise-order", settings={"MIDDLEWARE": list(paths)}, files=files, **kwargs
    )


@pytest.mark.parametrize("whitenoise", [WHITENOISE, "shop.Static"])
def test_fires_before_security_middleware(whitenoise):
    (finding,) = judge("shop.real_ip", whitenoise, SECURITY, SESSION).findings
    assert "before SecurityMiddleware" in finding.message
    assert finding.subject == "MIDDLEWARE[1]"


@pytest.mark.parametrize(
    "above", [SESSION, COMMON, "shop.Session", "django.middleware.locale.LocaleMiddleware"]
)
@pytest.mark.parametrize("before", [[SECURITY], []])
def test_fires_after_what_makes_pages(above, before):
    (finding,) = judge(*before, above, WHITENOISE).findings
    assert above.rpartition(".")[2] in finding.message
    assert above in finding.hint
    assert ("directly below SecurityMiddleware" in finding.hint) is bool(before)


def test_gives_both_findings_names_of_their_own():
    first, second = judge(SESSION, WHITENOISE, SECURITY).findings
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    "paths",
    [
        [SECURITY, WHITENOISE, SESSION, COMMON],
        [SECURITY, "shop.Static", SESSION],
        [SECURITY, "corsheaders.middleware.CorsMiddleware", WHITENOISE, SESSION],
        [SECURITY, "shop.real_ip", WHITENOISE, SESSION],
        ["django_prodready.middleware.HealthMiddleware", SECURITY, WHITENOISE, SESSION],
        ["django.middleware.cache.UpdateCacheMiddleware", SECURITY, WHITENOISE, SESSION],
        [SECURITY, "django.middleware.gzip.GZipMiddleware", WHITENOISE],
        [WHITENOISE, SESSION],
    ],
)
def test_is_silent(paths):
    assert judge(*paths).outcome is Outcome.PASS


@pytest.mark.parametrize("paths", [[], [SESSION, SECURITY]])
def test_is_not_applicable_without_whitenoise(paths):
    assert judge(*paths).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": f'MIDDLEWARE = [\n    "{SECURITY}",\n    "{SESSION}",\n    "{WHITENOISE}",\n]\n'}
    (finding,) = judge(SECURITY, SESSION, WHITENOISE, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:4"
