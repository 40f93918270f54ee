"""An HTTP server that answers as told and remembers what it was asked; S3, as far as one bucket goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prodready_peers.sockets import LOOPBACK, server_context


class Site(ThreadingHTTPServer):
    """What is served: a status and a body by path; others are 404."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.port = self.server_port
        self.pages: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.extra_headers: dict[str, str] = {}


class _Handler(BaseHTTPRequestHandler):
    server: Site
    timeout = 10

    def do_GET(self) -> None:
        self._remember()
        self._answer(*self.server.pages.get(self._page(), (404, b"")))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self._remember()
        self.server.pages[self._page()] = (200, self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(200, b"")

    def do_DELETE(self) -> None:
        self._remember()
        del self.server.pages[self._page()]
        self._answer(204, b"")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing on standard error."""

    def _remember(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))

    def _page(self) -> str:
        return self.path.partition("?")[0]

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **self.server.extra_headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def http_site(certificate: str | None = None) -> Iterator[Site]:
    """Serve for the length of the block."""
    with Site() as site:
        if certificate:
            site.socket = server_context(certificate).wrap_socket(site.socket, server_side=True)
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()
