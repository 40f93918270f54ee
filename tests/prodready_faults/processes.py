"""What /proc tells of other processes: who listens, who descends from whom, threads and connections."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LISTENS = "0A"
PROC = Path("/proc")


def listener(port: int) -> int:
    """Return the process that listens on a port of this machine."""
    inodes = {fields[9] for fields in _tcp() if fields[3] == LISTENS and _port(fields[1]) == port}
    for folder in PROC.glob("[0-9]*"):
        if inodes & _socket_inodes(int(folder.name)):
            return _eldest(int(folder.name), inodes)
    raise LookupError(f"Nobody listens on port {port}.")


def threads(pid: int) -> int:
    """Count the threads of a process."""
    return len(list((PROC / str(pid) / "task").iterdir()))


def connections(pid: int, port: int) -> int:
    """Count the connections, established or being made, that a process has to a port.

    The kernel gives its table in pieces, and one line twice when others come and go between two of them.
    """
    return len(_socket_inodes(pid) & {fields[9] for fields in _tcp(pid) if _port(fields[2]) == port})


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Stop a server and all that it started for the length of the block.

    By descent: PostgreSQL puts each of its processes into a process group of its own.
    """
    stopped: set[int] = set()
    try:
        while new := family(pid) - stopped:  # what was started while the others were being stopped
            _send(signal.SIGSTOP, new)
            stopped |= new
        yield
    finally:
        _send(signal.SIGCONT, stopped)


def family(pid: int) -> set[int]:
    """Return a process and all that descend from it."""
    parents = {}
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = _parent(folder)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def is_stopped(pid: int, timeout_s: float = 10) -> bool:
    """Wait until the kernel has stopped a process; False when it does not."""
    end_s = time.monotonic() + timeout_s
    while _stat(PROC / str(pid))[0] != "T":
        if time.monotonic() > end_s:
            return False
        time.sleep(0.005)
    return True


def _send(number: int, pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _eldest(pid: int, inodes: set[str]) -> int:
    """Return the first of those that share a listening socket."""
    parent = _parent(PROC / str(pid))
    return _eldest(parent, inodes) if parent and inodes & _socket_inodes(parent) else pid


def _parent(folder: Path) -> int:
    return int(_stat(folder)[1])


def _stat(folder: Path) -> list[str]:
    # The name before it is in parentheses and may hold anything.
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _socket_inodes(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for link in (PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(link.readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found


def _tcp(pid: int | str = "self") -> Iterator[list[str]]:
    for line in (PROC / str(pid) / "net/tcp").read_text().splitlines()[1:]:
        yield line.split()


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
