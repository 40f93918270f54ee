"""URLs of Redis and of brokers, against what redis-py and Kombu make of them."""

import pickle
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import Broker, broker_url, redis_url

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
HOSTS = st.sampled_from(["redis", "Cache.internal", "my_redis", "10.0.0.7", "[::1]"])
PORTS = st.none() | st.integers(1, 65535)


@st.composite
def urls(draw, schemes, paths):
    """Return a URL of random parts, percent-encoded."""
    password = quote(draw(TEXTS), safe="")
    userinfo = f"{quote(draw(TEXTS), safe='')}:{password}@" if password else ""
    port = draw(PORTS)
    return (
        f"{draw(st.sampled_from(schemes))}://{userinfo}{draw(HOSTS)}"
        f"{'' if port is None else f':{port}'}{draw(st.sampled_from(paths))}"
    )


def in_redis_py(url):
    connection = pytest.importorskip("redis.connection")
    said = connection.parse_url(url)
    return (
        said.get("host", ""),
        said.get("port", 0 if "path" in said else 6379),
        said.get("db", 0),
        said.get("path", ""),
        said.get("username", ""),
        "password" in said,
    )


def ours(found):
    return found.host, found.port, found.db, found.path, found.username, found.has_password


@settings(max_examples=100, deadline=None)
@given(urls(["redis", "rediss", "REDIS"], ["", "/", "/0", "/15/", "?db=3", "/3?db=3&socket_timeout=5"]))
def test_a_redis_url_means_what_redis_py_reads(url):
    if url.startswith("REDIS"):  # redis-py knows small letters only
        assert redis_url(url).scheme == "redis"
        url = "redis" + url[5:]
    found = redis_url(url)
    assert ours(found) == in_redis_py(url)
    assert found.reveal() == url


@pytest.mark.parametrize(
    "url",
    [
        "unix:///run/redis.sock",
        "unix:///run/redis.sock?db=2",
        "unix:///home/me@work/redis.sock",
        "unix://u:p%40@/run/my%20redis.sock?db=1",
    ],
)
def test_a_socket_means_what_redis_py_reads(url):
    assert ours(redis_url(url)) == in_redis_py(url)


SOUP = st.lists(
    st.sampled_from(":/@#?[]%&; 01hu\u00b2\udcff\u2100")
    | st.sampled_from(
        ["redis", "unix", "amqp", "memory", "://", "%40", "[::1]", "::1", "6379", "99999", "db="]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    SOUP
    | st.tuples(st.sampled_from(["redis://h", "redis://u:p@", "unix:///"]), SOUP).map("".join)
    | st.text()
)
@example("redis://h/\u0663")
@example("redis://h/" + "9" * 5000)
def test_any_text_is_invalid_or_what_redis_py_reads(text):
    try:
        found = redis_url(text)
    except Invalid:
        return
    assert ours(found) == in_redis_py(text)


UNESCAPED = "the user name and the password must be percent-encoded"
PORT = "expected a numeric port, 1 to 65535, after the host and a colon"
NUMBER = "expected the number of a database, such as 0, after the host and a slash"


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("redis://:p@ss@h/0", UNESCAPED),
        ("redis://:p/ss@h/0", UNESCAPED),
        ("redis://:p#ss@h/0", UNESCAPED),
        ("redis://:p?ss@h/0", UNESCAPED),
        ("redis://:p%ss@h/0", UNESCAPED),
        ("unix://:p/ss@/run/redis.sock", UNESCAPED),
        ("redis://h/0#x", "expected # to be percent-encoded"),
        ("redis://hunter2@h/0", "expected a colon before the password, as in redis://:password@host"),
        ("redis://hunter2:@h/0", "expected a colon before the password, as in redis://:password@host"),
        ("redis://h:port/0", PORT),
        ("redis://h:70000/0", PORT),
        ("redis://h:/0", PORT),
        ("redis://", "expected a host"),
        ("redis:///0", "expected a host"),
        ("redis://:p@/0", "expected a host"),
        ("redis://%2Frun%2Fx/0", "expected a host name or an address as the host"),
        ("redis://a,b/0", "expected a host name or an address as the host"),
        ("redis://h/cache", NUMBER),
        ("redis://h/-1", NUMBER),
        ("redis://h/1/2", NUMBER),
        ("redis://h?db=", NUMBER),
        ("redis://h?db=+1", NUMBER),
        ("redis://h/1?db=2", "expected the number of the database once, in the path or as ?db="),
        ("redis://h?db=2&db=2", "expected the number of the database once, in the path or as ?db="),
        ("unix://h/run/redis.sock", "expected the path of a socket"),
        ("unix://", "expected the path of a socket"),
        ("unix:///", "expected the path of a socket"),
        ("unix://:6379/run/redis.sock", "expected the path of a socket"),
        ("redsi://h/0", "unknown scheme (is redis:// meant?); known schemes: redis, rediss, unix"),
        ("h:6379", "expected a URL that begins with a scheme and ://; known schemes: redis, rediss, unix"),
    ],
)
def test_a_redis_url_that_is_wrong_is_refused_with_its_rule(url, begins):
    with pytest.raises(Invalid) as raised:
        redis_url(url)
    assert raised.value.rule.startswith(begins)
    assert raised.value.__context__ is None


def test_what_is_shown_of_a_url_holds_no_secret():
    text = "redis://hunter1:hunter2@cache:6380/1"
    redis, broker = redis_url(text), broker_url(text)
    assert repr(redis) == (
        "RedisUrl(scheme='redis', host='cache', port=6380, db=1, path='', has_password=True)"
    )
    assert repr(broker) == (
        "BrokerUrl(brokers=(Broker(transport='redis', host='cache', port=6380, virtual_host='1', db=1,"
        " has_password=True),))"
    )
    for found in (redis, broker):
        assert "hunter" not in f"{found} {found!r}"
        assert found.reveal() == text
        assert pickle.loads(pickle.dumps(found)) == found


BROKER_PORTS = {"redis": 6379, "rediss": 6379, "sentinel": 26379, "amqp": 5672, "amqps": 5671, "pyamqp": 5672}


@settings(max_examples=100, deadline=None)
@given(st.lists(urls(sorted(BROKER_PORTS), ["", "/", "/1"]), min_size=1, max_size=3))
@example(["amqp://guest@h//"])
@example(["amqp://u:p@h/my%2Fhost", "pyamqp://h2/x?heartbeat=5"])
@example(["AMQPS://u:p@h/x"])
def test_brokers_are_where_kombu_sees_them(several):
    kombu = pytest.importorskip("kombu.utils.url")
    text = ";".join(several)
    found = broker_url(text)
    assert found.reveal() == text
    assert found.transport == found.brokers[0].transport
    for broker, url in zip(found.brokers, several, strict=True):
        parts = kombu.url_to_parts(url)
        assert broker.transport == parts.scheme
        assert broker.host == parts.hostname
        assert broker.port == (parts.port or BROKER_PORTS[parts.scheme])
        assert broker.virtual_host == (parts.path or "")
        assert broker.has_password == (parts.password is not None)
        is_redis = parts.scheme in ("redis", "rediss", "sentinel")
        assert broker.db == (int(parts.path or 0) if is_redis else None)


@pytest.mark.parametrize(
    ("url", "transport", "has_password"),
    [
        ("memory://", "memory", False),
        ("filesystem://", "filesystem", False),
        ("azureservicebus://policy:ke/y+=@namespace", "azureservicebus", True),
        ("azurestoragequeues://DefaultAzureCredential@https://a.queue.example", "azurestoragequeues", True),
        ("sqla+postgresql://u:p@h/name", "sqla+postgresql", True),
        ("redis+socket:///run/redis.sock", "redis+socket", False),
    ],
)
def test_a_transport_that_reads_its_url_itself_is_left_to_it(url, transport, has_password):
    assert broker_url(url).brokers == (
        Broker(transport=transport, host="", port=None, virtual_host="", db=None, has_password=has_password),
    )


def test_sqs_needs_no_host():
    (bare,) = broker_url("sqs://").brokers
    (keyed,) = broker_url("SQS://AKIA:a%2Fb@").brokers
    assert (bare.host, bare.port, bare.has_password) == ("", None, False)
    assert (keyed.transport, keyed.has_password) == ("sqs", True)


def test_every_transport_of_kombu_is_known():
    aliases = pytest.importorskip("kombu.transport").TRANSPORT_ALIASES
    for alias in aliases:
        assert broker_url(f"{alias}://h").transport == alias.lower()


WHOLE = "expected a whole URL before and after each ; (in a password, ; is %3B)"


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("amqp://u:p@ss@h//", UNESCAPED),
        ("amqp://u:p/ss@h//", UNESCAPED),
        ("sqs://AKIA:a/b@", UNESCAPED),
        ("amqp://u:p;ss@h//", WHOLE),
        ("amqp://a//;", WHOLE),
        (";amqp://a//", WHOLE),
        ("amqp://a//;b", WHOLE),
        ("amqp://a//;amqp://b:port//", PORT),
        ("amqp://", "expected a host"),
        ("redis://;redis://h", "expected a host"),
        ("sentinel://h:26379/cache", NUMBER),
        ("redis://hunter2@h/0", "expected a colon before the password"),
        ("ampq://h", "unknown scheme (is amqp:// meant?); known schemes: amqp, amqps, "),
        ("memory:// ", "expected a URL without blanks"),
        ("", "expected a URL that begins with a scheme and ://; known schemes: amqp, amqps, "),
    ],
)
def test_a_broker_url_that_is_wrong_is_refused_with_its_rule(url, begins):
    with pytest.raises(Invalid) as raised:
        broker_url(url)
    assert raised.value.rule.startswith(begins)
    assert raised.value.__context__ is None


@settings(max_examples=100, deadline=None)
@given(SOUP | st.text())
def test_any_text_is_brokers_or_invalid(text):
    try:
        found = broker_url(text)
    except Invalid:
        return
    assert len(found.brokers) == text.count(";") + 1
