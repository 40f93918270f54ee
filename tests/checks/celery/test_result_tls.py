import ssl

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(files=None, settings_module=None, **settings):
    named = {f"CELERY_{name}": value for name, value in settings.items()}
    return run_check("celery.result-tls", settings=named, files=files, settings_module=settings_module)


@pytest.mark.parametrize("value", ["none", "CERT_NONE"])
def test_address_of_results(value):
    files = {"conf.py": "CELERY_RESULT_BACKEND = url\n"}
    (finding,) = judge(files, "conf", RESULT_BACKEND=f"rediss://:pw@r:1/1?ssl_cert_reqs={value}").findings
    assert finding.message == (
        "CELERY_RESULT_BACKEND has ssl_cert_reqs = none: Celery accepts any certificate from the store of its"
        " results."
    )
    assert finding.hint == (
        "Set ssl_cert_reqs in CELERY_RESULT_BACKEND to 'required', with the certificate of a private"
        " authority beside it."
    )
    assert (finding.severity, str(finding.at)) == (Severity.WARNING, "conf.py:1")


@pytest.mark.parametrize("value", [pytest.param(ssl.CERT_NONE, id="enum"), 0, None, "none"])
def test_options_of_results(value):
    (finding,) = judge(RESULT_BACKEND="rediss://r/1", REDIS_BACKEND_USE_SSL={"ssl_cert_reqs": value}).findings
    assert finding.subject == "CELERY_REDIS_BACKEND_USE_SSL"


@pytest.mark.parametrize(
    ("url", "option"), [("rediss://r/0", "ssl_cert_reqs"), ("amqps://u:p@mq//", "cert_reqs")]
)
def test_broker(url, option):
    (finding,) = judge(BROKER_URL=url, BROKER_USE_SSL={option: ssl.CERT_NONE}).findings
    assert finding.message == (
        f"CELERY_BROKER_USE_SSL has {option} = none: Celery accepts any certificate from its broker."
    )
    assert len(judge(BROKER_URL="rediss://r/0?ssl_cert_reqs=none").findings) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"RESULT_BACKEND": "redis://r/1"},
        {"RESULT_BACKEND": "redis://r/1?ssl_cert_reqs=none"},
        {"RESULT_BACKEND": "rediss://r/1?ssl_cert_reqs=required"},
        {"RESULT_BACKEND": "rediss://r/1?ssl_cert_reqs=optional"},
        {"RESULT_BACKEND": "rediss://["},
        {"RESULT_BACKEND": "django-db", "BROKER_URL": "redis://r/0"},
        {"RESULT_BACKEND": "rediss://r/1", "REDIS_BACKEND_USE_SSL": {"ssl_cert_reqs": ssl.CERT_REQUIRED}},
        {"REDIS_BACKEND_USE_SSL": {"ssl_cert_reqs": ssl.CERT_NONE}},
        {"BROKER_URL": "amqps://mq//", "BROKER_USE_SSL": True},
    ],
)
def test_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert judge().outcome is Outcome.NOT_APPLICABLE
