"""PgBouncer in transaction mode before the server that the tests have, where its binary is installed."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from prodready_services.server import LOOPBACK, Plan, free_port, make_home, plain_environment, running

from prodready_databases import through


@contextmanager
def pgbouncer_before(url: str) -> Iterator[str]:
    """Run it for the length of the block with one connection to the server; yield its address."""
    binary = shutil.which("pgbouncer")
    if binary is None:
        pytest.skip("pgbouncer was not found.")
    home = make_home("pgbouncer")
    try:
        parts = urlsplit(url)
        port = free_port()
        config = home.directory / "pgbouncer.ini"
        config.write_text(
            "[databases]\n"
            f"* = host={parts.hostname} port={parts.port or 5432} user={parts.username} "
            f"password={unquote(parts.password or '')}\n"
            "[pgbouncer]\n"
            f"listen_addr = {LOOPBACK}\nlisten_port = {port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 1\n"
        )
        plan = Plan(
            name="PgBouncer",
            command=[binary, str(config)],
            environment=plain_environment(home),
            is_ready=lambda: _listens(port),
        )
        with running(plan, home):
            yield through(url, port)
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
