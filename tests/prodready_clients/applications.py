"""The site as WSGI application, as ASGI application, and as ASGI application below the wrapper."""

import sys

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from django_prodready.asgi import with_client_address
from django_prodready.realip.client_address import SCOPE_KEY

wsgi = get_wsgi_application()
asgi = get_asgi_application()
wrapped = with_client_address(get_asgi_application())


@with_client_address
async def told(scope, receive, send):
    """Tell the log whom a request is from, though nobody waits for an answer."""
    if scope["type"] == "http":
        line = f"asked={scope['path']} peer={scope['client']} client={scope[SCOPE_KEY].client_ip}\n"
        sys.stdout.write(line)
        sys.stdout.flush()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})
