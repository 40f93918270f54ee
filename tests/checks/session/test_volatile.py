import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

ENGINES = "django.contrib.sessions.backends"
LOCMEM = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
SHARED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
OWN = {
    "own_sessions.py": "from django.contrib.sessions.backends.cache import SessionStore as Base\n"
    "class SessionStore(Base): pass\n",
    "own_cache.py": "from django.core.cache.backends.locmem import LocMemCache\n"
    "class Cache(LocMemCache): pass\n",
    "no_sessions.py": "SessionStore = dict\n",
}


def judge(engine, cache=None, settings_module=None, files=(), **settings):
    settings = {"SESSION_ENGINE": engine, **({"CACHES": {"default": cache}} if cache else {}), **settings}
    return run_check(
        "session.volatile", settings=settings, files={**OWN, **dict(files)}, settings_module=settings_module
    )


@pytest.mark.parametrize("engine", [f"{ENGINES}.cache", "own_sessions"])
@pytest.mark.parametrize("cache", [None, LOCMEM, DUMMY, {"BACKEND": "own_cache.Cache"}])
def test_fires(engine, cache):
    (finding,) = judge(engine, cache).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "CACHES['default']"


def test_a_copy_in_local_memory_is_a_warning():
    (finding,) = judge(f"{ENGINES}.cached_db", LOCMEM).findings
    assert finding.severity is Severity.WARNING
    assert "whoever logs out in one process stays logged in" in finding.message


def test_one_process_forgets_at_its_restart():
    (finding,) = judge(f"{ENGINES}.cache", LOCMEM, PRODREADY={"FACTS": {"processes": 1}}).findings
    assert finding.severity is Severity.WARNING
    assert "a restart logs everybody out" in finding.message


def test_looks_at_the_cache_of_the_sessions():
    caches = {"default": SHARED, "sessions": LOCMEM}
    settings = {"CACHES": caches, "SESSION_CACHE_ALIAS": "sessions"}
    (finding,) = judge(f"{ENGINES}.cache", **settings).findings
    assert finding.subject == "CACHES['sessions']"
    caches = {"default": LOCMEM, "sessions": SHARED}
    assert judge(f"{ENGINES}.cache", **{**settings, "CACHES": caches}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("engine", "cache"),
    [
        (f"{ENGINES}.cache", SHARED),
        ("own_sessions", SHARED),
        (f"{ENGINES}.cached_db", SHARED),
        (f"{ENGINES}.cached_db", DUMMY),
    ],
)
def test_is_silent(engine, cache):
    assert judge(engine, cache).outcome is Outcome.PASS


def test_a_copy_in_the_memory_of_one_process_is_as_good_as_any():
    facts = {"FACTS": {"processes": 1, "replicas": 1}}
    assert judge(f"{ENGINES}.cached_db", LOCMEM, PRODREADY=facts).outcome is Outcome.PASS


@pytest.mark.parametrize("engine", [f"{ENGINES}.db", f"{ENGINES}.file", f"{ENGINES}.signed_cookies"])
def test_is_not_applicable_without_a_cache(engine):
    assert judge(engine, LOCMEM).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_sessions():
    assert judge(f"{ENGINES}.cache", LOCMEM, MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("engine", ["absent_pkg.sessions", "no_sessions", "own_cache", None])
def test_is_not_run_for_an_engine_that_is_none(engine):
    assert judge(engine, LOCMEM).outcome is Outcome.NOT_RUN


def test_is_not_run_for_a_cache_that_cannot_be_imported():
    assert judge(f"{ENGINES}.cache", {"BACKEND": "absent_pkg.Cache"}).outcome is Outcome.NOT_RUN
    assert judge(f"{ENGINES}.cache", SESSION_CACHE_ALIAS="absent").outcome is Outcome.NOT_RUN


def test_says_where():
    files = {"conf.py": f"SESSION_ENGINE = {ENGINES + '.cache'!r}\n"}
    (finding,) = judge(f"{ENGINES}.cache", settings_module="conf", files=files).findings
    assert str(finding.at) == "conf.py:1"
    files = {"conf.py": f"SESSION_ENGINE = {ENGINES + '.cache'!r}\nCACHES = {{\n  'default': {LOCMEM!r}}}\n"}
    (finding,) = judge(f"{ENGINES}.cache", LOCMEM, settings_module="conf", files=files).findings
    assert str(finding.at) == "conf.py:3"
