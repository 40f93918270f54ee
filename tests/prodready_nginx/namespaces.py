"""Two network namespaces with a cable between them: any address may be a peer's, and nobody else is met."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

CLONE_NEWNET = 0x40000000  # linux/sched.h
LINK = "cable"  # its name at both ends
SERVER = {4: "192.0.2.1", 6: "2001:db8:ffff::1"}

Result = TypeVar("Result")


class Pair:
    """The two namespaces, by their names."""

    def __init__(self) -> None:
        self.server, self.client = (f"prodready-realip-{os.getpid()}-{end}" for end in ("server", "client"))

    def lay(self, sources: Iterable[str]) -> None:
        """Make both, and give the client's end every one of the addresses."""
        for name in (self.server, self.client):
            _ip("netns", "add", name)
        _ip(
            *("-n", self.server, "link", "add", LINK, "type", "veth"),
            *("peer", "name", LINK, "netns", self.client),
        )
        self._configure(self.server, SERVER.values())
        self._configure(self.client, sources)

    def remove(self) -> None:
        """Remove what there is of them; the cable goes with either."""
        for name in (self.server, self.client):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    @contextmanager
    def client_thread(self) -> Iterator[Callable[[Callable[[], Result]], Result]]:
        """Yield what runs a function where the client is."""

        def enter() -> None:
            with Path(f"/run/netns/{self.client}").open() as namespace:
                library = ctypes.CDLL(None, use_errno=True)  # os.setns is Python 3.12's
                if library.setns(namespace.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")

        with ThreadPoolExecutor(1) as pool:  # the namespace is the thread's, which ends here
            pool.submit(enter).result()
            yield lambda work: pool.submit(work).result()

    def _configure(self, name: str, addresses: Iterable[str]) -> None:
        # No link-local address, and no search for duplicates: both would take a second to settle.
        lines = [f"link set {LINK} addrgenmode none"]
        for address in addresses:
            end = "/128 nodad" if ip_address(address).version == 6 else "/32"
            lines.append(f"address add {address}{end} dev {LINK}")
        lines.append(f"link set {LINK} up")
        _ip("-n", name, "-batch", "-", stdin="\n".join(lines))
        for family in SERVER:
            _ip(f"-{family}", "-n", name, "route", "add", "default", "dev", LINK)


def why_not() -> str | None:
    """Say what is missing for namespaces of one's own; None when nothing is."""
    if os.geteuid() or shutil.which("ip") is None:
        return "Network namespaces need root and iproute2."
    pair = Pair()
    try:
        pair.lay([])
    except subprocess.CalledProcessError as error:
        return f"Network namespaces cannot be made here: {error.stderr.strip()}"
    finally:
        pair.remove()
    return None


@contextmanager
def laid(sources: Iterable[str]) -> Iterator[Pair]:
    """Have both namespaces for the length of the block."""
    pair = Pair()
    try:
        pair.lay(sources)
        yield pair
    finally:
        pair.remove()


def _ip(*command: str, stdin: str = "") -> None:
    subprocess.run(["ip", *command], check=True, capture_output=True, timeout=10, input=stdin, text=True)
