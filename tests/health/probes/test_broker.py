import re
import sys
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import amqp
import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from prodready_peers.sockets import LOOPBACK, closed_port, serving, silent

from django_prodready.health.probe import Skipped
from django_prodready.health.probes.broker import BrokerProbe


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Take away what the environment of the test run tells, and Celery where another test loaded it."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.delitem(sys.modules, "celery", raising=False)


def host_of(url):
    return url.rpartition("@")[2]


def test_redis_as_broker_is_well_and_let_go(redis_url):
    with redis.Redis.from_url(redis_url) as server:
        before = len(server.client_list())
        keys = set(server.keys("*"))
        BrokerProbe(url=redis_url).run()
        deadline_s = time.monotonic() + 10
        while len(server.client_list()) > before and time.monotonic() < deadline_s:
            time.sleep(0.01)
        assert len(server.client_list()) == before
        assert set(server.keys("*")) == keys


def test_rabbitmq_as_broker_is_well(rabbitmq_url):
    BrokerProbe(url=rabbitmq_url).run()


def test_a_wrong_password_is_down(redis_url, rabbitmq_url):
    with pytest.raises(redis.AuthenticationError):
        BrokerProbe(url=f"redis://:hunter2@{host_of(redis_url)}").run()
    with pytest.raises(amqp.AccessRefused) as caught:
        BrokerProbe(url=f"amqp://me:hunter2@{host_of(rabbitmq_url)}").run()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_not_there_is_down_at_once(scheme):
    begun_s = time.monotonic()
    with pytest.raises((redis.ConnectionError, ConnectionRefusedError)):
        BrokerProbe(url=f"{scheme}://{LOOPBACK}:{closed_port()}").run()
    assert time.monotonic() - begun_s < 5


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_hangs_is_left_in_time(scheme):
    with serving(silent) as port:
        begun_s = time.monotonic()
        with pytest.raises((redis.TimeoutError, TimeoutError)):
            BrokerProbe(url=f"{scheme}://{LOOPBACK}:{port}", timeout_s=0.3).run()
        assert time.monotonic() - begun_s < 5


def test_the_second_address_has_its_turn(redis_url):
    BrokerProbe(url=f"redis://{LOOPBACK}:{closed_port()};{redis_url}").run()


def test_when_no_address_answers_the_last_error_is_told():
    with serving(silent) as port:
        probe = BrokerProbe(
            url=f"redis://{LOOPBACK}:{port};redis://{LOOPBACK}:{closed_port()}", timeout_s=0.4
        )
        begun_s = time.monotonic()
        with pytest.raises(redis.ConnectionError, match="refused"):
            probe.run()
        assert time.monotonic() - begun_s < 5


def test_the_address_is_found_where_celery_finds_it(settings, monkeypatch, redis_url):
    gone = f"redis://{LOOPBACK}:{closed_port()}"
    loaded = SimpleNamespace(current_app=SimpleNamespace(conf=SimpleNamespace(broker_url=redis_url)))
    monkeypatch.setitem(sys.modules, "celery", loaded)
    BrokerProbe().run()
    settings.CELERY_BROKER_URL = [gone]
    with pytest.raises(redis.ConnectionError):
        BrokerProbe().run()
    monkeypatch.setenv("CELERY_BROKER_URL", redis_url)
    BrokerProbe().run()
    with pytest.raises(redis.ConnectionError):
        BrokerProbe(url=gone).run()


def test_the_transport_options_of_the_settings_hold(settings, redis_url):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"client_name": "from-the-settings", "socket_timeout": 30}
    host = urlsplit(redis_url).netloc
    with redis.Redis.from_url(redis_url, decode_responses=True) as server, server.monitor() as monitor:
        BrokerProbe(url=f"redis://{host}").run()
        with redis.Redis.from_url(redis_url) as other:
            other.get("end-of-monitoring")
        seen = []
        for command in monitor.listen():
            seen.append(command["command"])
            if "end-of-monitoring" in command["command"]:
                break
    assert "CLIENT SETNAME from-the-settings" in seen


def test_a_broker_in_memory_is_skipped():
    with pytest.raises(Skipped):
        BrokerProbe(url="memory://").run()


def test_without_an_address_it_is_down_and_says_what_to_do():
    with pytest.raises(ImproperlyConfigured, match=r"the option url, or set CELERY_BROKER_URL\.$"):
        BrokerProbe().run()


def test_an_address_that_cannot_be_read_is_not_told(settings):
    settings.CELERY_BROKER_URL = "redis://:hun/ter2@h:1/0"
    with pytest.raises(ImproperlyConfigured) as caught:
        BrokerProbe().run()
    assert str(caught.value) == "The address of the broker cannot be read as a URL."
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"url": "hunter2"}, "url must be a URL, as Celery's broker_url."),
        ({"url": ""}, "url must be text on one line, and not empty."),
        ({"timeout_s": 2}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named_and_no_value_is_told(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        BrokerProbe(**options)


def test_it_is_not_critical_and_tells_no_address():
    assert not BrokerProbe.critical
    assert "hunter2" not in repr(BrokerProbe(url="amqp://me:hunter2@h"))
