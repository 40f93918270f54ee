import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CODE = (
    "from django.contrib.sessions.middleware import SessionMiddleware\n"
    "from django.middleware.cache import CacheMiddleware\n"
    "from django.middleware.security import SecurityMiddleware\n"
    "class Session(SessionMiddleware): pass\n"
    "class WholeSite(CacheMiddleware): pass\n"
    "class Security(SecurityMiddleware): pass\n"
    "class Health: pass\n"
    "def real_ip(get_response): return get_response\n"
)


def judge(*paths, **kwargs):
    files = {"shop.py": CODE, **kwargs.pop("files", {})}
    return run_check("middleware.security-early", settings={"MIDDLEWARE": list(paths)}, files=files, **kwargs)


@pytest.mark.parametrize(
    "above",
    [
        SESSION,
        COMMON,
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
        "django.contrib.redirects.middleware.RedirectFallbackMiddleware",
        "shop.Session",
        "shop.WholeSite",
    ],
)
@pytest.mark.parametrize("security", [SECURITY, "shop.Security"])
def test_fires(above, security):
    (finding,) = judge("shop.Health", above, security).findings
    assert finding.subject == "MIDDLEWARE[2]"
    assert above.rpartition(".")[2] in finding.message
    assert finding.hint == f"Move {security!r} above {above!r}."


def test_names_all_that_stand_above_in_one_finding():
    (finding,) = judge(SESSION, "shop.real_ip", COMMON, SECURITY, "shop.Session").findings
    assert finding.message.startswith("SecurityMiddleware comes after SessionMiddleware, CommonMiddleware:")


@pytest.mark.parametrize(
    "above",
    [
        [],
        ["shop.Health"],
        ["shop.real_ip"],
        [["shop.real_ip"]],  # no path: middleware.import-error reports it
        ["django_prodready.middleware.HealthMiddleware"],
        ["django.middleware.cache.UpdateCacheMiddleware"],
        ["django.middleware.gzip.GZipMiddleware", "django.middleware.http.ConditionalGetMiddleware"],
        ["whitenoise.middleware.WhiteNoiseMiddleware"],
        ["corsheaders.middleware.CorsMiddleware"],  # not installed: unknown
        [
            "django_prometheus.middleware.PrometheusBeforeMiddleware",
            "django_hosts.middleware.HostsRequestMiddleware",
        ],
        [
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "django.middleware.csp.ContentSecurityPolicy",
        ],
    ],
)
def test_is_silent(above):
    assert judge(*above, SECURITY, SESSION, COMMON).outcome is Outcome.PASS


def test_is_not_applicable_without_security_middleware():
    assert judge(SESSION, COMMON).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": f'MIDDLEWARE = [\n    "{SESSION}",\n    "{SECURITY}",\n]\n'}
    (finding,) = judge(SESSION, SECURITY, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
