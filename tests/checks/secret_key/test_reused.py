import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

CHECK = "secret-key.reused"
KEY = "b8K2xQ9mL4" * 5


def of(**settings):
    return run_check(CHECK, settings={"SECRET_KEY": KEY, **settings})


@pytest.mark.parametrize(
    ("settings", "subject"),
    [
        ({"SIMPLE_JWT": {"SIGNING_KEY": KEY}}, "SIMPLE_JWT['SIGNING_KEY']"),
        ({"SIMPLE_JWT": {"SIGNING_KEY": KEY.encode()}}, "SIMPLE_JWT['SIGNING_KEY']"),
        ({"JWT_AUTH": {"JWT_SECRET_KEY": KEY}}, "JWT_AUTH['JWT_SECRET_KEY']"),
        ({"JWT_SECRET_KEY": KEY}, "JWT_SECRET_KEY"),
        ({"FERNET_KEYS": ["a", KEY]}, "FERNET_KEYS[1]"),
        ({"SALT_KEY": KEY}, "SALT_KEY"),
        ({"EMAIL_HOST_PASSWORD": KEY}, "EMAIL_HOST_PASSWORD"),
        ({"DATABASES": {"default": {"ENGINE": "a", "PASSWORD": KEY}}}, "DATABASES['default']['PASSWORD']"),
        ({"HASHIDS_SALT": KEY}, "HASHIDS_SALT"),
        ({"ANYMAIL": {"WEBHOOK_SECRET": KEY}}, "ANYMAIL['WEBHOOK_SECRET']"),
    ],
)
def test_same(settings, subject):
    (finding,) = of(**settings).findings
    assert finding.message == f"{subject} is the same as SECRET_KEY: whoever finds out one of them has both."
    assert finding.hint == f"Give {subject} a secret of its own, from a variable of its own."
    assert finding.subject == subject


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SIMPLE_JWT": {"SIGNING_KEY": f"{KEY}1"}},
        {"SIMPLE_JWT": {"ALGORITHM": "HS256"}},
        {"SECRET_KEY_FALLBACKS": [KEY]},
        {"DJANGO_SECRET_KEY": KEY},
        {"_SECRET_KEY": KEY},
        {"SECRET": KEY},
        {"COPY": KEY},
        {"FERNET_KEYS": []},
        {"EMAIL_HOST_PASSWORD": ""},
    ],
)
def test_silent(settings):
    assert of(**settings).outcome is Outcome.PASS


def test_no_key():
    assert of(SECRET_KEY="", EMAIL_HOST_PASSWORD="").outcome is Outcome.NOT_APPLICABLE


def test_place():
    files = {"conf.py": "SIMPLE_JWT = {\n    'ALGORITHM': 'HS256',\n    'SIGNING_KEY': read(),\n}\n"}
    settings = {"SECRET_KEY": KEY, "SIMPLE_JWT": {"ALGORITHM": "HS256", "SIGNING_KEY": KEY}}
    (finding,) = run_check(CHECK, settings=settings, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
