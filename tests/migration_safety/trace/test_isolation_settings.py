"""The settings that have to be others."""

from __future__ import annotations

from typing import Any

import pytest

from django_prodready.migration_safety.trace.isolation_settings import replaced, scratch_entry
from django_prodready.migration_safety.trace.protocol import Job

SCRATCH = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "prodready_scratch_0",
    "USER": "me",
    "PASSWORD": "pw",
    "HOST": "db",
    "PORT": "5432",
    "OPTIONS": {"sslmode": "require"},
}
JOB = Job(settings_module="s", alias="default", database=SCRATCH, folder="/tmp/x", statement_timeout_s=60)
NO_WAITING = "-c synchronous_commit=off -c jit=off -c plan_cache_mode=force_generic_plan"
LIMITS = f"-c lock_timeout=10000 -c statement_timeout=60000 {NO_WAITING}"


def test_a_bare_project_changes_what_django_has_by_default() -> None:
    assert replaced({}, JOB) == {
        "DATABASES": {},
        "CACHES": {},
        "STORAGES": {},
        "MEDIA_ROOT": "/tmp/x/media",
        "STATIC_ROOT": "/tmp/x/static",
        "FILE_UPLOAD_TEMP_DIR": None,
        "LOGGING_CONFIG": None,
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }


def test_every_alias_of_every_service_is_in_memory() -> None:
    new = replaced(
        {
            "DATABASES": None,
            "CACHES": {
                "default": {
                    "BACKEND": "redis",
                    "LOCATION": "redis://",
                    "KEY_PREFIX": "shop",
                    "OPTIONS": {"a": 1},
                },
                "pages": {},
            },
            "STORAGES": {"default": {"BACKEND": "s3", "OPTIONS": {}}, "staticfiles": {}, "private": {}},
            "MAILERS": {"default": {}, "bulk": {}},
            "TASKS": {
                "default": {"BACKEND": "django_tasks.backends.database.DatabaseBackend"},
                "own": {"BACKEND": "own.Backend", "QUEUES": ["slow"]},
            },
            "CHANNEL_LAYERS": {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}},
            "CELERY_BROKER_URL": "redis://",
            "BROKER_URL": "redis://",
            "SHOP_RESULT_BACKEND": "redis://",
            "CELERY_BROKER_READ_URL": "redis://",
        },
        JOB,
    )
    cache = "django_prodready.migration_safety.trace.isolation_cache.MemoryCache"
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    mail = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    assert new["CACHES"] == {
        "default": {"BACKEND": cache, "LOCATION": "prodready-trace-default", "KEY_PREFIX": "shop"},
        "pages": {"BACKEND": cache, "LOCATION": "prodready-trace-pages"},
    }
    assert new["STORAGES"] == {"default": memory, "staticfiles": memory, "private": memory}
    assert new["MAILERS"] == {"default": mail, "bulk": mail}
    assert "EMAIL_BACKEND" not in new
    assert new["TASKS"] == {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"},
        "own": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": ["slow"]},
    }
    assert new["CHANNEL_LAYERS"] == {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    assert {name: value for name, value in new.items() if "BROKER" in name or "RESULT" in name} == {
        "CELERY_BROKER_URL": "memory://",
        "BROKER_URL": "memory://",
        "CELERY_BROKER_READ_URL": "memory://",
        "SHOP_RESULT_BACKEND": "cache+memory://",
    }


def test_a_database_keeps_what_python_sees_of_it() -> None:
    given: dict[str, Any] = {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": "shop",
        "HOST": "target",
        "OPTIONS": {
            "server_side_binding": True,
            "pool": True,
            "service": "shop",
            "assume_role": "owner",
            "isolation_level": 3,
            "options": r"-c statement_timeout=1 -c search_path=one,two\ three",
        },
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": True,
        "TIME_ZONE": "Europe/Berlin",
        "TEST": {"MIRROR": "default"},
        "STATEMENT_LIMIT_S": 30,
    }
    assert scratch_entry(given, JOB) == {
        **SCRATCH,
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "OPTIONS": {
            "server_side_binding": True,
            "sslmode": "require",
            "options": rf"{LIMITS} -c search_path=one,two\ three",
        },
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "ATOMIC_REQUESTS": True,
        "AUTOCOMMIT": True,
        "TIME_ZONE": "Europe/Berlin",
        "TEST": {},
    }


@pytest.mark.parametrize(
    ("engine", "becomes"),
    [
        ("django.db.backends.sqlite3", "django.db.backends.postgresql"),
        ("", "django.db.backends.postgresql"),
        ("django.contrib.gis.db.backends.spatialite", "django.contrib.gis.db.backends.postgis"),
        ("django.contrib.gis.db.backends.mysql", "django.contrib.gis.db.backends.postgis"),
        ("django_prometheus.db.backends.postgresql", "django_prometheus.db.backends.postgresql"),
        ("django_prometheus.db.backends.postgis", "django_prometheus.db.backends.postgis"),
    ],
)
def test_another_engine_becomes_postgresql(engine: str, becomes: str) -> None:
    entry = scratch_entry({"ENGINE": engine, "OPTIONS": {"timeout": 20, "context": object()}}, JOB)
    assert entry["ENGINE"] == becomes
    assert "timeout" not in entry["OPTIONS"]


def test_options_of_the_scratch_server_come_first() -> None:
    own = Job(
        settings_module="s", alias="default", database={**SCRATCH, "OPTIONS": {"options": "endpoint=quiet"}}
    )
    limits = f"-c lock_timeout=10000 -c statement_timeout=300000 {NO_WAITING}"
    assert scratch_entry({}, own)["OPTIONS"] == {"options": f"endpoint=quiet {limits}"}
