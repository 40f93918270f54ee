"""Liveness without any framework: the least that a server of Python can do."""

BODY = b'{"status": "healthy", "version": "1"}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS]


def wsgi(environ, start_response):
    """Answer every request alike."""
    start_response("200 OK", HEADERS)
    return [BODY]


async def asgi(scope, receive, send) -> None:
    """Answer every request alike. It has no lifespan."""
    if scope["type"] != "http":
        raise NotImplementedError
    await send({"type": "http.response.start", "status": 200, "headers": RAW_HEADERS})
    await send({"type": "http.response.body", "body": BODY})
