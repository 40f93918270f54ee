import re
import time

import pytest
import redis
from prodready_peers.sockets import LOOPBACK, closed_port, serving, silent

from django_prodready.health.probes.redis import RedisProbe


def test_a_server_that_answers_is_well_and_its_connection_is_kept_until_closed(redis_url):
    probe = RedisProbe(url=f"{redis_url}?client_name=kept-by-redis-probe")
    with redis.Redis.from_url(redis_url) as own:

        def names():
            return [client["name"] for client in own.client_list()].count("kept-by-redis-probe")

        probe.run()
        probe.run()
        assert names() == 1
        probe.close()
        deadline_s = time.monotonic() + 10
        while names() and time.monotonic() < deadline_s:
            time.sleep(0.01)
        assert names() == 0
        probe.run()
        probe.close()


def test_the_address_comes_from_the_environment(redis_url, monkeypatch):
    monkeypatch.setenv("SESSIONS_URL", redis_url)
    probe = RedisProbe(url_env="SESSIONS_URL")
    probe.run()
    probe.close()


def test_a_wrong_password_is_down(redis_url):
    host = redis_url.rpartition("@")[2]
    with pytest.raises(redis.AuthenticationError) as caught:
        RedisProbe(url=f"redis://:hunter2@{host}").run()
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_not_there_is_asked_once():
    with pytest.raises(redis.ConnectionError):
        RedisProbe(url=f"redis://{LOOPBACK}:{closed_port()}").run()


def test_a_server_that_hangs_is_left_in_time_whatever_the_address_says():
    with serving(silent) as port:
        probe = RedisProbe(
            url=f"redis://{LOOPBACK}:{port}?socket_timeout=30&retry_on_timeout=yes", socket_timeout_s=0.2
        )
        begun_s = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            probe.run()
        assert time.monotonic() - begun_s < 5


def test_an_answer_that_is_not_pong_is_down():
    def other(connection, ended):
        while connection.recv(4096):
            connection.sendall(b"+NOPE\r\n")

    with serving(other) as port, pytest.raises(redis.ConnectionError, match="something else than PONG"):
        RedisProbe(url=f"redis://{LOOPBACK}:{port}?protocol=2").run()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Give either url or url_env"),
        ({"url": "http://hunter2"}, "url must be a URL that begins with one of: redis, rediss, unix."),
        ({"url": "redis://h?socket_timeout=hunter2"}, "url has a query or a path that redis-py does not"),
        ({"url": "redis://h", "socket_timeout_s": 2}, "socket_timeout_s must be"),
    ],
)
def test_wrong_options_are_named_and_no_value_is_told(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}") as caught:
        RedisProbe(**options)
    assert "hunter2" not in str(caught.value)


def test_the_password_is_not_in_the_representation():
    probe = RedisProbe(url="redis://:hunter2@h")
    assert "hunter2" not in f"{probe!r}{probe}"


def test_it_is_critical():
    assert RedisProbe.critical
