"""Csp on a running site: the header, the nonce, and what Chromium refuses of Django's admin."""

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prodready_browser import chromium
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without

import django_prodready

PACKAGE = str(Path(django_prodready.__file__).parents[1])
SITE = '''
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.http import HttpResponse
from django.template import engines

SECRET_KEY = "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "csp_site"
STATIC_URL = "/static/"
USE_TZ = True
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    f"django.contrib.{app}"
    for app in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}}]

from django_prodready.settings.mixins.csp import Csp

class Settings(Csp):
    CSP_ENFORCE = sys.argv[-1] == "enforce"

Settings.apply(globals())

PAGE = """<!doctype html><title>no</title>
<script nonce="{{ csp_nonce }}{{ CSP_NONCE }}">document.title = "with"</script>
<script>document.title = "without"</script>"""

def page(request):
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))

class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

if __name__ == "__main__":
    import django
    django.setup()
    from django.contrib import admin
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from django.urls import path
    import csp_site
    csp_site.urlpatterns = [path("page/", page), path("admin/", admin.site.urls)]
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()
'''


@pytest.fixture
def serve(tmp_path):
    """Run the site with DEBUG, for its static files; return its address."""
    (tmp_path / "csp_site.py").write_text(f"DEBUG = True\n{SITE}")
    processes = []

    def start(mode):
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "csp_site.py"), mode],
            env=os.environ
            | {"PYTHONPATH": os.pathsep.join([str(tmp_path), PACKAGE]), "DJANGO_SETTINGS_MODULE": "csp_site"},
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return f"http://127.0.0.1:{process.stdout.readline().strip()}"

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.parametrize(
    ("mode", "name", "other"),
    [
        ("report", "Content-Security-Policy-Report-Only", "Content-Security-Policy"),
        ("enforce", "Content-Security-Policy", "Content-Security-Policy-Report-Only"),
    ],
)
def test_the_header_has_the_nonce_of_the_page(serve, mode, name, other):
    with urllib.request.urlopen(f"{serve(mode)}/page/", timeout=10) as answer:
        body, headers = answer.read().decode(), answer.headers

    nonce = re.search(r'nonce="([^"]+)"', body)[1]
    assert f"script-src 'self' 'nonce-{nonce}'" in headers[name]
    assert "frame-ancestors 'none'" in headers[name]
    assert other not in headers


def test_the_admin_breaks_no_rule_and_a_script_without_nonce_does(serve):
    try:
        chromium.find()
    except MissingServiceError as missing:
        do_without(f"{missing} Or set {chromium.VARIABLE}.")
    site = serve("enforce")

    with chromium.running() as page:
        page.open(f"{site}/admin/login/")
        assert page.evaluate("document.querySelector('#login-form input[name=username]') !== null")
        # A style sheet that is refused leaves the page's own, white.
        assert page.evaluate("getComputedStyle(document.querySelector('#header')).backgroundColor") != (
            "rgba(0, 0, 0, 0)"
        )
        assert violations(page) == []

        page.open(f"{site}/page/")
        assert page.evaluate("document.title") == "with"
        assert len(violations(page)) == 1


def violations(page):
    """What the browser told of the policy, in its log or to the console."""
    told = [event["entry"]["text"] for event in page.told("Log.entryAdded")]
    return [text for text in told if "Content Security Policy" in text]
