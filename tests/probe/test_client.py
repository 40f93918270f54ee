"""Answers of every kind, over real sockets: what is fit, what is not, and that the timeout holds."""

import socket
import threading
import time

import pytest
from prodready_peers.sockets import AUTHORITY, LOOPBACK, closed_port, dripping, serving, silent
from prodready_services.once import once

from django_prodready.probe import client
from django_prodready.probe.client import ask, judge
from django_prodready.probe.query import ProbeError, Query, UsageError

pytestmark = once

SECRET = "s3cr3t-pl4nted"
READY = b'{"status": "ready", "checks": {"database": true}}'
PATIENCE_S = 20
END = "put HealthMiddleware first, or probe what stands at its end."


def answer(status, *fields, body=b""):
    lines = [f"HTTP/1.1 {status}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def asked(port, **options):
    """Ask, and give the verdict."""
    scheme = options.pop("scheme", "http")
    query = Query(f"{scheme}://127.0.0.1:{port}/ready/", **{"timeout": PATIENCE_S, **options})
    return judge(query, ask(query))


def unfit(port, **options):
    """Ask, and give the reason why it is not fit, without whom was asked."""
    with pytest.raises(ProbeError) as raised:
        asked(port, **options)
    place, _, words = str(raised.value).partition(": ")
    assert place in (f"127.0.0.1:{port}", options.get("unix_socket"))
    return words


@pytest.mark.parametrize(
    "data",
    [
        answer("200 OK", f"Content-Length: {len(READY)}", body=READY),
        answer("200 OK", f"content-LENGTH:{len(READY)}", body=READY + b"more than was said"),
        answer("200 OK", body=READY),
        answer("200", body=READY),
        answer("204 No Content"),
        answer("299 Strange", "Content-Length: none"),
        answer("100 Continue") + answer("103 Early Hints", "Link: x") + answer("200 OK", body=READY),
        answer("200 OK", "Transfer-Encoding: chunked", body=b"1a;x=y\r\n" + b"." * 26 + b"\r\n0\r\n\r\n"),
    ],
)
def test_fit(data, answering):
    with serving(answering(data)) as port:
        assert asked(port).startswith("HTTP 2")

    (request,) = answering.requests
    assert request.startswith(f"GET /ready/ HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it closed the connection unasked."),
        (b"HTTP/1.1 200", "it does not answer in HTTP."),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "it does not answer in HTTP."),
        (b"HTTP/2 200\r\n\r\n", "it does not answer in HTTP."),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", "it does not answer in HTTP."),
        (b"HTTP/1.1 20\r\n\r\n", "it does not answer in HTTP."),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 18), "it does not answer in HTTP."),
        (answer("200 OK", "Content-Length: 100", body=READY), "the answer, HTTP 200, broke off."),
        (
            answer("200 OK", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n"),
            "the answer, HTTP 200, broke off.",
        ),
        (
            answer("200 OK", "Transfer-Encoding: chunked", body=b"-5\r\nhello\r\n0\r\n\r\n"),
            "the answer, HTTP 200, broke off.",
        ),
        (
            answer("302 Found", f"Location: https://user:{SECRET}@www.example.org/?token={SECRET}"),
            f"HTTP 302, a redirect to https://www.example.org: {END}",
        ),
        (
            answer("301 Moved", f"Location: /login/?next={SECRET}"),
            f"HTTP 301, a redirect to another path: {END}",
        ),
        (
            answer("304 Not Modified"),
            "HTTP 304.",
        ),
        (
            answer("400 Bad Request", body=b"<h1>Bad Request (400)</h1>"),
            f"HTTP 400: {client._HINTS[400]}.",
        ),
        (answer("401 Unauthorized"), "HTTP 401: send a token with --token-env or --token-file."),
        (answer("404 Not Found", body=b"[1]"), "HTTP 404."),
        (answer("500 Oops", body=f"<p>{SECRET}</p>".encode()), "HTTP 500."),
        (answer("500 Oops", body=b"[" * 200_000), "HTTP 500."),
        (answer("503 No", body=b"\xff"), "HTTP 503."),
        (
            answer("503 No", body=b'{"status": "not_ready", "reason": "draining", "checks": {}}'),
            "HTTP 503, not_ready, draining.",
        ),
        (
            answer("503 No", body=b'{"status": "not_ready", "checks": {"a": true, "b": false, "c": false}}'),
            "HTTP 503, not_ready, down: b c.",
        ),
        (
            answer("503 No", body=b'{"status": "starting", "reason": "It has not begun."}'),
            "HTTP 503, starting, It has not begun.",
        ),
        (answer("503 No", body=b'{"status": 3, "checks": [false]}'), "HTTP 503."),
        (
            answer("503 No", body=f'{{"status": "\\u001b[31m Bearer {SECRET}"}}'.encode()),
            "HTTP 503, ?[31m [redacted].",
        ),
    ],
)
def test_not_fit(data, words, answering, monkeypatch):
    monkeypatch.setenv("PROBE_TOKEN", SECRET)
    with serving(answering(data)) as port:
        assert unfit(port, token_env="PROBE_TOKEN") == words


def test_a_body_without_end_is_not_read_to_it(answering):
    with serving(answering(answer("200 OK", body=b"x" * (client.MAX_BODY_BYTES * 4)))) as port:
        assert asked(port) == "HTTP 200"
    chunks = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    with serving(answering(answer("200 OK", "Transfer-Encoding: chunked", body=chunks * 40))) as port:
        assert asked(port) == "HTTP 200"


@pytest.mark.parametrize(
    "handler",
    [
        silent,
        dripping(b"x"),
        dripping(b"HTTP/1.1 200 OK\r\nX: y\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000),
    ],
    ids=["silent", "no HTTP", "headers", "body"],
)
def test_the_timeout_is_for_everything(handler):
    with serving(handler) as port:
        started_s = time.monotonic()
        assert unfit(port, timeout=0.4) == "no whole answer within 0.4 s."
        assert 0.35 < time.monotonic() - started_s < 5

    assert_ends()


def test_the_timeout_is_for_tls_too():
    with serving(silent) as port:
        words = unfit(port, scheme="https", insecure=True, timeout=0.4)
        assert words == "no whole answer within 0.4 s."


def test_the_timeout_is_for_name_lookups_too(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: go_on.wait(PATIENCE_S) and [])
    query = Query("http://slow.example/", timeout=0.2)

    with pytest.raises(ProbeError, match=r"^slow\.example: no whole answer within 0\.2 s\.$"):
        ask(query)
    go_on.set()
    assert_ends()


def test_a_deadline_that_has_passed_ends_the_thread():
    """After a lookup that took too long nothing is connected to."""
    with pytest.raises(TimeoutError):
        client._left(time.monotonic())


def assert_ends():
    """The thread that asked is gone: nothing of an answer that came too late goes on."""
    deadline = time.monotonic() + PATIENCE_S
    while any(thread.name == "prodready-probe" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nobody_listens():
    assert unfit(closed_port()) == "Connection refused."


def test_a_name_that_nobody_has():
    query = Query("http://no-such-host.invalid/", timeout=PATIENCE_S)
    with pytest.raises(ProbeError, match=r"its name cannot be resolved \(.+\)\.$"):
        ask(query)


def test_a_name_without_addresses(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(ProbeError, match=r"its name has no address\.$"):
        ask(Query("http://web/"))


def test_each_address_is_tried(monkeypatch, answering):
    with serving(answering(answer("200 OK"))) as port:
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOOPBACK, number))
            for number in (closed_port(), port, closed_port())
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)

        assert asked(port) == "HTTP 200"


def test_what_is_no_error_of_the_network(monkeypatch):
    def broken(*_, **__):
        raise LookupError(SECRET)

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    with pytest.raises(ProbeError, match=r"^web: LookupError\.$"):
        ask(Query("http://web/"))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no Unix sockets here")
class TestUnixSocket:
    @pytest.fixture
    def path(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)  # a path may have about a hundred characters
        return "web.sock"

    def test_fit(self, path):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            requests = []

            def serve():
                connection, _ = listener.accept()
                with connection:
                    requests.append(connection.recv(4096))
                    connection.sendall(answer("200 OK"))

            thread = threading.Thread(target=serve)
            thread.start()
            query = Query("http://www.example.org/ready/", unix_socket=path, timeout=PATIENCE_S)
            assert judge(query, ask(query)) == "HTTP 200"
            thread.join()

        assert b"host: www.example.org\r\n" in requests[0]

    def test_nobody_there(self, path):
        with pytest.raises(ProbeError, match=r"^web\.sock: No such file or directory\.$"):
            ask(Query("http://web/", unix_socket=path))


class TestTls:
    @pytest.fixture
    def port(self, answering):
        with serving(answering(answer("200 OK")), certificate="valid") as port:
            yield port

    def test_a_trusted_certificate(self, port):
        assert asked(port, scheme="https", cacert=AUTHORITY) == "HTTP 200"

    def test_the_name_is_that_of_the_host_header(self, port):
        assert asked(port, scheme="https", cacert=AUTHORITY, headers=["Host: localhost:443"]) == "HTTP 200"
        words = unfit(port, scheme="https", cacert=AUTHORITY, headers=["Host: www.example.org"])
        assert words.startswith("its certificate is not trusted (Hostname mismatch")

    def test_nobody_vouches(self, port):
        assert unfit(port, scheme="https") == (
            "its certificate is not trusted (unable to get local issuer certificate): "
            "give --cacert FILE, or --insecure."
        )

    def test_any_certificate(self, answering):
        with serving(answering(answer("200 OK")), certificate="expired") as port:
            assert asked(port, scheme="https", insecure=True) == "HTTP 200"
            assert "expired" in unfit(port, scheme="https", cacert=AUTHORITY)

    @pytest.mark.parametrize("content", [None, b"no certificate"])
    def test_a_file_without_certificates(self, port, tmp_path, content):
        path = tmp_path / "ca.pem"
        if content is not None:
            path.write_bytes(content)
        query = Query(f"https://127.0.0.1:{port}/", cacert=str(path), timeout=PATIENCE_S)
        with pytest.raises(
            UsageError, match=r"^--cacert '.*ca\.pem' holds no certificate that can be read\.$"
        ):
            ask(query)

    def test_a_server_that_speaks_plainly(self, answering):
        with serving(answering(answer("400 Bad Request"))) as port:
            words = unfit(port, scheme="https", insecure=True)
        assert words.startswith("TLS failed (")
        assert words.endswith("as when it is no https address.")
