"""One nginx with a server per configuration, and the same configurations for the package."""

import grp
import http.client
import pwd
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from prodready_services import binaries
from prodready_services.account import unprivileged
from prodready_services.server import Home, Plan, make_home, plain_environment, running

from django_prodready.realip.networks import parse_networks
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.trust import Trust
from prodready_nginx.namespaces import SERVER, Pair

FORWARDED, CONNECTING, CONNECTING_V6 = "X-Forwarded-For", "CF-Connecting-IP", "CF-Connecting-IPv6"
PORT, DUAL_STACK_PORT = 8000, 9000  # of the first site; each has its own
TIMEOUT_S = 20

NGINX = """\
daemon off;
worker_processes 1;
user {user} {group};
pid {home}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    default_type text/plain;
    {servers}
}}
"""
SERVER_BLOCK = """
    server {{
        listen {port};
        listen [::]:{port} ipv6only=on;
        listen [::]:{dual_stack_port} ipv6only=off;
        listen unix:{home}/{port}.sock;
        {trusted}
        real_ip_header {header};
        real_ip_recursive {recursive};
        return 200 "$realip_remote_addr $remote_addr";
    }}
"""


@dataclass(frozen=True)
class Site:
    """Whom one configuration trusts, and the one header that nginx may read by it."""

    number: int
    header: str
    proxies: tuple[str, ...] = ()
    cloudflare: bool = False
    tunnels: tuple[str, ...] = ()
    unix_socket: bool = False

    @property
    def trust(self) -> Trust:
        """The same for the package."""
        proxies, wrong = parse_networks(self.proxies)
        tunnels, wrong_too = parse_networks(self.tunnels)
        assert {**wrong, **wrong_too} == {}
        edges = bundled().networks if self.cloudflare else ()
        return Trust(proxies=proxies, tunnels=tunnels, edges=edges, unix_socket=self.unix_socket)

    def block(self, home: Path) -> str:
        """Nginx's server."""
        edges = [str(network) for network in bundled().networks] if self.cloudflare else []
        trusted = [*self.proxies, *edges, *self.tunnels, *(["unix:"] if self.unix_socket else [])]
        return SERVER_BLOCK.format(
            port=PORT + self.number,
            dual_stack_port=DUAL_STACK_PORT + self.number,
            home=home,
            trusted="\n        ".join(f"set_real_ip_from {network};" for network in trusted),
            header=self.header,
            recursive="on" if self.header == FORWARDED else "off",
        )


@dataclass(frozen=True)
class Chain:
    """A request: who opens the connection, and what it says of who stood before."""

    site: Site
    source: str | None  # None: over the unix socket
    headers: tuple[tuple[str, str], ...] = ()
    is_dual_stack: bool = False  # the listener names an IPv4 peer as IPv6

    def lines(self, name: str) -> list[str]:
        """The values of one header, line by line."""
        return [value for other, value in self.headers if other == name]


class Answer(NamedTuple):
    """What nginx says."""

    peer: str  # $realip_remote_addr
    client: str  # $remote_addr


class Nginx:
    """The server that runs, and how to ask it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def ask(self, chain: Chain) -> Answer:
        """Ask from the chain's source; where the client's namespace is the thread's."""
        connection = self._connection(chain)
        try:
            connection.putrequest("GET", "/")
            for name, value in chain.headers:
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        assert response.status == http.HTTPStatus.OK, f"{response.status} for {chain}"
        return Answer(*text.split(" "))

    def _connection(self, chain: Chain) -> http.client.HTTPConnection:
        if chain.source is None:
            connection = http.client.HTTPConnection("localhost", timeout=TIMEOUT_S)
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(TIMEOUT_S)
            connection.sock.connect(str(self.home / f"{PORT + chain.site.number}.sock"))
            return connection
        port = (DUAL_STACK_PORT if chain.is_dual_stack else PORT) + chain.site.number
        host = SERVER[ip_address(chain.source).version]
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S, source_address=(chain.source, 0))


@contextmanager
def serving(pair: Pair, sites: Iterable[Site]) -> Iterator[Nginx]:
    """Run nginx in the server's namespace; MissingServiceError without one."""
    program = binaries.system_program("nginx")
    account = unprivileged()
    assert account is not None, "namespaces are root's"
    folder = make_home("nginx").directory
    home = Home(folder, None)  # its master enters the namespace, its worker is nobody
    configuration, pid_file = folder / "nginx.conf", folder / "nginx.pid"
    servers = "".join(site.block(folder) for site in sites)
    user, group = pwd.getpwuid(account.uid).pw_name, grp.getgrgid(account.gid).gr_name
    configuration.write_text(NGINX.format(user=user, group=group, home=folder, servers=servers))
    plan = Plan(
        name="nginx",
        command=[
            *("ip", "netns", "exec", pair.server),
            *(str(program), "-e", "stderr", "-p", str(folder), "-c", str(configuration)),
        ],
        environment=plain_environment(home),
        is_ready=lambda: pid_file.exists() and pid_file.read_text().strip() != "",
        stop_signal=signal.SIGTERM,
    )
    with running(plan, home):
        yield Nginx(folder)
