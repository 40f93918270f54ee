"""Two network namespaces with a cable between them: any address may be a peer's, and nobody else is met."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from ipaddress import ip_address
from typing import TypeVar

from prodready_namespaces import ip, remove, thread_in

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
            ip("netns", "add", name)
        ip(
            *("-n", self.server, "link", "add", LINK, "type", "veth"),
            *("peer", "name", LINK, "netns", self.client),
        )
        self._configure(self.server, SERVER.values())
        self._configure(self.client, sources)

    def remove(self) -> None:
        """Remove what there is of them."""
        remove(self.server, self.client)

    def client_thread(self) -> AbstractContextManager[Callable[[Callable[[], Result]], Result]]:
        """Return what yields a runner of functions, where the client is."""
        return thread_in(self.client)

    def _configure(self, name: str, addresses: Iterable[str]) -> None:
        # No link-local address, and no search for duplicates: both would take a second to settle.
        lines = [f"link set {LINK} addrgenmode none"]
        for address in addresses:
            end = "/128 nodad" if ip_address(address).version == 6 else "/32"
            lines.append(f"address add {address}{end} dev {LINK}")
        lines.append(f"link set {LINK} up")
        ip("-n", name, "-batch", "-", stdin="\n".join(lines))
        for family in SERVER:
            ip(f"-{family}", "-n", name, "route", "add", "default", "dev", LINK)


@contextmanager
def laid(sources: Iterable[str]) -> Iterator[Pair]:
    """Have both namespaces for the length of the block."""
    pair = Pair()
    try:
        pair.lay(sources)
        yield pair
    finally:
        pair.remove()
