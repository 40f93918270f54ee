"""RedisCache: what it makes of CACHES, and that clearing it leaves the queue alone."""

import importlib.util

import pytest
from configurations import importer
from django.core.cache import caches as django_caches

from django_prodready.settings import SettingsMixin, WhiteNoise, env
from django_prodready.settings.environment.build import MARK
from django_prodready.settings.middleware_order import SECURITY
from django_prodready.settings.mixins.celery import Celery
from django_prodready.settings.mixins.postgres import Postgres
from django_prodready.settings.mixins.production import Production
from django_prodready.settings.mixins.redis_cache import RedisCache

URL = "redis://:s3cr3t-words@redis:6379/1"
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "here"}


class Queue(SettingsMixin):
    """A class whose settings have a broker."""

    CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL")


@pytest.fixture
def entry(applied):
    """Return the entry that an environment gives."""

    def entry(url=URL, *bases, module=None, environ=None, **options):
        given = {"REDIS_URL": url, **(environ or {})}
        return applied(*bases, RedisCache, environ=given, module=module, **options)["CACHES"]["default"]

    return entry


class TestEntry:
    def test_the_whole_entry(self, entry):
        assert entry(module={"ROOT_URLCONF": "shop.urls"}) == {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": URL,
            "KEY_PREFIX": "shop",
            "OPTIONS": {
                "CLIENT_CLASS": "django_redis.client.DefaultClient",
                "SOCKET_CONNECT_TIMEOUT": 2,
                "SOCKET_TIMEOUT": 2,
                "IGNORE_EXCEPTIONS": False,
                "CONNECTION_POOL_KWARGS": {"health_check_interval": 30, "retry_on_timeout": True},
            },
        }

    def test_other_aliases_and_what_the_mixin_does_not_decide(self, applied):
        own = {
            "BACKEND": "django_prometheus.cache.backends.redis.RedisCache",
            "LOCATION": "redis://old",
            "TIMEOUT": 60,
            "KEY_PREFIX": "own",
            "OPTIONS": {
                "SOCKET_TIMEOUT": 9,
                "IGNORE_EXCEPTIONS": True,
                "CONNECTION_POOL_KWARGS": {"max_connections": 7},
            },
        }

        found = applied(
            RedisCache, environ={"REDIS_URL": URL}, module={"CACHES": {"default": own, "local": LOCAL}}
        )["CACHES"]

        assert found["local"] == LOCAL
        assert {key: found["default"][key] for key in ("BACKEND", "TIMEOUT", "KEY_PREFIX", "LOCATION")} == {
            "BACKEND": own["BACKEND"],
            "TIMEOUT": 60,
            "KEY_PREFIX": "own",
            "LOCATION": URL,
        }
        assert found["default"]["OPTIONS"]["SOCKET_TIMEOUT"] == 9
        assert found["default"]["OPTIONS"]["IGNORE_EXCEPTIONS"] is True
        assert found["default"]["OPTIONS"]["CONNECTION_POOL_KWARGS"]["max_connections"] == 7
        assert own["LOCATION"] == "redis://old"

    def test_the_options_of_another_backend_go(self, entry):
        found = entry(module={"CACHES": {"default": {**LOCAL, "OPTIONS": {"MAX_ENTRIES": 9}}}})

        assert found["BACKEND"] == "django_redis.cache.RedisCache"
        assert "MAX_ENTRIES" not in found["OPTIONS"]

    def test_options_of_the_class(self, applied):
        found = applied(RedisCache, environ={"REDIS_URL": URL}, CACHE_KEY_PREFIX="mine", CACHE_MAY_FAIL=True)

        assert found["CACHES"]["default"]["KEY_PREFIX"] == "mine"
        assert found["CACHES"]["default"]["OPTIONS"]["IGNORE_EXCEPTIONS"] is True
        assert found["DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS"] is True

    def test_only_caches_is_set(self, applied):
        assert set(applied(RedisCache, environ={"REDIS_URL": URL})) == {"CACHES", "INSTALLED_APPS"}

    @pytest.mark.parametrize("url", [URL, "redis://redis", "rediss://redis:6380"])
    def test_applying_twice_is_applying_once(self, applied, url):
        given = {"REDIS_URL": url, "CELERY_BROKER_URL": "redis://redis:6379/0"}
        once = applied(RedisCache, environ=given)

        assert applied(RedisCache, environ=given, module=once) == once

    def test_under_django_configurations_it_is_the_same(self, applied, monkeypatch):
        monkeypatch.setattr(importer, "installed", True)
        from configurations import Configuration

        given = {"REDIS_URL": "redis://redis", "CELERY_BROKER_URL": "redis://redis:6379/0"}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        base = {"CACHES": {"local": LOCAL}, "ROOT_URLCONF": "shop.urls"}
        cls = type("Prod", (RedisCache, Configuration), base)
        cls.setup()

        assert applied(RedisCache, environ=given, module=base)["CACHES"] == cls().CACHES

    def test_the_package_is_needed(self, problems, monkeypatch):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

        assert problems(RedisCache, environ={"REDIS_URL": URL}) == [
            ("RedisCache", "needs the package django_redis: pip install 'django-prodready[redis]'")
        ]

    def test_an_address_is_needed_and_must_be_one(self, problems):
        assert problems(RedisCache) == [("REDIS_URL", "required, not set")]
        [(name, rule)] = problems(RedisCache, REDIS_URL="redis://s3cr3t#words@redis")
        assert (name, "s3cr3t" in rule) == ("REDIS_URL", False)

    def test_the_build_needs_nothing(self, applied, monkeypatch):
        monkeypatch.setattr("sys.argv", ["manage.py", "collectstatic"])

        found = applied(RedisCache, environ={"PRODREADY_BUILD": "1"})

        assert found["CACHES"]["default"]["LOCATION"] == f"redis://{MARK}.invalid"


class TestTls:
    def pool(self, entry, *more, **options):
        return entry(*more, **options)["OPTIONS"]["CONNECTION_POOL_KWARGS"]

    def test_the_certificate_is_checked(self, entry, tmp_path):
        pool = self.pool(entry, "rediss://redis:6380/1", environ={"REDIS_SSL_ROOT_CERT": str(tmp_path)})

        assert (pool["ssl_cert_reqs"], pool["ssl_check_hostname"]) == ("required", True)
        assert pool["ssl_ca_certs"] == str(tmp_path)
        assert "ssl_ca_certs" not in self.pool(entry, "rediss://redis:6380/1")

    @pytest.mark.parametrize(
        "query", ["ssl_cert_reqs=none", "ssl_cert_reqs=CERT_NONE", "ssl_check_hostname=False"]
    )
    def test_whoever_checks_none_says_so(self, entry, problems, query):
        url = f"rediss://redis:6380/1?{query}"

        [(name, rule)] = problems(RedisCache, environ={"REDIS_URL": url})

        assert (name, rule.partition(" (")[0]) == ("REDIS_URL", "leaves the certificate unchecked")
        pool = self.pool(entry, url, REDIS_SELF_SIGNED=True)
        assert (pool["ssl_cert_reqs"], pool["ssl_check_hostname"]) == ("none", False)


class TestQueue:
    @pytest.mark.parametrize(
        ("url", "broker", "found"),
        [
            ("redis://redis", "redis://redis:6379/0", "redis://redis/1"),
            ("redis://redis/?protocol=3", "redis://redis", "redis://redis/1?protocol=3"),
            ("redis://localhost", "redis://127.0.0.1:6379", "redis://localhost/1"),
            ("redis://redis", "amqp://mq;redis://redis/0", "redis://redis/1"),
            ("unix:///run/redis.sock", "redis+socket:///run/redis.sock", "unix:///run/redis.sock?db=1"),
            (
                "unix:///run/redis.sock?protocol=3",
                "redis+socket:///run/redis.sock?virtual_host=0",
                "unix:///run/redis.sock?protocol=3&db=1",
            ),
            ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=x", None),
            ("redis://redis", "redis://redis/3", "redis://redis"),
            ("redis://redis", "redis://other", "redis://redis"),
            ("redis://redis", "redis://redis:6380", "redis://redis"),
            ("redis://redis", "amqp://mq", "redis://redis"),
            ("redis://redis", "what is this", "redis://redis"),
            ("redis://redis/1", "redis://redis/0", "redis://redis/1"),
        ],
    )
    def test_an_address_without_a_number_gets_one_of_its_own(self, entry, url, broker, found):
        expected = found or "unix:///run/redis.sock?db=1"

        assert entry(url, environ={"CELERY_BROKER_URL": broker})["LOCATION"] == expected
        assert entry(url, module={"CELERY_BROKER_URL": broker})["LOCATION"] == expected

    def test_results_are_kept_out_of_as_well(self, entry):
        given = {
            "CELERY_BROKER_URL": "redis://redis/0",
            "CELERY_RESULT_BACKEND": "redis://redis/1",
        }

        assert entry("redis://redis", environ=given)["LOCATION"] == "redis://redis/2"
        assert entry("redis://redis/1", environ=given)["LOCATION"] == "redis://redis/1"

    @pytest.mark.parametrize("bases", [(), (Queue,)])
    def test_the_same_number_is_refused(self, problems, bases):
        given = {"REDIS_URL": "redis://redis/0", "CELERY_BROKER_URL": "redis://:pass-word@redis:6379"}

        [(name, rule)] = problems(*bases, RedisCache, environ=given)

        assert name == "REDIS_URL"
        assert "FLUSHDB" in rule
        assert "pass-word" not in rule

    def test_a_broker_of_the_class_counts(self, entry):
        broker = {"CELERY_BROKER_URL": "redis://redis"}

        assert entry("redis://redis", Queue, environ=broker)["LOCATION"] == "redis://redis/1"
        assert entry("redis://redis", CELERY_BROKER_URL="redis://redis")["LOCATION"] == "redis://redis/1"


def test_a_real_cache_is_cleared_and_the_queue_is_not(applied, redis_url, settings):
    import redis

    queue = redis.Redis.from_url(f"{redis_url}/0")
    queue.lpush("test-queue", "task")
    try:
        found = applied(RedisCache, environ={"REDIS_URL": redis_url, "CELERY_BROKER_URL": redis_url})
        settings.CACHES = found["CACHES"]
        cache = django_caches["default"]

        cache.set("key", {"a": [1]}, 30)
        assert cache.get("key") == {"a": [1]}
        cache.clear()

        assert cache.get("key") is None
        assert queue.lrange("test-queue", 0, -1) == [b"task"]
        (pool,) = {client.connection_pool for client in cache.client._clients if client}
        connection = pool.get_connection()
        assert (connection.socket_timeout, connection.health_check_interval) == (2, 30)
        assert connection.retry.get_retries() == 1
        pool.release(connection)
        pool.disconnect()
    finally:
        queue.delete("test-queue")
        queue.close()


def test_beside_all_other_mixins(applied):
    given = {
        "SECRET_KEY": "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn",
        "ALLOWED_HOSTS": "site.example",
        "DATABASE_URL": "postgres://u:p-w-d@db/shop",
        "REDIS_URL": "redis://redis",
        "CELERY_BROKER_URL": "redis://redis",
        "STATIC_ROOT": "/static",
    }
    module = {"MIDDLEWARE": [SECURITY], "INSTALLED_APPS": ["django.contrib.sessions"]}
    mixins = (RedisCache, Postgres, Celery, WhiteNoise, Production)

    found = applied(*mixins, environ=given, module=module)

    assert found["CACHES"]["default"]["LOCATION"] == "redis://redis/1"
    assert found["DATABASES"]["default"]["NAME"] == "shop"
    assert found["SESSION_ENGINE"] == "django.contrib.sessions.backends.cached_db"
    assert applied(*reversed(mixins), environ=given, module=module) == found
