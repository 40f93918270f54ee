"""The site as WSGI and as ASGI application. ``/inside/`` tells the process, ``/threads/`` those of
probes, whatever hangs.
"""

import os
import threading
import time

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from django_prodready.asgi import with_health as with_health_asgi
from django_prodready.wsgi import with_health as with_health_wsgi

IS_WRAPPED = os.environ["FAULTS_CARRIER"] == "wrapper"
OCCUPY_S = 0.3  # long enough that a server with threads takes the next request by another one


def told(path):
    """Return what is told at this path; None for the paths of the site."""
    if path == "/inside/":
        return str(os.getpid()).encode()
    if path == "/threads/":
        names = [thread.name for thread in threading.enumerate()]
        return " ".join(name for name in names if name.startswith("prodready-")).encode()
    return None


def watched_wsgi(application):
    """Tell before the application is asked."""

    def answer(environ, start_response):
        content = told(environ["PATH_INFO"])
        if content is None:
            return application(environ, start_response)
        if environ["PATH_INFO"] == "/inside/":
            time.sleep(OCCUPY_S)
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    return answer


def watched_asgi(application):
    """Tell before the application is asked."""

    async def answer(scope, receive, send):
        content = told(scope.get("path"))
        if content is None:
            await application(scope, receive, send)
            return
        headers = [(b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return answer


wsgi = get_wsgi_application()
asgi = get_asgi_application()
if IS_WRAPPED:
    wsgi, asgi = with_health_wsgi(wsgi), with_health_asgi(asgi)
wsgi, asgi = watched_wsgi(wsgi), watched_asgi(asgi)
