"""Tries to reach each service, and notes what came of it."""

import asyncio
import logging
import multiprocessing
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import boto3
import redis
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connections, migrations

from prodready_traced.celery import count, count_told

FOUND: dict[str, str] = {}


def _mail() -> object:
    mail.send_mail("Hello", "World", "from@example.org", ["to@example.org"])
    return len(mail.outbox)


def _cache() -> object:
    cache.set("page", "text")
    cache.set("other", "text")
    with cache.lock("turn"):
        return [cache.get("page"), cache.delete_pattern("pa*"), list(cache.iter_keys("*"))]


def _storage() -> object:
    name = default_storage.save("report.txt", ContentFile(b"text"))
    return default_storage.open(name).read()


def _media() -> object:
    path = Path(FileSystemStorage().path("beside.txt"))
    FileSystemStorage().save("beside.txt", ContentFile(b"text"))
    return str(path)


def _redis() -> object:
    return redis.Redis(port=settings.PORTS["REDIS"]).ping()


def _s3() -> object:
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{settings.PORTS['S3']}",
        aws_access_key_id="traced",
        aws_secret_access_key="traced-secret",
        region_name="eu-central-1",
    )
    return client.list_buckets()


def _http() -> object:
    return urllib.request.urlopen(f"http://127.0.0.1:{settings.PORTS['HTTP']}/", timeout=5).read()


def _named() -> object:
    return urllib.request.urlopen("https://api.example.org/", timeout=5).read()


def _udp() -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"count:1|c", ("127.0.0.1", settings.PORTS["UDP"]))


def _opened() -> object:
    return settings.OPENED.send(b"from a migration")


def _target() -> object:
    driver: Any = connections["default"].Database
    return driver.connect(settings.TARGET)


async def _connect() -> object:
    import psycopg

    return await psycopg.AsyncConnection.connect(settings.TARGET)


def _target_async() -> object:
    return asyncio.run(_connect())


def _program() -> object:
    return subprocess.run([sys.executable, "-c", "print('password')"], capture_output=True, check=True)


def _shell() -> object:
    return os.system("PASSWORD=secret touch somewhere")


def _spawned() -> object:
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
    return process.join()


def _slept() -> object:
    began_s = time.monotonic()
    time.sleep(30)
    return time.monotonic() - began_s < 10


def _logged() -> object:
    return logging.getLogger("shop").error("from a migration")


def _databases() -> object:
    names = set()
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_database()")
            names.update(cursor.fetchone())
    return sorted(names)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "mail": _mail,
    "cache": _cache,
    "storage": _storage,
    "media": _media,
    "broker": lambda: bool(count.delay()),
    "told broker": lambda: bool(count_told.delay()),
    "redis": _redis,
    "s3": _s3,
    "http": _http,
    "named": _named,
    "udp": _udp,
    "opened": _opened,
    "target": _target,
    "target async": _target_async,
    "program": _program,
    "shell": _shell,
    "spawned": _spawned,
    "slept": _slept,
    "logged": _logged,
    "databases": _databases,
}


def reach(apps: Any, schema_editor: Any) -> None:
    for name, attempt in ATTEMPTS.items():
        began_s = time.monotonic()
        try:
            FOUND[name] = str(attempt())
        except Exception as error:  # noqa: BLE001 - each raises its own
            FOUND[name] = type(error).__name__
        if time.monotonic() - began_s > 10:
            FOUND[name] += " after a long time"
    sys.stdout.write("all tried\n")


class Migration(migrations.Migration):
    operations: ClassVar = [migrations.RunPython(reach)]
