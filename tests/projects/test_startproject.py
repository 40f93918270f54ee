"""What `startproject` makes: every finding of it is true, and each goes when what it says is done."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import django
import pytest

import django_prodready
from django_prodready.audit.registry import all_checks

PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent

# What the settings say as they come, and why that is true of them.
FRESH = {
    ("settings.debug", "critical", "DEBUG"): "The file says DEBUG = True, and asks to change it.",
    (
        "secret-key.weak",
        "critical",
        "SECRET_KEY",
    ): "The key is in the file, and starts with django-insecure-.",
    ("hosts.empty", "error", "ALLOWED_HOSTS"): "The list is empty, which only DEBUG lets pass.",
    (
        "session.cookie-secure",
        "error",
        "SESSION_COOKIE_SECURE",
    ): "There are sessions; the default is False.",
    ("csrf.cookie-secure", "error", "CSRF_COOKIE_SECURE"): "The CSRF cookie is in use; the default is False.",
    ("logging.no-console", "error", "LOGGING"): "Django's console handler is silent once DEBUG is off.",
    ("hsts.missing", "warning", "SECURE_HSTS_SECONDS"): "The default is 0, and no proxy is known.",
    ("https.redirect", "warning", "SECURE_SSL_REDIRECT"): "The default is False, and no proxy is known.",
    ("static.no-manifest", "warning", "STORAGES['staticfiles']"): "The admin's files keep their names.",
    ("urls.health", "error", "ROOT_URLCONF"): "Nothing but the admin answers, which knows nothing of probes.",
    ("urls.ready", "warning", "ROOT_URLCONF"): "There is a database, and no path says whether it is there.",
    ("headers.csp-missing", "info", "MIDDLEWARE"): "No middleware sends it; the only pages are the admin's.",
    ("headers.permissions-policy", "info", "MIDDLEWARE"): "No middleware sends it, and the admin is pages.",
    ("session.clearsessions", "info", "SESSION_ENGINE"): "Sessions are rows, and no file speaks of a job.",
}
if django.VERSION >= (6, 1):
    FRESH["email.dev-backend", "error", "MAILERS['default']['BACKEND']"] = (
        "Since Django 6.1 the file sends mail to the console; before, the default was SMTP."
    )

SMTP = """
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "mail.example.org", "port": 587, "use_tls": True, "timeout": 10},
    }
}
"""
SENDER = 'DEFAULT_FROM_EMAIL = "Shop <noreply@example.org>"\n'
CONSOLE = """
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
"""
STRUCTURED = """
LOGGING["formatters"] = {"json": {"()": "django_prodready.logs.JsonFormatter"}}
LOGGING["handlers"]["console"]["formatter"] = "json"
"""
PERMISSIONS = """
MIDDLEWARE = [*MIDDLEWARE, "django_prodready.middleware.PermissionsPolicyMiddleware"]
PERMISSIONS_POLICY = {"camera": [], "geolocation": []}
"""
if django.VERSION >= (6, 0):
    CSP = """
MIDDLEWARE = [*MIDDLEWARE, "django.middleware.csp.ContentSecurityPolicyMiddleware"]
SECURE_CSP = {"default-src": ["'self'"], "object-src": ["'none'"]}
"""
else:
    CSP = """
MIDDLEWARE = [*MIDDLEWARE, "csp.middleware.CSPMiddleware"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"], "object-src": ["'none'"]}}
"""
CRONTAB = "@daily  python manage.py clearsessions\n"
MANIFEST = """
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
"""
TLS = """
PRODREADY = {"FACTS": {"tls": "proxy"}}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
"""
HSTS = """
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
"""
# Each step: what is added to the production settings (a line of cron to a file of its own), and the checks
# whose findings it ends.
STEPS = {
    "import os\n\nDEBUG = False\n": {"settings.debug"},
    'SECRET_KEY = os.environ["SECRET_KEY"]\n': {"secret-key.weak"},
    'ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")\n': {"hosts.empty"},
    "SESSION_COOKIE_SECURE = True\n": {"session.cookie-secure"},
    "CSRF_COOKIE_SECURE = True\n": {"csrf.cookie-secure"},
    TLS: {"https.redirect"},
    HSTS: {"hsts.missing"},
    CONSOLE: {"logging.no-console"},
    STRUCTURED: {"logging.unstructured"},
    PERMISSIONS: {"headers.permissions-policy"},
    CRONTAB: {"session.clearsessions"},
    MANIFEST: {"static.no-manifest"},
    'MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware", *MIDDLEWARE]\n': {
        "urls.health",
        "urls.ready",
    },
    CSP: {"headers.csp-missing"},
}
if django.VERSION >= (6, 1):
    STEPS[SMTP] = {"email.dev-backend"}
    STEPS[SENDER] = {"email.default-from"}
# What becomes true by a step, and why.
UNCOVERED = {
    CONSOLE: {"logging.unstructured": "Now there is a console, and its handler has no formatter."},
    SMTP: {"email.default-from": "Now mail leaves the machine, and comes from webmaster@localhost."},
}

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "mysite.production",
    "SECRET_KEY": "yv2nq8-TESTS-ONLY-c4wz7k1rj5hb9xm3dp6gt0sf-ule2ao8i",
    "ALLOWED_HOSTS": "www.example.org,example.org",
}


def run(*arguments, cwd, **environ):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    paths = [str(PACKAGE_ROOT), kept.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def bare(tmp_path):
    """The folder of a project just as `startproject` makes it."""
    made = run("-m", "django", "startproject", "mysite", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    return tmp_path / "mysite"


@pytest.fixture
def project(bare):
    """The same with django_prodready among its apps, and nothing else changed."""
    settings = bare / "mysite" / "settings.py"
    text = settings.read_text()
    settings.write_text(text.replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'django_prodready',"))
    return bare


def judge(folder, **environ):
    """Run prodcheck; its exit code, its results by name, and its findings as in FRESH."""
    ended = run("manage.py", "prodcheck", "--format", "json", cwd=folder, **environ)
    assert ended.stdout, ended.stderr
    results = {result["check"]: result for result in json.loads(ended.stdout)["results"]}
    found = {
        (name, finding["severity"], finding["subject"])
        for name, result in results.items()
        for finding in result["findings"]
    }
    return ended.returncode, results, found


def test_what_a_fresh_project_is_told(project):
    code, results, found = judge(project)
    assert found == set(FRESH)
    assert code == 1
    assert all(FRESH.values())
    offline = [result for result in results.values() if "needs live" not in str(result["reason"])]
    assert {result["outcome"] for result in offline} == {"pass", "fail", "not_applicable"}


def test_nothing_that_django_itself_says_is_missing(bare):
    told = run("manage.py", "check", "--deploy", cwd=bare)
    ids = set(re.findall(r"\((\w+\.[A-Z]\d+)\)", told.stderr))
    assert ids
    checks = all_checks()
    assert ids <= {one for name, _, _ in FRESH for one in checks[name].django_ids}


def test_the_text_names_each_finding_and_its_line(project):
    ended = run("manage.py", "prodcheck", cwd=project)
    for name, severity, subject in FRESH:
        assert re.search(
            rf"^{severity.upper()} +{re.escape(name)}\s+{re.escape(subject)}", ended.stdout, re.MULTILINE
        )
    source = (project / "mysite" / "settings.py").read_text().splitlines()
    for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"):
        line = next(number for number, text in enumerate(source, 1) if text.startswith(f"{name} = "))
        assert f"mysite/settings.py:{line}\n" in ended.stdout


def test_each_step_ends_what_it_is_for(project):
    production = project / "mysite" / "production.py"
    production.write_text("from mysite.settings import *\n")
    left = {name for name, _, _ in FRESH}
    for addition, ends in STEPS.items():
        with (project / "crontab" if addition is CRONTAB else production).open("a") as file:
            file.write(addition)
        code, _, found = judge(project, **ENVIRONMENT)
        left -= ends
        left |= UNCOVERED.get(addition, {}).keys()
        assert {name for name, _, _ in found} == left, addition
    assert not left
    assert code == 0
    deploy = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", cwd=project, **ENVIRONMENT)
    assert deploy.returncode == 0, deploy.stderr
    assert "no issues" in deploy.stdout
