"""The site as WSGI and as ASGI application. ``/inside/`` tells the process, whatever hangs."""

import os
import time

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from django_prodready.asgi import with_health as with_health_asgi
from django_prodready.wsgi import with_health as with_health_wsgi

IS_WRAPPED = os.environ["FAULTS_CARRIER"] == "wrapper"
OCCUPY_S = 0.3  # long enough that a server with threads takes the next request by another one


def pid():
    """Return what ``/inside/`` answers."""
    return str(os.getpid()).encode()


def watched_wsgi(application):
    """Answer ``/inside/`` before the application."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] != "/inside/":
            return application(environ, start_response)
        time.sleep(OCCUPY_S)
        start_response("200 OK", [("Content-Length", str(len(pid())))])
        return [pid()]

    return answer


def watched_asgi(application):
    """Answer ``/inside/`` before the application."""

    async def answer(scope, receive, send):
        if scope.get("path") != "/inside/":
            await application(scope, receive, send)
            return
        headers = [(b"content-length", b"%d" % len(pid()))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": pid()})

    return answer


wsgi = get_wsgi_application()
asgi = get_asgi_application()
if IS_WRAPPED:
    wsgi, asgi = with_health_wsgi(wsgi), with_health_asgi(asgi)
wsgi, asgi = watched_wsgi(wsgi), watched_asgi(asgi)
