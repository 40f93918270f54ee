"""Which probes this project has: the detected ones, and ``PRODREADY["PROBES"]`` merged over them by name."""

from __future__ import annotations

import inspect
import math
import os
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from django_prodready.conf import get_config
from django_prodready.health import runner
from django_prodready.health.detect import detected_names
from django_prodready.health.outcome import ProbeSpec
from django_prodready.health.probe import Probe

_ROOM = "django_prodready.health.probes."
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "database": f"{_ROOM}database.DatabaseProbe",
        "database_pool": f"{_ROOM}database_pool.DatabasePoolProbe",
        "database_replica_lag": f"{_ROOM}database_replica_lag.DatabaseReplicaLagProbe",
        "cache": f"{_ROOM}cache.CacheProbe",
        "redis": f"{_ROOM}redis.RedisProbe",
        "storage": f"{_ROOM}storage.StorageProbe",
        "migrations": f"{_ROOM}migrations.MigrationsProbe",
        "broker": f"{_ROOM}broker.BrokerProbe",
        "rabbitmq": f"{_ROOM}rabbitmq.RabbitMQProbe",
        "smtp": f"{_ROOM}smtp.SmtpProbe",
        "disk": f"{_ROOM}disk.DiskProbe",
        "memory": f"{_ROOM}memory.MemoryProbe",
        "http": f"{_ROOM}http.HttpProbe",
        "dns": f"{_ROOM}dns.DnsProbe",
        "tls_expiry": f"{_ROOM}tls_expiry.TlsExpiryProbe",
    }
)

# What the set, or a probe's constructor, is made of.
_SETTINGS = ("PRODREADY", "DATABASES", "CACHES", "STORAGES", "INSTALLED_APPS")
_SETTING_PREFIXES = ("EMAIL", "MAILERS", "CELERY", "BROKER", "MEDIA", "AWS")

Entry = Mapping[str, Any]


class NotAProbeError(TypeError):
    """What PROBE names is no probe. The message completes "PROBE …"."""


class MisconfiguredProbe(Probe):
    """Stands for an entry of PROBES that makes no probe. What cannot be asked is not well."""

    def run(self) -> None:
        """Say down."""
        raise ImproperlyConfigured("Its entry in PRODREADY['PROBES'] makes no probe: see manage.py check.")


_lock = threading.RLock()
_probe_set: Mapping[str, ProbeSpec] | None = None


def get_probe_set() -> Mapping[str, ProbeSpec]:
    """Return every configured probe by name: the detected ones, then the project's own in their order.

    Built once per process, and again after a test changes a setting that it is made of.
    """
    global _probe_set  # noqa: PLW0603 - the state of the process
    found = _probe_set
    if found is not None:
        return found
    with _lock:
        if _probe_set is None:
            setting_changed.connect(_forget, dispatch_uid="django_prodready.health.probe_set")
            _probe_set = MappingProxyType({name: _spec(name, entry) for name, entry in entries().items()})
        return _probe_set


def entries() -> dict[str, Entry]:
    """Return the entry of each configured probe by name: an empty one where detection alone found it."""
    merged: dict[str, Entry] = {name: {} for name in detected_names()}
    for name, entry in get_config().probes.items():
        if entry is None:
            merged.pop(name, None)
        else:
            merged[name] = entry
    return merged


def dotted_path(name: str, entry: Entry) -> str | None:
    """Return the path of the probe's class; None when the entry names none, or none that is a string."""
    path: str | None = entry["PROBE"] if "PROBE" in entry else BUILT_IN.get(name)
    return path


def load_class(path: str) -> type[Probe]:
    """Import a probe's class. Raises NotAProbeError when it is none, and whatever importing it raises."""
    found = import_string(path)
    if not (isinstance(found, type) and issubclass(found, Probe)):
        raise NotAProbeError("is no subclass of django_prodready.health.Probe")
    if found.run is Probe.run:
        raise NotAProbeError("is a Probe without a method run() of its own")
    if inspect.iscoroutinefunction(found.run):
        raise NotAProbeError("is a Probe whose run() is async, which nobody would await")
    return found


def _spec(name: str, entry: Entry) -> ProbeSpec:
    probe_class: type[Probe] = MisconfiguredProbe
    try:
        probe_class = load_class(dotted_path(name, entry) or "")
        probe = probe_class(**entry.get("OPTIONS", {}))
    except Exception:  # noqa: BLE001 - a project's own module and constructor may raise anything
        probe = MisconfiguredProbe()
    return ProbeSpec(
        name=name,
        probe=probe,
        critical=entry.get("CRITICAL", probe_class.critical),
        deadline_s=entry.get("DEADLINE", _deadline_s(probe_class)),
        groups=entry.get("GROUPS", ("ready",)),
    )


def _deadline_s(probe_class: type[Probe]) -> float:
    declared: object = probe_class.deadline_s
    is_usable = isinstance(declared, int | float) and 0 < declared < math.inf
    return probe_class.deadline_s if is_usable else Probe.deadline_s


def _forget(*, setting: str, **_: object) -> None:
    global _probe_set
    if setting in _SETTINGS or setting.startswith(_SETTING_PREFIXES):
        before, _probe_set = _probe_set, None
        if before is not None:
            runner.forget(before.values())


def _begin_anew_in_child() -> None:
    """Make probes of its own for a child: those of the parent may hold connections that both would use."""
    global _lock, _probe_set  # noqa: PLW0603 - the state of the process
    _lock = threading.RLock()
    _probe_set = None


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_begin_anew_in_child)
