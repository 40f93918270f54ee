"""Which probes a project has without asking for them."""

import pytest

from django_prodready.health.detect import detected_names

pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")

POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}
CACHE = "django.core.cache.backends."
STORAGE = "django.core.files.storage."
NOTHING = {"DATABASES": {}, "CACHES": {}, "STORAGES": {}}


@pytest.fixture
def detected(settings):
    def detect(**changed):
        for name, value in {**NOTHING, **changed}.items():
            setattr(settings, name, value)
        return list(detected_names())

    return detect


@pytest.mark.parametrize(
    ("databases", "names"),
    [
        ({"default": POSTGRES}, ["database"]),
        ({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}, ["database"]),
        ({"default": {**POSTGRES, "OPTIONS": {"pool": True}}}, ["database", "database_pool"]),
        ({"default": {**POSTGRES, "OPTIONS": {"pool": {"max_size": 4}}}}, ["database", "database_pool"]),
        ({"default": {**POSTGRES, "OPTIONS": {"pool": False}}}, ["database"]),
        ({"default": {**POSTGRES, "OPTIONS": None}}, ["database"]),
        ({}, []),
        ({"default": {}}, []),
        ({"default": {"ENGINE": ""}}, []),
        ({"default": {"ENGINE": "django.db.backends.dummy", "OPTIONS": {"pool": True}}}, []),
        ({"other": POSTGRES}, []),
        ({"default": None}, []),
        (None, []),
    ],
    ids=str,
)
def test_a_database_that_is_real(detected, databases, names):
    assert detected(DATABASES=databases) == names


@pytest.mark.parametrize(
    ("backend", "names"),
    [
        (f"{CACHE}redis.RedisCache", ["cache"]),
        (f"{CACHE}memcached.PyMemcacheCache", ["cache"]),
        ("django_redis.cache.RedisCache", ["cache"]),
        ("no_such_package.Cache", ["cache"]),
        (3, ["cache"]),
        (f"{CACHE}locmem.LocMemCache", []),
        (f"{CACHE}dummy.DummyCache", []),
        (f"{CACHE}filebased.FileBasedCache", []),
        (f"{CACHE}db.DatabaseCache", []),
        ("", []),
    ],
)
def test_a_cache_across_the_network(detected, backend, names):
    assert detected(CACHES={"default": {"BACKEND": backend}}) == names


@pytest.mark.parametrize(
    ("backend", "names"),
    [
        ("storages.backends.s3.S3Storage", ["storage"]),
        (f"{STORAGE}FileSystemStorage", []),
        (f"{STORAGE}InMemoryStorage", []),
        ("django.contrib.staticfiles.storage.StaticFilesStorage", []),
    ],
)
def test_a_storage_elsewhere(detected, backend, names):
    assert detected(STORAGES={"default": {"BACKEND": backend}}) == names


def test_their_order_is_fixed(detected):
    found = detected(
        STORAGES={"default": {"BACKEND": "storages.backends.s3.S3Storage"}},
        CACHES={"default": {"BACKEND": f"{CACHE}redis.RedisCache"}},
        DATABASES={"default": {**POSTGRES, "OPTIONS": {"pool": True}}},
    )
    assert found == ["database", "database_pool", "cache", "storage"]
