"""The project's settings with every service in memory, and every database on scratch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django_prodready.migration_safety.trace.protocol import Job
from django_prodready.migration_safety.trace.scratch_server import ENGINE
from django_prodready.settings.mixins.postgres_address import is_postgres
from django_prodready.statement_limit import KEY as STATEMENT_LIMIT

__all__ = ["BROKER", "RESULTS", "replaced", "scratch_entry"]

BROKER = "memory://"
RESULTS = "cache+memory://"

_GIS = "django.contrib.gis.db.backends.postgis"
_MAIL = "django.core.mail.backends.locmem.EmailBackend"
_CACHE = "django_prodready.migration_safety.trace.isolation_cache.MemoryCache"
_STORAGE = "django.core.files.storage.InMemoryStorage"
_CHANNELS = "channels.layers.InMemoryChannelLayer"
# What a cache keeps of its entry: how keys are made.
_OF_KEYS = ("KEY_PREFIX", "KEY_FUNCTION", "VERSION", "TIMEOUT")
# What Python code sees of a connection, and no server does.
_OF_PYTHON = ("client_encoding", "context", "cursor_factory", "server_side_binding")
# Nothing is to outlast a crash, and no query is worth compiling: without sequential scans, each seems to be.
_NO_WAITING = "-c synchronous_commit=off -c jit=off -c plan_cache_mode=force_generic_plan"
_SEARCH_PATH = re.compile(r"(?:-c\s*|--)search_path=((?:\\.|\S)*)")
# Celery's, under the namespace that the project chose, or the old names that have none.
_BROKER_NAME = re.compile(r"(?:\w+_)?BROKER_(?:READ_|WRITE_)?URL")
_RESULTS_NAME = re.compile(r"(?:\w+_)?RESULT_BACKEND")


def replaced(settings: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """Return the settings that have to be others, of all settings by name."""
    folder = Path(job.folder)
    new = {
        "DATABASES": {
            alias: scratch_entry(entry, job) for alias, entry in (settings.get("DATABASES") or {}).items()
        },
        "CACHES": {alias: _cache(alias, entry) for alias, entry in settings.get("CACHES", {}).items()},
        "STORAGES": {alias: {"BACKEND": _STORAGE} for alias in settings.get("STORAGES", {})},
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "FILE_UPLOAD_TEMP_DIR": None,
        "LOGGING_CONFIG": None,
        **_mail(settings),
        **_celery(settings),
    }
    if "TASKS" in settings:
        new["TASKS"] = {alias: _tasks(entry) for alias, entry in settings["TASKS"].items()}
    if "CHANNEL_LAYERS" in settings:
        new["CHANNEL_LAYERS"] = {alias: {"BACKEND": _CHANNELS} for alias in settings["CHANNEL_LAYERS"]}
    return new


def scratch_entry(entry: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """Return an alias' entry of DATABASES, led to the scratch database.

    Of its options those stay that only Python code sees, and the search path.
    """
    given = entry.get("OPTIONS") or {}
    options = {name: given[name] for name in _OF_PYTHON if name in given} if _is_postgres(entry) else {}
    scratch = job.database
    limits = f"-c lock_timeout={_ms(job.lock_timeout_s)} -c statement_timeout={_ms(job.statement_timeout_s)}"
    own = scratch.get("OPTIONS", {})
    startup = [str(own.get("options", "")), limits, _NO_WAITING, *_search_path(str(given.get("options", "")))]
    new = {
        **entry,
        **scratch,
        "ENGINE": _engine(str(entry.get("ENGINE", ""))),
        "OPTIONS": {**options, **own, "options": " ".join(filter(None, startup))},
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "AUTOCOMMIT": True,
        "TEST": {},
    }
    new.pop(STATEMENT_LIMIT, None)
    return new


def _is_postgres(entry: Mapping[str, Any]) -> bool:
    return is_postgres(entry.get("ENGINE"))


def _engine(engine: str) -> str:
    """Keep an engine of PostgreSQL's family, such as PostGIS'; others become it."""
    if is_postgres(engine) or "postgis" in engine:
        return engine
    return _GIS if "gis" in engine or "spatialite" in engine else ENGINE


def _search_path(options: str) -> list[str]:
    found = _SEARCH_PATH.findall(options)
    return [f"-c search_path={found[-1]}"] if found else []


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _cache(alias: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: entry[name] for name in _OF_KEYS if name in entry}
    return {"BACKEND": _CACHE, "LOCATION": f"prodready-trace-{alias}", **kept}


def _mail(settings: Mapping[str, Any]) -> dict[str, Any]:
    if "MAILERS" in settings:  # Django 6.1; the older setting may not stand beside it
        return {"MAILERS": {alias: {"BACKEND": _MAIL} for alias in settings["MAILERS"]}}
    return {"EMAIL_BACKEND": _MAIL}


def _tasks(entry: Mapping[str, Any]) -> dict[str, Any]:
    package = "django_tasks" if str(entry.get("BACKEND", "")).startswith("django_tasks.") else "django.tasks"
    kept = {"QUEUES": entry["QUEUES"]} if "QUEUES" in entry else {}
    return {"BACKEND": f"{package}.backends.dummy.DummyBackend", **kept}


def _celery(settings: Mapping[str, Any]) -> dict[str, Any]:
    brokers = {name: BROKER for name in settings if _BROKER_NAME.fullmatch(name)}
    results = {name: RESULTS for name in settings if _RESULTS_NAME.fullmatch(name)}
    return brokers | results
