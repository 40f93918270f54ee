import re
import smtplib
import socket
import ssl
import time

import pytest
from django.conf import settings as lazy_settings
from django.core.exceptions import ImproperlyConfigured
from prodready_peers.smtp import mail_server
from prodready_peers.sockets import AUTHORITY, CERTIFICATES, LOOPBACK, closed_port, dripping, serving, silent

from django_prodready.health.probe import Skipped
from django_prodready.health.probes import smtp
from django_prodready.health.probes.smtp import SmtpProbe

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def verbs(server):
    return [line.split()[0].upper() for line in server.lines]


@pytest.fixture
def old_settings(settings, monkeypatch):
    """Set EMAIL_* past the lazy settings, whose own setter warns on Django 6.1."""

    def set_them(**values):
        for name, value in {"EMAIL_BACKEND": SMTP, **values}.items():
            monkeypatch.setitem(vars(lazy_settings._wrapped), name, value)

    # A holder of its own, which the fixture of pytest-django takes away again.
    settings.PRODREADY = {}
    return set_them


def test_it_says_ehlo_and_quit_and_nothing_else():
    with mail_server() as server:
        SmtpProbe(host=LOOPBACK, port=server.port).run()
    assert verbs(server) == [b"EHLO", b"QUIT"]


def test_starttls_is_followed_by_another_ehlo():
    with mail_server(certificate="valid") as server:
        SmtpProbe(host=LOOPBACK, port=server.port, use_tls=True, ca_file=AUTHORITY).run()
    assert verbs(server) == [b"EHLO", b"STARTTLS", b"EHLO", b"QUIT"]


def test_tls_from_the_first_byte():
    with mail_server(certificate="valid", is_tls_first=True) as server:
        SmtpProbe(host=LOOPBACK, port=server.port, use_ssl=True, ca_file=AUTHORITY).run()
    assert verbs(server) == [b"EHLO", b"QUIT"]


@pytest.mark.parametrize(("certificate", "ca_file"), [("expired", AUTHORITY), ("valid", None)])
def test_a_certificate_that_is_not_valid_is_down(certificate, ca_file):
    with mail_server(certificate=certificate) as server, pytest.raises(ssl.SSLCertVerificationError):
        SmtpProbe(host=LOOPBACK, port=server.port, use_tls=True, ca_file=ca_file).run()


@pytest.mark.parametrize(
    ("name", "line"),
    [("greeting", b"554 go away"), ("ehlo", b"502 what"), ("starttls", b"454 not now")],
)
def test_a_server_that_says_no_is_down(name, line):
    with mail_server() as server:
        setattr(server, name, line)
        with pytest.raises(smtplib.SMTPResponseException) as caught:
            SmtpProbe(host=LOOPBACK, port=server.port, use_tls=True).run()
    assert caught.value.smtp_code == int(line[:3])


def test_words_in_the_clear_do_not_count_within_tls():
    with mail_server(certificate="valid") as server:
        server.starttls = b"220 ready\r\n554 injected"
        SmtpProbe(host=LOOPBACK, port=server.port, use_tls=True, ca_file=AUTHORITY).run()
    assert verbs(server) == [b"EHLO", b"STARTTLS", b"EHLO", b"QUIT"]


def test_a_server_that_hangs_up_instead_of_saying_goodbye_is_well():
    def talk(connection, ended):
        connection.sendall(b"220 hello\r\n")
        connection.recv(1024)
        connection.sendall(b"250 hello\r\n")

    with serving(talk) as port:
        SmtpProbe(host=LOOPBACK, port=port).run()


def test_a_server_that_is_not_there_is_down():
    with pytest.raises(ConnectionRefusedError):
        SmtpProbe(host=LOOPBACK, port=closed_port()).run()


@pytest.mark.parametrize("peer", [silent, dripping(b"220-wait\r\n", 0.01)])
def test_a_server_that_stalls_is_left_in_time(peer):
    with serving(peer) as port:
        begun_s = time.monotonic()
        with pytest.raises(OSError, match=r"used up|timed out"):
            SmtpProbe(host=LOOPBACK, port=port, timeout_s=0.4).run()
        assert time.monotonic() - begun_s < 5


def test_the_old_settings_name_the_server(old_settings):
    with mail_server(certificate="valid") as server:
        old_settings(
            EMAIL_HOST=LOOPBACK,
            EMAIL_PORT=server.port,
            EMAIL_USE_TLS=True,
            EMAIL_HOST_USER="me",
            EMAIL_HOST_PASSWORD="hunter2",
            EMAIL_SSL_CERTFILE=str(CERTIFICATES / "valid.pem"),
            EMAIL_SSL_KEYFILE=str(CERTIFICATES / "key.pem"),
        )
        SmtpProbe(ca_file=AUTHORITY).run()
    assert verbs(server) == [b"EHLO", b"STARTTLS", b"EHLO", b"QUIT"]


@pytest.mark.parametrize("backend", [{}, {"BACKEND": SMTP}])
def test_the_mailers_name_the_server(settings, backend):
    with mail_server() as server:
        settings.MAILERS = {"news": {**backend, "OPTIONS": {"host": LOOPBACK, "port": server.port}}}
        SmtpProbe(mailer="news").run()
    assert verbs(server) == [b"EHLO", b"QUIT"]


def test_an_unknown_mailer_is_down(settings):
    settings.MAILERS = {}
    with pytest.raises(ImproperlyConfigured, match=r"^The option mailer is not one of MAILERS\.$"):
        SmtpProbe().run()


def test_a_mailer_without_server_is_down(settings):
    settings.MAILERS = {"default": {}}
    with pytest.raises(ImproperlyConfigured, match=r"^The settings name no mail server: set its host\.$"):
        SmtpProbe().run()


def test_a_backend_that_speaks_no_smtp_is_skipped(old_settings):
    old_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    with pytest.raises(Skipped):
        SmtpProbe().run()


@pytest.mark.parametrize(
    ("options", "port"),
    [({}, 25), ({"use_tls": True}, 587), ({"use_ssl": True}, 465), ({"port": 2525}, 2525)],
)
def test_the_port_follows_the_kind_of_tls(settings, options, port):
    assert SmtpProbe(host="h", **options)._server.port == port
    settings.MAILERS = {"default": {"OPTIONS": {"host": "h", **options}}}
    assert smtp._server_of_settings("default").port == port


@pytest.mark.parametrize(
    ("name", "said"),
    [("web-1.example.org", "web-1.example.org"), ("web-1", "[127.0.0.1]"), ("wéb.org", "[127.0.0.1]")],
)
def test_the_name_for_ehlo_is_not_asked_of_dns(monkeypatch, name, said):
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    monkeypatch.setattr(socket, "getfqdn", lambda *_: pytest.fail("DNS was asked"))
    with mail_server() as server:
        SmtpProbe(host=LOOPBACK, port=server.port).run()
    assert server.lines[0].split()[1].decode() == said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"host": ""}, "host must be text on one line, and not empty."),
        ({"host": "h", "port": "25"}, "port must be a whole number, from 1 to 65535."),
        ({"host": "h", "use_tls": 1}, "use_tls must be True or False."),
        ({"host": "h", "use_tls": True, "use_ssl": True}, "use_tls and use_ssl exclude each other."),
        ({"port": 25}, "port, use_tls and use_ssl need host; without it the settings of Django are asked."),
        (
            {"use_tls": True},
            "port, use_tls and use_ssl need host; without it the settings of Django are asked.",
        ),
        ({"mailer": ""}, "mailer must be text on one line, and not empty."),
        ({"timeout_s": 3}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        SmtpProbe(**options)


def test_it_is_not_critical():
    assert not SmtpProbe.critical
