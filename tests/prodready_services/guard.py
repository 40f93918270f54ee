"""Run one server for as long as standard input stays open, then stop it and remove its folder.

A process of its own, so that the server also ends when the test process is killed: the kernel closes the pipe
then. Standard library only; run by path with `python -I -S`. The one argument is an order as JSON.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import NoReturn, TypedDict

POLL_S = 0.05


class Order(TypedDict):
    """What to run; a uid of None stays the present user."""

    command: list[str]
    environment: dict[str, str]
    directory: str
    uid: int | None
    gid: int | None
    stop_signal: int
    grace_s: float


def run(order: Order) -> int:
    """Run the server until it ends or standard input does; return its exit status."""
    server = subprocess.Popen(
        order["command"],
        stdin=subprocess.DEVNULL,
        env=order["environment"],
        cwd=order["directory"],
        user=order["uid"],
        group=order["gid"],
        extra_groups=None if order["uid"] is None else [],
        umask=0o077,
        start_new_session=True,
    )
    try:
        while server.poll() is None and not select.select([sys.stdin], [], [], POLL_S)[0]:
            pass
    finally:
        stop(server, order["stop_signal"], order["grace_s"])
        shutil.rmtree(order["directory"], ignore_errors=True)
    return server.returncode


def stop(server: subprocess.Popen[bytes], stop_signal: int, grace_s: float) -> None:
    """End the server's whole process group: politely, and after `grace_s` for good."""
    signal_group(server.pid, stop_signal)
    deadline = time.monotonic() + grace_s
    while (server.poll() is None or signal_group(server.pid, 0)) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    signal_group(server.pid, signal.SIGKILL)
    server.wait()


def signal_group(leader: int, number: int) -> bool:
    """Send a signal to the group; False when nobody of it is left."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        # macOS says EPERM where only zombies are left.
        return False
    return True


def leave(number: int, frame: object) -> NoReturn:
    """Turn SIGTERM into an exit that passes through `run`'s cleaning up."""
    sys.exit(128 + number)


if __name__ == "__main__":
    # Ctrl-C is for pytest, which closes the pipe once its fixtures are torn down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    sys.exit(run(json.loads(sys.argv[1])))
