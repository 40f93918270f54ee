import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

LOCMEM = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
SHARED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
SESSIONS = "django.contrib.sessions.backends"
ONE = {"FACTS": {"processes": 1}}


def judge(files=None, settings_module=None, **settings):
    return run_check("cache.locmem", settings=settings, files=files, settings_module=settings_module)


def test_fires_for_local_memory_that_was_chosen():
    (finding,) = judge(CACHES={"default": LOCMEM}).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "CACHES['default']"


@pytest.mark.parametrize(
    "settings",
    [
        {"SESSION_ENGINE": f"{SESSIONS}.cache"},
        {"SESSION_ENGINE": f"{SESSIONS}.cached_db"},
        {"MIDDLEWARE": ["django.middleware.cache.UpdateCacheMiddleware"]},
        {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"]}},
        {"AXES_HANDLER": "axes.handlers.cache.AxesCacheHandler"},
    ],
)
def test_fires_for_the_default_when_settings_use_it(settings):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.ERROR
    assert finding.at is None


def test_fires_for_the_default_when_an_app_uses_it():
    files = {"django_ratelimit/__init__.py": ""}
    (finding,) = judge(files, INSTALLED_APPS=["django_ratelimit"]).findings
    assert "django_ratelimit uses it" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        {"shop/views.py": "from django.core.cache import cache\n"},
        {"shop/views.py": "    from django.core.cache import caches\n"},
        {"shop/views.py": "import django.core.cache\n"},
        {"shop/views.py": "from django.core import cache, mail\n"},
        {"shop/urls.py": "from django.views.decorators.cache import cache_page\n"},
        {"shop/urls.py": "from django.views.decorators import cache\nview = cache.cache_page(60)(view)\n"},
        {"shop/views.py": "from django_ratelimit.decorators import ratelimit\n"},
        {"shop/templates/base.html": "{% load cache %}{% cache 500 sidebar %}"},
    ],
)
def test_fires_for_the_default_when_code_uses_it(files):
    (finding,) = judge(files).findings
    assert next(iter(files)) in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {"SESSION_ENGINE": f"{SESSIONS}.db"},
        {"SESSION_ENGINE": f"{SESSIONS}.signed_cookies"},
        {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_CLASSES": []}},
        {"REST_FRAMEWORK": None},
        {"AXES_HANDLER": "axes.handlers.database.AxesDatabaseHandler"},
    ],
)
def test_is_not_applicable_when_settings_use_no_cache(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "files",
    [
        {"shop/views.py": "from django.views.decorators.cache import cache_control, never_cache\n"},
        {
            "shop/models.py": "from functools import cache\n",
            "shop/util.py": "from django.utils.functional import cached_property\n",
        },
        {"shop/models.py": "from django.core import mail\n"},
        {"shop/models.py": "page_cache = 1\n"},
        {"shop/views.py": "# cache_page(60) would not do here\n"},
        {"shop/views.py": '"""Without cache_page and django_ratelimit."""\n'},
        {"shop/views.py": "# from django.core.cache import cache\n"},
        {"shop/tests/test_views.py": "from django.core.cache import cache\n"},
        {"shop/tests.py": "from django.core.cache import cache\n"},
        {"conftest.py": "from django.core.cache import cache\n"},
        {"shop/templates/base.html": "{% load static %}{# cache #}"},
        {"docs/cache.html": "{% cache 500 sidebar %}"},
    ],
)
def test_is_not_applicable_when_code_uses_no_cache(files):
    assert judge(files).outcome is Outcome.NOT_APPLICABLE


def test_settings_modules_are_no_users():
    files = {"conf.py": "from django.core.cache import cache\n"}
    assert judge(files, "conf").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "caches",
    [
        {"default": SHARED},
        {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
        {"default": {"BACKEND": "no.such.Cache"}},
    ],
)
def test_is_silent_for_other_caches(caches):
    assert judge(CACHES=caches, SESSION_ENGINE=f"{SESSIONS}.cache").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"SESSION_ENGINE": f"{SESSIONS}.cache", "SESSION_CACHE_ALIAS": "sessions"},
        {
            "MIDDLEWARE": ["django.middleware.cache.FetchFromCacheMiddleware"],
            "CACHE_MIDDLEWARE_ALIAS": "pages",
        },
    ],
)
def test_names_no_user_of_another_alias(settings):
    (finding,) = judge(CACHES={"default": LOCMEM}, **settings).findings
    assert "sessions are kept" not in finding.message
    assert "middleware keeps" not in finding.message


@pytest.mark.parametrize(
    ("engine", "severity"),
    [("cache", Severity.ERROR), ("cached_db", Severity.ERROR), ("db", Severity.INFO)],
)
def test_sessions_in_another_alias_are_no_choice(engine, severity):
    caches = {"default": SHARED, "sessions": {**LOCMEM, "LOCATION": "sessions"}}
    settings = {"SESSION_ENGINE": f"{SESSIONS}.{engine}", "SESSION_CACHE_ALIAS": "sessions"}
    (finding,) = judge(CACHES=caches, **settings).findings
    assert finding.severity is severity
    assert finding.hint.startswith("Set CACHES['sessions'] to a cache that all processes share")


def test_knows_a_subclass():
    files = {
        "shop_cache.py": "from django.core.cache.backends.locmem import LocMemCache\n\n\n"
        "class Cache(LocMemCache):\n    pass\n"
    }
    assert judge(files, CACHES={"default": {"BACKEND": "shop_cache.Cache"}}).outcome is Outcome.FAIL


@pytest.mark.parametrize("facts", [{"processes": 1}, {"processes": 1, "replicas": 1}])
def test_is_an_info_for_one_process(facts):
    (finding,) = judge(CACHES={"default": LOCMEM}, PRODREADY={"FACTS": facts}).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("facts", [{"processes": 2}, {"processes": 1, "replicas": 2}, {"replicas": 1}])
def test_is_an_error_for_more(facts):
    (finding,) = judge(CACHES={"default": LOCMEM}, PRODREADY={"FACTS": facts}).findings
    assert finding.severity is Severity.ERROR


def test_another_alias_is_an_info():
    (finding,) = judge(CACHES={"default": SHARED, "local": {**LOCMEM, "LOCATION": "l"}}).findings
    assert (finding.severity, finding.subject) == (Severity.INFO, "CACHES['local']")


def test_another_alias_is_fine_in_one_process():
    caches = {"default": SHARED, "local": {**LOCMEM, "LOCATION": "l"}}
    assert judge(CACHES=caches, PRODREADY=ONE).outcome is Outcome.PASS


def test_says_where():
    source = 'CACHES = {\n    "default": {\n        "BACKEND": "' + LOCMEM["BACKEND"] + '",\n    }\n}\n'
    (finding,) = judge({"conf.py": source}, "conf", CACHES={"default": LOCMEM}).findings
    assert str(finding.at) == "conf.py:3"


@pytest.mark.parametrize(
    ("files", "settings", "severity"),
    [
        # A server of its own that Django runs in, such as that of a text game.
        ({"server/conf.py": "", "world/rooms.py": ""}, {}, Severity.INFO),
        ({"server/conf.py": "", "site/wsgi.py": ""}, {}, Severity.ERROR),
        ({"server/conf.py": "", "manage.py": ""}, {}, Severity.ERROR),
        ({"server/conf.py": ""}, {"WSGI_APPLICATION": "site.wsgi.application"}, Severity.ERROR),
        ({"server/conf.py": ""}, {"ASGI_APPLICATION": "site.asgi.application"}, Severity.ERROR),
    ],
)
def test_is_information_where_no_server_has_an_application_to_load(files, settings, severity):
    settings = {"CACHES": {"default": LOCMEM}, "WSGI_APPLICATION": None, **settings}
    (finding,) = judge(files, "server.conf", **settings).findings
    assert finding.severity is severity
