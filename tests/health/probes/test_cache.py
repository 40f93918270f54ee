import os
import re
import socket
import time

import pytest
import redis
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.memcached import PyLibMCCache, PyMemcacheCache
from django.core.cache.backends.redis import RedisCache
from django_redis.client import DefaultClient
from django_redis.pool import ConnectionFactory
from prodready_peers.sockets import LOOPBACK, closed_port, serving, silent

from django_prodready.health.probe import Degraded, Skipped
from django_prodready.health.probes import _cache_backends as backends
from django_prodready.health.probes._cache_backends import Kind, kind_of, make_cache
from django_prodready.health.probes.cache import CacheProbe, CacheValueLostError

DJANGO = "django.core.cache.backends.redis.RedisCache"
DJANGO_REDIS = "django_redis.cache.RedisCache"
both = pytest.mark.parametrize("backend", [DJANGO, DJANGO_REDIS])


class OwnRedis(RedisCache):
    pass


class OwnLocMem(LocMemCache):
    pass


class PlainCache(BaseCache):
    """A cache of a third party, which gives values back after some readings, or another value."""

    def __init__(self, location, params):
        super().__init__(params)
        self.readings_needed = params["OPTIONS"]["readings"]
        self.values = {}
        self.is_closed = False

    def set(self, key, value, timeout=None, version=None):
        assert timeout == 10
        self.values[key] = value

    def get(self, key, default=None, version=None):
        self.readings_needed -= 1
        return self.values[key] if self.readings_needed <= 0 else default

    def delete(self, key, version=None):
        del self.values[key]

    def close(self, **kwargs):
        self.is_closed = True


class OwnFactory:
    """A connection factory that is not django-redis's own."""

    def __init__(self, options):
        self.inner = ConnectionFactory(options)

    def connect(self, url):
        return redis.Redis.from_url(url, socket_timeout=self.inner.options["SOCKET_TIMEOUT"])


class BrokenClient(DefaultClient):
    def __init__(self, *args, **kwargs):
        raise LookupError("This client cannot be made.")


@pytest.fixture
def use(settings):
    """Set the default cache."""

    def set_cache(backend, location="", **more):
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": location, **more}}

    return set_cache


@pytest.fixture
def server(redis_url):
    """Connect to the Redis server that the tests share."""
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


def clients(server, name):
    return [client["name"] for client in server.client_list()].count(name)


def named(redis_url, name):
    return f"{redis_url}?client_name={name}"


@both
def test_a_cache_that_keeps_values_is_well_and_is_left_as_it_was(use, redis_url, server, backend):
    use(backend, redis_url, KEY_PREFIX="shop", VERSION=7)
    seen = []
    before = set(server.keys("*"))
    with server.monitor() as monitor:
        probe = CacheProbe()
        probe.run()
        probe.close()
        server.set("end-of-monitoring", 1)
        for command in monitor.listen():
            if "end-of-monitoring" in command["command"]:
                break
            seen.append(command["command"])
    server.delete("end-of-monitoring")
    verbs = [command.split()[0] for command in seen if "prodready:" in command]
    assert verbs == ["SET", "GET", next(verb for verb in ("DEL", "UNLINK") if verb in verbs)]
    key = next(command.split()[1] for command in seen if command.startswith("SET "))
    host = re.escape(re.sub(r"[^\w.-]", "-", socket.gethostname()[:60]))
    assert re.fullmatch(rf"shop:7:prodready:default:{host}:{os.getpid()}:[0-9a-f-]{{36}}", key)
    assert any(
        command.startswith("SET ") and ("PX 10000" in command or "EX 10" in command) for command in seen
    )
    assert set(server.keys("*")) == before


@both
def test_its_connection_is_its_own_kept_until_closed_and_opened_again(use, redis_url, server, backend):
    name = f"cache-probe-{backend.partition('.')[0]}"
    use(backend, named(redis_url, name))
    caches["default"].get("application")
    assert clients(server, name) == 1
    probe = CacheProbe()
    probe.run()
    probe.run()
    assert clients(server, name) == 2
    probe.close()
    wait_for(lambda: clients(server, name) == 1)
    probe.run()
    assert clients(server, name) == 2
    probe.close()
    probe.close()
    assert caches["default"].get("application") is None


def wait_for(is_so):
    deadline_s = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert is_so()


def test_the_pools_of_django_redis_stay_as_they_are(use, redis_url):
    use(DJANGO_REDIS, named(redis_url, "untouched"))
    before = dict(ConnectionFactory._pools)
    probe = CacheProbe(timeout_s=1.9)
    probe.run()
    probe.close()
    assert ConnectionFactory._pools == before


@both
def test_a_server_that_hangs_is_left_in_time_whatever_the_address_says(use, backend):
    with serving(silent) as port:
        use(backend, f"redis://{LOOPBACK}:{port}?socket_timeout=30&retry_on_timeout=yes")
        begun_s = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            CacheProbe(timeout_s=0.2).run()
        assert time.monotonic() - begun_s < 5


@both
def test_a_server_that_is_not_there_is_down(use, backend):
    use(backend, f"redis://{LOOPBACK}:{closed_port()}")
    with pytest.raises(redis.ConnectionError):
        CacheProbe().run()


def test_errors_are_not_ignored_even_where_the_application_ignores_them(use, settings):
    settings.DJANGO_REDIS_IGNORE_EXCEPTIONS = True
    use(DJANGO_REDIS, f"redis://{LOOPBACK}:{closed_port()}", OPTIONS={"IGNORE_EXCEPTIONS": True})
    assert caches["default"].get("x") is None
    with pytest.raises(redis.ConnectionError):
        CacheProbe().run()


@both
def test_a_kept_connection_that_was_cut_is_opened_again(use, redis_url, server, backend):
    name = f"cache-probe-cut-{backend.partition('.')[0]}"
    use(backend, named(redis_url, name))
    probe = CacheProbe()
    probe.run()
    server.client_kill_filter(_id=next(c["id"] for c in server.client_list() if c["name"] == name))
    probe.run()
    probe.close()


@both
def test_a_read_only_replica_is_down(use, redis_url, server, backend):
    use(backend, redis_url)
    server.replicaof(LOOPBACK, closed_port())
    try:
        with pytest.raises(redis.exceptions.ReadOnlyError):
            CacheProbe().run()
    finally:
        server.replicaof("NO", "ONE")


@both
def test_a_server_without_memory_to_write_is_down(use, redis_url, server, backend):
    use(backend, redis_url)
    server.config_set("maxmemory", 1)
    try:
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            CacheProbe().run()
    finally:
        server.config_set("maxmemory", 0)


@pytest.mark.parametrize("readings", [1, 4])
def test_a_replica_may_be_a_moment_late(use, readings):
    use(f"{__name__}.PlainCache", OPTIONS={"readings": readings})
    probe = CacheProbe()
    probe.run()
    assert probe._cache.values == {}
    cache = probe._cache
    probe.close()
    assert cache.is_closed


def test_a_value_that_does_not_come_back_is_down(use):
    use(f"{__name__}.PlainCache", OPTIONS={"readings": 5})
    with pytest.raises(CacheValueLostError, match=r"did not come back\.$"):
        CacheProbe().run()


@both
def test_a_replica_that_does_not_get_the_value_is_degraded(use, redis_url, backend):
    # Another database of the same server is a replica that nothing ever reaches.
    use(backend, [f"{redis_url}/1", f"{redis_url}/2"])
    probe = CacheProbe()
    with pytest.raises(Degraded, match="replica"):
        probe.run()


@pytest.mark.parametrize(
    ("backend", "word"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", "local"),
        ("django.core.cache.backends.dummy.DummyCache", "local"),
        ("django.core.cache.backends.filebased.FileBasedCache", "local"),
        ("django.core.cache.backends.db.DatabaseCache", "database"),
        (f"{__name__}.OwnLocMem", "local"),
    ],
)
def test_a_cache_that_is_not_on_the_network_is_skipped(use, backend, word):
    use(backend, "somewhere")
    with pytest.raises(Skipped, match=word):
        CacheProbe().run()


def test_a_subclass_gets_the_time_outs_of_its_base(use, redis_url):
    use(f"{__name__}.OwnRedis", redis_url)
    cache = make_cache("default", kind_of(f"{__name__}.OwnRedis"), 0.25)
    pool = cache._cache._get_connection_pool(write=True)
    assert pool.connection_kwargs["socket_timeout"] == 0.25


@pytest.mark.parametrize("pool_class", ["redis.BlockingConnectionPool", redis.BlockingConnectionPool])
def test_the_kind_of_pool_is_the_projects(use, redis_url, pool_class):
    use(DJANGO, redis_url, OPTIONS={"pool_class": pool_class, "db": 3})
    probe = CacheProbe()
    probe.run()
    pool = probe._cache._cache._get_connection_pool(write=True)
    assert isinstance(pool, redis.BlockingConnectionPool)
    assert pool.connection_kwargs["db"] == 3
    probe.close()


def test_a_factory_of_the_project_is_used(use, redis_url, settings):
    use(DJANGO_REDIS, redis_url, OPTIONS={"CONNECTION_FACTORY": f"{__name__}.OwnFactory"})
    probe = CacheProbe(timeout_s=1.9)
    probe.run()
    client = probe._cache.client.get_client()
    assert client.connection_pool.connection_kwargs["socket_timeout"] == 1.9
    probe.close()
    client.close()
    assert settings.CACHES["default"]["OPTIONS"] == {"CONNECTION_FACTORY": f"{__name__}.OwnFactory"}


def test_sentinels_are_asked_once_and_let_go(use):
    port = closed_port()
    options = {
        "CLIENT_CLASS": "django_redis.client.SentinelClient",
        "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
        "CONNECTION_POOL_CLASS": "redis.sentinel.SentinelConnectionPool",
        "SENTINELS": [(LOOPBACK, port)],
    }
    use(DJANGO_REDIS, "redis://main/0", OPTIONS=options)
    begun_s = time.monotonic()
    with pytest.raises(redis.ConnectionError, match="main"):
        CacheProbe().run()
    assert time.monotonic() - begun_s < 5


def test_a_client_that_cannot_be_made_is_down_with_its_own_error(use, redis_url):
    use(DJANGO_REDIS, redis_url, OPTIONS={"CLIENT_CLASS": f"{__name__}.BrokenClient"})
    with pytest.raises(LookupError):
        CacheProbe().run()


def bound(kind, options):
    return backends._BOUNDS[kind](options, 0.25)


def test_pymemcache_gets_time_outs_and_does_not_ignore_errors():
    assert kind_of(f"{PyMemcacheCache.__module__}.PyMemcacheCache") is Kind.PYMEMCACHE
    assert bound(Kind.PYMEMCACHE, {"ignore_exc": True, "no_delay": True}) == {
        "no_delay": True,
        "timeout": 0.25,
        "connect_timeout": 0.25,
        "ignore_exc": False,
        "retry_attempts": 0,
    }


@pytest.mark.parametrize("options", [{}, {"behaviors": {"ketama": True}}])
def test_pylibmc_gets_time_outs_in_its_units(options):
    assert kind_of(f"{PyLibMCCache.__module__}.PyLibMCCache") is Kind.PYLIBMC
    assert bound(Kind.PYLIBMC, options)["behaviors"] == {
        **options.get("behaviors", {}),
        "connect_timeout": 250,
        "_poll_timeout": 250,
        "send_timeout": 250_000,
        "receive_timeout": 250_000,
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"alias": "other"}, "alias is not one of CACHES."),
        ({"alias": ""}, "alias must be text on one line, and not empty."),
        ({"timeout_s": 0}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        CacheProbe(**options)


def test_the_key_is_one_that_memcached_takes(settings, monkeypatch):
    settings.CACHES = {"my über cache": settings.CACHES["default"]}
    monkeypatch.setattr(socket, "gethostname", lambda: "h" * 300)
    key = CacheProbe(alias="my über cache")._key()
    assert len(key) < 240
    assert re.fullmatch(r"prodready:my--ber-cache:h{60}:\d+:[0-9a-f-]{36}", key)


def test_it_is_critical_and_tells_no_address(use):
    use(DJANGO, "redis://:hunter2@h")
    assert CacheProbe.critical
    assert "hunter2" not in repr(CacheProbe())
