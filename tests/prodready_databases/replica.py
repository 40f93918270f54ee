"""A streaming replica of the server that the tests have, made by pg_basebackup."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from prodready_services import postgres
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without
from prodready_services.server import free_port, make_home, plain_environment, running

from prodready_databases import through


@contextmanager
def replica_of(url: str) -> Iterator[str]:
    """Run a replica for the length of the block; yield its address."""
    home = make_home("replica")
    try:
        try:
            folder = postgres.find(home)
        except MissingServiceError as missing:
            do_without(str(missing))
        if not (folder / "pg_basebackup").exists():
            do_without("pg_basebackup was not found beside postgres: install PostgreSQL whole.")
        account = home.account
        done = subprocess.run(
            [
                folder / "pg_basebackup",
                f"--dbname={url}",
                f"--pgdata={home.directory / 'data'}",
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
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
        assert not done.returncode, done.stderr
        port = free_port()
        with running(postgres.plan_of(folder, home, port), home):
            yield through(url, port)
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)
