import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

REDIS = "django.core.cache.backends.redis.RedisCache"
DJANGO_REDIS = "django_redis.cache.RedisCache"
KEEPER = """
from django.core.cache.backends.redis import RedisCache


class Keeper(RedisCache):
    def clear(self):
        raise NotImplementedError


class Plain(RedisCache):
    pass
"""


def cache(location, backend=REDIS, **more):
    return {"default": {"BACKEND": backend, "LOCATION": location, **more}}


def judge(caches, files=None, environ=None, settings_module=None, **settings):
    return run_check(
        "cache.shared-with-broker",
        settings={"CACHES": caches, **settings},
        files=files,
        environ=environ,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("location", "broker"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("redis://redis:6379", "redis://redis/0"),
        ("redis://user:secret@redis/3", "rediss://redis:6379/3"),
        ("redis://REDIS/", "redis://redis//"),
        ("redis://localhost/0", "redis://127.0.0.1:6379"),
        ("redis://[::1]/0", "redis://localhost"),
        ("redis://redis?db=2", "redis://redis/2"),
        ("unix:///run/redis.sock?db=1", "redis+socket:///run/redis.sock?virtual_host=1"),
        ("redis://a/0,redis://b/0", "redis://b/0"),
        ("redis://a/0;redis://b/0", "redis://a/0"),
        (["redis://a/0", "redis://b/0"], "redis://a/0"),
        ("redis://redis/0", "redis://other/0;redis://redis/0"),
        ("redis://redis/0", ["redis://other/0", "redis://redis/0"]),
    ],
)
def test_fires_for_one_database(location, broker):
    (finding,) = judge(cache(location), CELERY_BROKER_URL=broker).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "CACHES['default']"
    assert "secret" not in finding.message


@pytest.mark.parametrize(
    ("location", "broker"),
    [
        ("redis://redis/0", "redis://redis/1"),
        ("redis://redis/0", "redis://queue/0"),
        ("redis://redis:6379/0", "redis://redis:6380/0"),
        ("unix:///run/a.sock", "redis+socket:///run/b.sock"),
        ("unix:///run/a.sock", "redis://localhost/0"),
        ("unix:///run/a.sock?db=1", "redis+socket:///run/a.sock?virtual_host=2"),
        ("redis://redis?db=1", "redis://redis/0"),
    ],
)
def test_is_silent_for_two_databases(location, broker):
    assert judge(cache(location), CELERY_BROKER_URL=broker).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "broker",
    [
        "amqp://guest@mq//",
        "sqs://",
        "memory://",
        "sentinel://redis:26379/0",
        "redis://redis:port/0",
        "redis://redis/name",
        "",
        None,
        7,
    ],
)
def test_is_not_applicable_for_other_brokers(broker):
    assert judge(cache("redis://redis/0"), CELERY_BROKER_URL=broker).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "caches",
    [
        {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        {
            "default": {
                "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
                "LOCATION": "m:11211",
            }
        },
        {"default": {"BACKEND": "no.such.RedisCache", "LOCATION": "redis://redis/0"}},
        {"default": {"BACKEND": REDIS}},
        {"default": {"BACKEND": REDIS, "LOCATION": "redis:6379"}},
    ],
)
def test_is_not_applicable_without_a_redis_cache(caches):
    assert judge(caches, CELERY_BROKER_URL="redis://redis/0").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("options", [{"db": "2"}, {"CONNECTION_POOL_KWARGS": {"db": 2}}])
def test_reads_the_database_of_the_options(options):
    caches = cache("redis://redis", OPTIONS=options)
    assert judge(caches, CELERY_BROKER_URL="redis://redis/2").outcome is Outcome.FAIL
    assert judge(caches, CELERY_BROKER_URL="redis://redis/0").outcome is Outcome.PASS


def test_knows_django_redis():
    pytest.importorskip("django_redis")
    caches = cache("redis://redis/0", backend=DJANGO_REDIS, KEY_PREFIX="shop")
    assert judge(caches, BROKER_URL="redis://redis/0").outcome is Outcome.FAIL


def test_knows_a_subclass_but_not_one_that_clears_in_its_own_way():
    files = {"shop_caches.py": KEEPER}
    plain = cache("redis://redis/0", backend="shop_caches.Plain")
    keeper = cache("redis://redis/0", backend="shop_caches.Keeper")
    assert judge(plain, files, CELERY_BROKER_URL="redis://redis/0").outcome is Outcome.FAIL
    assert judge(keeper, files, CELERY_BROKER_URL="redis://redis/0").outcome is Outcome.NOT_APPLICABLE


def test_works_without_django_redis(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "django_redis.cache", None)
    assert judge(cache("redis://redis/0"), CELERY_BROKER_URL="redis://redis/0").outcome is Outcome.FAIL


@pytest.mark.parametrize("name", ["CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"])
def test_the_environment_alone_configures_celery(name):
    settings = {"CACHES": cache("redis://redis/0")}
    result = run_check("cache.shared-with-broker", settings=settings, environ={name: "redis://redis/0"})
    (finding,) = result.findings
    assert f"the Redis database of the environment's {name}, redis:6379/0:" in finding.message


@pytest.mark.parametrize("url", ["redis://user:12#ss@redis:6379/0", "redis://:1234?ss@redis:6379/0"])
def test_shows_nothing_of_a_password_that_is_not_escaped(url):
    result = run_check("cache.shared-with-broker", settings={"CACHES": cache(url), "CELERY_BROKER_URL": url})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert "12" not in repr(result.reason)


def test_results_alone_are_a_warning():
    url = "redis://redis/0"
    (finding,) = judge(cache(url), CELERY_BROKER_URL="amqp://mq//", CELERY_RESULT_BACKEND=url).findings
    assert finding.severity is Severity.WARNING
    assert "CELERY_RESULT_BACKEND, redis:6379/0" in finding.message


def test_results_are_not_named_beside_the_queue():
    url = "redis://redis/0"
    (finding,) = judge(cache(url), CELERY_BROKER_URL=url, CELERY_RESULT_BACKEND=url).findings
    assert "CELERY_BROKER_URL, redis:6379/0" in finding.message


def test_a_broker_that_is_never_asked_is_no_queue():
    url = "redis://redis/0"
    result = judge(cache(url), CELERY_BROKER_URL=url, CELERY_TASK_ALWAYS_EAGER=True)
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_the_environment_outranks_the_setting():
    caches = cache("redis://redis/0")
    moved = judge(
        caches, environ={"CELERY_BROKER_URL": "redis://redis/5"}, CELERY_BROKER_URL="redis://redis/0"
    )
    assert moved.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "queue",
    [
        {"HOST": "redis", "PORT": 6379, "DB": 0},
        {"HOST": "redis"},
        {"URL": "redis://redis/0"},
        {"URL": "redis://redis", "DB": 0},
        {"USE_REDIS_CACHE": "default"},
    ],
)
def test_knows_rq(queue):
    (finding,) = judge(cache("redis://redis/0"), RQ_QUEUES={"high": queue}).findings
    assert "RQ_QUEUES['high'], redis:6379/0" in finding.message


def test_knows_rq_on_a_socket():
    queues = {"high": {"UNIX_SOCKET_PATH": "/run/redis.sock", "DB": 0}}
    (finding,) = judge(cache("unix:///run/redis.sock"), RQ_QUEUES=queues).findings
    assert "/run/redis.sock database 0" in finding.message


@pytest.mark.parametrize(
    "queues",
    [
        {"high": {"HOST": "redis", "PORT": 6379, "DB": 1}},
        {"high": {"URL": "redis://redis/1"}},
    ],
)
def test_is_silent_for_another_database_of_rq(queues):
    assert judge(cache("redis://redis/0"), RQ_QUEUES=queues).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "queues",
    [
        None,
        [],
        {"high": None},
        {"high": {"ASYNC": False}},
        {"high": {"HOST": "redis", "PORT": "port"}},
        {"high": {"SENTINELS": [("redis", 26379)], "MASTER_NAME": "redis"}},
        {"high": {"USE_REDIS_CACHE": "other"}},
    ],
)
def test_is_not_applicable_for_queues_elsewhere(queues):
    assert judge(cache("redis://redis/0"), RQ_QUEUES=queues).outcome is Outcome.NOT_APPLICABLE


def test_one_finding_for_each_cache():
    caches = {
        "default": {"BACKEND": REDIS, "LOCATION": "redis://redis/0"},
        "pages": {"BACKEND": REDIS, "LOCATION": "redis://redis/0"},
        "sessions": {"BACKEND": REDIS, "LOCATION": "redis://redis/1"},
    }
    findings = judge(caches, CELERY_BROKER_URL="redis://redis/0").findings
    assert [finding.subject for finding in findings] == ["CACHES['default']", "CACHES['pages']"]


def test_says_where():
    source = (
        "CACHES = {\n"
        '    "default": {\n'
        f'        "BACKEND": "{REDIS}",\n'
        '        "LOCATION": "redis://redis/0",\n'
        "    }\n"
        "}\n"
    )
    result = judge(
        cache("redis://redis/0"), {"conf.py": source}, None, "conf", CELERY_BROKER_URL="redis://redis/0"
    )
    assert str(result.findings[0].at) == "conf.py:4"
