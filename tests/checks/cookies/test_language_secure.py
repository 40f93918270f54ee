import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

LOCALE = "django.middleware.locale.LocaleMiddleware"
URLS = {"shop/urls.py": "urlpatterns = [path('i18n/', include('django.conf.urls.i18n'))]\n"}


def judge(files=None, settings_module=None, middleware=LOCALE, **settings):
    settings = {"MIDDLEWARE": [middleware], **settings}
    return run_check(
        "cookies.language-secure", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    "files",
    [
        URLS,
        {"shop/urls.py": "from django.views.i18n import set_language\n"},
        {"shop/views.py": "response.set_cookie(settings.LANGUAGE_COOKIE_NAME, 'de')\n"},
    ],
)
def test_fires_when_code_sets_the_cookie(files):
    (finding,) = judge(files).findings
    assert finding.severity is Severity.INFO
    assert finding.subject == "LANGUAGE_COOKIE_SECURE"


@pytest.mark.parametrize("settings", [{"LANGUAGE_COOKIE_SECURE": False}, {"LANGUAGE_COOKIE_NAME": "lang"}])
def test_fires_when_settings_speak_of_the_cookie(settings):
    assert judge(**settings).outcome is Outcome.FAIL


def test_knows_a_subclass():
    files = {
        **URLS,
        "own.py": "from django.middleware.locale import LocaleMiddleware\n"
        "class Own(LocaleMiddleware): pass\n",
    }
    assert judge(files, middleware="own.Own").outcome is Outcome.FAIL


@pytest.mark.parametrize("value", [True, 1])
def test_is_silent(value):
    assert judge(URLS, LANGUAGE_COOKIE_SECURE=value).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"shop/urls.py": "from django.conf.urls.i18n import i18n_patterns\n"},
        {"tests/test_language.py": "client.post(reverse('set_language'))\n"},
    ],
)
def test_is_not_applicable_when_nothing_sets_the_cookie(files):
    assert judge(files).outcome is Outcome.NOT_APPLICABLE


def test_the_settings_are_no_code_that_sets_it():
    files = {"conf.py": "OTHER = ['LANGUAGE_COOKIE_NAME', 'set_language']\n"}
    assert judge(files, "conf").outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_the_middleware():
    middleware = "django.middleware.common.CommonMiddleware"
    assert judge(URLS, middleware=middleware).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {**URLS, "conf.py": "\n\nLANGUAGE_COOKIE_SECURE = False\n"}
    (finding,) = judge(files, "conf", LANGUAGE_COOKIE_SECURE=False).findings
    assert str(finding.at) == "conf.py:3"
