"""The health endpoint behind a real gunicorn, asked as kubelet and load balancers ask."""

import http.client
import json
import os
import socket
import subprocess
import sys

import pytest

SETTINGS = """\
from testproject.settings import *

MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware", *MIDDLEWARE]
ALLOWED_HOSTS = ["www.example.org"]
SECURE_SSL_REDIRECT = True
SECURE_SSL_HOST = None
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nonexistent/folder/db.sqlite3"}}
PRODREADY = {"VERSION": "1.0.0"}
"""


@pytest.fixture(params=["", "/shop"], ids=["at-root", "below-script-name"])
def server(request, tmp_path):
    """Run gunicorn on a socket of ours; give its port and the prefix of its URLs."""
    (tmp_path / "served_settings.py").write_text(SETTINGS)
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "served_settings",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)]),
        "SCRIPT_NAME": request.param,
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [
            *(sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
            *("--bind", f"fd://{listener.fileno()}", "--workers", "1", "--log-level", "error"),
            "--no-control-socket",
        ]
        process = subprocess.Popen(command, env=environ, cwd=tmp_path, pass_fds=[listener.fileno()])
        try:
            yield listener.getsockname()[1], request.param
        finally:
            process.terminate()
            process.wait(timeout=20)


def ask(port, method, path, host="10.1.2.3:8000"):
    """Send one request as kubelet would. The kernel keeps it until the server has started."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Host": host, "User-Agent": "kube-probe/1.34", "Accept": "*/*", "Connection": "close"}
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_probes_are_answered_and_pages_stay_strict(server):
    port, prefix = server
    for path in ("/health/", "/health"):
        status, headers, body = ask(port, "GET", prefix + path)
        assert status == 200
        assert json.loads(body) == {"status": "healthy", "version": "1.0.0"}
        assert (headers["Content-Type"], headers["Cache-Control"]) == ("application/json", "no-store")
        assert (headers["X-Content-Type-Options"], headers["Set-Cookie"]) == ("nosniff", None)
        assert headers["Content-Length"] == str(len(body))

    status, headers, body = ask(port, "HEAD", f"{prefix}/health/")
    assert (status, headers["Content-Length"], body) == (200, "41", b"")

    status, headers, _ = ask(port, "POST", f"{prefix}/health/")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")

    assert ask(port, "GET", f"{prefix}/")[0] == 400
    assert ask(port, "GET", f"{prefix}/", host="www.example.org")[0] == 301
