"""What the log says of forgers: little, and nothing that is theirs."""

import logging
import os
import threading

import pytest
from prodready_clients.asking import CLIENT, EDGE, FORGED, FORGERY, STRANGER, by_wsgi

from django_prodready.middleware import spoof_log as module
from django_prodready.middleware.spoof_log import SpoofLog

MANY = 1000
LOGGER = "django_prodready.client"


@pytest.fixture
def told(caplog):
    """What our logger said, each line once formatted."""
    caplog.set_level(logging.INFO, LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


@pytest.mark.parametrize("peer", [STRANGER, EDGE, "10.0.0.2"])
def test_a_thousand_forgeries_are_few_lines_without_a_word_of_theirs(addressed, told, caplog, peer):
    addressed({"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.0.2"], "CLOUDFLARE_SECRETS": ["s3cret"]})
    for number in range(MANY):
        forged = f"192.0.2.{number % 250}"
        headers = FORGERY | {"X-Real-IP": f"<forged> {number}"}
        headers |= {"X-Forwarded-For": f"<forged>, {forged}", "X-Origin-Secret": "t0p-secret"}
        assert by_wsgi(peer=peer, headers=headers).status == 200
    assert 1 <= len(told()) <= 3
    said = caplog.text
    assert not any(word in said for word in ("192.0.2.", "<forged>", "t0p-secret", "s3cret", "2001:db8"))
    assert f"Peer: {peer}." in told()[0]


@pytest.mark.parametrize(
    ("prodready", "peer", "headers", "words"),
    [
        ({"CLOUDFLARE": True}, STRANGER, {"X-Forwarded-For": FORGED}, "by a path that may not"),
        ({"CLOUDFLARE": True}, EDGE, {"CF-Connecting-IP": "a, b"}, "held more than one address, or none"),
        (
            {"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": ["s"]},
            EDGE,
            {"CF-Connecting-IP": CLIENT},
            "did not prove that it is of our account",
        ),
        ({"TRUST_UNIX_SOCKET": True}, "", {"CF-Connecting-IP": FORGED}, "Peer: a socket."),
        ({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True}, STRANGER, {}, "was refused (CLOUDFLARE_ONLY)"),
    ],
)
def test_each_reason_is_told(addressed, told, prodready, peer, headers, words):
    addressed(prodready)
    by_wsgi(peer=peer, headers=headers)
    assert [words in line for line in told()] == [True]


@pytest.mark.parametrize(
    ("prodready", "peer", "headers"),
    [
        ({}, STRANGER, FORGERY),  # nobody is trusted, so nobody has lied about it
        ({"CLOUDFLARE": True}, STRANGER, {}),
        ({"CLOUDFLARE": True}, EDGE, {"CF-Connecting-IP": CLIENT, "X-Forwarded-For": FORGED}),
        ({"TRUSTED_PROXIES": ["10.0.0.2"]}, "10.0.0.2", {"X-Forwarded-For": CLIENT}),
    ],
)
def test_there_is_nothing_to_tell_of_others(addressed, told, prodready, peer, headers):
    addressed(prodready)
    assert by_wsgi(peer=peer, headers=headers).status == 200
    assert told() == []


def test_the_next_line_counts_what_was_not_told(told, monkeypatch):
    now_s = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    log = SpoofLog()
    for _ in range(5):
        log.note("Forged.", "10.0.0.2")
    log.note("Refused.", None)
    now_s[0] += module.EVERY_S
    log.note("Forged.", "10.0.0.3")
    assert told() == [
        "Forged. Peer: 10.0.0.2. Requests since the last such line: 1.",
        "Refused. Peer: a socket. Requests since the last such line: 1.",
        "Forged. Peer: 10.0.0.3. Requests since the last such line: 5.",
    ]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_may_tell_whatever_its_parent_was_telling():
    held, done = threading.Event(), threading.Event()

    def hold():
        with module.spoof_log._lock:
            held.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if module.spoof_log._lock.acquire(timeout=30) else 1)
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
