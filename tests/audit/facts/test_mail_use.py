import pytest

from django_prodready.audit.facts.mail_use import (
    has_no_real_domain,
    is_only_development,
    sending_sign,
    server_chosen,
)
from django_prodready.audit.facts.mailers import find_mailers, read_mailers
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SENDS = "from django.core.mail import send_mail\nsend_mail('a', 'b', None, ['c@d.e'])\n"


def sign(files=None, settings_module=None, **settings):
    case = Case(settings=settings, files=files or {}, settings_module=settings_module)
    with project(case) as facts:
        return sending_sign(facts)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"EMAIL_HOST": "smtp.example.org"}, "EMAIL_HOST is set to smtp.example.org"),
        ({"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"}, "EMAIL_BACKEND is set"),
    ],
)
def test_settings_show_it(settings, said):
    assert sign(**settings) == said


@pytest.mark.parametrize(
    "code",
    [
        SENDS,
        "from django.core import mail\nfrom django.core.mail import EmailMessage\nEmailMessage('a').send()\n",
        "request.user.email_user('a', 'b')\n",
        "from django.contrib.auth.views import PasswordResetView\n",
        "urlpatterns = [path('', include('django.contrib.auth.urls'))]\n",
    ],
)
def test_code_shows_it(code):
    assert sign({"shop/views.py": code}) == "shop/views.py sends mail"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"tests/test_mail.py": SENDS},
        {"shop/views.py": "# request.user.email_user('a')\n"},
        {"shop/views.py": "from email.message import EmailMessage\nEmailMessage()\n"},
        {"shop/views.py": "from django.core.mail import outbox\n"},
        {"shop/views.py": "client.send_mail('a')\n"},
    ],
)
def test_nothing_shows_it(files):
    assert sign(files) is None


def test_settings_files_are_no_code():
    code = "# conf\nfrom django.core.mail import get_connection\nx = lambda: get_connection()\n"
    assert sign({"conf.py": code}, settings_module="conf") is None


def test_an_app_shows_it(monkeypatch):
    with project(Case()) as facts:
        monkeypatch.setattr(facts, "has_app", lambda dotted: dotted == "allauth.account")
        assert sending_sign(facts) == "the app allauth.account sends mail"


def test_server_chosen():
    mailers = read_mailers(
        {
            "default": {"BACKEND": CONSOLE},
            "local": {"OPTIONS": {"host": "localhost"}},
            "bulk": {"OPTIONS": {"host": "smtp.example.org"}},
        }
    )
    chosen = server_chosen(mailers)
    assert chosen is not None
    assert chosen.alias == "bulk"
    assert server_chosen(mailers[:2]) is None
    assert is_only_development(mailers[:1])
    assert not is_only_development(mailers)


def test_the_default_of_django_is_not_development():
    with project(Case()) as facts:
        assert not is_only_development(find_mailers(facts))


@pytest.mark.parametrize(
    "address",
    ["webmaster@localhost", "Shop <shop@localhost>", "", None, "webmaster", "a@127.0.0.1", "a@[::1]"],
)
def test_has_no_real_domain(address):
    assert has_no_real_domain(address)


@pytest.mark.parametrize(
    "address",
    [
        "shop@example.org",
        "Shop <shop@example.org>",
        "Shop, Inc. <shop@example.org>",
        '"Shop @ Home" <shop@mail.example.org>',
        "shop@exämple.org",
    ],
)
def test_has_a_real_domain(address):
    assert not has_no_real_domain(address)
