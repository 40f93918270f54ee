"""The faults: each a component that hangs when it is struck, and goes on when it is let go."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from prodready_databases import Gate, through
from prodready_peers.sockets import LOOPBACK, serving

from prodready_faults import hole, processes


@dataclass(frozen=True)
class Services:
    """Servers that nobody else uses, so that they may be stopped."""

    postgres_url: str
    redis_url: str

    @property
    def secrets(self) -> set[bytes]:
        """What no answer may hold: passwords and ports."""
        parts = [urlsplit(url) for url in (self.postgres_url, self.redis_url)]
        return {str(part).encode() for url in parts for part in (url.password, url.port)}


@dataclass(frozen=True)
class Fault:
    """How to make components hang, and what the site is told for it."""

    strike: Callable[[], AbstractContextManager[object]]
    down: tuple[str, ...]
    ports: tuple[int, ...]  # of the components, as the site sees them
    environ: dict[str, str] = field(default_factory=dict)
    is_burst: bool = False  # whether the probe's own connection is established when the fault strikes


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


@contextmanager
def stopped(services: Services, *names: str) -> Iterator[Fault]:
    """SIGSTOP the servers of the named probes."""
    urls = {"database": services.postgres_url, "cache": services.redis_url}
    ports = tuple(_port(urls[name]) for name in names)

    @contextmanager
    def strike() -> Iterator[None]:
        with ExitStack() as stack:
            for port in ports:
                pid = processes.listener(port)
                stack.enter_context(processes.frozen(pid))
                assert processes.is_stopped(pid)
            yield

    yield Fault(strike, names, ports)


# The burst keeps the probe's connection between two runs, so the fault meets an established one.
_BURST = {"FAULTS_TTL": "0"}


@contextmanager
def shut(services: Services) -> Iterator[Fault]:
    """Have a relay before PostgreSQL that forwards nothing any more and closes nothing."""
    gate = Gate.to(services.postgres_url)

    @contextmanager
    def strike() -> Iterator[None]:
        gate.is_open.clear()
        try:
            yield
        finally:
            gate.is_open.set()

    with serving(gate) as port:
        address = through(services.postgres_url, port)
        yield Fault(strike, ("database",), (port,), _BURST | {"FAULTS_POSTGRES": address}, is_burst=True)


@contextmanager
def swallowed(services: Services) -> Iterator[Fault]:
    """Have a network before PostgreSQL that drops every packet of an answer."""
    with hole.relayed(services.postgres_url) as (cable, host, port):
        address = through(services.postgres_url, port).replace(f"@{LOOPBACK}:", f"@{host}:")
        yield Fault(cable.cut, ("database",), (port,), _BURST | {"FAULTS_POSTGRES": address}, is_burst=True)
