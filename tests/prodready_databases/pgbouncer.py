"""PgBouncer in transaction mode before the server that the tests have, where its binary is installed."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from prodready_services import binaries
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without
from prodready_services.server import LOOPBACK, Plan, free_port, make_home, plain_environment, running

from prodready_databases import through


@contextmanager
def pgbouncer_before(url: str) -> Iterator[str]:
    """Run it for the length of the block with one connection to the server; yield its address."""
    try:
        binary = binaries.system_program("pgbouncer")
    except MissingServiceError as missing:
        do_without(str(missing))
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
            command=[str(binary), str(config)],
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
