"""What may be asked, how the request is spelled, and that no mistake shows a secret."""

import socket

import pytest

from django_prodready.probe.query import DEFAULT_TIMEOUT_S, Query, UsageError

SECRET = "s3cr3t-pl4nted"


def request_of(*arguments, **options):
    first, *fields = Query(*arguments, **options).encoded().decode("latin-1").split("\r\n")
    return first, dict(field.split(": ", 1) for field in fields if field)


@pytest.mark.parametrize(
    ("url", "is_tls", "host", "port", "target", "authority"),
    [
        ("http://web:8000/ready/", False, "web", 8000, "/ready/", "web:8000"),
        ("http://web", False, "web", 80, "/", "web"),
        ("http://web:80/", False, "web", 80, "/", "web"),
        ("http://web:/", False, "web", 80, "/", "web"),
        ("HTTPS://web/health", True, "web", 443, "/health", "web"),
        ("https://web:80?a=b#c", True, "web", 80, "/?a=b", "web:80"),
        ("http://[::1]:8000/x", False, "::1", 8000, "/x", "[::1]:8000"),
        ("https://[fe80::1]", True, "fe80::1", 443, "/", "[fe80::1]"),
        ("http://a_b.c-d.example.#top", False, "a_b.c-d.example.", 80, "/", "a_b.c-d.example."),
        ("http://web/a//b@c:d?e=f@g", False, "web", 80, "/a//b@c:d?e=f@g", "web"),
    ],
)
def test_urls(url, is_tls, host, port, target, authority):
    query = Query(url)

    assert (query.is_tls, query.host, query.port, query.target) == (is_tls, host, port, target)
    assert (query.authority, query.place) == (authority, authority)
    assert query.encoded().startswith(f"GET {target} HTTP/1.1\r\nhost: {authority}\r\n".encode())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must begin with"),
        ("web:8000/ready/", "must begin with"),
        ("ftp://web/", "must begin with"),
        (f"//{SECRET}@web/", "must begin with"),
        ("http://", "no valid host"),
        ("http:///ready/", "no valid host"),
        ("http://:8000/", "no valid host"),
        ("http://we\\b/", "no valid host"),
        ("http://::1/", "no valid host|port must be"),
        ("http://[::1/", "no valid host"),
        ("http://[web]/", "no valid host"),
        ("http://[::1]8000/", "no valid host"),
        ("http://web:0/", "port must be"),
        ("http://web:65536/", "port must be"),
        ("http://web:99999999999999/", "port must be"),
        (f"http://web:{SECRET}/", "port must be"),
        (f"http://user:{SECRET}@web/", "a user or a password"),
        (f"http://{SECRET}@web", "a user or a password"),
        (f"http://web/ {SECRET}", "percent-encode"),
        (f"http://web/{SECRET}\r\nHost: other", "percent-encode"),
        (f"http://wéb/{SECRET}", "percent-encode"),
    ],
)
def test_urls_that_are_none(url, words):
    with pytest.raises(UsageError, match=words) as raised:
        Query(url)

    assert SECRET not in str(raised.value)


def test_the_request():
    first, fields = request_of("http://web/ready/", headers=["X-One:  1 ", "accept: text/plain"])

    assert first == "GET /ready/ HTTP/1.1"
    assert fields == {
        "host": "web",
        "user-agent": "prodready-probe",
        "accept": "text/plain",
        "x-one": "1",
        "connection": "close",
    }
    assert Query("http://web/").timeout_s == DEFAULT_TIMEOUT_S


@pytest.mark.parametrize(
    ("given", "name"),
    [("Host: www.example.org", "www.example.org"), ("HOST:[::1]:443", "::1"), ("host: www:8443", "www")],
)
def test_another_host(given, name):
    query = Query("https://127.0.0.1:8443/", headers=[given])

    assert query.headers["host"] == given.partition(":")[2].strip()
    assert query.server_name == name
    assert query.place == "127.0.0.1:8443"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (SECRET, "number 1: write it as"),
        (f": {SECRET}", "number 1: write it as"),
        (f"X {SECRET}: 1", "number 1: write it as"),
        (f"Schlüssel{SECRET}: 1", "number 1: write it as"),
        (f"X-A: {SECRET}\r\nHost: other", "X-A: its value holds a line break"),
        (f"X-A: {SECRET}\n", "X-A: its value holds"),
        (f"X-A: {SECRET}\0", "X-A: its value holds"),
        (f"X-A: {SECRET}\x7f", "X-A: its value holds"),
        (f"X-A: {SECRET}\u20ac", "X-A: its value holds"),
        (f"X-A: {SECRET}\udcff", "X-A: its value holds"),
        (f"Content-Length: {SECRET}", "Content-Length is not for you"),
        (f"transfer-encoding: {SECRET}", "transfer-encoding is not for you"),
        (f"Connection: {SECRET}", "Connection is not for you"),
        ("Host:", "Host needs a value"),
    ],
)
def test_headers_that_are_none(header, words):
    with pytest.raises(UsageError, match=words) as raised:
        Query("http://web/", headers=[header])

    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("timeout", ["0.25", 0.5, "3600", 1e-3])
def test_timeouts(timeout):
    assert Query("http://web/", timeout=timeout).timeout_s == float(timeout)


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "3601", "", "1s", -0.5])
def test_timeouts_that_are_none(timeout):
    with pytest.raises(UsageError, match=r"^--timeout must be a number of seconds above 0, at most 3600\.$"):
        Query("http://web/", timeout=timeout)


def test_a_token_out_of_the_environment(monkeypatch):
    monkeypatch.setenv("PROBE_TOKEN", f"{SECRET}\n")

    assert request_of("http://web/", token_env="PROBE_TOKEN")[1]["authorization"] == f"Bearer {SECRET}"


def test_a_token_out_of_a_file(tmp_path):
    (tmp_path / "token").write_text(f"  {SECRET}\r\n")

    fields = request_of("http://web/", token_file=str(tmp_path / "token"))[1]
    assert fields["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("value", ["", " \n", f"{SECRET} {SECRET}", f"{SECRET}\r\nX: 1", f"{SECRET}é"])
def test_tokens_that_are_none(value, monkeypatch, tmp_path):
    monkeypatch.setenv("PROBE_TOKEN", value)
    (tmp_path / "token").write_bytes(value.encode())

    for options in ({"token_env": "PROBE_TOKEN"}, {"token_file": str(tmp_path / "token")}):
        with pytest.raises(UsageError, match=r"--token-(env|file): ") as raised:
            Query("http://web/", **options)
        assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"token_env": "NOT_SET_ANYWHERE"}, "no environment variable 'NOT_SET_ANYWHERE'"),
        ({"token_file": "/nonexistent/token"}, "'/nonexistent/token' cannot be read: No such file"),
        ({"token_file": "\0"}, "cannot be read: no path"),
        ({"token_env": "PATH", "token_file": "x"}, "exclude each other"),
        ({"token_env": "PATH", "headers": ["authorization: x"]}, "exclude each other"),
        ({"cacert": "x"}, "go with an https URL"),
        ({"insecure": True}, "go with an https URL"),
    ],
)
def test_options_that_do_not_fit(options, words):
    with pytest.raises(UsageError, match=words):
        Query("http://web/", **options)


def test_certificates_are_trusted_or_not():
    with pytest.raises(UsageError, match="exclude each other"):
        Query("https://web/", cacert="x", insecure=True)


def test_no_unix_sockets(monkeypatch):
    monkeypatch.delattr(socket, "AF_UNIX")
    with pytest.raises(UsageError, match="no Unix sockets"):
        Query("http://web/", unix_socket="/run/web.sock")


def test_what_a_server_echoes():
    query = Query("http://web/", headers=[f"X-Key: {SECRET}", "Authorization: Basic dXNlcjpwdw==", "X-No: 4"])

    said = query.without_secrets(f"{SECRET} dXNlcjpwdw== 404\n\x1b[31mé prodready-probe")
    assert said == "[redacted] [redacted] 404??[31m? prodready-probe"
