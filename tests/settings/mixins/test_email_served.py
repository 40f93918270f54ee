"""Email against a mail server, in processes of their own, on whatever Django there is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import django
import pytest
from prodready_mail.server import PASSWORD, USER, mailbox
from prodready_peers.sockets import AUTHORITY, serving, silent

import django_prodready

PACKAGE = str(Path(django_prodready.__file__).parents[1])
TIMEOUT_S = 30
SEND = (
    "import django; django.setup()\n"
    "from django.core.mail import send_mail, mail_admins\n"
    "send_mail('Your order', 'Romola', None, ['dorothea@example.org'])\n"
    "mail_admins('500', 'Internal Server Error')\n"
)
PLAIN = """
{base}
ADMINS = {admins}
from django_prodready.settings import SettingsMixin
from django_prodready.settings.mixins.email import Email
class Settings(Email):
    SECRET_KEY = "x" * 60
Settings.apply(globals())
"""
CONFIGURATION = """
from configurations import Configuration
from django_prodready.settings.mixins.email import Email
class Base(Configuration):
    SHELVES = 3; {base}
class Prod(Email, Base):
    SECRET_KEY = "x" * 60
    ADMINS = {admins}
"""
BASES = {
    "none": "",
    "legacy": "EMAIL_HOST = 'elsewhere.invalid'; EMAIL_PORT = 25; EMAIL_TIMEOUT = None",
    "mailers": "MAILERS = {'bulk': {'BACKEND': 'django.core.mail.backends.console.EmailBackend'}}",
}
ADMINS = ["ops@example.org"] if django.VERSION >= (6, 0) else [("Ops", "ops@example.org")]


@pytest.fixture
def send(tmp_path):
    """Send two mails in a process whose settings have a base and the class; return what became of it."""

    def run(port, *, base="none", template=PLAIN, **more):
        (tmp_path / "mail_site.py").write_text(template.format(base=BASES[base], admins=ADMINS))
        environ = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(tmp_path), PACKAGE]),
            "DJANGO_SETTINGS_MODULE": "mail_site",
            "DJANGO_CONFIGURATION": "Prod",
            "SSL_CERT_FILE": AUTHORITY,
            "EMAIL_HOST": "localhost",
            "EMAIL_PORT": str(port),
            "EMAIL_HOST_USER": USER,
            "EMAIL_HOST_PASSWORD": PASSWORD,
            "DEFAULT_FROM_EMAIL": "Shop <shop@example.org>",
            **more,
        }
        setup = "import configurations; configurations.setup()\n" if template is CONFIGURATION else ""
        warnings = [] if template is CONFIGURATION else ["-W", "error"]
        return subprocess.run(
            [sys.executable, *warnings, "-c", setup + SEND],
            env=environ,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    return run


def assert_both_arrived(box):
    assert box.senders == ["shop@example.org", "shop@example.org"]
    assert box.recipients == ["dorothea@example.org", "ops@example.org"]
    assert "Romola" in box.messages[0]
    assert "From: Shop <shop@example.org>" in box.messages[1]
    assert box.refused == []


@pytest.mark.parametrize("base", BASES)
def test_mail_arrives_encrypted_and_with_a_password(send, base):
    with mailbox() as box:
        done = send(box.port, base=base)

    assert done.returncode == 0, done.stderr
    assert_both_arrived(box)


def test_tls_from_the_first_byte(send):
    with mailbox(is_tls_first=True) as box:
        done = send(box.port, EMAIL_USE_SSL="true")

    assert done.returncode == 0, done.stderr
    assert_both_arrived(box)


@pytest.mark.parametrize("base", ["none", "legacy"])
def test_under_django_configurations(send, base):
    with mailbox() as box:
        done = send(box.port, base=base, template=CONFIGURATION)

    assert done.returncode == 0, done.stderr
    assert_both_arrived(box)


def test_a_server_that_never_answers_is_given_up(send):
    with serving(silent) as port:
        started = time.monotonic()
        done = send(port, EMAIL_TIMEOUT="0.5")
        took_s = time.monotonic() - started

    assert done.returncode == 1
    assert "TimeoutError" in done.stderr or "timed out" in done.stderr
    assert took_s < TIMEOUT_S / 2
