"""A network that swallows packets: a namespace of the kernel with one cable, whose way back can be cut."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from prodready_databases import Gate
from prodready_namespaces import ip, remove, thread_in
from prodready_peers import sockets


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
        ip("netns", "add", self.name)
        ip("link", "add", self.near_link, "type", "veth", "peer", "name", self.far_link, "netns", self.name)
        ip("addr", "add", f"{self.near}/30", "dev", self.near_link)
        ip("link", "set", self.near_link, "up")
        ip("-n", self.name, "addr", "add", f"{self.far}/30", "dev", self.far_link)
        ip("-n", self.name, "link", "set", self.far_link, "up")

    def remove(self) -> None:
        """Remove both ends: one does not live without the other."""
        with suppress(subprocess.CalledProcessError):  # it may not be there
            ip("link", "del", self.near_link)
        remove(self.name)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Drop, unsaid, every packet from the far end: answers and acknowledgements alike."""
        ip("-n", self.name, "route", "add", "blackhole", f"{self.near}/32")
        try:
            yield
        finally:
            ip("-n", self.name, "route", "del", "blackhole", f"{self.near}/32")

    def listen(self) -> socket.socket:
        """Return a socket that listens at the far end. It stays there, whoever accepts from it."""
        with thread_in(self.name) as run:
            return run(lambda: socket.create_server((self.far, 0)))


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
