import re
import time
from http.client import HTTPException

import pytest
from prodready_peers.http import http_site
from prodready_peers.sockets import AUTHORITY, LOOPBACK, closed_port, dripping, serving, silent

from django_prodready.health.probes._http_request import UnexpectedStatusError
from django_prodready.health.probes.http import HttpProbe

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def site():
    with http_site() as served:
        yield served


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_service_that_answers_is_well(site, method):
    site.pages["/up"] = (204, b"")
    HttpProbe(
        url=f"http://localhost:{site.port}/up?deep=1", method=method, headers={"Authorization": "Bearer x"}
    ).run()
    [(verb, target, headers)] = site.asked
    assert (verb, target) == (method, "/up?deep=1")
    assert headers["Host"] == f"localhost:{site.port}"
    assert headers["Authorization"] == "Bearer x"


def test_the_host_header_may_be_another(site):
    site.pages["/"] = (200, b"")
    HttpProbe(url=f"http://{LOOPBACK}:{site.port}", headers={"Host": "shop.example.org"}).run()
    assert site.asked[0][2]["Host"] == "shop.example.org"


def test_a_status_that_says_no_is_down(site):
    site.pages["/up"] = (503, b"secret")
    with pytest.raises(UnexpectedStatusError, match=r"^The answer has the status 503\.$"):
        HttpProbe(url=f"http://{LOOPBACK}:{site.port}/up").run()


def test_the_statuses_that_say_yes_can_be_chosen(site):
    site.pages["/up"] = (401, b"")
    url = f"http://{LOOPBACK}:{site.port}/up"
    HttpProbe(url=url, expect_status=[200, 401]).run()
    site.pages["/up"] = (204, b"")
    with pytest.raises(UnexpectedStatusError):
        HttpProbe(url=url, expect_status=[200, 401]).run()


def test_no_redirect_is_followed(site):
    site.pages["/up"] = (302, b"")
    site.extra_headers["Location"] = "/other"
    url = f"http://{LOOPBACK}:{site.port}/up"
    with pytest.raises(UnexpectedStatusError, match="302"):
        HttpProbe(url=url).run()
    HttpProbe(url=url, expect_status=(302,)).run()
    assert [path for _, path, _ in site.asked] == ["/up", "/up"]


def test_a_large_body_is_not_read_to_its_end(site):
    site.pages["/"] = (200, b"x" * 5_000_000)
    HttpProbe(url=f"http://{LOOPBACK}:{site.port}/", budget_s=1.9).run()


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(silent, id="no word"),
        pytest.param(dripping(HEAD + b"X-Slow: 1\r\n" * 1000), id="slow headers"),
        pytest.param(dripping(HEAD + b"Content-Length: 9999\r\n\r\n" + b"x" * 9999, 0.005), id="slow body"),
    ],
)
def test_the_budget_holds_for_everything_together(peer):
    with serving(peer) as port:
        begun_s = time.monotonic()
        with pytest.raises(TimeoutError):
            HttpProbe(url=f"http://{LOOPBACK}:{port}/", budget_s=0.4).run()
        assert time.monotonic() - begun_s < 5


def test_a_service_that_is_not_there_is_down():
    with pytest.raises(ConnectionRefusedError):
        HttpProbe(url=f"http://{LOOPBACK}:{closed_port()}/").run()


def test_an_answer_that_is_not_http_is_down():
    def greet(connection, ended):
        connection.recv(4096)
        connection.sendall(b"220 mail.example.org\r\n")

    with serving(greet) as port, pytest.raises(HTTPException):
        HttpProbe(url=f"http://{LOOPBACK}:{port}/").run()


def test_tls_is_verified():
    with http_site("valid") as site:
        site.pages["/"] = (200, b"")
        HttpProbe(url=f"https://localhost:{site.port}/", ca_file=AUTHORITY).run()
    for certificate, ca_file, reason in (("valid", None, "unable to get"), ("expired", AUTHORITY, "expired")):
        with serving(silent, certificate=certificate) as port, pytest.raises(OSError, match=reason):
            HttpProbe(url=f"https://localhost:{port}/", ca_file=ca_file).run()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"url": "file:///etc/hunter2"}, "url must be a URL that begins with one of: http, https."),
        ({"url": "http:///hunter2"}, "url must have a host, and only characters that URLs may have"),
        ({"url": "http://h/hunter2 x"}, "url must have a host, and only characters that URLs may have"),
        ({"url": "http://h/hunter2/ü"}, "url must have a host, and only characters that URLs may have"),
        ({"url": "http://me:hunter2@h/"}, "url must not hold a user or a password"),
        ({"method": "POST"}, "method must be one of: GET, HEAD."),
        ({"expect_status": 200}, "expect_status must be a list of HTTP statuses, and not empty."),
        ({"expect_status": []}, "expect_status must be a list of HTTP statuses, and not empty."),
        ({"expect_status": [200, 99]}, "expect_status must be a whole number, from 100 to 599."),
        ({"headers": ["hunter2"]}, "headers must be a mapping of names to values."),
        ({"headers": {"X-A": "hunter2\r\nX-B: 1"}}, "headers must map names of headers to printable ASCII"),
        ({"headers": {"X A": "hunter2"}}, "headers must map names of headers to printable ASCII text."),
        ({"headers": {"X-A": 1}}, "headers must map names of headers to printable ASCII text."),
        ({"headers": {"X-A": "ü"}}, "headers must map names of headers to printable ASCII text."),
        ({"budget_s": 2}, "budget_s must be a number of seconds above 0 and below 2."),
        ({"ca_file": ""}, "ca_file must be text on one line, and not empty."),
    ],
)
def test_wrong_options_are_named_and_no_value_is_told(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}") as caught:
        HttpProbe(**{"url": "http://h/", **options})
    assert "hunter2" not in str(caught.value)


def test_it_is_not_critical_and_tells_no_address():
    assert not HttpProbe.critical
    assert "hunter2" not in repr(HttpProbe(url="http://h/?token=hunter2"))
