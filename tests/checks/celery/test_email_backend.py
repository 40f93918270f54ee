import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SMTP = "django.core.mail.backends.smtp.EmailBackend"
QUEUED = "djcelery_email.backends.CeleryEmailBackend"


def judge(files=None, settings_module=None, **settings):
    return run_check(
        "celery.email-backend",
        settings={"CELERY_EMAIL_BACKEND": SMTP, **settings},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    "backend", [SMTP, "anymail.backends.ses.EmailBackend", "django.core.mail.get_connection"]
)
def test_nothing_reads_it(backend):
    files = {"conf.py": f"CELERY_EMAIL_BACKEND = {SMTP!r}\n"}
    (finding,) = judge(files, "conf", EMAIL_BACKEND=backend).findings
    assert finding.message == (
        f"CELERY_EMAIL_BACKEND is set and EMAIL_BACKEND is {backend!r}: nothing reads it, and mail does not"
        " go through Celery."
    )
    assert finding.hint == f"Set EMAIL_BACKEND to {QUEUED!r}, or delete CELERY_EMAIL_BACKEND."
    assert (finding.severity, str(finding.at)) == (Severity.WARNING, "conf.py:1")


@pytest.mark.parametrize(
    "settings",
    [
        {"EMAIL_BACKEND": QUEUED},
        {"MAILERS": {"default": {"BACKEND": QUEUED}}},
        {"EMAIL_BACKEND": "post_office.EmailBackend", "POST_OFFICE": {"BACKENDS": {"default": QUEUED}}},
    ],
)
def test_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [{"MAILERS": {"default": None}}, {"POST_OFFICE": {}}, {"POST_OFFICE": {"BACKENDS": {"default": SMTP}}}],
)
def test_other_backends(settings):
    assert judge(**settings).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("mailers", "backend"), [({"default": {"BACKEND": SMTP}}, SMTP), ({"default": None}, None), ({}, None)]
)
def test_names_the_setting_that_this_django_reads(mailers, backend):
    (finding,) = judge(MAILERS=mailers).findings
    setting = "MAILERS['default']['BACKEND']" if django.VERSION >= (6, 1) else "EMAIL_BACKEND"
    shown = backend if django.VERSION >= (6, 1) else SMTP
    assert f"{setting} is {shown!r}: " in finding.message
    assert finding.hint.startswith(f"Set {setting} to ")


def test_subclass():
    files = {
        "djcelery_email/__init__.py": "",
        "djcelery_email/backends.py": "class CeleryEmailBackend: ...\n",
        "shop/__init__.py": "",
        "shop/mail.py": "import djcelery_email.backends as b\nclass Own(b.CeleryEmailBackend): ...\n",
    }
    assert judge(files, EMAIL_BACKEND="shop.mail.Own").outcome is Outcome.PASS
    lazy = {
        **files,
        "shop/mail.py": "from base import *\n",
        "base.py": "from importlib import import_module as i\n",
    }
    lazy["base.py"] += "class Own(i('djcelery' + '_email.backends').CeleryEmailBackend): ...\n"
    assert judge(lazy, EMAIL_BACKEND="shop.mail.Own").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"shop/mail.py": "backend = settings.CELERY_EMAIL_BACKEND\n"}, None),
        ({"shop/mail.py": "from djcelery_email.tasks import send_emails\n"}, None),
        ({"conf.py": f"CELERY_EMAIL_BACKEND = {SMTP!r}\nOTHER = CELERY_EMAIL_BACKEND\n"}, "conf"),
    ],
)
def test_project_reads_it(files, module):
    assert judge(files, module).outcome is Outcome.PASS


def test_not_applicable():
    assert judge(CELERY_EMAIL_BACKEND="").outcome is Outcome.NOT_APPLICABLE
