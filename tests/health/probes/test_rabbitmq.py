import re
import time

import amqp
import pytest
from prodready_peers.sockets import LOOPBACK, closed_port, serving, silent

from django_prodready.health.probes.rabbitmq import RabbitMQProbe


def test_a_server_that_lets_us_in_is_well(rabbitmq_url):
    probe = RabbitMQProbe(url=rabbitmq_url)
    probe.run()
    probe.run()


def test_the_address_comes_from_the_environment(rabbitmq_url, monkeypatch):
    monkeypatch.setenv("QUEUE_URL", rabbitmq_url)
    RabbitMQProbe(url_env="QUEUE_URL").run()


def test_a_wrong_password_is_down(rabbitmq_url):
    host = rabbitmq_url.rpartition("@")[2]
    with pytest.raises(amqp.AccessRefused) as caught:
        RabbitMQProbe(url=f"amqp://prodready:hunter2@{host}").run()
    assert "hunter2" not in str(caught.value)


def test_a_virtual_host_that_is_not_there_is_down(rabbitmq_url):
    with pytest.raises(amqp.NotAllowed):
        RabbitMQProbe(url=f"{rabbitmq_url.removesuffix('//')}/no-such-host").run()


def test_a_server_that_is_not_there_is_down():
    with pytest.raises(ConnectionRefusedError):
        RabbitMQProbe(url=f"amqp://{LOOPBACK}:{closed_port()}").run()


def test_a_server_that_hangs_is_left_in_time():
    with serving(silent) as port:
        begun_s = time.monotonic()
        with pytest.raises(TimeoutError):
            RabbitMQProbe(url=f"amqp://{LOOPBACK}:{port}", timeout_s=0.3).run()
        assert time.monotonic() - begun_s < 5


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Give either url or url_env, the name of the environment variable that holds the URL."),
        ({"url": "redis://hunter2"}, "url must be a URL that begins with one of: amqp, amqps, pyamqp."),
        ({"url": "amqp://h", "timeout_s": 0}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named_and_no_value_is_told(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        RabbitMQProbe(**options)


def test_it_is_not_critical_and_tells_no_address():
    assert not RabbitMQProbe.critical
    assert "hunter2" not in repr(RabbitMQProbe(url="amqp://me:hunter2@h"))
