"""A network that swallows packets: a namespace of the kernel with one cable, whose way back can be cut."""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from prodready_databases import Gate
from prodready_peers import sockets

CLONE_NEWNET = 0x40000000  # linux/sched.h


class Cable:
    """The far end has an address of its own, where a relay leads to a server on this machine."""

    def __init__(self) -> None:
        number = os.getpid()
        self.name = f"prodready{number}"
        self.near_link, self.far_link = f"prn{number}", f"prf{number}"
        network = f"10.213.{number % 256}.{number // 256 % 63 * 4}".rpartition(".")
        self.near, self.far = (f"{network[0]}.{int(network[2]) + end}" for end in (1, 2))

    def lay(self) -> None:
        """Make both ends."""
        _ip("netns", "add", self.name)
        _ip("link", "add", self.near_link, "type", "veth", "peer", "name", self.far_link, "netns", self.name)
        _ip("addr", "add", f"{self.near}/30", "dev", self.near_link)
        _ip("link", "set", self.near_link, "up")
        _ip("-n", self.name, "addr", "add", f"{self.far}/30", "dev", self.far_link)
        _ip("-n", self.name, "link", "set", self.far_link, "up")

    def remove(self) -> None:
        """Remove both ends: one does not live without the other."""
        for command in (("link", "del", self.near_link), ("netns", "del", self.name)):
            subprocess.run(["ip", *command], check=False, capture_output=True)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Drop, unsaid, every packet from the far end: answers and acknowledgements alike."""
        _ip("-n", self.name, "route", "add", "blackhole", f"{self.near}/32")
        try:
            yield
        finally:
            _ip("-n", self.name, "route", "del", "blackhole", f"{self.near}/32")

    def listen(self) -> socket.socket:
        """Return a socket that listens at the far end. It stays there, whoever accepts from it."""

        def make() -> socket.socket:
            with Path(f"/run/netns/{self.name}").open() as namespace:
                library = ctypes.CDLL(None, use_errno=True)
                if library.setns(namespace.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            return socket.create_server((self.far, 0))

        with ThreadPoolExecutor(1) as pool:  # the namespace is the thread's, which ends here
            return pool.submit(make).result()


def why_not() -> str | None:
    """Say what is missing for a network of one's own; None when nothing is."""
    if os.geteuid() or shutil.which("ip") is None:
        return "A network namespace needs root and iproute2."
    cable = Cable()
    try:
        cable.lay()
    except subprocess.CalledProcessError as error:
        return f"A network namespace cannot be made here: {error.stderr.decode().strip()}"
    finally:
        cable.remove()
    return None


@contextmanager
def relayed(url: str) -> Iterator[tuple[Cable, str, int]]:
    """Lay a cable to the server at an address; yield it with the host and port at its far end."""
    cable = Cable()
    ended = threading.Event()
    try:
        cable.lay()
        with cable.listen() as listener:
            listener.settimeout(0.05)
            handler: Callable[..., None] = Gate.to(url)
            acceptor = threading.Thread(target=sockets._accept, args=(listener, handler, None, ended))
            acceptor.start()
            try:
                yield cable, cable.far, listener.getsockname()[1]
            finally:
                ended.set()
                acceptor.join()
    finally:
        cable.remove()


def _ip(*command: str) -> None:
    subprocess.run(["ip", *command], check=True, capture_output=True, timeout=10)
