"""Secrets of every kind, planted in settings and environment: in no text, JSON, error or traceback."""

import json
from urllib.parse import quote

import pytest
from prodready_services.once import once

pytestmark = once

PEM = "-----BEGIN {0}PRIVATE KEY-----\nMIIEow{1}\n{2}\n-----END {0}PRIVATE KEY-----"
# By the variable that brings them in; letters and digits alone unless the kind asks for more.
SECRETS = {
    "PL_KEY": "Kq7ZpV2mXw9RbT4nLc8YhJ3sGd6FaQ1eUo5iNv0BtMzPxWyEkH",
    "PL_FALLBACK": "Zx8CvB3nMq5WeR7tYu9IoP2aSd4FgH6jKl1ZxC0vBnMq8WeR3t",
    "PL_DB": "dbPw1Ab9Zx",
    "PL_DB_OPTION": "sslPw7Qw3Er",
    "PL_REDIS": "rdPw5Ty8Ui",
    "PL_REDIS_OPTION": "roPw2Op4As",
    "PL_AMQP": "mqPw9Df6Gh",
    "PL_RESULT": "rsPw3Jk1Lz",
    "PL_MAIL": "mlPw8Xc5Vb",
    "PL_MAIL_URL": "muPw4Nm7Qw",
    "PL_ENCODED": "p@ss/w#rd%6Hj",
    "PL_UNESCAPED": "un@es#ca/pd9Kl",
    "PL_AWS": "wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzKEY9k2Lm",
    "PL_S3": "s3Kx7Mv2Bn9Qz4Wc",
    "PL_DSN_KEY": "0123456789abcdef0123456789abcdef",
    "PL_DSN_NAMELESS": "fedcba9876543210fedcba9876543210",
    "PL_LIBPQ": "lqPw6Er9Ty",
    "PL_PEM": PEM.format("RSA ", "Zx81" * 10, "Qy72" * 12),
    "PL_PEM_ESCAPED": PEM.format("", "Jk55" * 10, "Hn63" * 12).replace("\n", "\\n"),
    "PL_JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5NXgL0n3I9PlFUP0THsR8U",
    "PL_STRIPE": "sk_live_51Hq9Zk2Vb8Nm4Xc7",
    "PL_GITHUB": "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "PL_SLACK": "https://hooks.slack.com/services/T0AB12/B0CD34/x9Yz8Wv7Ut6",
    "PL_QUERY": "qyTk2Vb7Nm",
    "PL_HEALTH": "hlTk5Gh8Jk",
    "PL_CLOUDFLARE": "cfSc3Pl6Mn",
    "PL_BEARER": "brTk9Wx4Ev",
    "PL_BASIC": "bsPw7Rt2Yu4x",
    "PL_DICT_KEY": "dk1Ui8Op3Lk6",
    "PL_PROXY": "pxPw4Zs9Xd",
    "PL_PARTIAL": "ptPw1Cf6Vg",
    "PL_SIGNING": "sgKy8Bh3Nj",
    "PL_SOCIAL": "scSc5Mk7Lp",
    "PL_HARMLESS": "hmVl2Qa9Ws",
    "PL_URL_FIELD": "ufPw6Ed4Rf",
    "PL_NUMBER": "73910264",
}
SETTINGS = """
import os
from functools import partial
from types import SimpleNamespace
from urllib.parse import quote
from django_prodready.settings import SettingsMixin, computed, env

E = {name: value for name, value in os.environ.items() if name.startswith("PL_")}.__getitem__

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SECRET_KEY = E("PL_KEY")
SECRET_KEY_FALLBACKS = [E("PL_FALLBACK")]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "shopper", "HOST": "db",
    "PASSWORD": E("PL_DB"), "OPTIONS": {"sslmode": "require", "sslpassword": E("PL_DB_OPTION")},
}}
DATABASE_URL = "postgres://shopper:" + quote(E("PL_ENCODED"), safe="") + "@db/shop"
BROKEN_URL = "postgres://shopper:" + E("PL_UNESCAPED") + "@db/shop"
CACHES = {"default": {
    "BACKEND": "django_redis.cache.RedisCache", "LOCATION": ["redis://:" + E("PL_REDIS") + "@cache:6379/0"],
    "OPTIONS": {"PASSWORD": E("PL_REDIS_OPTION")},
}}
CELERY_BROKER_URL = "amqp://shopper:" + E("PL_AMQP") + "@mq:5672//"
CELERY_RESULT_BACKEND = "rediss://default:" + E("PL_RESULT") + "@cache:6380/1"
MAIL = {"HOST_PASSWORD": E("PL_MAIL")}
EMAIL_URL = "smtp+tls://mailer:" + E("PL_MAIL_URL") + "@smtp:587"
AWS_SECRET_ACCESS_KEY = E("PL_AWS")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"secret_key": E("PL_S3"), "bucket_name": "m"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SENTRY_DSN = "https://" + E("PL_DSN_KEY") + "@o1.ingest.sentry.io/42"
OBSERVER = {"url": "https://" + E("PL_DSN_NAMELESS") + "@o1.ingest.sentry.io/42"}
LIBPQ = "host=db user=shopper password=" + E("PL_LIBPQ")
CERTIFICATES = [E("PL_PEM"), E("PL_PEM_ESCAPED")]
SERVICE = E("PL_JWT")
PAYMENTS = ("live", E("PL_STRIPE"))
NOTE = "cloned with " + E("PL_GITHUB") + " until May"
ALERTS = E("PL_SLACK")
CALLBACK = "https://partner.example/hook?token=" + E("PL_QUERY") + "&page=1"
PRODREADY = {"HEALTH_TOKENS": [E("PL_HEALTH")], "CLOUDFLARE_SECRETS": [E("PL_CLOUDFLARE")]}
HEADERS = {"Authorization": "Bearer " + E("PL_BEARER")}
BASIC_AUTH = ("partner", E("PL_BASIC"))
API_KEYS = {E("PL_DICT_KEY"): "partner"}
OUTWARD = "http://user:" + E("PL_PROXY") + "@proxy:3128"
CONNECT = partial(print, password=E("PL_PARTIAL"))
SIMPLE_JWT = {"SIGNING_KEY": E("PL_SIGNING").encode(), "AUTH_HEADER_TYPES": ("Bearer",)}
LOGIN = SimpleNamespace(secret=E("PL_SOCIAL"))
DOOR_PASSWORD = int(E("PL_NUMBER"))
COPIES = [{"text": "see " + E("PL_KEY") + " and " + E("PL_HARMLESS")}]

class Settings(SettingsMixin):
    BILLING: str = env.secret("PL_HARMLESS")
    BACKWARDS: str = computed(lambda settings: settings.BILLING[::-1])
    SEARCH: str = env.url("PL_URL")

Settings.apply(globals())
"""
KEY = "fngrprnt0123456789abcdef"


@pytest.fixture
def environ():
    url = f"https://user:{SECRETS['PL_URL_FIELD']}@search.example/"
    return {**SECRETS, "PL_URL": url, "PRODREADY_FINGERPRINT_KEY": KEY}


def pieces():
    """Every secret as it stands, percent-encoded, and each long line of it."""
    for secret in [*SECRETS.values(), SECRETS["PL_HARMLESS"][::-1], KEY]:
        yield from (secret, quote(secret, safe=""), secret.replace("\n", "\\n"))
        yield from (line for line in secret.replace("\\n", "\n").split("\n") if "PRIVATE KEY" not in line)


def assert_none_in(text):
    lowered = text.lower()
    assert [piece for piece in pieces() if piece.lower() in lowered] == []


def test_there_are_more_than_thirty():
    assert len(SECRETS) > 30


@pytest.mark.parametrize(
    "arguments",
    [[], ["--diff"], ["--fingerprint"], ["--format", "json"], ["--fingerprint", "--format", "json"]],
    ids=" ".join,
)
def test_in_no_listing(python, tmp_path, environ, arguments):
    (tmp_path / "planted.py").write_text(SETTINGS)
    ended = python("--settings", "planted", *arguments, cwd=tmp_path, **environ)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert_none_in(ended.stdout)
    assert ("django.contrib.auth.backends.ModelBackend" in ended.stdout) is ("--diff" not in arguments)
    assert "shopper" in ended.stdout


def test_the_rest_stays_readable(python, tmp_path, environ):
    (tmp_path / "planted.py").write_text(SETTINGS)
    ended = python("--settings", "planted", "--format", "json", cwd=tmp_path, **environ)
    value = {name: setting["value"] for name, setting in json.loads(ended.stdout)["settings"].items()}
    assert value["DATABASES"]["default"]["USER"] == "shopper"
    assert value["DATABASES"]["default"]["OPTIONS"] == {"sslmode": "require", "sslpassword": "set"}
    assert value["DATABASE_URL"] == "postgres://shopper:[set]@db/shop"
    assert value["CACHES"]["default"]["LOCATION"] == ["redis://:[set]@cache:6379/0"]
    assert value["CALLBACK"] == "https://partner.example/hook?token=[set]&page=1"
    assert value["LIBPQ"] == "host=db user=shopper password=[set]"
    assert value["STORAGES"]["default"]["OPTIONS"] == {"secret_key": "set", "bucket_name": "m"}
    assert value["SIMPLE_JWT"] == {"SIGNING_KEY": "set", "AUTH_HEADER_TYPES": ["Bearer"]}


@pytest.mark.parametrize("verbosity", ["1", "2"])
@pytest.mark.parametrize(
    "error",
    [
        "RuntimeError(' '.join(os.environ.values()))",
        "KeyError(SECRET_KEY)",
        "__import__('django').core.exceptions.ImproperlyConfigured(f'{BROKEN_URL} {BILLING} {COPIES}')",
    ],
    ids=["RuntimeError", "KeyError", "ImproperlyConfigured"],
)
@pytest.mark.parametrize(
    "arguments", [[], ["--env-check"], ["--env-template"]], ids=["listing", "check", "template"]
)
def test_in_no_error(python, tmp_path, environ, arguments, error, verbosity):
    (tmp_path / "broken.py").write_text(f"{SETTINGS}raise {error}\n")
    ended = python(
        "--settings", "broken", "-v", verbosity, "--traceback", *arguments, cwd=tmp_path, **environ
    )
    assert ended.returncode == (0 if arguments == ["--env-template"] else 2)
    assert "Traceback" not in ended.stderr
    assert_none_in(ended.stdout + ended.stderr)


def test_in_no_check_of_a_file(python, tmp_path):
    (tmp_path / "planted.py").write_text(SETTINGS)
    lines = [
        f'{name}="{value}"'.replace("\n", "\\n") for name, value in SECRETS.items() if name != "PL_HARMLESS"
    ]
    lines += ["PL_HARMLES=hmVl2Qa9Ws", "PL_URL=https://user:ufPw6Ed4Rf", 'PL_URLS="hmVl2Qa9Ws', "hmVl2Qa9Ws"]
    (tmp_path / ".env").write_text("\n".join(lines))
    for arguments in ([], ["--format", "json"]):
        ended = python("--settings", "planted", "--env-check", ".env", *arguments, cwd=tmp_path)
        assert ended.returncode == 1
        assert "PL_HARMLES" in ended.stdout
        assert_none_in(ended.stdout + ended.stderr)


def test_in_no_usage_error(python, tmp_path, environ):
    (tmp_path / "planted.py").write_text(SETTINGS)
    for secret in (SECRETS["PL_DB"], SECRETS["PL_ENCODED"]):
        for argument in (secret, f"SECRET_KEY={secret}", f"--password={secret}", f"--format={secret}"):
            ended = python("--settings", "planted", argument, cwd=tmp_path, **environ)
            assert ended.returncode == 2
            assert_none_in(ended.stdout + ended.stderr)
