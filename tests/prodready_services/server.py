"""Start one server under its guard, wait until it answers, stop it."""

import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prodready_services import guard
from prodready_services.account import Account, unprivileged
from prodready_services.errors import ServiceFailedError

LOOPBACK = "127.0.0.1"
POLL_S = 0.05
TAIL_CHARS = 3000


@dataclass(frozen=True)
class Home:
    """A server's folder, which is its own and goes with it, and who runs the server."""

    directory: Path
    account: Account | None

    def own(self) -> None:
        """Give everything in the folder to the account."""
        if self.account is None:
            return
        for path in [self.directory, *self.directory.rglob("*")]:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


@dataclass(frozen=True)
class Plan:
    """How to run one server and how to see that it is up."""

    name: str
    command: list[str]
    environment: dict[str, str]
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    start_timeout_s: float = 30
    grace_s: float = 10


def make_home(name: str) -> Home:
    """Make an empty folder, mode 0700, that whoever runs the server can reach."""
    account = unprivileged()
    directory = Path(tempfile.mkdtemp(prefix=f"prodready-{name}-"))
    if account is not None and not account.may_enter(directory):
        directory.rmdir()
        directory = Path(tempfile.mkdtemp(prefix=f"prodready-{name}-", dir="/tmp"))
    home = Home(directory, account)
    home.own()
    return home


def free_port() -> int:
    """Return a TCP port that nobody listens on now; another process may still take it before you do."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
    return port


def answer_of(port: int, question: bytes, size: int) -> bytes:
    """Return up to `size` bytes of what the server on `port` says to `question`; empty when it is not up."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(question)
            return connection.recv(size)
    except OSError:
        return b""


def plain_environment(home: Home) -> dict[str, str]:
    """Return the environment of a server: nothing of the tests' own, so no coverage and no settings."""
    # PATH ends with the system's folders: a root shell's may lack them under a virtual environment's.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
    return {"PATH": path, "HOME": str(home.directory), "TMPDIR": str(home.directory), "LC_ALL": "C"}


@contextmanager
def running(plan: Plan, home: Home) -> Iterator[None]:
    """Run the server for the length of the block; its home is gone afterwards."""
    home.own()
    account = home.account and dataclasses.astuple(home.account)
    uid, gid = account or (None, None)
    order = guard.Order(
        command=plan.command,
        environment=plan.environment,
        directory=str(home.directory),
        uid=uid,
        gid=gid,
        stop_signal=plan.stop_signal,
        grace_s=plan.grace_s,
    )
    with tempfile.TemporaryFile("w+b") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A terminal's Ctrl-C and Ctrl-Z, and a CI runner's kill of our group, must reach pytest alone.
            start_new_session=True,
        )
        try:
            _wait_until_ready(plan, keeper, output.fileno())
            yield
        finally:
            _dismiss(keeper, plan.grace_s)
            shutil.rmtree(home.directory, ignore_errors=True)


def _wait_until_ready(plan: Plan, keeper: subprocess.Popen[bytes], output_fd: int) -> None:
    deadline = time.monotonic() + plan.start_timeout_s
    while not plan.is_ready():
        if keeper.poll() is not None:
            raise ServiceFailedError(f"{plan.name} ended with {keeper.returncode}:\n{_tail(output_fd)}")
        if time.monotonic() > deadline:
            late = f"{plan.name} is not up after {plan.start_timeout_s} s"
            raise ServiceFailedError(f"{late}:\n{_tail(output_fd)}")
        time.sleep(POLL_S)


def _tail(output_fd: int) -> str:
    size = os.fstat(output_fd).st_size
    start = max(0, size - TAIL_CHARS)
    # pread, because the guard writes through the same file position.
    return os.pread(output_fd, TAIL_CHARS, start).decode(errors="replace")


def _dismiss(keeper: subprocess.Popen[bytes], grace_s: float) -> None:
    assert keeper.stdin is not None
    keeper.stdin.close()
    try:
        keeper.wait(grace_s + 5)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()
