"""RabbitMQ as a node of its own: own port, name, cookie, data and port mapper (epmd)."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from prodready_services import binaries
from prodready_services.errors import MissingServiceError
from prodready_services.server import (
    LOOPBACK,
    Home,
    Plan,
    answer_of,
    free_port,
    make_home,
    plain_environment,
    running,
)

USER = "prodready"
HINT = "rabbitmq-server was not found: install Debian's rabbitmq-server."
# The protocol header of AMQP 0-9-1; the server answers with a method frame, whose first byte is 1.
AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"
# epmd's question for the registered names: length 1, then NAMES_REQ.
EPMD_NAMES = b"\x00\x01n"


@contextmanager
def serve() -> Iterator[str]:
    """Run a node for the length of the block; yield the address of its default virtual host."""
    script, epmd = find()
    password = secrets.token_urlsafe(16)
    port, epmd_port = free_port(), free_port()
    with ExitStack() as stack:
        epmd_home, home = make_home("epmd"), make_home("rabbitmq")
        stack.callback(shutil.rmtree, epmd_home.directory, ignore_errors=True)
        stack.callback(shutil.rmtree, home.directory, ignore_errors=True)
        stack.enter_context(running(_epmd_plan(epmd, epmd_home, epmd_port), epmd_home))
        _configure(home, port, password)
        stack.enter_context(running(_plan(script, home, port, epmd_port), home))
        yield f"amqp://{USER}:{password}@{LOOPBACK}:{port}//"


def find() -> tuple[Path, Path]:
    """Return the server's script and epmd; MissingServiceError when one of them is not there."""
    # Folders first: what Debian puts on PATH insists on being root or the user rabbitmq.
    scripts = chain(
        binaries.in_folders(binaries.RABBITMQ_FOLDERS, ["rabbitmq-server"]),
        binaries.on_path(["rabbitmq-server"]),
    )
    script, epmd = next(scripts, None), next(binaries.on_path(["epmd"]), None)
    if script is None or epmd is None:
        raise MissingServiceError(HINT)
    return script, epmd


def _epmd_plan(epmd: Path, home: Home, port: int) -> Plan:
    return Plan(
        name="epmd",
        command=[str(epmd), "-port", str(port), "-address", LOOPBACK],
        environment=plain_environment(home),
        is_ready=lambda: len(answer_of(port, EPMD_NAMES, 4)) == 4,
    )


def _configure(home: Home, port: int, password: str) -> None:
    (home.directory / "rabbitmq.conf").write_text(
        f"listeners.tcp.local = {LOOPBACK}:{port}\ndefault_user = {USER}\ndefault_pass = {password}\n"
    )
    (home.directory / "enabled_plugins").write_text("[].\n")


def _plan(script: Path, home: Home, port: int, epmd_port: int) -> Plan:
    folder = home.directory
    environment = plain_environment(home) | {
        "LC_ALL": "C.UTF-8",
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(epmd_port),
        "RABBITMQ_NODENAME": f"prodready-{os.getpid()}-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "no-rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "no-advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 8"
        ),
    }
    return Plan(
        name="RabbitMQ",
        command=[str(script)],
        environment=environment,
        is_ready=lambda: answer_of(port, AMQP_HEADER, 1) == METHOD_FRAME,
        start_timeout_s=60,
    )
