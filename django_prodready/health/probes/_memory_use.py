"""How much of its memory a process's surroundings use: its cgroup (version 2 or 1), and the machine.

The kernel's files, as https://docs.kernel.org/admin-guide/cgroup-v2.html and
https://docs.kernel.org/admin-guide/cgroup-v1/memory.html describe them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Where version 1 says "no limit", it says the largest number of pages: 8 EiB less a few.
_NO_LIMIT_BYTES = 1 << 60


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """What counts against one limit."""

    where: str  # cgroup | machine
    used_bytes: int
    limit_bytes: int

    @property
    def percent(self) -> float:
        """Return the share in use."""
        return 100 * self.used_bytes / self.limit_bytes


@dataclass(frozen=True, slots=True)
class _Files:
    limit: str
    used: str
    reclaimable: str  # of memory.stat: file cache that the kernel drops before it kills anybody


_V2 = _Files("memory.max", "memory.current", "inactive_file")
_V1 = _Files("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def memory_uses(root: Path) -> Iterator[MemoryUse]:
    """Yield every limit that can be seen from this process, none where there is no ``/proc``."""
    for folder, files in _cgroup_folders(root):
        use = _cgroup_use(folder, files)
        if use is not None:
            yield use
    machine = _machine_use(root)
    if machine is not None:
        yield machine


def _cgroup_folders(root: Path) -> Iterator[tuple[Path, _Files]]:
    """Yield the process's cgroup and those above it: each may have a limit of its own."""
    mounts = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0":
            yield from ((folder, _V2) for folder in _upwards(mounts, path))
        elif "memory" in controllers.split(","):
            yield from ((folder, _V1) for folder in _upwards(mounts / "memory", path))


def _upwards(mount: Path, path: str) -> Iterator[Path]:
    # In a container whose cgroups are not its own, the path is the host's and is not there: the
    # mount itself is the container's then.
    folder = mount / path.strip("/")
    while folder != mount:
        yield folder
        folder = folder.parent
    yield mount


def _cgroup_use(folder: Path, files: _Files) -> MemoryUse | None:
    limit, used = _number(_text(folder / files.limit)), _number(_text(folder / files.used))
    if not limit or limit >= _NO_LIMIT_BYTES or used is None:
        return None
    reclaimable = _fields(_text(folder / "memory.stat")).get(files.reclaimable, 0)
    return MemoryUse("cgroup", max(used - reclaimable, 0), limit)


def _machine_use(root: Path) -> MemoryUse | None:
    kilobytes = _fields(_text(root / "proc/meminfo"))
    total, available = kilobytes.get("MemTotal:"), kilobytes.get("MemAvailable:")
    if not total or available is None:
        return None
    return MemoryUse("machine", (total - available) * 1024, total * 1024)


def _fields(text: str) -> dict[str, int]:
    words = (line.split() for line in text.splitlines())
    return {found[0]: int(found[1]) for found in words if len(found) > 1 and found[1].isdigit()}


def _number(text: str) -> int | None:
    """Return the number; None for version 2's "max", and for a file that is not there."""
    stripped = text.strip()
    return int(stripped) if stripped.isdigit() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
