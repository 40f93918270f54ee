import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

BACKENDS = "django.core.mail.backends"
CONSOLE = f"{BACKENDS}.console.EmailBackend"
SMTP = f"{BACKENDS}.smtp.EmailBackend"
CODE = (
    "from django.core.mail.backends.console import EmailBackend as Console\n"
    "from django.core.mail.backends.smtp import EmailBackend\n"
    "class Provider(EmailBackend): pass\n"
    "class Queue(Console): pass\n"
    "def make(**options): return EmailBackend()\n"
)

with_mailers = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")


def judge(files=None, **settings):
    module = "conf" if files else None
    return run_check(
        "email.dev-backend",
        settings=settings,
        files={"post.py": CODE, **(files or {})},
        settings_module=module,
    )


@pytest.mark.parametrize(
    ("name", "does", "severity"),
    [
        ("console", "prints mail", Severity.ERROR),
        ("dummy", "throws mail away", Severity.INFO),
        ("filebased", "writes mail to files", Severity.ERROR),
        ("locmem", "keeps mail in memory", Severity.ERROR),
    ],
)
def test_fires(name, does, severity):
    (finding,) = judge(EMAIL_BACKEND=f"{BACKENDS}.{name}.EmailBackend").findings
    assert finding.message == (
        f"EMAIL_BACKEND is Django's {name} backend, which {does} instead of sending it."
    )
    assert finding.severity is severity


def test_dummy_is_no_choice_where_mail_is_sent():
    files = {
        "shop/views.py": "from django.core.mail import send_mail\nsend_mail('a', 'b', None, ['c@d.e'])\n"
    }
    (finding,) = judge(files, EMAIL_BACKEND=f"{BACKENDS}.dummy.EmailBackend").findings
    assert finding.severity is Severity.ERROR


def test_knows_the_class_by_another_name():
    (finding,) = judge(EMAIL_BACKEND="post.Console").findings
    assert "console backend" in finding.message


@pytest.mark.parametrize(
    "backend",
    [
        SMTP,
        "post.Provider",
        "post.Queue",
        "post.make",
        "absent_pkg.EmailBackend",
        "anymail.backends.amazon_ses.EmailBackend",
        "djcelery_email.backends.CeleryEmailBackend",
        "",
        None,
    ],
)
def test_is_silent(backend):
    assert judge(EMAIL_BACKEND=backend).outcome is Outcome.PASS


def test_is_silent_by_default():
    assert judge().outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("queue", "name", "setting", "subject"),
    [
        (
            "post_office.EmailBackend",
            "POST_OFFICE",
            {"BACKENDS": {"default": CONSOLE}},
            "POST_OFFICE['BACKENDS']['default']",
        ),
        (
            "djcelery_email.backends.CeleryEmailBackend",
            "CELERY_EMAIL_BACKEND",
            CONSOLE,
            "CELERY_EMAIL_BACKEND",
        ),
    ],
)
def test_looks_behind_a_queue(queue, name, setting, subject):
    (finding,) = judge(EMAIL_BACKEND=queue, **{name: setting}).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == subject
    assert judge(**{name: setting}).outcome is Outcome.PASS


@pytest.mark.parametrize("office", [None, {}, {"BACKENDS": {"default": SMTP}}, {"BACKENDS": None}])
def test_is_silent_for_a_queue_that_sends(office):
    assert judge(EMAIL_BACKEND="post_office.EmailBackend", POST_OFFICE=office).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": f'DEBUG = False\nEMAIL_BACKEND = "{CONSOLE}"\n'}
    (finding,) = judge(files, EMAIL_BACKEND=CONSOLE).findings
    assert str(finding.at) == "conf.py:2"


@with_mailers
def test_fires_for_the_default_mailer():
    files = {"conf.py": f'MAILERS = {{\n    "default": {{\n        "BACKEND": "{CONSOLE}",\n    }},\n}}\n'}
    (finding,) = judge(files, MAILERS={"default": {"BACKEND": CONSOLE}}).findings
    assert finding.subject == "MAILERS['default']['BACKEND']"
    assert finding.severity is Severity.ERROR
    assert str(finding.at) == "conf.py:3"
    assert f"to {SMTP!r} with a host and a timeout in OPTIONS" in finding.hint


@with_mailers
def test_only_mentions_another_mailer():
    (finding,) = judge(MAILERS={"default": {"BACKEND": SMTP}, "trial": {"BACKEND": CONSOLE}}).findings
    assert finding.subject == "MAILERS['trial']['BACKEND']"
    assert finding.severity is Severity.INFO


@with_mailers
@pytest.mark.parametrize(
    "mailers", [{}, {"default": {}}, {"default": {"BACKEND": "post.Queue"}}, {"default": None}]
)
def test_is_silent_with_mailers(mailers):
    assert judge(MAILERS=mailers).outcome is Outcome.PASS


@pytest.mark.skipif(django.VERSION >= (6, 1), reason="Django 6.1 brought MAILERS")
def test_mailers_mean_nothing_to_an_older_django():
    assert judge(MAILERS={"default": {"BACKEND": CONSOLE}}).outcome is Outcome.PASS
    assert judge(MAILERS={"default": {"BACKEND": SMTP}}, EMAIL_BACKEND=CONSOLE).outcome is Outcome.FAIL
