"""Network namespaces: made by ``ip``, entered by a thread, and whether this machine has them."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

CLONE_NEWNET = 0x40000000  # linux/sched.h

Result = TypeVar("Result")


def ip(*command: str, stdin: str = "") -> None:
    """Have ``ip`` do it, or raise."""
    subprocess.run(["ip", *command], check=True, capture_output=True, timeout=10, input=stdin, text=True)


def remove(*names: str) -> None:
    """Remove what there is of these namespaces; a cable goes with either of its ends."""
    for name in names:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextmanager
def thread_in(name: str) -> Iterator[Callable[[Callable[[], Result]], Result]]:
    """Yield what runs a function in a namespace. A socket that it makes stays there, whoever uses it."""

    def enter() -> None:
        with Path(f"/run/netns/{name}").open() as namespace:
            library = ctypes.CDLL(None, use_errno=True)  # os.setns is Python 3.12's
            if library.setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    with ThreadPoolExecutor(1) as pool:  # the namespace is the thread's, which ends here
        pool.submit(enter).result()
        yield lambda work: pool.submit(work).result()


def why_not() -> str | None:
    """Say what is missing for namespaces and cables of one's own; None when nothing is."""
    if os.geteuid() or shutil.which("ip") is None:
        return "Network namespaces need root and iproute2."
    name = f"prodready-try-{os.getpid()}"
    try:
        ip("netns", "add", name)
        ip("-n", name, "link", "add", "near", "type", "veth", "peer", "name", "far")
    except subprocess.CalledProcessError as error:
        return f"Network namespaces cannot be made here: {error.stderr.strip()}"
    finally:
        remove(name)
    return None
