"""No secret in any output: every format, every verbosity, crashes included."""

import itertools

import pytest
from prodready_services.once import once

pytestmark = once

KEY = "zQ8!kW3$nB7xR2vT9mJ4#pL6@hG1^fD5&sA0*cYuIoPqEw=+"
DATABASE_PASSWORD = "dB#pa@ss%word-Xy7Kq"
REDIS_PASSWORD = "rEd1s-pAss-W0rd-Jq9"
DSN_KEY = "3f9a1c7be2d84460a5c1e9f70b6d2a18"
SECRETS = [KEY, DATABASE_PASSWORD, REDIS_PASSWORD, DSN_KEY]

SETTINGS = f"""
SECRET_KEY = {KEY!r}
DEBUG = "False"
ALLOWED_HOSTS = ["*.example.org"]
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "HOST": "db", "NAME": "app", "USER": "app",
    "PASSWORD": {DATABASE_PASSWORD!r},
}}}}
REDIS_URL = "redis://:{REDIS_PASSWORD}@cache:6379/0"
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}}}
CELERY_BROKER_URL = REDIS_URL
SENTRY_DSN = "https://{DSN_KEY}@o1.ingest.example.org/1"
"""

PLUGIN = """
from django.conf import settings
from django_prodready.audit import Finding, NotRun, Severity, check


@check(severity=Severity.INFO, needs=())
def {name}(facts):{body}"""

BODIES = {
    "raises": """
    raise ValueError(f"cannot use {settings.SECRET_KEY}, {settings.DATABASES}, {settings.REDIS_URL}")
""",
    "chains": """
    try:
        raise KeyError(settings.SENTRY_DSN)
    except KeyError as error:
        raise ImportError(settings.REDIS_URL) from error
""",
    "says": """
    password = settings.DATABASES["default"]["PASSWORD"]
    yield Finding(
        message=settings.SECRET_KEY,
        hint=settings.REDIS_URL,
        subject=settings.SENTRY_DSN,
        evidence=(repr(settings.DATABASES), password),
    )
""",
    "skips": """
    raise NotRun(settings.DATABASES["default"]["PASSWORD"] + settings.SENTRY_DSN)
""",
}


@pytest.fixture
def careless_project(new_project):
    """A project full of secrets, with another package's checks that tell all they know."""
    settings = new_project / "mysite" / "settings.py"
    settings.write_text(settings.read_text() + SETTINGS)
    points = ["[django_prodready.checks]"]
    for name, body in BODIES.items():
        (new_project / f"acme_{name}.py").write_text(PLUGIN.format(name=name, body=body))
        points.append(f"acme.{name} = acme_{name}:{name}")
    metadata = new_project / "acme-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("\n".join(points) + "\n")
    return new_project


def pieces(secret):
    """The secret itself and how formats spell it."""
    return {secret, repr(secret)[1:-1], secret.replace("%", "%25").replace("#", "%23").replace("@", "%40")}


@pytest.mark.parametrize(
    ("form", "verbosity"), list(itertools.product(["text", "concise", "json"], ["0", "1", "2", "3"]))
)
def test_prodcheck(careless_project, python, form, verbosity):
    ended = python(
        "manage.py",
        "prodcheck",
        "--format",
        form,
        "-v",
        verbosity,
        "--output",
        "report.json",
        "--output",
        "report.txt",
        cwd=careless_project,
        PYTHONPATH=f"{careless_project}",
    )
    assert ended.returncode == 2, ended.stderr
    written = [(careless_project / name).read_text() for name in ("report.json", "report.txt")]
    if verbosity != "0":
        assert "acme.raises" in ended.stdout
    for said in (ended.stdout, ended.stderr, *written):
        for secret in SECRETS:
            assert not [piece for piece in pieces(secret) if piece in said]


def test_tracebacks_show_where(careless_project, python):
    ended = python("manage.py", "prodcheck", "-v", "2", cwd=careless_project)
    assert "acme_raises.py:" in ended.stdout
    assert "ValueError" in ended.stdout
    assert "caused by KeyError" in ended.stdout


def test_check_deploy(careless_project, python):
    ended = python("manage.py", "check", "--deploy", cwd=careless_project)
    assert "prodready." in ended.stderr
    for secret in SECRETS:
        assert not [piece for piece in pieces(secret) if piece in ended.stdout + ended.stderr]
