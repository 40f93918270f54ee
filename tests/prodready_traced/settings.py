"""Settings with a real address for every service."""

import logging.config
import os
import socket
from urllib.parse import urlsplit

import django
from prodready_databases import postgres_entry
from testproject.settings import *  # noqa: F403

from prodready_traced.celery import app as celery_app  # noqa: F401 - as a project's __init__ does it

PORTS = {
    name: int(os.environ.get(f"TRACED_{name}", "9"))
    for name in ("MAIL", "REDIS", "S3", "HTTP", "BROKER", "UDP")
}
TARGET = os.environ.get("TRACED_TARGET", "postgresql://nobody:nothing@127.0.0.1:9/target")
LOG = os.environ.get("TRACED_LOG", os.devnull)

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "prodready_traced.reaching"]
DATABASES = {
    "default": postgres_entry(
        TARGET, CONN_MAX_AGE=60, OPTIONS={"pool": True, "options": "-c search_path=own,public"}
    ),
    "replica": postgres_entry(TARGET, TEST={"MIRROR": "default"}),
    "file": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{LOG}.sqlite3"},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{PORTS['REDIS']}/0",
    }
}
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "traced",
            "endpoint_url": f"http://127.0.0.1:{PORTS['S3']}",
            "access_key": "traced",
            "secret_key": "traced-secret",
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if django.VERSION >= (6, 1):
    _SMTP = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": PORTS["MAIL"]},
    }
    MAILERS = {"default": _SMTP, "bulk": _SMTP}
else:
    EMAIL_HOST, EMAIL_PORT = "127.0.0.1", PORTS["MAIL"]
if django.VERSION >= (6, 0):
    TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
CELERY_BROKER_URL = f"redis://127.0.0.1:{PORTS['BROKER']}/1"
CELERY_RESULT_BACKEND = f"redis://127.0.0.1:{PORTS['BROKER']}/2"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": LOG}},
    "root": {"handlers": ["file"], "level": "DEBUG"},
}
logging.config.dictConfig(LOGGING)  # as some do it by themselves

# A connection that is open since the settings were loaded, such as that of a client that asked for flags.
OPENED = (
    socket.create_connection(("127.0.0.1", PORTS["HTTP"]), timeout=5) if "TRACED_HTTP" in os.environ else None
)
TARGET_HOST = urlsplit(TARGET).hostname
