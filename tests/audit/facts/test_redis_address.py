import pytest

from django_prodready.audit.facts.redis_address import RedisAddress, parse_redis_url, parse_redis_urls


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://redis", "redis:6379/0"),
        ("redis://", "localhost:6379/0"),
        ("redis://user:p%40ss@Redis:6380/2", "redis:6380/2"),
        ("rediss://[2001:db8::1]/1", "[2001:db8::1]:6379/1"),
        ("valkey://cache/4", "cache:6379/4"),
        ("unix:///run/redis.sock?db=3", "/run/redis.sock database 3"),
        (" redis://redis/1 ", "redis:6379/1"),
    ],
)
def test_reads_and_shows_an_address_without_its_user(url, shown):
    assert str(parse_redis_url(url)) == shown


@pytest.mark.parametrize(
    "url",
    [None, b"redis://redis", "", "redis", "redis:6379", "http://redis/0", "redis://redis/-1", "redis://[::1"],
)
def test_leaves_the_rest_alone(url):
    assert parse_redis_url(url) is None


@pytest.mark.parametrize(("url", "db"), [("redis://r", 5), ("redis://r/5", 1), ("redis://r/1?db=5", None)])
def test_the_address_outranks_the_options(url, db):
    assert parse_redis_url(url, db=db) == RedisAddress("r", 6379, 5)


@pytest.mark.parametrize("db", ["five", -1, object()])
def test_an_unknown_database_is_not_guessed(db):
    assert parse_redis_url("redis://r", db=db) is None


def test_a_password_may_hold_what_separates_addresses():
    (address,) = parse_redis_urls("redis://u:a,b;c@redis/1")
    assert str(address) == "redis:6379/1"
